//go:build linux

package interpreter_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"kairos/repl"
	"kairos/repl/internal/record"
)

// The comms of a session in a process of its own, which end with the process.
func TestCommsOfProcess(t *testing.T) {
	s := openProcess(t)
	events := make(chan repl.CommEvent, 100)
	send := s.ConnectComms(func(e repl.CommEvent) { events <- e })
	says := func(want string) {
		t.Helper()
		select {
		case e := <-events:
			if got := fmt.Sprint(e.Kind, " ", e.ID, " ", string(e.Data), e.Buffers); got != want {
				t.Errorf("%s, and not %s", got, want)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("no %s", want)
		}
	}
	const target = `cell.Target("t", func(c *cell.Comm, data json.RawMessage) {
	c.Send(data, c.Buffers()...)
	c.OnMessage(func(data json.RawMessage) { fmt.Println(string(data)); c.Send(data) })
})`
	open := func(id string) {
		send(repl.CommEvent{Kind: repl.CommOpen, ID: id, Target: "t", Data: json.RawMessage(`{"a": 1}`), Buffers: [][]byte{{1}, {}}})
	}
	eval(t, s, target)
	open("1")
	says(`comm_msg 1 {"a":1}[[1] []]`)
	out := new(record.Output)
	send(repl.CommEvent{Kind: repl.CommMsg, ID: "1", Data: json.RawMessage("2")})
	if _, err := s.Eval(t.Context(), "time.Sleep(300 * time.Millisecond)", out); err != nil {
		t.Fatal(err)
	}
	says("comm_msg 1 2[]")
	open("2")
	says(`comm_msg 2 {"a":1}[[1] []]`)
	send(repl.CommEvent{Kind: repl.CommClose, ID: "2"})

	_, err := s.Eval(t.Context(), "syscall.Kill(os.Getpid(), syscall.SIGKILL); select {}", new(record.Output))
	if !errors.As(err, new(*repl.Crashed)) {
		t.Fatal(err)
	}
	says("comm_close 1 []")
	send(repl.CommEvent{Kind: repl.CommMsg, ID: "1"}) // is late
	open("3")
	says("comm_close 3 []")

	eval(t, s, target) // in the next process
	open("4")
	says(`comm_msg 4 {"a":1}[[1] []]`)
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	says("comm_close 4 []")
	eval(t, s, target)
	open("5")
	says(`comm_msg 5 {"a":1}[[1] []]`)
}

func TestProcessWithoutComms(t *testing.T) {
	s := openProcess(t)
	if value, _ := eval(t, s, "_, err := cell.OpenComm(`x`, nil)\nerr"); value != "cell: open comm x: no front end with comms" {
		t.Errorf("%s", value)
	}
}

// What is printed before and after a Clear stays there.
func TestProcessClears(t *testing.T) {
	s := openProcess(t)
	out := &clearer{}
	for range 5 {
		if _, err := s.Eval(t.Context(), "fmt.Println(1)\ncell.Clear(true)\nfmt.Println(2)\ncell.Clear(false)", out); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := out.String(), strings.Repeat("stdout:1\n|show:true|stdout:2\n|show:false|", 5); got+"|" != want {
		t.Errorf("%s", got)
	}
}

// clearer writes down when it is cleared.
type clearer struct{ record.Output }

func (c *clearer) Clear(wait bool) {
	c.Display(repl.Display{Data: repl.Bundle{"text/plain": fmt.Append(nil, wait)}})
}
