package kernel

import (
	"context"
	"errors"
	"sync"
	"time"

	"kairos/kernel/wire"
)

// connecting is how long a client that cannot be reached for input may take to connect.
const connecting = 2 * time.Second

// inputs is the question that waits for its answer.
type inputs struct {
	turn sync.Mutex // held by the one who asks

	mu     sync.Mutex
	ids    [2]string // of the question, and of the request that led to it
	answer chan inputReply
}

type inputReply struct {
	Status string `json:"status"`
	Value  string `json:"value"`
	Error  string `json:"evalue"`
}

// ask asks the client that sent a request.
func (k *Kernel) ask(ctx context.Context, r *request, prompt string, secret bool) (string, error) {
	k.inputs.turn.Lock()
	defer k.inputs.turn.Unlock()
	m := &wire.Message{
		Identities: r.Identities, Header: k.source.Header("input_request"), Parent: r.Raw,
		Content: object(struct {
			Prompt   string `json:"prompt"`
			Password bool   `json:"password"`
		}{prompt, secret}),
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answer := k.inputs.expect(m.Header.ID, r.Header.ID)
	defer k.inputs.expect("", "")
	for {
		if err := k.reach(ctx, m); err != nil {
			return "", err
		}
		select {
		case a := <-answer:
			if a.Status != "" && a.Status != "ok" {
				return "", errors.New("the front end did not ask: " + a.Error)
			}
			return a.Value, nil
		case <-ctx.Done():
			return "", ctx.Err()
		case <-k.left(ctx, r.Identities): // and is asked again if it comes back
		}
	}
}

// left returns a channel that is closed when a client is no longer connected.
func (k *Kernel) left(ctx context.Context, client [][]byte) <-chan struct{} {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		for len(client) > 0 && k.sockets.stdin.Connected(client[0]) && ctx.Err() == nil {
			time.Sleep(100 * time.Millisecond)
		}
	}()
	return gone
}

// reach sends a question. The client may not have connected its third socket yet.
func (k *Kernel) reach(ctx context.Context, m *wire.Message) error {
	for begin := time.Now(); !k.send(k.sockets.stdin, m); {
		if time.Since(begin) > connecting {
			return errors.New("the front end that sent this cell is not connected to the stdin socket, and cannot be asked for input")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}

// expect has the answers to a question be taken, and no others.
func (i *inputs) expect(question, request string) chan inputReply {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.ids, i.answer = [2]string{question, request}, make(chan inputReply, 1)
	return i.answer
}

// inputReply takes input_reply. One that answers another question came too late.
func (k *Kernel) inputReply(_ context.Context, r *request) any {
	var reply inputReply
	if f := r.read(&reply); f != nil {
		k.logf("an input is dropped: %s", f.Value)
		return nil
	}
	parent := r.ParentHeader().ID
	i := &k.inputs
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.ids[0] == "" || parent != "" && parent != i.ids[0] && parent != i.ids[1] {
		k.logf("an input is dropped: nobody waits for it")
		return nil
	}
	select {
	case i.answer <- reply:
	default: // it is answered
	}
	return nil
}
