// Package stop lets interpreted code be stopped from outside.
//
// A Cell is one run of code: the code of a notebook cell, a script. Every goroutine belongs to the cell that it was
// started in, however it was started: a cell travels as the goroutine's profiling labels, which a new goroutine inherits.
//
//	New, With    make a cell and run a function in it
//	Guard        runs the function of a goroutine that the program started
//	Current      is the cell of the calling goroutine
//	Cell.Stop    stops a cell
//	Running      names the cells that have goroutines
//	Check        unwinds the calling goroutine if its cell was stopped; Stopped and Unwind are its halves
//
// Interpreted code calls Check wherever it could otherwise go on for ever, and so do functions that wait; those also
// select on Done. A stopped goroutine unwinds by a panic with the value Interrupted if a With or Guard further up its
// stack will recover it, and otherwise, in a goroutine that compiled code started, by runtime.Goexit. A program's own
// recover must let Interrupted pass.
//
// A goroutine has no cell while compiled code gives it labels of its own with runtime/pprof, or if it is started by a
// timer or a finalizer. It is then not stopped.
package stop

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

// A Cell is one run of code and all goroutines that it started.
type Cell struct {
	labels  []label // first, for a profile takes what a goroutine's labels point to for runtime/pprof's own
	own     [1]label
	stopped atomic.Bool
	once    sync.Once
	done    chan struct{}
}

// label has the layout of a profiling label.
type label struct{ key, value string }

// Interrupted is the value of the panic that unwinds a goroutine of a stopped cell.
type Interrupted struct{}

func (Interrupted) Error() string { return "interrupted" }

// Overflow is the value of the panic of a goroutine that called too deeply. Like Interrupted, and like the runtime's own
// stack overflow, a program's recover must let it pass.
type Overflow struct{}

func (Overflow) Error() string { return "stack overflow" }

// New returns a cell. In profiles its samples have the label cell=name.
func New(name string) *Cell {
	c := &Cell{own: [1]label{{"cell", name}}, done: make(chan struct{})}
	c.labels = c.own[:]
	return c
}

// Stop stops the cell, for ever. It returns at once; goroutines unwind when they next check.
func (c *Cell) Stop() {
	c.once.Do(func() {
		c.stopped.Store(true)
		pending.Store(true)
		close(c.done)
	})
}

// Stopped reports whether the cell was stopped. A nil cell never is.
func (c *Cell) Stopped() bool { return c != nil && c.stopped.Load() }

// Done returns a channel that is closed when the cell is stopped; of a nil cell, one that never is.
func (c *Cell) Done() <-chan struct{} {
	if c == nil {
		return nil
	}
	return c.done
}

// pending tells that some cell was stopped, ever. Until then Check has no need to look at the goroutine.
var pending atomic.Bool

// Current returns the cell of the calling goroutine, or nil.
func Current() *Cell {
	c := (*Cell)(getLabels())
	if c == nil || unsafe.SliceData(c.labels) != &c.own[0] {
		return nil // labels of runtime/pprof
	}
	return c
}

// Stopped reports whether the cell of the calling goroutine was stopped.
func Stopped() bool { return pending.Load() && Current().Stopped() }

// Check unwinds the calling goroutine if its cell was stopped.
func Check() {
	if Stopped() {
		Unwind()
	}
}

// With runs f with c as the cell of the calling goroutine and reports whether it was interrupted.
func With(c *Cell, f func()) (interrupted bool) {
	before := getLabels()
	setLabels(unsafe.Pointer(c))
	defer setLabels(before)
	return Guard(f)
}

// getLabels and setLabels reach the profiling labels of the calling goroutine.
//
//go:linkname getLabels runtime/pprof.runtime_getProfLabel
func getLabels() unsafe.Pointer

//go:linkname setLabels runtime/pprof.runtime_setProfLabel
func setLabels(unsafe.Pointer)
