package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kairos/repl"
)

// A worker that does not answer to an interrupt is left to itself after muteGrace, and one that does not end when asked
// to is killed after closeGrace.
const (
	muteGrace  = 2 * time.Second
	closeGrace = 500 * time.Millisecond
)

// Config says how to start a worker.
type Config struct {
	Argv []string // the program and its arguments: Name and Flag
	Env  []string // nil for this process's
	Dir  string   // "" for this process's
	// Columns is how wide the screen is on which texts of values will be read. 0: it is not known.
	Columns int
}

// A crash that Go's runtime reports should show what happened and not the interpreter's stack. The runtime reads how much
// to show from this variable when a process starts.
const traceback, brief = "GOTRACEBACK", "none"

// columns is the environment variable by which programs learn of the width of the screen.
const columns = "COLUMNS"

// Columns is what a worker was told of the width of the screen, or 0.
func Columns() int {
	n, err := strconv.Atoi(os.Getenv(columns))
	if err != nil {
		return 0
	}
	return n
}

// Session is a repl.Session in a process of its own. When that process dies, the cell that ran gets a *repl.Crashed, or
// if none did the next one, and a new process is ready.
type Session struct {
	cfg  Config
	turn sync.Mutex // of the processes, to call outputs

	front atomic.Pointer[func(repl.CommEvent)] // nil: the front end has no comms

	mu      sync.Mutex
	process *process
	number  int           // of the last cell
	names   []string      // variables declared
	mute    int           // evaluations that were given up, and did not end
	pending int           // the number of the last of these
	crash   *repl.Crashed // that nobody was told of
	closed  bool
}

// Open returns a session. It does not wait for the process that it starts.
func Open(cfg Config) *Session {
	if cfg.Env == nil {
		cfg.Env = os.Environ()
	}
	if !slices.ContainsFunc(cfg.Env, func(v string) bool { return strings.HasPrefix(v, traceback+"=") }) {
		cfg.Env = append(slices.Clip(cfg.Env), traceback+"="+brief)
	}
	if cfg.Columns > 0 {
		cfg.Env = append(slices.Clip(cfg.Env), columns+"="+strconv.Itoa(cfg.Columns))
	}
	s := &Session{cfg: cfg}
	s.start()
	return s
}

// start starts a process and sees to it that another one follows. The caller holds mu, or is the only one.
func (s *Session) start() {
	p := start(s.cfg, &s.turn, s.toFront)
	if s.front.Load() != nil {
		p.send(request{Op: opComms})
	}
	s.process, s.names, s.mute = p, nil, 0
	go func() {
		<-p.dead
		s.mu.Lock()
		defer s.mu.Unlock()
		s.replace(p)
	}()
}

// replace starts another process after p died, unless that was done. One that could not start is not tried again before
// it is needed.
func (s *Session) replace(p *process) {
	if s.process != p || s.closed || !p.ready {
		return
	}
	p.lost = s.names
	if !p.running {
		s.crash = p.crash(true)
	}
	s.start()
}

// crash is the error that tells of a dead process.
func (p *process) crash(idle bool) *repl.Crashed {
	return &repl.Crashed{Status: p.status, Head: p.head, Lost: p.lost, Idle: idle}
}

// Eval implements repl.Session.
func (s *Session) Eval(ctx context.Context, src string, out repl.Output) (repl.Result, error) {
	return s.eval(ctx, -1, src, out)
}

// EvalAs implements repl.Session.
func (s *Session) EvalAs(ctx context.Context, number int, src string, out repl.Output) (repl.Result, error) {
	return s.eval(ctx, max(number, 0), src, out)
}

