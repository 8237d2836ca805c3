package kernel_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kairos/kernel/internal/client"
)

func TestACell(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	reply, said := u.run("print a\neprint b\nshow 1 c\nprint d\nvalue e")
	same(t, said, "busy", `in[1] "print a\neprint b\nshow 1 c\nprint d\nvalue e"`, `stdout "a\n"`, `stderr "b\n"`,
		"display_data c", `stdout "d\n"`, "out[1] e", "idle")
	c := reply.Content
	if c["status"] != "ok" || c["execution_count"] != 1.0 || len(c["payload"].([]any)) != 0 || len(c["user_expressions"].(map[string]any)) != 0 {
		t.Errorf("the reply is %v", c)
	}
	if reply.Metadata["started"] == nil || reply.Header.Version != "5.5" || !strings.HasSuffix(reply.Header.Date, "Z") {
		t.Errorf("metadata %v, header %+v", reply.Metadata, reply.Header)
	}
	_, said = u.run("nothing")
	same(t, said, "busy", `in[2] "nothing"`, "idle")
}

func TestCellsThatAreNotCounted(t *testing.T) {
	s := serve(t, signed(), nil)
	u := s.connect()
	execute := func(content map[string]any) (client.Message, []string) {
		id := u.Request(u.Shell, "execute_request", content)
		lines := said(u.until(id))
		return u.reply(u.Shell, id), lines
	}
	u.run("nothing")
	reply, lines := execute(map[string]any{"code": "print x\nshow 1 y\nvalue z", "silent": true})
	same(t, lines, "busy", "idle")
	if reply.Content["status"] != "ok" || reply.Content["execution_count"] != 2.0 {
		t.Errorf("silent: %v", reply.Content)
	}
	reply, lines = execute(map[string]any{"code": "error x", "silent": true})
	same(t, lines, "busy", "idle")
	if reply.Content["status"] != "error" {
		t.Errorf("silent: %v", reply.Content)
	}
	_, lines = execute(map[string]any{"code": "value z", "store_history": false})
	same(t, lines, "busy", `in[2] "value z"`, "out[2] z", "idle")
	reply, lines = execute(map[string]any{"code": " \n\t"})
	same(t, lines, "busy", `in[1] " \n\t"`, "idle")
	if reply.Content["status"] != "ok" || reply.Content["execution_count"] != 1.0 {
		t.Errorf("blank: %v", reply.Content)
	}
	_, lines = u.run("value z")
	same(t, lines, "busy", `in[2] "value z"`, "out[2] z", "idle")
	if want := []int{1, 0, 0, 0, 2}; !slices.Equal(s.fake.numbers, want) {
		t.Errorf("the numbers are %v, and not %v", s.fake.numbers, want)
	}
}

func TestErrors(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	for _, test := range []struct{ code, name, value, trace string }{
		{"error no file", "Error", "error: no file", "no file"},
		{"wrong undefined: x", "CompileError", "cell[1]:1:1: undefined: x", "wrong"},
		{"panic oh", "Panic", "oh", "panic"},
		{"crash stack overflow", "Crashed", "the session crashed: exit status 2", "lost: x, y"},
	} {
		reply, lines := u.run(test.code)
		if want := "error " + test.name + ": " + test.value; lines[2] != want {
			t.Errorf("%s: published %q, and not %q", test.code, lines[2], want)
		}
		c := reply.Content
		var trace []string
		for _, line := range c["traceback"].([]any) {
			trace = append(trace, line.(string))
		}
		if c["status"] != "error" || c["ename"] != test.name || c["evalue"] != test.value || !strings.Contains(strings.Join(trace, "\n"), test.trace) {
			t.Errorf("%s: the reply is %v", test.code, c)
		}
		if !strings.Contains(strings.Join(trace, "\n"), "\x1b[") {
			t.Errorf("%s: the traceback has no colours: %q", test.code, trace)
		}
		if reply.Metadata["status"] != "error" {
			t.Errorf("%s: metadata %v", test.code, reply.Metadata)
		}
	}
}

