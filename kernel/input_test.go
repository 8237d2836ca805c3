package kernel_test

import (
	"strings"
	"testing"
	"time"

	"kairos/kernel/internal/client"
)

func TestInput(t *testing.T) {
	s := serve(t, signed(), nil)
	u := s.connect()
	u.Request(u.Stdin, "input_reply", map[string]any{"value": "nobody asked"})
	s.logged("nobody waits for it")
	id := u.Execute("print before\nsecret key?")
	m, err := u.Receive(u.Stdin, client.Timeout)
	if err != nil || m.Header.Type != "input_request" || m.Parent.ID != id || m.Content["prompt"] != "key?" || m.Content["password"] != true {
		t.Fatalf("%+v, %v", m, err)
	}
	late, _ := u.Frames("input_reply", client.Header{ID: "another"}, map[string]any{"value": "late"})
	u.Stdin.Send(late...)
	frames, _ := u.Frames("input_reply", m.Header, map[string]any{"value": "größe"})
	u.Stdin.Send(frames...)
	u.Stdin.Send(late...)
	same(t, said(u.until(id))[2:], `stdout "before\n"`, "out[1] größe", "idle")
	u.reply(u.Shell, id)

	id = u.Execute("input again?")
	u.Receive(u.Stdin, client.Timeout)
	u.Request(u.Stdin, "input_reply", map[string]any{"status": "error", "evalue": "cancelled"})
	if c := u.reply(u.Shell, id).Content; !strings.Contains(c["evalue"].(string), "cancelled") {
		t.Errorf("%v", c)
	}
}

func TestInputThatIsNotAllowed(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	id := u.Request(u.Shell, "execute_request", map[string]any{"code": "input x", "allow_stdin": false})
	if c := u.reply(u.Shell, id).Content; c["status"] != "error" || !strings.Contains(c["evalue"].(string), "cannot be asked") {
		t.Errorf("%v", c)
	}
	u.Stdin.Close()
	id = u.Execute("input x")
	if c := u.reply(u.Shell, id).Content; c["status"] != "error" || !strings.Contains(c["evalue"].(string), "not connected to the stdin") {
		t.Errorf("%v", c)
	}
}

func TestInputThatIsInterrupted(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	id := u.Execute("input x")
	u.Receive(u.Stdin, client.Timeout)
	begin := time.Now()
	u.Request(u.Control, "interrupt_request", map[string]any{})
	if c := u.reply(u.Shell, id).Content; c["status"] != "error" || time.Since(begin) > time.Second {
		t.Errorf("%v after %v", c, time.Since(begin))
	}
	u.alive()
}