func (s *Session) eval(ctx context.Context, number int, src string, out repl.Output) (repl.Result, error) {
	p, number, err := s.begin(number)
	if err != nil {
		return repl.Result{Number: number}, err
	}
	c := p.call(ctx, request{Op: opEval, Number: number, Src: src}, out)
	e, answered := p.await(ctx, c)
	if !answered {
		s.giveUp(c)
		return repl.Result{Number: number}, &repl.Interrupted{Pending: true}
	}
	if e.Err == errDead {
		return repl.Result{Number: number}, s.crashed(p)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range e.Result.Names {
		if name.Kind == "var" && !slices.Contains(s.names, name.Name) {
			s.names = append(s.names, name.Name)
		}
	}
	e.Result.Number = number
	return e.Result, unpacked(e.Err)
}

// begin finds the process and the number for a cell. A number below 0 is the next.
func (s *Session) begin(number int) (*process, int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if number < 0 {
		number = s.number + 1
	}
	if number > 0 {
		s.number = number
	}
	if s.closed {
		return nil, number, errors.New("worker: the session is closed")
	}
	if crash := s.crash; crash != nil {
		s.crash = nil
		return nil, number, crash
	}
	if s.mute > 0 {
		return nil, number, &repl.Busy{Pending: s.pending}
	}
	select {
	case <-s.process.dead: // and not replaced, as it could not start
		s.start()
	default:
	}
	return s.process, number, nil
}

// await waits for the answer and, when ctx ends, sees to it that it comes soon.
func (p *process) await(ctx context.Context, c *call) (e event, answered bool) {
	select {
	case e = <-c.answer:
		return e, true
	case <-ctx.Done():
	}
	p.send(request{ID: c.id, Op: opInterrupt})
	select {
	case e = <-c.answer:
		return e, true
	case <-time.After(muteGrace):
		return event{}, false
	}
}

// giveUp keeps other cells from being sent to a worker that does not answer.
func (s *Session) giveUp(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.process
	s.mute++
	s.pending = c.number
	go func() {
		<-c.answer
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.process == p {
			s.mute--
		}
	}()
}

// crashed is the error of a cell whose process is dead.
func (s *Session) crashed(p *process) error {
	<-p.dead
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replace(p)
	switch {
	case p.killed || s.closed:
		return &repl.Interrupted{}
	case !p.ready:
		return fmt.Errorf("worker: start %s: %s", strings.Join(s.cfg.Argv, " "), strings.TrimSpace(p.status+"\n"+p.head))
	case p.running:
		return p.crash(false)
	}
	s.crash = nil // told here
	return p.crash(true)
}

// Complete implements repl.Session.
func (s *Session) Complete(ctx context.Context, src string, pos int) (repl.Completion, error) {
	e, err := s.ask(ctx, request{Op: opComplete, Src: src, Pos: pos})
	return e.Completion, err
}

// Inspect implements repl.Session.
func (s *Session) Inspect(ctx context.Context, src string, pos, detail int) (repl.Inspection, error) {
	e, err := s.ask(ctx, request{Op: opInspect, Src: src, Pos: pos, Detail: detail})
	return e.Inspection, err
}

// IsComplete implements repl.Session.
func (s *Session) IsComplete(ctx context.Context, src string) (repl.Completeness, error) {
	e, err := s.ask(ctx, request{Op: opIsComplete, Src: src})
	return e.Completeness, err
}

// Names implements repl.Session.
func (s *Session) Names(ctx context.Context) ([]repl.Name, error) {
	e, err := s.ask(ctx, request{Op: opNames})
	return e.Names, err
}

// Running implements repl.Session.
func (s *Session) Running(ctx context.Context) ([]int, error) {
	e, err := s.ask(ctx, request{Op: opRunning})
	return e.Running, err
}

// ask waits for the answer to a question, which the worker gives while it evaluates.
func (s *Session) ask(ctx context.Context, r request) (event, error) {
	s.mu.Lock()
	p := s.process
	s.mu.Unlock()
	c := p.call(ctx, r, nil)
	select {
	case e := <-c.answer:
		return e, unpacked(e.Err)
	case <-ctx.Done():
		return event{}, ctx.Err()
	}
}

// Restart implements repl.Session: the process ends, whatever it does.
func (s *Session) Restart() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errors.New("worker: the session is closed")
	}
	s.process.end()
	s.number, s.crash = 0, nil
	s.start()
	return nil
}

// end kills a process.
func (p *process) end() {
	p.mu.Lock()
	p.killed = true
	p.mu.Unlock()
	p.destroy()
}

// Close implements repl.Session. It returns when the process has ended.
func (s *Session) Close() error {
	s.mu.Lock()
	p := s.process
	s.closed = true
	s.mu.Unlock()
	p.send(request{Op: opClose})
	select {
	case <-p.dead:
	case <-time.After(closeGrace):
		p.end()
		<-p.dead
	}
	return nil
}
