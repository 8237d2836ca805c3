package kernel_test

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"kairos/kernel/internal/client"
)

func TestBadMessagesAreDropped(t *testing.T) {
	s := serve(t, signed(), nil)
	u := s.connect()
	good := func() []string {
		frames, _ := u.Frames("execute_request", client.Header{}, map[string]any{"code": "value 1"})
		return frames
	}
	with := func(at int, frame string) []string {
		m := good()
		m[at] = frame
		return m
	}
	for _, test := range []struct {
		frames []string
		reason string
	}{
		{[]string{"garbage"}, "no <IDS|MSG>"},
		{[]string{""}, "no <IDS|MSG>"},
		{slices.Repeat([]string{"\xff\x00"}, 1000), "no <IDS|MSG>"},
		{good()[:1], "frames are missing"},
		{good()[:5], "frames are missing"},
		{with(1, strings.Repeat("0", 64)), "signature is wrong"},
		{with(1, ""), "signature is wrong"},
		{with(1, "zz"), "signature is wrong"},
		{with(5, `{"code":"value 2"}`), "signature is wrong"},
		{with(2, "{}"), "signature is wrong"},
		{with(5, strings.Repeat("x", 10<<20)), "signature is wrong"},
	} {
		for _, socket := range []*client.Conn{u.Shell, u.Control, u.Stdin} {
			socket.Send(test.frames...)
		}
		s.logged(test.reason)
		u.alive()
	}
	frames := good()
	u.Shell.Send(frames...)
	if _, err := u.Receive(u.Shell, client.Timeout); err != nil {
		t.Fatal(err)
	}
	u.Shell.Send(frames...) // again
	s.logged("the same message came before")
	u.Client.Key = "another key"
	u.Execute("value 1")
	u.Client.Key = "a key"
	u.alive()
}

func TestSignedGarbage(t *testing.T) {
	s := serve(t, signed(), nil)
	u := s.connect()
	for _, content := range []any{nil, 1, "text", []int{1}} {
		frames, _ := u.Frames("execute_request", client.Header{}, content)
		u.Shell.Send(frames...)
	}
	s.logged("read content: it is no JSON object")
	frames, _ := u.Frames("", client.Header{}, map[string]any{})
	u.Shell.Send(frames...)
	s.logged("msg_type or msg_id is missing")
	u.alive()
}

func TestGarbageOnEverySocket(t *testing.T) {
	s := serve(t, signed(), nil)
	e := endpoints(s.Connection())
	u := s.connect()
	for _, endpoint := range []string{e.Shell, e.Control, e.Stdin, e.IOPub, e.Heartbeat} {
		for _, data := range []string{
			"GET / HTTP/1.1\r\n\r\n", "\x00", string(client.Greeting()) + "\x02\xff\xff\xff\xff\xff\xff\xff\xff", strings.Repeat("\xff", 100_000),
		} {
			c, err := client.Open(endpoint)
			if err != nil {
				t.Fatal(err)
			}
			c.Write([]byte(data))
			c.Close()
		}
	}
	u.Heart.Send("no", "empty", "frame") // what a REQ does not send
	u.Shell.Raw(1, "one of two")
	u.Shell.Close()
	s.connect().alive()
}

func TestMessagesWithoutAKey(t *testing.T) {
	cfg := signed()
	cfg.Connection.Key = ""
	serve(t, cfg, nil).connect().alive()
}

func TestAHugeMessage(t *testing.T) {
	u := serve(t, signed(), nil).connect()
	code := "value 1\nnothing " + strings.Repeat("x", 64<<20)
	id := u.Execute(code)
	u.until(id)
	if c := u.reply(u.Shell, id).Content; c["status"] != "ok" {
		t.Errorf("%v", c)
	}
}

func TestReconnecting(t *testing.T) {
	s := serve(t, signed(), nil)
	for range 30 {
		u := s.connect()
		u.alive()
		u.Execute("prints 100")
		u.Close() // without waiting for anything
	}
	u := s.connect()
	id := u.Execute("sleep 200\nvalue 1")
	u.Shell.Close()
	again, err := client.Dial(endpoints(s.Connection()).Shell, "DEALER", u.Session)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if m, err := u.Receive(again, client.Timeout); err != nil || m.Parent.ID != id {
		t.Errorf("the reply does not find who came back: %+v, %v", m, err)
	}
}

func TestMuteClients(t *testing.T) {
	s := serve(t, signed(), nil)
	e := endpoints(s.Connection())
	for range 20 {
		for _, endpoint := range []string{e.Shell, e.Control, e.Stdin, e.IOPub, e.Heartbeat} {
			c, err := client.Open(endpoint)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
		}
	}
	begin := time.Now()
	s.connect().alive()
	if took := time.Since(begin); took > time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestAStalledSubscriber(t *testing.T) {
	s := serve(t, signed(), nil)
	u, stalled := s.connect(), s.connect()
	begin := time.Now()
	for range 3 {
		id := u.Execute("flood 100")
		got, _ := text(u.until(id))
		u.reply(u.Shell, id)
		if len(got) != 100<<20 {
			t.Fatalf("%d bytes came", len(got))
		}
	}
	t.Logf("300 MB took %v beside one who does not read", time.Since(begin).Round(time.Millisecond))
	stalled.Close()
	u.alive()
}

func TestASlowSubscriberGetsAll(t *testing.T) {
	s := serve(t, signed(), nil)
	u := s.connect()
	id := u.Execute("flood 400")
	got := 0
	for {
		m := u.published()
		if m.Header.Type == "stream" {
			got += len(m.Content["text"].(string))
			time.Sleep(5 * time.Millisecond)
		}
		if m.Parent.ID == id && m.Content["execution_state"] == "idle" {
			break
		}
	}
	if got != 400<<20 {
		t.Errorf("%d MB of 400 came", got>>20)
	}
}

func TestInterrupts(t *testing.T) {
	s := serve(t, signed(), nil)
	u := s.connect()
	ways := map[string]func(){
		"message": func() { u.reply(u.Control, u.Request(u.Control, "interrupt_request", map[string]any{})) },
		"shell":   func() { u.Request(u.Shell, "interrupt_request", map[string]any{}) },
		"signal":  func() { syscall.Kill(syscall.Getpid(), syscall.SIGINT) },
	}
	for name, interrupt := range ways {
		cell := u.running()
		waiting := []string{u.Execute("value 1"), u.Execute("value 2")}
		time.Sleep(50 * time.Millisecond)
		begin := time.Now()
		interrupt()
		statuses, replies := map[string]any{}, 3
		if name == "shell" {
			replies++
		}
		for len(statuses) < replies {
			m, err := u.Receive(u.Shell, client.Timeout)
			if err != nil {
				t.Fatal(err)
			}
			statuses[m.Parent.ID] = m.Content["status"]
		}
		if got := fmt.Sprintln(statuses[cell], statuses[waiting[0]], statuses[waiting[1]]); got != "error aborted aborted\n" {
			t.Errorf("%s: %s", name, got)
		}
		if took := time.Since(begin); took > 50*time.Millisecond {
			t.Errorf("%s took %v", name, took)
		}
		u.alive()
		if name != "shell" {
			interrupt() // nothing runs
			time.Sleep(20 * time.Millisecond)
			u.alive()
		}
	}
}
