package kernel_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kairos/kernel/internal/client"
)

func TestEveryRequestIsAnsweredBetweenBusyAndIdle(t *testing.T) {
	s := serve(t, signed(), nil)
	u := s.connect()
	everywhere := []string{
		"kernel_info", "complete", "inspect", "is_complete", "history", "comm_info", "connect", "interrupt",
	}
	check := func(on *client.Conn, kind string, content any) {
		id := u.Request(on, kind+"_request", content)
		lines := said(u.until(id))
		if lines[0] != "busy" || lines[len(lines)-1] != "idle" {
			t.Errorf("%s: published %q", kind, lines)
		}
		reply := u.reply(on, id)
		if status := reply.Content["status"]; reply.Header.Type != kind+"_reply" || status == nil && kind != "debug" {
			t.Errorf("%s: %s %v", kind, reply.Header.Type, reply.Content)
		}
	}
	// With nothing in it, and with what makes no sense.
	for _, content := range []any{map[string]any{}, map[string]any{
		"code": 7, "cursor_pos": "x", "n": "y", "hist_access_type": []int{1}, "target_name": 1, "session": "z",
	}} {
		for _, kind := range everywhere {
			check(u.Shell, kind, content)
			check(u.Control, kind, content)
		}
		check(u.Shell, "execute", content)
		for _, kind := range []string{"debug", "create_subshell", "delete_subshell", "list_subshell"} {
			check(u.Control, kind, content)
		}
	}
	u.alive()
}

func TestWhatIsNotKnownIsIgnored(t *testing.T) {
	s := serve(t, signed(), nil)
	u := s.connect()
	for _, r := range []struct {
		on   *client.Conn
		kind string
	}{{u.Shell, "no_such_request"}, {u.Control, "execute_request"}, {u.Shell, "input_reply"}, {u.Shell, "debug_request"}} {
		same(t, said(u.until(u.Request(r.on, r.kind, map[string]any{"code": "value 1"}))), "busy", "idle")
		s.logged(fmt.Sprintf("%q is not known on this socket", r.kind))
	}
	u.alive() // and the next reply is to this
}

func TestKernelInfo(t *testing.T) {
	cfg := signed()
	cfg.Version, cfg.Banner = "1.2", "hello"
	u := serve(t, cfg, nil).connect()
	c := u.ask("kernel_info_request", map[string]any{}).Content
	language := c["language_info"].(map[string]any)
	for what, got := range map[string]any{
		"5.5": c["protocol_version"], "kairos": c["implementation"], "1.2": c["implementation_version"], "hello": c["banner"],
		"go": language["name"], "text/x-go": language["mimetype"], ".go": language["file_extension"],
	} {
		if got != what {
			t.Errorf("%v, and not %s", got, what)
		}
	}
	if c["debugger"] != false || len(c["supported_features"].([]any)) != 0 || len(c["help_links"].([]any)) == 0 {
		t.Errorf("%v", c)
	}
}

func TestPositionsAreCodePoints(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	code := "𝛼é.ß end"
	c := u.ask("complete_request", map[string]any{"code": code, "cursor_pos": 4}).Content
	if c["cursor_start"] != 3.0 || c["cursor_end"] != 4.0 || !slices.Equal(c["matches"].([]any), []any{"ßend"}) {
		t.Errorf("%v", c)
	}
	types := c["metadata"].(map[string]any)["_jupyter_types_experimental"].([]any)[0].(map[string]any)
	if types["text"] != "ßend" || types["type"] != "function" || types["start"] != 3.0 || types["signature"] != "func()" {
		t.Errorf("%v", types)
	}
	for pos, want := range map[int]float64{-5: 0, 0: 0, 100: 8} {
		c := u.ask("complete_request", map[string]any{"code": code, "cursor_pos": pos}).Content
		if c["status"] != "ok" || c["cursor_end"] != want {
			t.Errorf("at %d: %v", pos, c)
		}
	}
	if c := u.ask("complete_request", map[string]any{"code": code}).Content; c["cursor_end"] != 8.0 {
		t.Errorf("without a position: %v", c)
	}
	c = u.ask("inspect_request", map[string]any{"code": code, "cursor_pos": 2, "detail_level": 1}).Content
	text := c["data"].(map[string]any)["text/markdown"].(string)
	if c["found"] != true || !strings.Contains(text, "func 𝛼é(a int) int") || !strings.Contains(text, "It adds.") || !strings.Contains(text, "func source") {
		t.Errorf("%v", c)
	}
	c = u.ask("inspect_request", map[string]any{"code": code, "cursor_pos": 2}).Content
	if text := c["data"].(map[string]any)["text/plain"].(string); !strings.Contains(text, "It adds.") || strings.Contains(text, "source") {
		t.Errorf("%v", text)
	}
	if c := u.ask("inspect_request", map[string]any{"code": ""}).Content; c["status"] != "ok" || c["found"] != false {
		t.Errorf("%v", c)
	}
}

