package kernel_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kairos/kernel/internal/client"
	"kairos/repl/interpreter"
	"kairos/stdlib/symbols"
)

// cellular is a kernel of Go cells.
func cellular(t *testing.T) (*served, user) {
	t.Helper()
	session, err := interpreter.Open(interpreter.Config{Lookup: symbols.Pure().Lookup})
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, signed(), session)
	return s, s.connect()
}

// next waits for a published message of a kind.
func (u user) next(kind string) client.Message {
	u.t.Helper()
	for {
		if m := u.published(); m.Header.Type == kind {
			return m
		}
	}
}

// must runs a cell that must succeed.
func (u user) must(code string) []string {
	u.t.Helper()
	reply, lines := u.run(code)
	if reply.Content["status"] != "ok" {
		u.t.Fatalf("%s: %v", code, reply.Content)
	}
	return lines
}

const echo = `cell.Target("echo", func(c *cell.Comm, data json.RawMessage) {
	c.Send(data)
	c.OnMessage(func(data json.RawMessage) {
		if string(data) == "0" {
			panic("in a handler")
		}
		c.Send(map[string]any{"got": data, "buffers": len(c.Buffers())})
	})
	c.OnClose(func() { cell.Show("closed") })
})`

func TestFrontEndOpensCommToCell(t *testing.T) {
	s, u := cellular(t)
	if lines := u.must(echo); len(lines) != 3 {
		t.Errorf("published %q", lines)
	}
	send := func(kind string, content map[string]any) string {
		return u.Request(u.Shell, kind, content)
	}
	send("comm_open", map[string]any{"comm_id": "1", "target_name": "echo", "data": map[string]any{"a": 1.0}})
	if m := u.next("comm_msg"); fmt.Sprint(m.Content) != "map[comm_id:1 data:map[a:1]]" {
		t.Errorf("opened: %v", m.Content)
	}
	id := send("comm_msg", map[string]any{"comm_id": "1", "data": "x"})
	if m := u.next("comm_msg"); fmt.Sprint(m.Content["data"]) != "map[buffers:0 got:x]" || m.Parent.ID != id {
		t.Errorf("a message: %v, to %v", m.Content, m.Parent)
	}
	if c := fmt.Sprint(u.ask("comm_info_request", map[string]any{}).Content["comms"]); c != "map[1:map[target_name:echo]]" {
		t.Errorf("open: %s", c)
	}
	send("comm_msg", map[string]any{"comm_id": "1", "data": 0})
	if m := u.next("stream"); !strings.HasPrefix(fmt.Sprint(m.Content["text"]), "panic: in a handler\n\ngoroutine ") {
		t.Errorf("a panic: %v", m.Content)
	}
	send("comm_msg", map[string]any{"comm_id": "1", "data": 1})
	if m := u.next("comm_msg"); fmt.Sprint(m.Content["data"]) != "map[buffers:0 got:1]" {
		t.Errorf("after a panic: %v", m.Content)
	}
	send("comm_close", map[string]any{"comm_id": "1"})
	if m := u.next("display_data"); fmt.Sprint(m.Content["data"]) != "map[text/plain:closed]" {
		t.Errorf("closed: %v", m.Content)
	}
	send("comm_open", map[string]any{"comm_id": "2", "target_name": "nobody"})
	if m := u.next("comm_close"); m.Content["comm_id"] != "2" {
		t.Errorf("to nobody: %v", m.Content)
	}
	s.logged(`no target is called "nobody"`)
}

// Messages reach handlers while a cell runs, at once if it has run for a while, and when it is interrupted.
func TestCommsWhileACellRuns(t *testing.T) {
	s, u := cellular(t)
	u.must(echo)
	u.Request(u.Shell, "comm_open", map[string]any{"comm_id": "1", "target_name": "echo"})
	u.next("comm_msg")
	id := u.Execute("cell.Show(1)\nfor {\n}")
	u.next("display_data")
	time.Sleep(300 * time.Millisecond)
	begin := time.Now()
	for i := range 10 {
		u.Request(u.Shell, "comm_msg", map[string]any{"comm_id": "1", "data": fmt.Sprint(i)})
	}
	for i := range 10 {
		if m := u.next("comm_msg"); fmt.Sprint(m.Content["data"]) != fmt.Sprintf("map[buffers:0 got:%d]", i) {
			t.Errorf("message %d: %v", i, m.Content)
		}
		if i == 5 {
			s.Interrupt()
		}
	}
	if took := time.Since(begin); took > 150*time.Millisecond {
		t.Logf("ten messages took %v", took)
	}
	if reply := u.reply(u.Shell, id); reply.Content["ename"] != "Interrupted" {
		t.Errorf("the cell: %v", reply.Content)
	}
}

func TestCellOpensComm(t *testing.T) {
	_, u := cellular(t)
	id := u.Execute(`c, err := cell.OpenComm("widget", map[string]int{"x": 1}, []byte{1, 2})
cell.Check(err)
c.Send([]int{1})`)
	open, sent := u.next("comm_open"), u.next("comm_msg")
	u.reply(u.Shell, id)
	if open.Content["target_name"] != "widget" || fmt.Sprint(open.Content["data"]) != "map[x:1]" || open.Buffers[0] != "\x01\x02" || open.Parent.ID != id {
		t.Errorf("opened: %+v", open)
	}
	if fmt.Sprint(sent.Content["data"]) != "[1]" || sent.Content["comm_id"] != open.Content["comm_id"] {
		t.Errorf("sent: %+v", sent)
	}
	// What came before the handler is for it, too.
	u.until(u.Request(u.Shell, "comm_msg", map[string]any{"comm_id": open.Content["comm_id"], "data": "early"}))
	lines := u.must("got := make(chan string)\nc.OnMessage(func(data json.RawMessage) { got <- string(data) })\n<-got")
	if lines[2] != `out[2] "\"early\""` {
		t.Errorf("published %q", lines)
	}
	lines = u.must("c.Close()\nc.Close()\nc.Send(1)")
	if !strings.HasPrefix(lines[2], "comm_close ") || lines[3] != "out[3] cell: send to comm widget: it is closed" {
		t.Errorf("published %q", lines)
	}
	if c := fmt.Sprint(u.ask("comm_info_request", map[string]any{}).Content["comms"]); c != "map[]" {
		t.Errorf("open: %s", c)
	}
}

func TestCellClears(t *testing.T) {
	_, u := cellular(t)
	lines := u.must("p := cell.Live(1)\ncell.Clear(true)\ntime.Sleep(110 * time.Millisecond)\np.Update(2)\ncell.Clear(false)")
	same(t, lines[2:], "display_data 1", "clear_output map[wait:true]", "display_data 2", "clear_output map[wait:false]", "idle")
}

// A bar that was cleared is shown anew.
func TestClearOfProgress(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	_, lines := u.run("half\nclear\nprogress 1")
	if len(lines) < 6 || !strings.HasPrefix(lines[2], "display_data ") || !strings.HasPrefix(lines[3], "clear_output ") {
		t.Fatalf("published %q", lines)
	}
	if last := lines[len(lines)-2]; !strings.HasPrefix(last, "display_data ") || !strings.Contains(last, " 2/4") {
		t.Errorf("the bar after that: %s", last)
	}
}
