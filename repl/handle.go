package repl

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"

	"kairos/repl/stop"
	"kairos/stdlib/cell/host"
)

// comm implements host.Comm.
type comm struct {
	comms      *comms
	id, target string
	owner      *owner

	mu      sync.Mutex
	inbox   []CommEvent // not handled, for nobody wants them yet
	message func(host.Message)
	closed  bool // by the front end
	close   func()
}

// keptMessages is how many messages wait for somebody to want them.
const keptMessages = 1000

// newCommID makes a name that nobody else has.
func newCommID() string {
	b := make([]byte, 16)
	rand.Read(b)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// ID implements host.Comm.
func (c *comm) ID() string { return c.id }

// Target implements host.Comm.
func (c *comm) Target() string { return c.target }

// Send implements host.Comm.
func (c *comm) Send(m host.Message) error {
	c.comms.mu.Lock()
	open := c.comms.open[c.id] == c
	c.comms.mu.Unlock()
	if !open {
		return fmt.Errorf("cell: send to comm %s: %w", c.target, errClosed)
	}
	c.comms.send(CommEvent{Kind: CommMsg, ID: c.id, Data: m.Data, Buffers: m.Buffers})
	return nil
}

// Close implements host.Comm.
func (c *comm) Close() error {
	if c.remove() {
		c.mu.Lock()
		c.inbox, c.message = nil, nil
		c.mu.Unlock()
		c.comms.send(CommEvent{Kind: CommClose, ID: c.id})
	}
	return nil
}

// remove takes the comm from the open ones, and reports whether it was among them.
func (c *comm) remove() bool {
	c.comms.mu.Lock()
	defer c.comms.mu.Unlock()
	open := c.comms.open[c.id] == c
	if open {
		delete(c.comms.open, c.id)
	}
	return open
}

// take takes an event of the front end, on the goroutine of the handlers.
func (c *comm) take(e CommEvent) {
	if e.Kind == CommClose {
		c.remove()
		c.mu.Lock()
		c.closed = true
		c.mu.Unlock()
		c.handleClose()
		return
	}
	c.mu.Lock()
	if len(c.inbox) == keptMessages {
		c.inbox = c.inbox[1:]
	}
	c.inbox = append(c.inbox, e)
	c.mu.Unlock()
	c.handleInbox()
}

// OnMessage implements host.Comm.
func (c *comm) OnMessage(f func(host.Message)) {
	c.mu.Lock()
	c.message = f
	c.mu.Unlock()
	c.comms.do(c.handleInbox)
}

// OnClose implements host.Comm.
func (c *comm) OnClose(f func()) {
	c.mu.Lock()
	c.close = f
	c.mu.Unlock()
	c.comms.do(c.handleClose)
}

// handleInbox handles the messages that have come, if there is a handler.
func (c *comm) handleInbox() {
	for {
		c.mu.Lock()
		if c.message == nil || len(c.inbox) == 0 {
			c.mu.Unlock()
			return
		}
		f, e := c.message, c.inbox[0]
		c.inbox = c.inbox[1:]
		c.mu.Unlock()
		c.comms.call(c.owner, func() { f(e.message()) })
	}
}

// handleClose calls the handler of the end once, if there is one.
func (c *comm) handleClose() {
	c.mu.Lock()
	f := c.close
	if !c.closed || f == nil {
		c.mu.Unlock()
		return
	}
	c.close = nil
	c.mu.Unlock()
	c.comms.call(c.owner, f)
}

// owner is a cell of which handlers are called.
type owner struct {
	mu  sync.Mutex
	run *run
}

// now returns the run in which a handler is to be called. One that was stopped, say by a panic, is followed by another.
func (o *owner) now() *run {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.run.cell.Stopped() {
		o.run = o.run.heir()
	}
	return o.run
}

// last returns the run in which a handler was called last.
func (o *owner) last() *run {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.run
}

// heir returns a run that goes on when the cell has ended or was interrupted, and shows things where the cell does.
func (r *run) heir() *run {
	h := &run{session: r.session, number: r.number, out: r.out, ended: true, cell: stop.New(fmt.Sprint(r.number))}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	return h
}

// handle calls a handler. Its panic ends the run, which says so.
func (r *run) handle(handler func()) {
	stop.With(r.cell, func() {
		if err := r.session.evaluator.Call(handler); err != nil {
			r.end(err)
		}
	})
}
