package kernel

import "kairos/repl"

// connect joins the comms of the session's cells to those of the kernel, if it has any.
func (c *Comms) connect(session repl.Session) {
	if s, ok := session.(repl.CommSession); ok {
		c.session = s.ConnectComms(c.ofCell)
	}
}

// offer is the Target of what is not registered here: the session knows what is, and closes the channel otherwise.
func (c *Comms) offer(comm *Comm, m CommMessage) error {
	c.toCell(comm)
	c.session(repl.CommEvent{Kind: repl.CommOpen, ID: comm.ID, Target: comm.Target, Data: m.Data, Buffers: m.Buffers})
	return nil
}

// toCell has a channel pass on to the session what the front end does.
func (c *Comms) toCell(comm *Comm) {
	pass := func(kind string) func(CommMessage) {
		return func(m CommMessage) {
			c.session(repl.CommEvent{Kind: kind, ID: comm.ID, Data: m.Data, Buffers: m.Buffers})
		}
	}
	comm.Received, comm.Closed = pass(repl.CommMsg), pass(repl.CommClose)
}

// ofCell takes what a cell did, with whose request as the parent if that is still answered.
func (c *Comms) ofCell(e repl.CommEvent) {
	m := CommMessage{Data: e.Data, Buffers: e.Buffers}
	if e.Kind == repl.CommOpen {
		comm := &Comm{ID: e.ID, Target: e.Target, comms: c}
		c.toCell(comm)
		c.add(comm)
	}
	comm := c.find(e.ID)
	if comm == nil {
		return
	}
	if r := c.kernel.cells.request(); r != nil && e.Running {
		comm.caused(r)
	}
	switch e.Kind {
	case repl.CommOpen:
		comm.publish(e.Kind, m)
	case repl.CommMsg:
		comm.Send(m)
	case repl.CommClose:
		if e.Reason != "" {
			c.kernel.logf("a comm is closed: %s", e.Reason)
		}
		comm.Close(m)
	}
}
