//go:build unix

package worker

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"kairos/repl"
)

// start starts a worker. Whatever goes wrong is found when it is dead.
func start(cfg Config, turn *sync.Mutex, front func(repl.CommEvent)) *process {
	p := newProcess(turn, front)
	pipes, err := openPipes()
	if err != nil {
		p.requests = newSender(io.Discard)
		go p.died(err.Error())
		return p
	}
	p.requests = newSender(pipes.requests.w)
	go p.supervise(cfg, pipes)
	return p
}

// supervise runs the process until it ends.
func (p *process) supervise(cfg Config, pipes *pipes) {
	defer pipes.close()
	p.mu.Lock()
	cmd, err := pipes.run(cfg)
	if err == nil {
		p.pid = cmd.Process.Pid
	}
	p.mu.Unlock()
	if err != nil {
		p.died(err.Error())
		return
	}
	pump := pump{process: p, pipes: pipes, events: newReceiver(), buf: make([]byte, 256<<10)}
	pump.run()
	p.destroy() // and the processes it started: it cannot answer any more
	p.mu.Lock()
	p.pid = 0
	p.mu.Unlock()
	cmd.Wait() // the error is in the state
	pump.drain()
	p.died(cmd.ProcessState.String())
}

// destroy kills the worker and the processes that it started.
func (p *process) destroy() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pid != 0 {
		unix.Kill(-p.pid, unix.SIGKILL)
	}
}

// pipe is a pipe's ends. Reading is done by number, for poll.
type pipe struct {
	r, w *os.File
	fd   int
}

// pipes are those between front and worker.
type pipes struct{ requests, events, stdout, stderr pipe }

func openPipes() (*pipes, error) {
	ps := &pipes{}
	for _, p := range ps.all() {
		var err error
		if p.r, p.w, err = os.Pipe(); err != nil {
			ps.close()
			return nil, fmt.Errorf("worker: %w", err)
		}
		raw, err := p.r.SyscallConn()
		if err == nil {
			err = raw.Control(func(fd uintptr) { p.fd = int(fd) })
		}
		if err != nil {
			ps.close()
			return nil, fmt.Errorf("worker: %w", err)
		}
		widen(p.fd)
	}
	return ps, nil
}

func (ps *pipes) all() []*pipe {
	return []*pipe{&ps.requests, &ps.events, &ps.stdout, &ps.stderr}
}

func (ps *pipes) close() {
	for _, p := range ps.all() {
		p.r.Close() // of nil or of what is closed, an error
		p.w.Close()
	}
}

// run starts the worker with its ends of the pipes, in a process group of its own: keys pressed in the terminal are not
// for it.
func (ps *pipes) run(cfg Config) (*exec.Cmd, error) {
	cmd := exec.Command(cfg.Argv[0], cfg.Argv[1:]...)
	cmd.Stdout, cmd.Stderr = ps.stdout.w, ps.stderr.w
	cmd.ExtraFiles = []*os.File{ps.requests.r, ps.events.w}
	cmd.Env, cmd.Dir = cfg.Env, cfg.Dir
	cmd.SysProcAttr = diesWithParent()
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	err := cmd.Start()
	for _, f := range []*os.File{ps.stdout.w, ps.stderr.w, ps.requests.r, ps.events.w} {
		f.Close()
	}
	return cmd, err
}

// pump reads what a worker sends, on one goroutine, which is what keeps it in order.
type pump struct {
	*process
	pipes  *pipes
	events *receiver
	buf    []byte
	closed [2]bool // stdout and stderr
}

// run reads until the worker has closed its events.
func (p *pump) run() {
	for {
		fds := []unix.PollFd{{Fd: int32(p.pipes.events.fd), Events: unix.POLLIN}}
		timeout := -1
		if p.queue.full() {
			timeout = 2 // milliseconds, until the outputs are hoped to have caught up
		} else {
			fds = append(fds, p.text(0), p.text(1))
		}
		if _, err := unix.Poll(fds, timeout); err != nil && err != unix.EINTR {
			return
		}
		if fds[0].Revents != 0 && !p.readEvents() {
			return
		}
		for i, fd := range fds[1:] {
			if fd.Revents != 0 {
				p.readText(i)
			}
		}
	}
}

// text is what to poll of stdout (0) or stderr (1).
func (p *pump) text(i int) unix.PollFd {
	if p.closed[i] {
		return unix.PollFd{Fd: -1}
	}
	return unix.PollFd{Fd: int32(p.stream(i).fd), Events: unix.POLLIN}
}

func (p *pump) stream(i int) *pipe { return []*pipe{&p.pipes.stdout, &p.pipes.stderr}[i] }

// readEvents handles the events that have come, and reports whether more can.
func (p *pump) readEvents() bool {
	n, err := unix.Read(p.pipes.events.fd, p.buf)
	if err == unix.EAGAIN || err == unix.EINTR {
		return true
	}
	if n <= 0 {
		return false
	}
	p.events.put(p.buf[:n])
	for {
		var e event
		ok, err := p.events.next(&e)
		if err != nil {
			return false
		}
		if !ok {
			return true
		}
		p.drain()
		p.handle(e)
	}
}

// drain reads all text that is there. It does not follow one who prints without end.
func (p *pump) drain() {
	for i := range p.closed {
		for read := 0; read <= pipeSize; {
			n := p.readText(i)
			if n == 0 {
				break
			}
			read += n
		}
	}
}

// readText reads some text, and returns how much.
func (p *pump) readText(i int) int {
	if p.closed[i] {
		return 0
	}
	n, err := unix.Read(p.stream(i).fd, p.buf)
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return 0
	case n <= 0:
		p.closed[i] = true
		return 0
	}
	p.print([]string{repl.Stdout, repl.Stderr}[i], p.buf[:n])
	return n
}
