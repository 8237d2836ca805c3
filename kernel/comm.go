package kernel

import (
	"context"
	"encoding/json"
	"maps"
	"sync"

	"kairos/kernel/wire"
	"kairos/repl"
)

// Comms are channels between programs in the front end and here. A channel has a target: a name under which the side that
// did not open it registered what happens then. Targets that are not registered here are the session's, if its cells can
// register some.
type Comms struct {
	kernel  *Kernel
	session func(repl.CommEvent) // takes what is for cells; nil: they have no comms

	mu      sync.Mutex
	targets map[string]Target
	open    map[string]*Comm
}

// Target is called when the front end opens a channel, also while a cell runs. It sets what the channel is to call. An error
// refuses the channel.
type Target func(c *Comm, m CommMessage) error

// CommMessage is what goes through a channel.
type CommMessage struct {
	Data     json.RawMessage
	Metadata json.RawMessage
	Buffers  [][]byte
}

// Comm is an open channel.
type Comm struct {
	ID, Target string
	Received   func(CommMessage) // for each message, in order; may be nil
	Closed     func(CommMessage) // when the front end closes it; may be nil

	comms *Comms
	mu    sync.Mutex
	cause *request // the last message of the front end, or the last cell that used it
}

// commContent is the content of what goes through channels.
type commContent struct {
	ID     string          `json:"comm_id"`
	Target string          `json:"target_name,omitempty"`
	Data   json.RawMessage `json:"data"`
}

// Register says what happens when the front end opens a channel to a target.
func (c *Comms) Register(target string, open Target) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.targets == nil {
		c.targets = map[string]Target{}
	}
	c.targets[target] = open
}

// Open opens a channel to a target of the front end.
func (c *Comms) Open(target string, m CommMessage) *Comm {
	comm := &Comm{ID: wire.NewID(), Target: target, comms: c}
	c.add(comm)
	comm.publish("comm_open", m)
	return comm
}

func (c *Comms) add(comm *Comm) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open == nil {
		c.open = map[string]*Comm{}
	}
	c.open[comm.ID] = comm
}

func (c *Comms) find(id string) *Comm {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open[id]
}

// remove returns a channel that was open.
func (c *Comms) remove(id string) *Comm {
	c.mu.Lock()
	defer c.mu.Unlock()
	comm := c.open[id]
	delete(c.open, id)
	return comm
}

// Send sends a message to the front end.
func (c *Comm) Send(m CommMessage) { c.publish("comm_msg", m) }

// Close closes the channel.
func (c *Comm) Close(m CommMessage) {
	if c.comms.remove(c.ID) != nil {
		c.publish("comm_close", m)
	}
}

func (c *Comm) publish(kind string, m CommMessage) {
	content := commContent{ID: c.ID, Data: m.Data}
	if kind == "comm_open" {
		content.Target = c.Target
	}
	if len(m.Data) == 0 {
		content.Data = json.RawMessage("{}")
	}
	c.mu.Lock()
	cause := c.cause
	c.mu.Unlock()
	k := c.comms.kernel
	k.iopub.message(cause, &wire.Message{
		Header: k.source.Header(kind), Content: object(content), Metadata: m.Metadata, Buffers: m.Buffers,
	})
}

// message reads a request that concerns a channel.
func (k *Kernel) message(r *request) (commContent, CommMessage, bool) {
	var q commContent
	if f := r.read(&q); f != nil || q.ID == "" {
		k.logf("a %s is dropped: it names no channel", r.Header.Type)
		return q, CommMessage{}, false
	}
	return q, CommMessage{q.Data, r.Metadata, r.Buffers}, true
}

// commOpen handles comm_open. A channel to a target that nobody registered is closed.
func (k *Kernel) commOpen(_ context.Context, r *request) any {
	q, m, ok := k.message(r)
	if !ok {
		return nil
	}
	c := &Comm{ID: q.ID, Target: q.Target, comms: &k.comms, cause: r}
	k.comms.mu.Lock()
	open := k.comms.targets[q.Target]
	k.comms.mu.Unlock()
	if open == nil && k.comms.session != nil {
		open = k.comms.offer
	}
	k.comms.add(c)
	if open == nil {
		k.logf("a comm is closed: no target is called %q", q.Target)
		c.Close(CommMessage{})
	} else if err := open(c, m); err != nil {
		k.logf("a comm is closed: target %s: %v", q.Target, err)
		c.Close(CommMessage{})
	}
	return nil
}

// commMessage handles comm_msg.
func (k *Kernel) commMessage(_ context.Context, r *request) any {
	q, m, ok := k.message(r)
	c := k.comms.find(q.ID)
	if !ok || c == nil {
		return nil
	}
	c.caused(r)
	if c.Received != nil {
		c.Received(m)
	}
	return nil
}

// commClose handles comm_close.
func (k *Kernel) commClose(_ context.Context, r *request) any {
	q, m, ok := k.message(r)
	if c := k.comms.remove(q.ID); ok && c != nil {
		c.caused(r)
		if c.Closed != nil {
			c.Closed(m)
		}
	}
	return nil
}

func (c *Comm) caused(r *request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cause = r
}

// commInfo answers comm_info_request.
func (k *Kernel) commInfo(_ context.Context, r *request) any {
	var q struct {
		Target string `json:"target_name"`
	}
	if f := r.read(&q); f != nil {
		return f
	}
	type info struct {
		Target string `json:"target_name"`
	}
	comms := map[string]info{}
	k.comms.mu.Lock()
	open := maps.Clone(k.comms.open)
	k.comms.mu.Unlock()
	for id, c := range open {
		if q.Target == "" || q.Target == c.Target {
			comms[id] = info{c.Target}
		}
	}
	return map[string]any{"status": "ok", "comms": comms}
}
