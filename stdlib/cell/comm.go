package cell

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sync/atomic"

	"kairos/stdlib/cell/host"
)

// ErrNoComms is the error of Target and OpenComm where there is no front end with comms: at a terminal and in a program
// on its own.
var ErrNoComms = host.ErrNoComms

// A Comm is a channel between a cell and a program in the front end of a notebook, as Jupyter has it: both ends send
// messages, which are JSON. It stays open when the cell has ended, until one end closes it or the session restarts.
//
// The handlers of all comms are called one at a time, in the order of what they are called for, also while a cell runs,
// with which they may have to share a sync.Mutex. An interrupt of the cell does not touch them. What they show belongs to
// the cell that opened the comm or registered its target; when one panics or calls Check, the error is printed there, and
// the next message is handled again. Metadata of messages are not passed on.
type Comm struct {
	comm    host.Comm
	buffers atomic.Pointer[[][]byte] // of the message that is being handled
}

// Target registers what is called when a program in the front end opens a comm to the target of a name. It replaces what
// was registered before. Open gets what came with the request, and sets what the comm is to call. A comm to a target that
// nobody registered is closed. The error is ErrNoComms, wrapped.
func Target(name string, open func(c *Comm, data json.RawMessage)) error {
	return here().Target(name, func(c host.Comm, m host.Message) {
		comm := &Comm{comm: c}
		comm.handle(m, func() { open(comm, m.Data) })
	})
}

// OpenComm opens a comm to a target that a program in the front end registered, and sends it data, which encoding/json
// encodes. A front end that does not know the target closes the comm. The error is ErrNoComms, wrapped, or that of encoding.
func OpenComm(target string, data any, buffers ...[]byte) (*Comm, error) {
	m, err := message(data, buffers)
	if err != nil {
		return nil, fmt.Errorf("cell: open comm %s: %w", target, err)
	}
	c, err := here().OpenComm(target, m)
	if err != nil {
		return nil, err
	}
	return &Comm{comm: c}, nil
}

// ID is unique among the comms of both ends.
func (c *Comm) ID() string { return c.comm.ID() }

// Target is the name of what the comm was opened to.
func (c *Comm) Target() string { return c.comm.Target() }

// Send sends data, which encoding/json encodes; most front ends expect an object, and nil is an empty one. Buffers are
// binary and sent as they are.
func (c *Comm) Send(data any, buffers ...[]byte) error {
	m, err := message(data, buffers)
	if err != nil {
		return fmt.Errorf("cell: send to comm %s: %w", c.Target(), err)
	}
	return c.comm.Send(m)
}

// OnMessage sets what is called with each message of the front end, those included, up to the last thousand,
// that came before.
func (c *Comm) OnMessage(f func(data json.RawMessage)) {
	c.comm.OnMessage(func(m host.Message) {
		c.handle(m, func() { f(m.Data) })
	})
}

// Buffers returns the binary buffers that came with the message that a handler of the comm was called with, or with the
// request to open it. It is nil outside of handlers.
func (c *Comm) Buffers() [][]byte {
	if b := c.buffers.Load(); b != nil {
		return *b
	}
	return nil
}

// OnClose sets what is called when the front end closes the comm, also if it just did.
func (c *Comm) OnClose(f func()) { c.comm.OnClose(f) }

// Close closes the comm. It is no error if it was closed before.
func (c *Comm) Close() error { return c.comm.Close() }

// handle calls a handler with the buffers of its message at hand.
func (c *Comm) handle(m host.Message, handler func()) {
	c.buffers.Store(&m.Buffers)
	defer c.buffers.Store(nil)
	handler()
}

// message encodes what is to be sent.
func message(data any, buffers [][]byte) (host.Message, error) {
	if data == nil {
		data = struct{}{}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(data); err != nil {
		return host.Message{}, fmt.Errorf("encode %T: %w", data, err)
	}
	return host.Message{Data: bytes.TrimRight(b.Bytes(), "\n"), Buffers: buffers}, nil
}
