//go:build unix

package worker

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"sync"

	"golang.org/x/sys/unix"

	"kairos/repl"
)

// Serve is what a process started with Flag does: it opens a session and serves it to the front until that closes it or
// is gone. It returns the exit status.
func Serve(open func() (repl.Session, error)) int {
	if os.Getenv(traceback) == brief {
		os.Unsetenv(traceback)
	}
	offerToDie()
	os.Args = []string{"kairos"} // cells may parse the command line, and this one is not theirs
	newFlags(os.Args[0])
	requests, err := inherited(requestsFile)
	if err == nil {
		var events *os.File
		if events, err = inherited(eventsFile); err == nil {
			err = newServer(events).serve(open, requests)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		return 1
	}
	return 0
}

// newFlags gives cells a command line of which no flag is defined.
func newFlags(program string) { flag.CommandLine = flag.NewFlagSet(program, flag.ContinueOnError) }

// inherited returns a file that the front left open for this process and its pipes alone.
func inherited(fd int) (*os.File, error) {
	unix.CloseOnExec(fd)
	if err := unix.SetNonblock(fd, true); err != nil {
		return nil, fmt.Errorf("use file %d: %w; this mode is for the front", fd, err)
	}
	return os.NewFile(uintptr(fd), "pipe"), nil
}

// server answers requests.
type server struct {
	events  *sender
	streams streams

	mu      sync.Mutex
	session repl.Session
	comm    func(repl.CommEvent)       // takes events of the front; nil: there are no comms
	last    int                        // question or fence
	cells   map[int]context.CancelFunc // running
	waiting map[int]chan request       // for answers of the front
}

func newServer(events *os.File) *server {
	return &server{events: newSender(events), cells: map[int]context.CancelFunc{}, waiting: map[int]chan request{}}
}

// serve handles requests until there are no more.
func (s *server) serve(open func() (repl.Session, error), requests *os.File) error {
	if err := s.streams.save(); err != nil {
		return err
	}
	session, err := open()
	if err != nil {
		return err
	}
	s.session = session
	log.SetOutput(repl.FencedStderr())
	signal.Notify(make(chan os.Signal, 1), os.Interrupt) // see Nudge
	if err := s.events.send(event{Kind: kindReady}); err != nil {
		return err
	}
	in, buf := newReceiver(), make([]byte, 64<<10)
	for {
		n, err := requests.Read(buf)
		if err != nil {
			return nil // the front is gone
		}
		in.put(buf[:n])
		for {
			var r request
			ok, err := in.next(&r)
			if err != nil {
				return err
			}
			if !ok {
				break
			}
			if r.Op == opClose {
				return session.Close()
			}
			s.handle(r)
		}
	}
}

// handle answers a request, or has another goroutine do so.
func (s *server) handle(r request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.Op {
	case opEval:
		ctx, cancel := context.WithCancel(context.Background())
		s.cells[r.ID] = cancel
		go s.eval(ctx, r)
	case opInterrupt:
		if cancel := s.cells[r.ID]; cancel != nil {
			cancel()
		}
	case opInput, opFenced:
		if answer := s.waiting[r.ID]; answer != nil {
			delete(s.waiting, r.ID)
			answer <- r
		}
	case opComms:
		if session, ok := s.session.(repl.CommSession); ok {
			s.comm = session.ConnectComms(s.sendComm)
		}
	case opComm:
		if s.comm != nil {
			s.comm(*r.Comm)
		}
	default:
		go s.tell(r)
	}
}

func (s *server) eval(ctx context.Context, r request) {
	s.streams.mend()
	if flag.Parsed() {
		newFlags(flag.CommandLine.Name()) // so that a cell which defines and parses flags can run again
	}
	e := event{ID: r.ID, Kind: kindAnswer}
	e.Result, e.Err = s.session.EvalAs(ctx, r.Number, r.Src, &output{server: s, id: r.ID})
	s.mu.Lock()
	s.cells[r.ID]()
	delete(s.cells, r.ID)
	s.mu.Unlock()
	e.Err = packed(e.Err)
	s.events.send(e)
}

// tell answers a question about a cell that is being written. No fault in it may end the session.
func (s *server) tell(r request) {
	e := event{ID: r.ID, Kind: kindAnswer}
	defer func() {
		if p := recover(); p != nil {
			e.Err = fmt.Errorf("worker: internal error: %v", p)
		}
		e.Err = packed(e.Err)
		s.events.send(e)
	}()
	ctx := context.Background()
	switch r.Op {
	case opComplete:
		e.Completion, e.Err = s.session.Complete(ctx, r.Src, r.Pos)
	case opInspect:
		e.Inspection, e.Err = s.session.Inspect(ctx, r.Src, r.Pos, r.Detail)
	case opIsComplete:
		e.Completeness, e.Err = s.session.IsComplete(ctx, r.Src)
	case opNames:
		e.Names, e.Err = s.session.Names(ctx)
	case opRunning:
		e.Running, e.Err = s.session.Running(ctx)
	default:
		e.Err = errors.New("worker: unknown request")
	}
}

// ask sends an event and waits until the front has answered it.
func (s *server) ask(ctx context.Context, e event) (request, error) {
	answer := make(chan request, 1)
	s.mu.Lock()
	s.last++
	e.Seq = s.last
	s.waiting[e.Seq] = answer
	s.mu.Unlock()
	s.events.send(e)
	select {
	case r := <-answer:
		return r, unpacked(r.Err)
	case <-ctx.Done():
		s.mu.Lock()
		delete(s.waiting, e.Seq)
		s.mu.Unlock()
		return request{}, ctx.Err()
	}
}

// sendComm waits until the front end has the event: who sends much is slowed down.
func (s *server) sendComm(e repl.CommEvent) {
	s.ask(context.Background(), event{Kind: kindComm, Comm: &e})
}

// output is the Output of one cell. What the cell prints does not pass through it.
type output struct {
	*server
	id int
}

// Start implements repl.Starter.
func (o *output) Start() { o.events.send(event{ID: o.id, Kind: kindStarted}) }

// Stream is for what the session itself has to say.
func (o *output) Stream(name, text string) {
	f := os.Stdout
	if name == repl.Stderr {
		f = os.Stderr
	}
	f.WriteString(text)
}

// Display waits until the front has it: only then does what is printed next come after it.
func (o *output) Display(d repl.Display) {
	o.ask(context.Background(), event{ID: o.id, Kind: kindShown, Display: &d})
}

// Clear implements repl.Clearer. It waits as Display does.
func (o *output) Clear(wait bool) {
	o.ask(context.Background(), event{ID: o.id, Kind: kindClear, Wait: wait})
}

func (o *output) Progress(p repl.Progress) {
	o.events.send(event{ID: o.id, Kind: kindShown, Progress: &p})
}

func (o *output) Input(ctx context.Context, prompt string, secret bool) (string, error) {
	r, err := o.ask(ctx, event{ID: o.id, Kind: kindInput, Prompt: prompt, Secret: secret})
	return r.Text, err
}

// Fence implements repl.Fencer.
func (o *output) Fence() { o.ask(context.Background(), event{ID: o.id, Kind: kindFence}) }

// Nudge implements repl.Nudger. The cell may wait for a process that it started: those get a SIGINT, as if the user had
// pressed Ctrl-C in a terminal. This process, which gets it too, does nothing about it.
func (o *output) Nudge() {
	if unix.Getpgrp() == os.Getpid() {
		unix.Kill(0, unix.SIGINT)
	}
}
