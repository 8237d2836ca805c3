package worker

import (
	"sync"
	"time"
	"unicode/utf8"

	"kairos/repl"
)

// Text waits for more until it is chunk bytes or has waited for the pause: minPause when there was none for a while, twice
// as long each time, up to maxPause. Text that looks like the beginning of a crash waits for the end of the process, until
// nothing came for crashPause, or for maxCrash.
const (
	minPause   = 10 * time.Millisecond
	maxPause   = 200 * time.Millisecond
	crashPause = 500 * time.Millisecond
	maxCrash   = 5 * time.Second
	chunk      = 2 << 20
	fullQueue  = 4 * chunk // reading stops
)

// queue delivers text and whatever else happens to the outputs, in order, so that a slow output delays nobody else.
type queue struct {
	turn *sync.Mutex   // held while an output is called; other queues may have the same outputs
	wake chan struct{} // holds one when there is news
	done chan struct{} // closed when all was delivered after close

	mu     sync.Mutex
	items  []item
	bytes  int // of all text
	pause  time.Duration
	last   time.Time // text was delivered
	closed bool
}

// item is text for an output or, if it has a do, something to be done.
type item struct {
	out    repl.Output
	stream string
	text   []byte
	since  time.Time // the first of it came
	until  time.Time // and the last
	do     func()
}

func newQueue(turn *sync.Mutex) *queue {
	q := &queue{turn: turn, wake: make(chan struct{}, 1), done: make(chan struct{}), pause: minPause}
	go q.deliver()
	return q
}

// print adds text.
func (q *queue) print(out repl.Output, stream string, text []byte) {
	q.mu.Lock()
	q.bytes += len(text)
	now, n := time.Now(), len(q.items)
	if n == 0 || q.items[n-1].do != nil || q.items[n-1].stream != stream || q.items[n-1].out != out {
		q.items = append(q.items, item{out: out, stream: stream, since: now})
		n++
	}
	last := &q.items[n-1]
	last.text, last.until = append(last.text, text...), now
	q.mu.Unlock()
	q.notify()
}

// do adds something to be done.
func (q *queue) do(f func()) {
	q.mu.Lock()
	q.items = append(q.items, item{do: f})
	q.mu.Unlock()
	q.notify()
}

// close lets the queue end when it is empty.
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.notify()
}

// full reports whether the outputs cannot keep up.
func (q *queue) full() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bytes > fullQueue
}

// cut removes the last n bytes of a stream that were not delivered yet, if there are as many.
func (q *queue) cut(stream string, n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := len(q.items) - 1; i >= 0 && n > 0; i-- {
		if it := &q.items[i]; it.stream == stream {
			k := min(n, len(it.text))
			it.text = it.text[:len(it.text)-k]
			q.bytes -= k
			n -= k
		}
	}
}

func (q *queue) notify() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *queue) deliver() {
	defer close(q.done)
	for {
		it, wait, ok := q.next()
		switch {
		case !ok:
			return
		case it.do != nil:
			q.turn.Lock()
			it.do()
			q.turn.Unlock()
		case len(it.text) > 0:
			q.turn.Lock()
			it.out.Stream(it.stream, string(it.text))
			q.turn.Unlock()
		case wait > 0:
			timer := time.NewTimer(wait)
			select {
			case <-q.wake:
			case <-timer.C:
			}
			timer.Stop()
		case wait == 0:
			<-q.wake
		}
	}
}

// next takes what is due. Otherwise it says how long to wait: 0 if there is nothing, below 0 if not at all.
func (q *queue) next() (it item, wait time.Duration, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return item{}, 0, !q.closed
	}
	head := &q.items[0]
	if head.do != nil {
		return q.pop(), 0, true
	}
	now := time.Now()
	if now.Sub(q.last) > 2*maxPause {
		q.pause = minPause
	}
	if wait := q.wait(head, now); wait > 0 {
		return item{}, wait, true
	}
	q.pause, q.last = min(2*q.pause, maxPause), now
	if len(q.items) == 1 && !q.closed {
		return q.popWhole(), -1, true
	}
	return q.pop(), -1, true
}

// wait is how long text has still to wait.
func (q *queue) wait(head *item, now time.Time) time.Duration {
	if q.closed || len(q.items) > 1 && (q.items[1].do != nil || q.items[1].out != head.out) {
		return 0
	}
	if head.stream == repl.Stderr && len(head.text) < fullQueue/2 && crashStart(head.text) >= 0 {
		return min(crashPause-now.Sub(head.until), maxCrash-now.Sub(head.since))
	}
	if len(head.text) >= chunk {
		return 0
	}
	return q.pause - now.Sub(head.since)
}

func (q *queue) pop() item {
	it := q.items[0]
	q.items = q.items[1:]
	q.bytes -= len(it.text)
	return it
}

// popWhole takes text but for a character of which the rest is still to come.
func (q *queue) popWhole() item {
	it := q.pop()
	n := len(it.text)
	for i := 1; i < utf8.UTFMax && i <= len(it.text); i++ {
		if b := it.text[len(it.text)-i:]; utf8.RuneStart(b[0]) {
			if !utf8.FullRune(b) {
				n = len(it.text) - i
			}
			break
		}
	}
	if n < len(it.text) && n > 0 {
		rest := item{out: it.out, stream: it.stream, text: append([]byte(nil), it.text[n:]...), since: it.until, until: it.until}
		it.text = it.text[:n]
		q.items = append(q.items, rest)
		q.bytes += len(rest.text)
	}
	return it
}
