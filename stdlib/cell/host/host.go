// Package host is how a session tells package cell where cells run. A program that runs on its own has no host.
package host

import (
	"context"
	"sync/atomic"
)

// Host is where a cell runs. Its methods are those of package cell.
type Host interface {
	Context() context.Context
	// Fail ends the running cell with an error that is not nil. It does not return.
	Fail(err error)
	Progress(label string) func(done, total int)
	Show(v any) error
	// Live shows v, and update another value in its place.
	Live(v any) (update func(v any) error, err error)
	Input(prompt string) (string, error)
}

var current atomic.Pointer[Host]

// Enter makes h the host of this process.
func Enter(h Host) { current.Store(&h) }

// Current returns the host of this process, or nil.
func Current() Host {
	if h := current.Load(); h != nil {
		return *h
	}
	return nil
}
