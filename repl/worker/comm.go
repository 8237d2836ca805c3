package worker

import (
	"maps"
	"slices"

	"kairos/repl"
)

// ConnectComms implements repl.CommSession. The comms of a process end with it.
func (s *Session) ConnectComms(front func(repl.CommEvent)) (session func(repl.CommEvent)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.front.Store(&front)
	s.process.send(request{Op: opComms})
	return s.comm
}

// comm passes an event of the front end on.
func (s *Session) comm(e repl.CommEvent) {
	s.mu.Lock()
	p := s.process
	s.mu.Unlock()
	p.comm(e)
}

// toFront passes an event of a process on.
func (s *Session) toFront(e repl.CommEvent) {
	if front := s.front.Load(); front != nil {
		(*front)(e)
	}
}

// comm sends an event to the process. One that has ended opens no comms.
func (p *process) comm(e repl.CommEvent) {
	p.mu.Lock()
	over := p.over
	if !over {
		p.track(e)
	}
	p.mu.Unlock()
	switch {
	case !over:
		p.send(request{Op: opComm, Comm: &e})
	case e.Kind == repl.CommOpen:
		p.front(ended(e.ID))
	}
}

// track remembers which comms are open. It is called with mu held.
func (p *process) track(e repl.CommEvent) {
	switch e.Kind {
	case repl.CommOpen:
		p.comms[e.ID] = true
	case repl.CommClose:
		delete(p.comms, e.ID)
	}
}

// closeComms tells the front end of the comms that ended with the process, when all else of it was delivered.
func (p *process) closeComms() {
	p.mu.Lock()
	ids := slices.Sorted(maps.Keys(p.comms))
	p.mu.Unlock()
	for _, id := range ids {
		p.queue.turn.Lock()
		p.front(ended(id))
		p.queue.turn.Unlock()
	}
}

// ended is the end of a comm whose process has ended.
func ended(id string) repl.CommEvent {
	return repl.CommEvent{Kind: repl.CommClose, ID: id, Reason: "the process of the session has ended"}
}
