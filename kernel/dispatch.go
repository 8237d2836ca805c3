package kernel

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"kairos/kernel/wire"
	"kairos/kernel/zmtp"
)

// asks is how the types of requests end. Other messages are not answered.
const asks = "_request"

// request is a request with where it came from.
type request struct {
	*wire.Message
	socket   *zmtp.Socket
	entry    entry
	arrived  time.Time
	metadata map[string]any // of the reply
}

// receive takes the messages of a socket.
func (k *Kernel) receive(s *zmtp.Socket, on channel) {
	for frames := range s.In() {
		m, err := k.codec.Decode(frames)
		if err != nil {
			k.logf("a message is dropped: %v", err)
			continue
		}
		r := &request{Message: m, socket: s, entry: k.table[m.Header.Type], arrived: time.Now()}
		switch {
		case r.entry.on&on == 0:
			k.logf("a message is ignored: %q is not known on this socket", m.Header.Type)
			k.states.begin(r)
			k.states.end(r)
		case r.entry.order == atOnce || on != onShell:
			k.answer(context.Background(), r)
		case r.entry.order == beside:
			k.aside.push(r, k.queue.last())
		default:
			k.queue.push(r, nil)
		}
	}
}

// work answers what is in a queue until that is closed.
func (k *Kernel) work(q *queue) {
	for {
		job := q.next()
		if job == nil {
			return
		}
		if job.aborted {
			k.abort(job.request)
		} else {
			k.answer(job.ctx, job.request)
		}
		q.done(job)
	}
}

// answer answers a request.
func (k *Kernel) answer(ctx context.Context, r *request) {
	if r.entry.on == onStdin { // an answer itself
		k.do(ctx, r)
		return
	}
	k.states.begin(r)
	defer k.states.end(r)
	if content := k.do(ctx, r); content != nil && strings.HasSuffix(r.Header.Type, asks) {
		k.reply(r, content)
	}
}

// do calls what handles a request. No fault in it ends the kernel.
func (k *Kernel) do(ctx context.Context, r *request) (content any) {
	defer func() {
		if p := recover(); p != nil {
			k.logf("%s: internal error: %v\n%s", r.Header.Type, p, debug.Stack())
			content = failed("InternalError", fmt.Sprintf("kairos kernel: %s: %v", r.Header.Type, p))
		}
	}()
	return r.entry.do(k, ctx, r)
}

// abort answers a cell that is dropped.
func (k *Kernel) abort(r *request) {
	k.states.begin(r)
	defer k.states.end(r)
	r.metadata = map[string]any{"status": "aborted"}
	k.reply(r, struct {
		Status string `json:"status"`
	}{"aborted"})
}

// reply sends a reply to whoever asked.
func (k *Kernel) reply(r *request, content any) {
	m := &wire.Message{
		Identities: r.Identities,
		Header:     k.source.Header(strings.TrimSuffix(r.Header.Type, asks) + "_reply"),
		Parent:     r.Raw, Content: object(content), Metadata: object(r.metadata),
	}
	k.send(r.socket, m)
}

// send sends a message, and reports whether somebody gets it.
func (k *Kernel) send(s *zmtp.Socket, m *wire.Message) bool {
	frames, err := k.codec.Encode(m)
	if err != nil {
		k.logError(err)
		return false
	}
	return s.Send(frames) > 0
}

// object encodes v, which is a struct or a map.
func object(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil || b.Len() < len("{}") || b.Bytes()[0] != '{' {
		return json.RawMessage("{}") // of a nil map
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// failure is the content of a reply to what failed.
type failure struct {
	Status    string   `json:"status"`
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

func failed(name, value string) failure { return failure{"error", name, value, []string{}} }

// read reads the content of a request into v.
func (r *request) read(v any) *failure {
	if err := json.Unmarshal(r.Content, v); err != nil {
		f := failed("BadRequest", fmt.Sprintf("kairos kernel: read %s: %v", r.Header.Type, err))
		return &f
	}
	return nil
}

// states tells everybody whether the kernel is busy, and with what.
type states struct {
	publish func(state string, r *request)

	mu    sync.Mutex
	cells []*request // in the works
}

func (s *states) begin(r *request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.entry.order == queued {
		s.cells = append(s.cells, r)
	}
	s.publish("busy", r)
}

// end says idle. When a cell still runs it says busy again after it: clients that look only at the last state would take
// the kernel to be idle.
func (s *states) end(r *request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cells = slices.DeleteFunc(s.cells, func(c *request) bool { return c == r })
	s.publish("idle", r)
	if len(s.cells) > 0 {
		s.publish("busy", s.cells[0])
	}
}
