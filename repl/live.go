package repl

import (
	"fmt"
	"sync"
	"time"
)

// liveInterval is how far apart two values in one place are at least.
const liveInterval = 100 * time.Millisecond

// place is where a cell shows values, one instead of the other.
type place struct {
	session *Local
	id      string

	mu      sync.Mutex
	run     *run      // that showed something last
	at      time.Time // it was last shown
	pending any       // to be shown when the cell ends, if isLate
	isLate  bool
}

// Live implements host.Host.
func (s *Local) Live(v any) (update func(v any) error, err error) {
	r := s.here()
	if r == nil {
		return nil, fmt.Errorf("cell: show: %w", errNoCell)
	}
	p := &place{session: s, run: r, id: s.newID()}
	if err := p.show(v, false); err != nil {
		return nil, err
	}
	return p.update, nil
}

// update shows v, at once or, when another value was just shown, at the end of the cell unless there is a next one.
func (p *place) update(v any) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.run = p.session.here()
	if time.Since(p.at) >= liveInterval {
		p.isLate = false
		return p.show(v, true)
	}
	if p.pending = v; !p.isLate {
		p.isLate = true
		p.run.leave(p)
	}
	return nil
}

// show is called with mu held, or before anyone else knows the place.
func (p *place) show(v any, update bool) error {
	data, err := p.session.Style.Of(v)
	if err != nil {
		return fmt.Errorf("cell: show: %w", err)
	}
	p.run.show(func(out Output) { out.Display(Display{ID: p.id, Update: update, Data: data}) })
	p.at = time.Now()
	return nil
}

// settle implements latecomer.
func (p *place) settle() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.isLate {
		return nil
	}
	p.isLate = false
	return p.show(p.pending, true)
}

// latecomer has something to show that is to be seen at the latest when the cell ends.
type latecomer interface{ settle() error }

// leave has the run settle something when its cell ends, or soon if it did.
func (r *run) leave(late latecomer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		time.AfterFunc(liveInterval, func() { late.settle() })
		return
	}
	r.late = append(r.late, late)
}

// settle settles what the cell left.
func (r *run) settle() {
	r.mu.Lock()
	late := r.late
	r.late = nil
	r.mu.Unlock()
	for _, l := range late {
		if err := l.settle(); err != nil && r.err == nil {
			r.err = &Failed{Text: "error: " + err.Error()}
		}
	}
}
