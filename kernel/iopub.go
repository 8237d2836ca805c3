package kernel

import (
	"runtime/debug"
	"sync"
	"time"
	"unicode/utf8"

	"kairos/kernel/wire"
	"kairos/kernel/zmtp"
)

// Printed text is published when nothing came for quiet, or when the first of it has waited for maxWait, or when it is
// maxText bytes, or when something else is published: everything goes out in the order in which it came.
const (
	quiet   = 50 * time.Millisecond
	maxWait = 200 * time.Millisecond
	maxText = 2 << 20
)

// Text is held back while a client that reads is so many bytes behind. One that read nothing for stalled is not waited for.
const (
	maxBehind = 16 << 20
	stalled   = time.Second
)

// When a cell has printed much, the memory that it took to send goes back to the system after tidyPause.
const (
	much      = 16 << 20
	tidyPause = 2 * time.Second
)

// iopub publishes what everybody is to see.
type iopub struct {
	kernel *Kernel
	socket *zmtp.Socket

	mu    sync.Mutex
	text  text
	sent  int // bytes of text, since memory was given back
	timer *time.Timer
}

// text is printed text that was not yet published.
type text struct {
	parent      *request
	name        string
	data        []byte
	first, last time.Time
}

func newIOPub(k *Kernel) *iopub {
	p := &iopub{kernel: k}
	p.timer = time.AfterFunc(time.Hour, p.tick)
	p.timer.Stop()
	return p
}

// publish publishes a message of a kind. The request may be nil.
func (p *iopub) publish(kind string, r *request, content any) {
	p.message(r, &wire.Message{Header: p.kernel.source.Header(kind), Content: object(content)})
}

func (p *iopub) message(r *request, m *wire.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.release(true)
	p.send(r, m)
}

func (p *iopub) send(r *request, m *wire.Message) {
	m.Identities = [][]byte{[]byte(m.Header.Type)} // the topic
	if r != nil {
		m.Parent = r.Raw
	}
	p.kernel.send(p.socket, m)
}

// stream publishes printed text, soon.
func (p *iopub) stream(r *request, name, s string) {
	if p.add(r, name, s) {
		p.socket.Drain(maxBehind, stalled)
	}
}

// add adds printed text, and reports whether it was enough to be published at once.
func (p *iopub) add(r *request, name, s string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := &p.text; len(t.data) > 0 && (t.parent != r || t.name != name) {
		p.release(true)
	}
	now := time.Now()
	t := &p.text
	if len(t.data) == 0 {
		t.parent, t.name, t.first = r, name, now
		p.timer.Reset(quiet)
	}
	t.data, t.last = append(t.data, s...), now
	if len(t.data) < maxText {
		return false
	}
	p.release(false)
	return true
}

// tick publishes text whose time has come.
func (p *iopub) tick() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.text.data) == 0 {
		return
	}
	wait := min(quiet-time.Since(p.text.last), maxWait-time.Since(p.text.first))
	if wait > 0 {
		p.timer.Reset(wait)
		return
	}
	p.release(whole(p.text.data) == 0)
}

// flush publishes all text.
func (p *iopub) flush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.release(true)
}

// tidy gives memory back if much was sent.
func (p *iopub) tidy() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sent > much && len(p.text.data) == 0 {
		p.sent, p.text.data = 0, nil
		time.AfterFunc(tidyPause, debug.FreeOSMemory)
	}
}

// release publishes text; unless it is all, without a character of which the rest is still to come.
func (p *iopub) release(all bool) {
	t := &p.text
	n := len(t.data)
	if !all {
		n = whole(t.data)
	}
	if n == 0 {
		return
	}
	p.send(t.parent, &wire.Message{Header: p.kernel.source.Header("stream"), Content: streamContent(t.name, t.data[:n])})
	p.sent += n
	rest := t.data[:copy(t.data, t.data[n:])]
	t.data, t.first = rest, t.last
	if len(rest) > 0 {
		p.timer.Reset(maxWait)
	}
}

// whole is how many bytes of b end with a whole character. What is not the beginning of one counts as whole.
func whole(b []byte) int {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				return i
			}
			break
		}
	}
	return len(b)
}

// publishState publishes what the kernel does.
func (k *Kernel) publishState(state string, r *request) {
	k.iopub.publish("status", r, struct {
		State string `json:"execution_state"`
	}{state})
}

// welcome is the first message to one who subscribes.
func (k *Kernel) welcome(topic []byte) zmtp.Message {
	frames, err := k.codec.Encode(&wire.Message{
		Identities: [][]byte{topic},
		Header:     k.source.Header("iopub_welcome"),
		Content: object(struct {
			Subscription string `json:"subscription"`
		}{string(topic)}),
	})
	if err != nil {
		k.logError(err)
	}
	return frames
}
