package kernel

import (
	"context"
	"sync"
	"time"
)

// patience is how long a request that could be answered while a cell runs waits for that to end. Cells mostly take less,
// and then answers come in the order of the requests.
const patience = 200 * time.Millisecond

// arrival is how long after a failure cells may still arrive that were sent before it.
const arrival = 100 * time.Millisecond

// waiting is how many requests may wait; with more, no others are read.
const waiting = 10_000

// job is a request in a queue.
type job struct {
	*request
	ctx     context.Context
	cancel  context.CancelFunc
	aborted bool
	after   *job // not before this one is done, unless that takes long
	done    chan struct{}
}

// queue holds the requests that are answered one after the other.
type queue struct {
	mu      sync.Mutex
	changed *sync.Cond
	jobs    []*job
	running *job
	begun   time.Time // the running one
	failed  time.Time // the last failure of a cell that is to stop those behind it
	closed  bool
}

func newQueue() *queue {
	q := &queue{}
	q.changed = sync.NewCond(&q.mu)
	return q
}

// push adds a request, which waits a while for another job if there is one.
func (q *queue) push(r *request, after *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.jobs) >= waiting && !q.closed {
		q.changed.Wait()
	}
	j := &job{request: r, after: after, done: make(chan struct{})}
	j.ctx, j.cancel = context.WithCancel(context.Background())
	j.aborted = r.isCell() && r.arrived.Sub(q.failed) < arrival && r.sentBefore(q.failed)
	q.jobs = append(q.jobs, j)
	q.changed.Broadcast()
}

func (r *request) isCell() bool { return r.Header.Type == "execute_request" }

func (r *request) sentBefore(t time.Time) bool {
	sent := r.Header.Time()
	return !sent.IsZero() && sent.Before(t)
}

// next waits for the next job. It returns nil when there will be none.
func (q *queue) next() *job {
	q.mu.Lock()
	for len(q.jobs) == 0 && !q.closed {
		q.changed.Wait()
	}
	if len(q.jobs) == 0 {
		q.mu.Unlock()
		return nil
	}
	j := q.jobs[0]
	q.jobs[0] = nil
	q.jobs = q.jobs[1:]
	q.running, q.begun = j, time.Now()
	q.changed.Broadcast()
	q.mu.Unlock()
	if j.after != nil {
		select {
		case <-j.after.done:
		case <-time.After(patience - time.Since(j.arrived)):
		}
		j.after = nil
	}
	return j
}

// done ends a job.
func (q *queue) done(j *job) {
	j.cancel()
	q.mu.Lock()
	q.running = nil
	q.mu.Unlock()
	close(j.done)
}

// last is the job that a new one would follow, if there is any that may end soon.
func (q *queue) last() *job {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := len(q.jobs); n > 0 {
		return q.jobs[n-1]
	}
	if time.Since(q.begun) > patience {
		return nil
	}
	return q.running
}

// interrupt interrupts what runs and drops the cells that wait.
func (q *queue) interrupt() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.running != nil {
		q.running.cancel()
	}
	q.abortAll()
}

// stop drops the cells that wait, and those that were sent before now but have not arrived.
func (q *queue) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.failed = time.Now()
	q.abortAll()
}

func (q *queue) abortAll() {
	for _, j := range q.jobs {
		j.aborted = j.aborted || j.isCell()
	}
}

// close drops the cells that wait, and lets next end.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.abortAll()
	q.changed.Broadcast()
}
