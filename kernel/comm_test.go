package kernel_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kairos/kernel"
)

func TestComms(t *testing.T) {
	s := serve(t, signed(), nil)
	u := s.connect()
	s.Comms().Register("echo", func(c *kernel.Comm, m kernel.CommMessage) error {
		c.Received = func(m kernel.CommMessage) { c.Send(m) }
		c.Closed = func(kernel.CommMessage) { panic("in a program") }
		if string(m.Data) == `"no"` {
			return errors.New("refused")
		}
		return nil
	})
	send := func(kind string, content map[string]any) []string {
		return said(u.until(u.Request(u.Shell, kind, content)))
	}
	same(t, send("comm_open", map[string]any{"comm_id": "1", "target_name": "nobody", "data": nil}),
		"busy", "comm_close map[comm_id:1 data:map[]]", "idle")
	same(t, send("comm_open", map[string]any{"comm_id": "1", "target_name": "echo", "data": "no"}),
		"busy", "comm_close map[comm_id:1 data:map[]]", "idle")
	same(t, send("comm_open", map[string]any{"comm_id": "2", "target_name": "echo", "data": map[string]any{}}), "busy", "idle")
	same(t, send("comm_msg", map[string]any{"comm_id": "2", "data": map[string]any{"a": 1}}),
		"busy", "comm_msg map[comm_id:2 data:map[a:1]]", "idle")
	same(t, send("comm_msg", map[string]any{"comm_id": "3", "data": 1}), "busy", "idle")
	same(t, send("comm_msg", map[string]any{"comm_id": 3}), "busy", "idle")

	mine := s.Comms().Open("widget", kernel.CommMessage{Data: json.RawMessage(`[1]`), Buffers: [][]byte{{1, 2}}})
	m := u.published()
	if m.Header.Type != "comm_open" || m.Content["target_name"] != "widget" || fmt.Sprint(m.Content["data"]) != "[1]" || m.Buffers[0] != "\x01\x02" {
		t.Errorf("%+v", m)
	}
	c := u.ask("comm_info_request", map[string]any{}).Content["comms"]
	want := map[string]any{"2": map[string]any{"target_name": "echo"}, mine.ID: map[string]any{"target_name": "widget"}}
	if diff := cmp.Diff(any(want), c); diff != "" {
		t.Error(diff)
	}
	c = u.ask("comm_info_request", map[string]any{"target_name": "echo"}).Content["comms"]
	if got := fmt.Sprint(c); got != "map[2:map[target_name:echo]]" {
		t.Errorf("%s", got)
	}
	same(t, send("comm_close", map[string]any{"comm_id": "2"}), "busy", "idle") // a fault of its program is logged
	s.logged("comm_close: internal error: in a program")
	mine.Close(kernel.CommMessage{})
	mine.Close(kernel.CommMessage{})
	if m := u.published(); m.Header.Type != "comm_close" {
		t.Errorf("%+v", m)
	}
	u.alive() // nothing more was closed, or answered
}