func TestIsComplete(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	for code, want := range map[string]string{"x": "map[status:complete]", "{": "map[indent:     status:incomplete]", "error": "map[status:unknown]"} {
		if got := fmt.Sprint(u.ask("is_complete_request", map[string]any{"code": code}).Content); got != want {
			t.Errorf("%q: %s, and not %s", code, got, want)
		}
	}
}

func TestHistory(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	for _, code := range []string{"value 1", "print x", "value 2", "value 1"} {
		u.run(code)
	}
	for _, test := range []struct {
		content map[string]any
		want    string
	}{
		{map[string]any{"hist_access_type": "tail", "n": 2}, "[[1 3 value 2] [1 4 value 1]]"},
		{map[string]any{"hist_access_type": "tail", "n": 3, "output": true}, "[[1 2 [print x <nil>]] [1 3 [value 2 2]] [1 4 [value 1 1]]]"},
		{map[string]any{"hist_access_type": "range", "session": 0, "start": 1, "stop": 3}, "[[1 1 value 1] [1 2 print x]]"},
		{map[string]any{"hist_access_type": "search", "pattern": "value*", "n": 2}, "[[1 3 value 2] [1 4 value 1]]"},
		{map[string]any{"hist_access_type": "search", "pattern": "value ?", "unique": true}, "[[1 3 value 2] [1 4 value 1]]"},
		{map[string]any{"hist_access_type": "search", "pattern": "nothing"}, "[]"},
		{map[string]any{"hist_access_type": "other"}, "<nil>"},
	} {
		c := u.ask("history_request", test.content).Content
		if got := fmt.Sprint(c["history"]); got != test.want {
			t.Errorf("%v: %s, and not %s", test.content, got, test.want)
		}
	}
}

func TestQuestionsAreAnsweredWhileACellSpins(t *testing.T) {
	s := serve(t, signed(), nil)
	u := s.connect()
	cell := u.running()
	begin := time.Now()
	id := u.Request(u.Control, "kernel_info_request", map[string]any{})
	u.reply(u.Control, id)
	if took := time.Since(begin); took > 20*time.Millisecond {
		t.Errorf("control took %v", took)
	}
	same(t, said(u.until(id)), "busy", "idle")
	if m := u.published(); m.Parent.ID != cell || m.Content["execution_state"] != "busy" {
		t.Errorf("the kernel seems to be %v", m.Content)
	}
	u.Heart.Send("", "ping")
	if m, err := u.Heart.Recv(client.Timeout); err != nil || !slices.Equal(m, []string{"", "ping"}) {
		t.Errorf("the heart: %q, %v", m, err)
	}
	u.ask("complete_request", map[string]any{"code": "a.b"}) // on the shell socket
	u.Request(u.Control, "interrupt_request", map[string]any{})
	u.until(cell)
	if m := u.reply(u.Shell, cell); m.Content["ename"] != "Interrupted" {
		t.Errorf("%v", m.Content)
	}
}

func TestQuestionsWaitForQuickCells(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	cell := u.Execute("sleep 50")
	question := u.Request(u.Shell, "history_request", map[string]any{"hist_access_type": "tail", "n": 5})
	u.reply(u.Shell, cell) // before the other
	if c := u.reply(u.Shell, question).Content; fmt.Sprint(c["history"]) != "[[1 1 sleep 50]]" {
		t.Errorf("%v", c)
	}
}

func TestTwoClients(t *testing.T) {
	s := serve(t, signed(), nil)
	a, b := s.connect(), s.connect()
	for range 20 {
		one, two := a.Execute("value a"), b.Execute("value b")
		for _, u := range []user{a, b} { // both see all
			u.until(one)
			u.until(two)
		}
		a.reply(a.Shell, one)
		b.reply(b.Shell, two)
	}
	id := b.Execute("input who?")
	m, err := b.Receive(b.Stdin, client.Timeout)
	if err != nil || m.Content["prompt"] != "who?" {
		t.Fatalf("%v, %v", m, err)
	}
	if m, err := a.Receive(a.Stdin, 50*time.Millisecond); err == nil {
		t.Errorf("the other one was asked: %v", m)
	}
	b.Request(b.Stdin, "input_reply", map[string]any{"value": "me"})
	b.reply(b.Shell, id)
}
