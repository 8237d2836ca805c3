package zmtp

import (
	"sync"
	"time"
)

// queue is what waits to be written to a peer.
type queue struct {
	max  int64
	wake chan struct{} // holds one when there is news

	mu       sync.Mutex
	messages []Message
	commands []command // go first
	bytes    int64     // of the messages
	taken    time.Time // the last of them
	closed   bool      // nothing more is taken
	aborted  bool      // nor written
}

// maxCommands is how many answers wait for a peer that asks and does not listen.
const maxCommands = 64

// small is the size of messages for which there is still some room when there is none for others: they tell what happens,
// where large ones tell what it looks like.
const small = 16 << 10

// put adds a message, and reports whether there was room.
func (q *queue) put(m Message) bool {
	n, most := m.size(), q.max
	if n <= small {
		most += most / 4
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || len(q.messages) > 0 && q.bytes+n > most {
		return false
	}
	q.messages, q.bytes = append(q.messages, m), q.bytes+n
	q.notify()
	return true
}

// size is about how much memory a message takes.
func (m Message) size() int64 {
	n := int64(64)
	for _, frame := range m {
		n += int64(len(frame)) + 24
	}
	return n
}

func (q *queue) command(c command) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed && len(q.commands) < maxCommands {
		q.commands = append(q.commands, c)
		q.notify()
	}
}

// next returns what is to be written next: nothing if the queue is empty. It reports false when that is the end.
func (q *queue) next() (m Message, c *command, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.aborted:
		return nil, nil, false
	case len(q.commands) > 0:
		c, q.commands = &q.commands[0], q.commands[1:]
		return nil, c, true
	case len(q.messages) > 0:
		m = q.messages[0]
		q.messages[0] = nil
		q.messages, q.bytes, q.taken = q.messages[1:], q.bytes-m.size(), time.Now()
		return m, nil, true
	}
	q.messages = nil
	return nil, nil, !q.closed
}

// behind tells whether more than limit bytes wait for a peer that took something within the last while.
func (q *queue) behind(limit int64, while time.Duration) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bytes > limit && time.Since(q.taken) < while
}

// wait waits for news.
func (q *queue) wait() { <-q.wake }

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.notify()
}

func (q *queue) abort() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed, q.aborted = true, true
	q.messages, q.commands = nil, nil
	q.notify()
}

func (q *queue) notify() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}
