package rt

import "kairos/repl/stop"

// A Frame holds the deferred calls of one call of a function.
type Frame struct {
	deferred    []deferred
	first       [1]deferred // for most functions defer one call
	thrown      *Thrown     // the panic for which deferred calls run; nil if there is none, or it was recovered
	recovered   *Thrown     // the panic that the present deferred call recovered
	interrupted bool        // the cell was stopped: deferred calls run and nothing can be recovered
	outer       *Frame      // see hold
	goroutine   uint64      // where it is held
}

// deferred is a deferred call.
type deferred struct {
	f    func()
	kind deferKind
}

type deferKind uint8

const (
	callDirect  deferKind = iota // f is the deferred function
	callThunk                    // f calls the deferred function
	callRecover                  // the deferred function is the builtin recover
)

// Run calls body, the body of a function with defer statements, and then the deferred calls. It returns normally after
// a panic that one of them recovered.
func Run(body func(*Frame)) {
	var f Frame
	f.deferred = f.first[:0]
	returned := false
	defer func() {
		if !returned { // runtime.Goexit was called; it goes on here even if a panic after it was recovered
			f.finish()
		}
	}()
	f.guard(body)
	returned = true
	f.finish()
}

// Defer is the statement defer f(), for an f without parameters and results.
func (f *Frame) Defer(fn func()) { f.deferred = append(f.deferred, deferred{fn, callDirect}) }

// DeferCall is any other defer statement: call makes the deferred call, and does nothing else.
func (f *Frame) DeferCall(call func()) { f.deferred = append(f.deferred, deferred{call, callThunk}) }

// DeferRecover is the statement defer recover().
func (f *Frame) DeferRecover() { f.deferred = append(f.deferred, deferred{nil, callRecover}) }

// guard calls body and keeps its panic. It returns before deferred calls run, so that the stack does not grow with each
// function that a panic passes. Recover knows it by name.
//
//go:noinline
func (f *Frame) guard(body func(*Frame)) {
	finished := false
	defer func() {
		if !finished {
			f.unfinished(recover())
		}
	}()
	body(f)
	finished = true
}

// finish makes the deferred calls and goes on with the panic that is left then.
func (f *Frame) finish() {
	if f.thrown != nil && f.thrown.Value == any(stop.Overflow{}) {
		f.deferred = nil // as the runtime, which ends the process at once
	}
	f.callDeferred()
	f.release()
	switch {
	case f.interrupted:
		stop.Unwind()
	case f.thrown != nil:
		panic(f.thrown)
	}
}

func (f *Frame) callDeferred() {
	returned := false
	defer func() {
		if !returned { // as in Run
			f.finish()
		}
	}()
	for len(f.deferred) > 0 {
		last := len(f.deferred) - 1
		d := f.deferred[last]
		f.deferred = f.deferred[:last]
		f.call(d)
	}
	returned = true
}

// call makes one deferred call and keeps its panic.
func (f *Frame) call(d deferred) {
	finished := false
	defer func() {
		if !finished {
			f.unfinished(recover())
		}
	}()
	if f.thrown != nil && !f.interrupted {
		f.hold()
		panicking(d)
	} else {
		d.call()
	}
	finished = true
	f.recovered = nil
}

// panicking makes a deferred call during a panic. Recover knows it by name.
//
//go:noinline
func panicking(d deferred) { d.call() }

func (d deferred) call() {
	switch d.kind {
	case callDirect:
		d.f()
	case callThunk:
		thunk(d.f)
	case callRecover:
		Recover()
	}
}

// thunk calls a function that calls a deferred function. Recover knows it by name.
//
//go:noinline
func thunk(f func()) { f() }

// unfinished notes that the body or a deferred call panicked with r or, if that is nil, called runtime.Goexit, which ends
// a panic.
func (f *Frame) unfinished(r any) {
	switch r.(type) {
	case nil:
		f.thrown, f.recovered = nil, nil
	case stop.Interrupted:
		f.interrupted = true
	default:
		t := Caught(r)
		if f.recovered != nil {
			t.follows(f.recovered, true)
		} else {
			t.follows(f.thrown, false)
		}
		f.thrown, f.recovered = t, nil
	}
}
