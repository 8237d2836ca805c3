package repl

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"kairos/repl/stop"
)

// run is one evaluation of a cell.
type run struct {
	session *Local
	number  int
	out     Output
	cell    *stop.Cell
	ctx     context.Context
	cancel  context.CancelFunc

	mu    sync.Mutex
	ended bool  // the cell itself; goroutines may be left
	cause error // of the end, if the cell was stopped
	late  []latecomer

	done   chan struct{}
	result Result
	err    error
}

// end stops the cell and its goroutines. The first cause is the cell's error. When a goroutine that the cell left behind
// is the cause later, all there is to do is to say so.
func (r *run) end(cause error) {
	r.mu.Lock()
	late := r.ended && r.cause == nil && !isInterrupt(cause)
	if r.cause == nil {
		r.cause = cause
	}
	r.mu.Unlock()
	r.cell.Stop()
	r.cancel()
	if late {
		r.show(func(out Output) { out.Stream(Stderr, strings.TrimRight(cause.Error(), "\n")+"\n") })
	}
}

// goesOn reports whether the cell itself runs.
func (r *run) goesOn() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.ended
}

// nudge asks the output to help an interrupted cell to its end, ever more rarely.
func (r *run) nudge() {
	nudger, ok := r.out.(Nudger)
	for pause := minNudge; ok; pause = min(2*pause, maxNudge) {
		select {
		case <-r.done:
			return
		case <-time.After(pause):
			nudger.Nudge()
		}
	}
}

func isInterrupt(err error) bool {
	_, ok := err.(*Interrupted)
	return ok
}

// eval evaluates the cell. This is where panics end that are not the cell's: faults of the interpreter.
func (r *run) eval(src string) {
	begin := time.Now()
	defer func() {
		if p := recover(); p != nil {
			r.err = fmt.Errorf("repl: evaluate cell %d: internal error: %v\n%s", r.number, p, debug.Stack())
		}
		r.settle()
		r.finish(begin)
	}()
	r.result.Number = r.number
	unit, err := r.session.evaluator.Load(r.number, src)
	if err != nil {
		r.err = err
		return
	}
	r.result.Names = unit.Names
	r.err = &Interrupted{} // unless it gets to the end
	stop.With(r.cell, func() {
		stop.Check() // it may be late already
		values, err := unit.Run()
		if err == nil {
			r.keep(unit, values)
		}
		r.err = err
	})
}

// keep remembers the values of the cell and renders those to be shown, which may run methods of the cell's types.
func (r *run) keep(unit Unit, values []Typed) {
	if unit.Prints || !isShown(values) {
		return
	}
	if r.number > 0 {
		unit.Keep(values)
	}
	if !unit.Quiet {
		r.result.Values = rendered(values, r.session.Style)
	}
}

// finish settles the result and the error.
func (r *run) finish(begin time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
	r.result.Elapsed = time.Since(begin)
	if r.cause != nil && (r.err != nil || !isInterrupt(r.cause)) {
		r.err = r.cause
	}
}

// show calls a method of the cell's output.
func (r *run) show(f func(Output)) {
	r.session.showing.Lock()
	defer r.session.showing.Unlock()
	f(r.out)
}
