package repl

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"kairos/stdlib/cell/host"
)

// CommSession is a Session of which the cells can use comms: channels to programs in a front end, such as widgets.
type CommSession interface {
	// ConnectComms says that the front end has comms. What cells do with theirs goes to front, which may be called by
	// several goroutines at a time. The session returns what takes events of the front end, in their order and without
	// waiting for cells or handlers; nil if it has no comms after all. When the session forgets everything it closes them.
	ConnectComms(front func(CommEvent)) (session func(CommEvent))
}

// CommEvent is what happens to a comm at one end, for the other.
type CommEvent struct {
	Kind    string // CommOpen, CommMsg or CommClose
	ID      string // of the comm
	Target  string // of one that is opened
	Data    json.RawMessage
	Buffers [][]byte
	Running bool   // a cell did it while it ran, and not a handler or what a cell left behind
	Reason  string // of a session that closes a comm by itself
}

// What happens to comms, as Jupyter calls it.
const (
	CommOpen  = "comm_open"
	CommMsg   = "comm_msg"
	CommClose = "comm_close"
)

func (e CommEvent) message() host.Message {
	m := host.Message{Data: e.Data, Buffers: e.Buffers}
	if len(m.Data) == 0 {
		m.Data = json.RawMessage("{}")
	}
	return m
}

// comms are those of a session, from its start or restart on.
type comms struct {
	session *Local
	front   func(CommEvent)
	events  chan struct{} // holds one when there is something to do
	gone    chan struct{} // closed when the session forgets them
	once    sync.Once     // closes it

	mu      sync.Mutex
	targets map[string]*target
	open    map[string]*comm
	todo    []func()
	handler *run // whose handler is running
}

// target is a name to which a front end can open comms.
type target struct {
	owner *owner
	open  func(host.Comm, host.Message)
}

// newComms starts the goroutine that calls handlers, one at a time.
func newComms(s *Local, front func(CommEvent)) *comms {
	c := &comms{
		session: s, front: front, events: make(chan struct{}, 1), gone: make(chan struct{}),
		targets: map[string]*target{}, open: map[string]*comm{},
	}
	go c.work()
	return c
}

func (c *comms) work() {
	for {
		select {
		case <-c.gone:
			return
		case <-c.events:
		}
		for f := c.next(); f != nil; f = c.next() {
			f()
		}
	}
}

func (c *comms) next() (f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.todo) > 0 {
		f, c.todo = c.todo[0], c.todo[1:]
	}
	return f
}

// do has the goroutine of the handlers do something.
func (c *comms) do(f func()) {
	c.mu.Lock()
	c.todo = append(c.todo, f)
	c.mu.Unlock()
	select {
	case c.events <- struct{}{}:
	default:
	}
}

// take takes an event of the front end.
func (c *comms) take(e CommEvent) {
	c.do(func() {
		if e.Kind == CommOpen {
			c.opened(e)
			return
		}
		c.mu.Lock()
		cm := c.open[e.ID]
		c.mu.Unlock()
		if cm != nil {
			cm.take(e)
		}
	})
}

// opened calls what was registered for a target.
func (c *comms) opened(e CommEvent) {
	c.mu.Lock()
	t := c.targets[e.Target]
	var cm *comm
	if t != nil {
		cm = &comm{comms: c, id: e.ID, target: e.Target, owner: t.owner}
		c.open[e.ID] = cm
	}
	c.mu.Unlock()
	if t == nil {
		c.front(CommEvent{Kind: CommClose, ID: e.ID, Reason: fmt.Sprintf("no target is called %q", e.Target)})
		return
	}
	c.call(t.owner, func() { t.open(cm, e.message()) })
}

// send tells the front end what the calling goroutine does.
func (c *comms) send(e CommEvent) {
	r := c.session.here()
	e.Running = r != nil && r.goesOn()
	c.front(e)
}

// call calls a handler and waits until it has returned. It has a goroutine of its own, which it may end.
func (c *comms) call(o *owner, handler func()) {
	r := o.now()
	c.mu.Lock()
	c.handler = r
	c.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.handle(handler)
	}()
	<-done
	c.mu.Lock()
	c.handler = nil
	c.mu.Unlock()
}

// owners are those of everything that has handlers.
func (c *comms) owners() []*owner {
	var all []*owner
	for _, t := range c.targets {
		all = append(all, t.owner)
	}
	for _, cm := range c.open {
		all = append(all, cm.owner)
	}
	return all
}

// runOf returns the run of handlers that a goroutine belongs to, or nil.
func (c *comms) runOf(belongs func(*run) bool) *run {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.handler != nil && belongs(c.handler) {
		return c.handler
	}
	for _, o := range c.owners() {
		if r := o.last(); belongs(r) {
			return r
		}
	}
	return nil
}

// stop stops all handlers. It returns the comms that are open no more.
func (c *comms) stop() (open map[string]*comm) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.once.Do(func() { close(c.gone) })
	if c.handler != nil {
		c.handler.end(&Interrupted{})
	}
	for _, o := range c.owners() {
		o.last().end(&Interrupted{})
	}
	open = c.open
	c.targets, c.open, c.todo = map[string]*target{}, map[string]*comm{}, nil
	return open
}

// forget stops all handlers and closes all comms.
func (c *comms) forget() {
	open := c.stop()
	for _, id := range slices.Sorted(maps.Keys(open)) {
		c.front(CommEvent{Kind: CommClose, ID: id, Reason: "the session was restarted"})
	}
}

// ConnectComms implements CommSession.
func (s *Local) ConnectComms(front func(CommEvent)) (session func(CommEvent)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.comms = newComms(s, front)
	return func(e CommEvent) {
		if c := s.connected(); c != nil {
			c.take(e)
		}
	}
}

// connected returns the comms of the session, or nil if its front end has none.
func (s *Local) connected() *comms {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.comms
}

// Target implements host.Host.
func (s *Local) Target(name string, open func(host.Comm, host.Message)) error {
	c, o, err := s.own()
	if err != nil {
		return fmt.Errorf("cell: register target %s: %w", name, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.targets[name] = &target{o, open}
	return nil
}

// OpenComm implements host.Host.
func (s *Local) OpenComm(target string, m host.Message) (host.Comm, error) {
	c, o, err := s.own()
	if err != nil {
		return nil, fmt.Errorf("cell: open comm %s: %w", target, err)
	}
	cm := &comm{comms: c, id: newCommID(), target: target, owner: o}
	c.mu.Lock()
	c.open[cm.id] = cm
	c.mu.Unlock()
	c.send(CommEvent{Kind: CommOpen, ID: cm.id, Target: target, Data: m.Data, Buffers: m.Buffers})
	return cm, nil
}

// own returns the comms, and the cell of the calling goroutine as the owner of handlers.
func (s *Local) own() (*comms, *owner, error) {
	c, r := s.connected(), s.here()
	switch {
	case c == nil:
		return nil, nil, host.ErrNoComms
	case r == nil:
		return nil, nil, errNoCell
	}
	return c, &owner{run: r.heir()}, nil
}

// errClosed is the error of those who send through what is closed.
var errClosed = errors.New("it is closed")
