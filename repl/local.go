package repl

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"kairos/repl/stop"
	"kairos/stdlib/cell/host"
	"kairos/stdlib/cell/render"
)

// Evaluator is what a session needs of an interpreter. All but Call are used by one goroutine at a time.
type Evaluator interface {
	// Load prepares a cell. If there is an error, a *CompileError, nothing of it was executed or stays declared.
	Load(number int, src string) (Unit, error)
	// Call calls a function of a cell on the calling goroutine, which belongs to a stop.Cell, also while a cell runs. A panic
	// is returned as a *Panic; a stop.Interrupted passes.
	Call(f func()) error
	// Reset forgets everything.
	Reset() error
}

// Unit is a cell that is ready to run.
type Unit struct {
	Names  []Name // that it declares
	Prints bool   // the last expression is a call that prints, whose results nobody wants to see
	Quiet  bool   // its value is not to be shown: the cell ends in a semicolon
	// Run executes the cell on the calling goroutine, which belongs to a stop.Cell, and returns the values of its last
	// expression. A panic of the cell is returned as a *Panic; a stop.Interrupted passes. Panics in other goroutines that
	// nobody recovers are for Local.End.
	Run func() ([]Typed, error)
	// Keep remembers the values of the cell for later cells to refer to.
	Keep func(values []Typed)
}

// Typed is a value with its static type, in the words of Go source.
type Typed struct {
	Type  string
	Value reflect.Value
}

// Assistant completes and explains. It is used while a cell runs, and by several goroutines.
type Assistant interface {
	Complete(ctx context.Context, src string, pos int) (Completion, error)
	Inspect(ctx context.Context, src string, pos, detail int) (Inspection, error)
	IsComplete(ctx context.Context, src string) (Completeness, error)
	Names(ctx context.Context) ([]Name, error)
}

// grace is how long an interrupted cell may take to unwind before its caller is told that it is pending.
const grace = 200 * time.Millisecond

// An interrupted cell that does not end is nudged after minNudge, and then again at most maxNudge apart.
const (
	minNudge = 30 * time.Millisecond
	maxNudge = time.Second
)

// keptRuns is how many cells are remembered for the goroutines that they left behind.
const keptRuns = 64

// Local is a session in this process. What cells print goes to the streams of the process, and not to their Output.
type Local struct {
	Assistant
	Style     render.Config // of values that are shown
	evaluator Evaluator
	turn      turn
	showing   sync.Mutex // held while a method of an Output runs, except for Input

	printed atomic.Bool // whether stderr was printed on last

	mu     sync.Mutex
	number int    // of the last cell
	shown  int    // displays and progresses so far
	runs   []*run // the last ones
	comms  *comms // nil if the front end has none
}

// New returns a session that uses an interpreter and an assistant, and makes it the host of this process's cells.
func New(e Evaluator, a Assistant) *Local {
	if a == nil {
		a = unassisted{}
	}
	s := &Local{Assistant: a, evaluator: e}
	host.Enter(s)
	return s
}

// Eval implements Session.
func (s *Local) Eval(ctx context.Context, src string, out Output) (Result, error) {
	return s.eval(ctx, func() int { return s.number + 1 }, src, out)
}

// EvalAs implements Session.
func (s *Local) EvalAs(ctx context.Context, number int, src string, out Output) (Result, error) {
	return s.eval(ctx, func() int { return number }, src, out)
}

func (s *Local) eval(ctx context.Context, number func() int, src string, out Output) (Result, error) {
	holder, err := s.turn.take(ctx)
	if err != nil {
		return Result{}, err
	}
	r := s.newRun(number, out)
	holder.number.Store(int64(r.number))
	if starter, ok := out.(Starter); ok {
		starter.Start()
	}
	go func() {
		defer s.turn.release()
		defer close(r.done)
		r.eval(src)
	}()
	select {
	case <-r.done:
		return r.result, r.err
	case <-ctx.Done():
	}
	r.end(&Interrupted{})
	go r.nudge()
	select {
	case <-r.done:
		return r.result, r.err
	case <-time.After(grace):
		close(holder.doomed)
		return Result{Number: r.number}, &Interrupted{Pending: true}
	}
}

// newRun numbers a cell and remembers it.
func (s *Local) newRun(number func() int, out Output) *run {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := &run{session: s, number: number(), out: out, done: make(chan struct{})}
	if r.number > 0 {
		s.number = r.number
	}
	r.cell = stop.New(fmt.Sprint(r.number))
	r.ctx, r.cancel = context.WithCancel(context.Background())
	if len(s.runs) == keptRuns {
		s.runs = slices.Delete(s.runs, 0, 1)
	}
	s.runs = append(s.runs, r)
	return r
}

// Running implements Session.
func (s *Local) Running(context.Context) (numbers []int, err error) {
	for _, name := range stop.Running() {
		if n, err := strconv.Atoi(name); err == nil && n > 0 {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

// Restart implements Session. It interrupts a running cell, and fails if the cell does not end.
func (s *Local) Restart() error {
	if r := s.here(); r != nil {
		r.end(&Interrupted{})
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := s.turn.take(ctx); err != nil {
		return fmt.Errorf("repl: restart: %w", err)
	}
	defer s.turn.release()
	s.forget()
	return s.evaluator.Reset()
}

// forget stops what cells left running, handlers too.
func (s *Local) forget() {
	s.mu.Lock()
	for _, r := range s.runs {
		r.end(&Interrupted{}) // and its goroutines
	}
	s.number, s.runs = 0, nil
	before := s.comms
	if before != nil {
		s.comms = newComms(s, before.front)
	}
	s.mu.Unlock()
	if before != nil {
		before.forget()
	}
}

// Close implements Session. It interrupts whatever cells left running.
func (s *Local) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.runs {
		r.end(&Interrupted{})
	}
	if s.comms != nil {
		s.comms.stop()
	}
	return nil
}

// here returns the run that the calling goroutine belongs to, or else the last one.
func (s *Local) here() *run {
	s.mu.Lock()
	defer s.mu.Unlock()
	cell := stop.Current()
	belongs := func(r *run) bool { return r.cell == cell }
	if i := slices.IndexFunc(s.runs, belongs); i >= 0 {
		return s.runs[i]
	}
	if s.comms != nil && cell != nil {
		if r := s.comms.runOf(belongs); r != nil {
			return r
		}
	}
	if len(s.runs) == 0 {
		return nil
	}
	return s.runs[len(s.runs)-1]
}

// End ends the cell that the calling goroutine belongs to, and the goroutines that it started.
func (s *Local) End(cause error) {
	if r := s.here(); r != nil {
		r.end(cause)
	}
}

// newID makes a name for something shown.
func (s *Local) newID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown++
	return fmt.Sprint(s.shown)
}

// unassisted is an assistant that knows nothing.
type unassisted struct{}

func (unassisted) Complete(_ context.Context, _ string, pos int) (Completion, error) {
	return Completion{From: pos, To: pos}, nil
}

func (unassisted) Inspect(context.Context, string, int, int) (Inspection, error) {
	return Inspection{}, nil
}

func (unassisted) IsComplete(context.Context, string) (Completeness, error) {
	return Completeness{Status: Complete}, nil
}

func (unassisted) Names(context.Context) ([]Name, error) { return nil, nil }
