// Package host is how a session tells package cell where cells run. A program that runs on its own has no host.
package host

import (
	"context"
	"encoding/json"
	"errors"
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
	Clear(wait bool)
	Input(prompt string) (string, error)
	Target(name string, open func(c Comm, m Message)) error
	OpenComm(target string, m Message) (Comm, error)
}

// Comm is an open channel to a program in the front end.
type Comm interface {
	ID() string
	Target() string
	Send(m Message) error
	Close() error
	OnMessage(f func(m Message))
	OnClose(f func())
}

// Message is what goes through a Comm.
type Message struct {
	Data    json.RawMessage
	Buffers [][]byte
}

// ErrNoComms is the error of those who want to use comms where there are none.
var ErrNoComms = errors.New("no front end with comms")

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
