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
	r := s.here()
	if r == nil {
		return func(int, int) {}
	}
	m := &meter{run: r, last: Progress{ID: s.newID(), Label: label}}
	return m.set
}

// meter reports one progress.
type meter struct {
	run  *run
	mu   sync.Mutex
	last Progress // reported
	at   time.Time
}

// set reports a new state, unless one was just reported and more is to come.
func (m *meter) set(done, total int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now, p := time.Now(), m.last
	if total < 1 {
		return
	}
	p.Done, p.Total = min(max(done, 0), total), total
	if p == m.last || p.Total == m.last.Total && p.Done < p.Total && now.Sub(m.at) < progressInterval {
		return
	}
	m.last, m.at = p, now
	m.run.show(func(out Output) { out.Progress(p) })
}