func TestCellsBehindOneThatFails(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	statuses := func(ids ...string) (all []any) {
		for _, id := range ids {
			lines := said(u.until(id))
			if lines[0] != "busy" || lines[len(lines)-1] != "idle" {
				t.Errorf("published %q", lines)
			}
			all = append(all, u.reply(u.Shell, id).Content["status"])
		}
		return all
	}
	got := statuses(u.Execute("sleep 100\nerror x"), u.Execute("value 1"), u.Execute("value 2"))
	if want := []any{"error", "aborted", "aborted"}; !slices.Equal(got, want) {
		t.Errorf("%v, and not %v", got, want)
	}
	u.alive() // it is sent after the failure
	first := u.Request(u.Shell, "execute_request", map[string]any{"code": "sleep 50\nerror x", "stop_on_error": false})
	if got := statuses(first, u.Execute("value 1")); !slices.Equal(got, []any{"error", "ok"}) {
		t.Errorf("without stop_on_error: %v", got)
	}
}

func TestACellThatWasOnItsWayWhenAnotherFailed(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	late, lateID := u.Frames("execute_request", client.Header{}, map[string]any{"code": "value 1"})
	time.Sleep(2 * time.Millisecond)
	if reply, _ := u.run("error x"); reply.Content["status"] != "error" {
		t.Fatal(reply.Content)
	}
	u.Shell.Send(late...)
	u.until(lateID)
	if reply := u.reply(u.Shell, lateID); reply.Content["status"] != "aborted" {
		t.Errorf("%v", reply.Content)
	}
	u.alive()
	late, lateID = u.Frames("execute_request", client.Header{}, map[string]any{"code": "value 1"})
	u.run("error x")
	time.Sleep(150 * time.Millisecond) // a clock that is slow, rather than a message
	u.Shell.Send(late...)
	if reply := u.reply(u.Shell, lateID); reply.Content["status"] != "ok" {
		t.Errorf("%v", reply.Content)
	}
}

func TestUserExpressions(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	id := u.Request(u.Shell, "execute_request", map[string]any{"code": "value 1", "user_expressions": map[string]string{
		"a": "print noise\nvalue 2", "b": "error x", "c": "nothing",
	}})
	same(t, said(u.until(id)), "busy", `in[1] "value 1"`, "out[1] 1", "idle")
	values := u.reply(u.Shell, id).Content["user_expressions"].(map[string]any)
	a, b, c := values["a"].(map[string]any), values["b"].(map[string]any), values["c"].(map[string]any)
	if a["status"] != "ok" || a["data"].(map[string]any)["text/plain"] != "2" {
		t.Errorf("a is %v", a)
	}
	if b["status"] != "error" || b["evalue"] != "error: x" || c["status"] != "error" {
		t.Errorf("b is %v, c is %v", b, c)
	}
}

func TestPayloads(t *testing.T) {
	s := serve(t, signed(), nil)
	u := s.connect()
	s.Page(nil) // of no cell
	reply, _ := u.run("page help\nnext x := 1\nleave")
	payloads := reply.Content["payload"].([]any)
	if len(payloads) != 3 {
		t.Fatalf("payloads: %v", payloads)
	}
	page, next, leave := payloads[0].(map[string]any), payloads[1].(map[string]any), payloads[2].(map[string]any)
	if page["source"] != "page" || page["data"].(map[string]any)["text/plain"] != "help" || page["start"] != 0.0 {
		t.Errorf("page: %v", page)
	}
	if next["source"] != "set_next_input" || next["text"] != "x := 1" || next["replace"] != false || leave["source"] != "ask_exit" {
		t.Errorf("next: %v; leave: %v", next, leave)
	}
	if reply, _ := u.run("nothing"); len(reply.Content["payload"].([]any)) != 0 {
		t.Errorf("payloads stay: %v", reply.Content)
	}
}

func TestAFaultInTheSession(t *testing.T) {
	s := serve(t, signed(), nil)
	u := s.connect()
	reply, lines := u.run("print before\nfault oh")
	if reply.Content["ename"] != "InternalError" || lines[len(lines)-1] != "idle" {
		t.Errorf("%v, %q", reply.Content, lines)
	}
	s.logged("execute_request: internal error: oh")
	if reply := u.ask("complete_request", map[string]any{"code": "fault", "cursor_pos": 5}); reply.Content["status"] != "error" {
		t.Errorf("%v", reply.Content)
	}
	u.alive()
}
