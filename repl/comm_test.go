package repl_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"kairos/repl"
	"kairos/repl/internal/record"
	"kairos/repl/interpreter"
	"kairos/stdlib/cell"
	"kairos/stdlib/symbols"
)

// front is a front end with comms.
type front struct {
	t      *testing.T
	events chan repl.CommEvent
	send   func(repl.CommEvent)
}

func connect(t *testing.T, s repl.CommSession) *front {
	f := &front{t: t, events: make(chan repl.CommEvent, 100)}
	f.send = s.ConnectComms(func(e repl.CommEvent) { f.events <- e })
	return f
}

// next is what the session did next.
func (f *front) next() repl.CommEvent {
	f.t.Helper()
	select {
	case e := <-f.events:
		return e
	case <-time.After(10 * time.Second):
		f.t.Fatal("nothing comes")
		return repl.CommEvent{}
	}
}

func (f *front) says(kind, id, data string) {
	f.t.Helper()
	if e := f.next(); e.Kind != kind || e.ID != id || string(e.Data) != data {
		f.t.Errorf("%s %s %s, and not %s %s %s", e.Kind, e.ID, e.Data, kind, id, data)
	}
}

func goCells(t *testing.T) (*repl.Local, func(src string) string) {
	s, err := interpreter.Open(interpreter.Config{Lookup: symbols.Pure().Lookup})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, func(src string) string {
		t.Helper()
		result, err := s.Eval(t.Context(), src, new(record.Output))
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		return result.Text()
	}
}

func TestNoComms(t *testing.T) {
	_, eval := goCells(t)
	for src, want := range map[string]string{
		`cell.Target("x", func(*cell.Comm, json.RawMessage) {})`:                                                              "cell: register target x: no front end with comms",
		"c, err := cell.OpenComm(`x`, 1)\nfmt.Sprint(c == nil, err)":                                                          `"true cell: open comm x: no front end with comms"`,
		"_, err := cell.OpenComm(`x`, nil)\nerrors.Is(err, cell.ErrNoComms)":                                                  "true",
		"_, err := cell.OpenComm(`x`, func() {})\nstrings.HasPrefix(err.Error(), `cell: open comm x: encode func(): json: `)": "true",
	} {
		if got := eval(src); got != want {
			t.Errorf("%s: %s", src, got)
		}
	}
	s, _ := goCells(t)
	connect(t, s)
	if err := cell.Target("x", nil); err == nil || errors.Is(err, cell.ErrNoComms) { // outside of a cell
		t.Errorf("%v", err)
	}
}

// A handler that fails, leaves its goroutine or is late keeps nobody else from going on.
func TestHandlers(t *testing.T) {
	s, _ := goCells(t)
	f := connect(t, s)
	out := new(record.Output)
	if _, err := s.Eval(t.Context(), `cell.Target("t", func(c *cell.Comm, data json.RawMessage) {
	c.OnMessage(func(data json.RawMessage) {
		switch string(data) {
		case "1": panic("one")
		case "2": cell.Check(errors.New("two"))
		case "3": runtime.Goexit()
		case "4": go func() { panic("four") }(); time.Sleep(time.Minute)
		case "5": os.Exit(5)
		case "6": cell.Show("six"); return
		}
		c.Send(data)
	})
})`, out); err != nil {
		t.Fatal(err)
	}
	f.send(repl.CommEvent{Kind: repl.CommOpen, ID: "a", Target: "t"})
	for i := range 9 {
		f.send(repl.CommEvent{Kind: repl.CommMsg, ID: "a", Data: json.RawMessage(fmt.Sprint(i))})
	}
	for _, want := range []string{"0", "7", "8"} {
		f.says(repl.CommMsg, "a", want)
	}
	log := out.String()
	for _, want := range []string{"panic: one\n\ngoroutine ", "error: two\n", "panic: four\n\ngoroutine ", "exit status 5\n", "show:six"} {
		if !strings.Contains(log, want) {
			t.Errorf("there is no %q in\n%s", want, log)
		}
	}
}

// Comms outlive their cells, also interrupted ones, and end with the session.
func TestCommsOfSession(t *testing.T) {
	s, eval := goCells(t)
	f := connect(t, s)
	_, err := record.Interrupt(s, `cell.Target("t", func(c *cell.Comm, data json.RawMessage) {
	c.OnMessage(func(data json.RawMessage) { c.Send(fmt.Sprint(string(data), cell.Context().Err())) })
})
for {
}`, 200*time.Millisecond)
	if !errors.As(err, new(*repl.Interrupted)) {
		t.Fatal(err)
	}
	f.send(repl.CommEvent{Kind: repl.CommOpen, ID: "a", Target: "t"})
	f.send(repl.CommEvent{Kind: repl.CommMsg, ID: "a", Data: json.RawMessage("1")})
	f.says(repl.CommMsg, "a", `"1<nil>"`)
	eval("c, err := cell.OpenComm(`front`, nil)\ncell.Check(err)")
	open := f.next()
	if open.Kind != repl.CommOpen || open.Target != "front" || string(open.Data) != "{}" {
		t.Errorf("opened: %+v", open)
	}
	eval(`c.OnMessage(func(json.RawMessage) { for { } })`)
	f.send(repl.CommEvent{Kind: repl.CommMsg, ID: open.ID})
	if err := s.Restart(); err != nil { // while a handler spins
		t.Fatal(err)
	}
	ids := map[string]bool{f.next().ID: true, f.next().ID: true}
	if !ids["a"] || !ids[open.ID] {
		t.Errorf("closed: %v", ids)
	}
	f.send(repl.CommEvent{Kind: repl.CommMsg, ID: "a"})
	f.send(repl.CommEvent{Kind: repl.CommOpen, ID: "b", Target: "t"})
	f.says(repl.CommClose, "b", "")
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if n, _ := s.Running(t.Context()); len(n) == 0 {
			return
		}
		if time.Since(begin) > 5*time.Second {
			t.Fatal("a handler still runs")
		}
	}
}

func TestClear(t *testing.T) {
	s, _ := goCells(t)
	out := &clearer{}
	if _, err := s.Eval(t.Context(), "cell.Clear(true); cell.Clear(false)", out); err != nil || fmt.Sprint(out.cleared) != "[true false]" {
		t.Errorf("%v, %v", out.cleared, err)
	}
	if _, err := s.Eval(t.Context(), "cell.Clear(true)", new(record.Output)); err != nil { // who cannot
		t.Error(err)
	}
}

type clearer struct {
	record.Output
	cleared []bool
}

func (c *clearer) Clear(wait bool) { c.cleared = append(c.cleared, wait) }
