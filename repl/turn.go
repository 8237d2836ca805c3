package repl

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// patience is how long a cell waits for one that was interrupted and does not end.
const patience = time.Second

// turn lets one cell run at a time.
type turn struct {
	mu     sync.Mutex
	holder *holder
}

// holder is a cell that has its turn.
type holder struct {
	number atomic.Int64  // of the cell
	doomed chan struct{} // closed when its caller no longer waits for it
	done   chan struct{}
}

// take waits for the turn. It gives up when ctx ends or when the cell before is doomed and does not end.
func (t *turn) take(ctx context.Context) (*holder, error) {
	for {
		t.mu.Lock()
		before := t.holder
		if before == nil {
			t.holder = &holder{doomed: make(chan struct{}), done: make(chan struct{})}
			defer t.mu.Unlock()
			return t.holder, nil
		}
		t.mu.Unlock()
		if err := before.wait(ctx); err != nil {
			return nil, err
		}
	}
}

// release passes the turn on.
func (t *turn) release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.holder.done)
	t.holder = nil
}

func (h *holder) wait(ctx context.Context) error {
	select {
	case <-h.done:
		return nil
	case <-ctx.Done():
		return &Interrupted{}
	case <-h.doomed:
	}
	select {
	case <-h.done:
		return nil
	case <-ctx.Done():
		return &Interrupted{}
	case <-time.After(patience):
		return &Busy{Pending: int(h.number.Load())}
	}
}
