package repl

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"kairos/repl/stop"
)

// progressInterval is how far apart the reports of one progress are at least.
const progressInterval = 50 * time.Millisecond

// errNoCell is what package cell answers outside of a cell.
var errNoCell = errors.New("no cell has run yet")

// Context implements host.Host: the context of the cell that the calling goroutine belongs to.
func (s *Local) Context() context.Context {
	if r := s.here(); r != nil {
		return r.ctx
	}
	return context.Background()
}

// Fail implements host.Host.
func (s *Local) Fail(err error) {
	s.leave(&Failed{Text: "error: " + err.Error()})
}

// leave ends the cell of the calling goroutine, and the goroutine.
func (s *Local) leave(cause error) {
	s.End(cause)
	stop.Check()
	runtime.Goexit() // of no cell
}

// Show implements host.Host.
func (s *Local) Show(v any) error {
	_, err := s.Live(v)
	return err
}

// Clear implements host.Host.
func (s *Local) Clear(wait bool) {
	if r := s.here(); r != nil {
		r.show(func(out Output) {
			if c, ok := out.(Clearer); ok {
				c.Clear(wait)
			}
		})
	}
}

// Input implements host.Host.
func (s *Local) Input(prompt string) (string, error) {
	r := s.here()
	if r == nil {
		return "", fmt.Errorf("cell: input: %w", errNoCell)
	}
	return r.out.Input(r.ctx, prompt, false)
}

// Progress implements host.Host.
func (s *Local) Progress(label string) func(done, total int) {
	m := &meter{session: s, last: Progress{ID: s.newID(), Label: label}}
	return m.set
}

// meter reports one progress.
type meter struct {
	session *Local

	mu      sync.Mutex
	run     *run     // that made progress last
	last    Progress // reported
	at      time.Time
	pending *Progress // not reported, for another one just was
}

// set reports a new state, at once or soon.
func (m *meter) set(done, total int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, p := m.session.here(), m.last
	if r == nil || total < 1 {
		return
	}
	m.run = r
	p.Done, p.Total = min(max(done, 0), total), total
	wait := progressInterval - time.Since(m.at)
	if wait <= 0 || p.Total != m.last.Total || p.Done == p.Total {
		m.report(p)
		return
	}
	if m.pending == nil {
		time.AfterFunc(wait, func() { m.settle() })
		m.run.leave(m)
	}
	m.pending = &p
}

// settle implements latecomer.
func (m *meter) settle() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.pending != nil {
		m.report(*m.pending)
	}
	return nil
}

// report is called with mu held.
func (m *meter) report(p Progress) {
	m.pending = nil
	if p == m.last {
		return
	}
	m.last, m.at = p, time.Now()
	m.run.show(func(out Output) { out.Progress(p) })
}
