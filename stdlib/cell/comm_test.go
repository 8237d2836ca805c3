package cell

import (
	"encoding/json"
	"fmt"
	"testing"

	"kairos/stdlib/cell/host"
)

// notebook is a host with comms, at the other end of which is a test.
type notebook struct {
	host.Host
	open    func(host.Comm, host.Message)
	sent    []string
	message func(host.Message)
}

func (n *notebook) Target(_ string, open func(host.Comm, host.Message)) error {
	n.open = open
	return nil
}

func (n *notebook) ID() string                     { return "7" }
func (n *notebook) OnMessage(f func(host.Message)) { n.message = f }
func (n *notebook) OnClose(f func())               { f() }
func (n *notebook) Close() error                   { return nil }

func (n *notebook) Send(m host.Message) error {
	n.sent = append(n.sent, fmt.Sprint(string(m.Data), m.Buffers))
	return nil
}

// end is the comm, whose method Target is another.
type end struct{ *notebook }

func (end) Target() string { return "t" }

func TestComm(t *testing.T) {
	n := &notebook{}
	host.Enter(n)
	t.Cleanup(func() { host.Enter(alone()) })
	var c *Comm
	if err := Target("t", func(opened *Comm, data json.RawMessage) {
		c = opened
		c.Send(data, c.Buffers()...)
	}); err != nil {
		t.Fatal(err)
	}
	n.open(end{n}, host.Message{Data: json.RawMessage(`"<a>"`), Buffers: [][]byte{{1}, {2}}})
	c.OnMessage(func(data json.RawMessage) { c.Send(data, c.Buffers()...) })
	n.message(host.Message{Data: json.RawMessage("1"), Buffers: [][]byte{{3}}})
	c.Send(nil, c.Buffers()...) // outside of a handler
	if got := fmt.Sprint(n.sent); got != `["<a>"[[1] [2]] 1[[3]] {}[]]` {
		t.Errorf("sent %s", got)
	}
	err := c.Send(func() {})
	if err == nil || err.Error() != "cell: send to comm t: encode func(): json: unsupported type: func()" {
		t.Errorf("%v", err)
	}
	closed := false
	if c.OnClose(func() { closed = true }); !closed || c.Close() != nil || c.ID() != "7" {
		t.Errorf("closed %v, ID %s", closed, c.ID())
	}
}
