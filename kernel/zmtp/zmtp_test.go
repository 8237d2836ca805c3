package zmtp_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kairos/kernel/internal/client"
	"kairos/kernel/zmtp"
)

// bind binds a socket for a test.
func bind(t *testing.T, endpoint string, cfg zmtp.Config) *zmtp.Socket {
	t.Helper()
	s, err := zmtp.Listen(endpoint, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(0) })
	return s
}

const anyPort = "tcp://127.0.0.1:0"

// echo sends back whatever comes.
func echo(s *zmtp.Socket) {
	go func() {
		for m := range s.In() {
			s.Send(m)
		}
	}()
}

func dial(t *testing.T, s *zmtp.Socket, kind, identity string) *client.Conn {
	t.Helper()
	c, err := client.Dial(s.Endpoint(), kind, identity)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// want reads a message and compares it.
func want(t *testing.T, c *client.Conn, frames ...string) {
	t.Helper()
	m, err := c.Recv(client.Timeout)
	if err != nil || !slices.Equal(m, frames) {
		t.Fatalf("got %.100q, %v; want %.100q", m, err, frames)
	}
}

// ends reads until the connection is closed.
func ends(t *testing.T, c net.Conn) {
	t.Helper()
	c.SetReadDeadline(time.Now().Add(client.Timeout))
	if _, err := io.Copy(io.Discard, c); err != nil && !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("the connection is not closed: %v", err)
	}
}

func TestRouterAnswersThePeerThatAsked(t *testing.T) {
	for _, endpoint := range []string{anyPort, "ipc://" + filepath.Join(t.TempDir(), "s")} {
		s := bind(t, endpoint, zmtp.Config{Type: zmtp.Router})
		echo(s)
		a, b := dial(t, s, "DEALER", "a"), dial(t, s, "DEALER", "")
		large := strings.Repeat("x", 1<<20)
		b.Send("from b", "", strings.Repeat("y", 255), strings.Repeat("z", 256))
		a.Send("from a", large)
		want(t, a, "from a", large)
		want(t, b, "from b", "", strings.Repeat("y", 255), strings.Repeat("z", 256))
	}
}

func TestRepEchoesWithTheEmptyFrame(t *testing.T) {
	s := bind(t, anyPort, zmtp.Config{Type: zmtp.Rep})
	echo(s)
	c := dial(t, s, "REQ", "")
	for range 3 {
		c.Send("", "ping")
		want(t, c, "", "ping")
	}
}

func TestXPubSendsWhatWasSubscribed(t *testing.T) {
	s := bind(t, anyPort, zmtp.Config{Type: zmtp.XPub, Welcome: func(topic []byte) zmtp.Message {
		return zmtp.Message{topic, []byte("welcome")}
	}})
	old, modern := dial(t, s, "SUB", ""), dial(t, s, "SUB", "")
	old.Send("\x01stream")
	want(t, old, "stream", "welcome")
	modern.Command("SUBSCRIBE", "")
	want(t, modern, "", "welcome")
	send := func(topic string) int { return s.Send(zmtp.Message{[]byte(topic), []byte("text")}) }
	if n := send("stream.stdout"); n != 2 {
		t.Errorf("stream.stdout went to %d peers", n)
	}
	want(t, old, "stream.stdout", "text")
	want(t, modern, "stream.stdout", "text")
	if n := send("status"); n != 1 {
		t.Errorf("status went to %d peers", n)
	}
	want(t, modern, "status", "text")
	modern.Command("CANCEL", "")
	old.Send("\x00stream")
	for until := time.Now().Add(client.Timeout); send("stream.stdout") > 0; {
		if time.Now().After(until) {
			t.Fatal("subscriptions cannot be cancelled")
		}
		time.Sleep(time.Millisecond)
	}
}

func TestCancellingWhatWasNotSubscribed(t *testing.T) {
	s := bind(t, anyPort, zmtp.Config{Type: zmtp.XPub})
	c := dial(t, s, "SUB", "")
	c.Send("\x00nothing")
	c.Send("\x02?")
	c.Send("")
	c.Command("PING", "\x00\x0acontext")
	if flags, body, err := c.Frame(); err != nil || flags != 4 || string(body) != "\x04PONGcontext" {
		t.Fatalf("PING was answered with %d %q, %v", flags, body, err)
	}
}

func TestMutePeersDelayNobodyAndAreDropped(t *testing.T) {
	s := bind(t, anyPort, zmtp.Config{Type: zmtp.Router, Handshake: 500 * time.Millisecond})
	echo(s)
	var mute []net.Conn
	for i := range 20 {
		c, err := client.Open(s.Endpoint())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.Write(client.Greeting()[:i*3])
		mute = append(mute, c)
	}
	begin := time.Now()
	c := dial(t, s, "DEALER", "")
	c.Send("hello")
	want(t, c, "hello")
	if took := time.Since(begin); took > 300*time.Millisecond {
		t.Errorf("it took %v with mute peers", took)
	}
	for _, m := range mute {
		ends(t, m)
	}
	time.Sleep(600 * time.Millisecond) // the deadline was only for the handshake
	c.Send("still here")
	want(t, c, "still here")
}

func TestGarbageEndsOnlyItsConnection(t *testing.T) {
	var mu sync.Mutex
	var logged []string
	s := bind(t, anyPort, zmtp.Config{Type: zmtp.Router, MaxFrames: 10, MaxMessage: 1 << 20, Log: func(err error) {
		mu.Lock()
		defer mu.Unlock()
		logged = append(logged, err.Error())
	}})
	echo(s)
	good := dial(t, s, "DEALER", "good")
	greeting := string(client.Greeting())
	ready := "\x04\x19\x05READY\x0bSocket-Type\x00\x00\x00\x03REQ"
	for _, test := range []struct{ name, data, reason string }{
		{"http", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "does not speak ZMTP"},
		{"zmtp 2", "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x01\x05\x00\x00", "speaks ZMTP 1"},
		{"plain", strings.Replace(greeting, "NULL", "PLAIN", 1)[:64], "PLAIN"},
		{"no command", greeting + "\x00\x05hello", "a message before READY"},
		{"other command", greeting + "\x04\x06\x05HELLO", `sent "HELLO" before READY`},
		{"empty command", greeting + "\x04\x00", "malformed"},
		{"short name", greeting + "\x04\x03\x09RE", "malformed"},
		{"short property", greeting + "\x04\x0a\x05READY\x0bSoc", "malformed"},
		{"huge property", greeting + "\x04\x19\x05READY\x0bSocket-Type\xff\xff\xff\xffREQ", "malformed"},
		{"wrong kind", greeting + "\x04\x19\x05READY\x0bSocket-Type\x00\x00\x00\x03SUB", `"SUB" cannot talk to ROUTER`},
		{"huge command", greeting + "\x06\x7f\xff\xff\xff\xff\xff\xff\xff", "too large"},
		{"refused", greeting + "\x04\x09\x05ERROR\x02no", "refused"},
		{"no flags", greeting + ready + "\xf8\x01a", "flags"},
		{"huge frame", greeting + ready + "\x02\xff\xff\xff\xff\xff\xff\xff\xff", "too large"},
		{"negative frame", greeting + ready + "\x02\x80\x00\x00\x00\x00\x00\x00\x00", "too large"},
		{"too large", greeting + ready + "\x03\x00\x00\x00\x00\x00\x10\x00\x01", "too large"},
		{"too many", greeting + ready + strings.Repeat("\x01\x00", 11), "too many"},
		{"command between", greeting + ready + "\x01\x01a\x04\x05\x04PING", "among those of a message"},
		{"command and more", greeting + ready + "\x05\x05\x04PING", "has more frames"},
		{"short ping", greeting + ready + "\x04\x05\x04PING", "malformed"},
		{"error", greeting + ready + "\x04\x09\x05ERROR\x02no", "says ERROR"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := client.Open(s.Endpoint())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			c.Write([]byte(test.data))
			ends(t, c)
			told := func() bool {
				mu.Lock()
				defer mu.Unlock()
				return len(logged) > 0 && strings.Contains(logged[len(logged)-1], test.reason)
			}
			for until := time.Now().Add(time.Second); !told(); time.Sleep(time.Millisecond) {
				if time.Now().After(until) {
					t.Fatalf("logged: %q; want %q", logged, test.reason)
				}
			}
		})
	}
	good.Send("hello")
	want(t, good, "hello")
}

func TestALengthAloneTakesNoMemory(t *testing.T) {
	s := bind(t, anyPort, zmtp.Config{Type: zmtp.Router})
	echo(s)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 50 {
		c := dial(t, s, "DEALER", "")
		c.Write(append([]byte{2}, binary.BigEndian.AppendUint64(nil, 1<<29)...))
		c.Write(bytes.Repeat([]byte("x"), 1000))
	}
	good := dial(t, s, "DEALER", "")
	good.Send("hello")
	want(t, good, "hello")
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 50<<20 {
		t.Errorf("%d MB were taken for 50 kB", grown>>20)
	}
}

func TestAMessageCutShortIsDropped(t *testing.T) {
	s := bind(t, anyPort, zmtp.Config{Type: zmtp.Router})
	c := dial(t, s, "DEALER", "cut")
	c.Raw(1, "first of two")
	c.Close()
	dial(t, s, "DEALER", "whole").Send("whole")
	if m := <-s.In(); string(m[0]) != "whole" || len(m) != 2 {
		t.Errorf("got %q", m)
	}
}

func TestAStalledSubscriberStarvesNobody(t *testing.T) {
	s := bind(t, anyPort, zmtp.Config{Type: zmtp.XPub, Queue: 8 << 20})
	stalled, reader := dial(t, s, "SUB", ""), dial(t, s, "SUB", "")
	for i, c := range []*client.Conn{stalled, reader} {
		c.Send("\x01")
		for s.Send(zmtp.Message{[]byte("hello")}) <= i {
			time.Sleep(time.Millisecond)
		}
	}
	const n = 200
	body := bytes.Repeat([]byte("x"), 1<<20)
	var lost int
	for i := range n {
		if s.Send(zmtp.Message{fmt.Append(nil, i), body}) < 2 {
			lost++
		}
		for {
			m, err := reader.Recv(client.Timeout)
			if err != nil {
				t.Fatal(err)
			}
			if m[0] == fmt.Sprint(i) {
				break
			}
		}
	}
	if lost < n/2 {
		t.Errorf("only %d of %d messages were dropped for one who does not read", lost, n)
	}
}

func TestSendingToOneWhoIsGone(t *testing.T) {
	s := bind(t, anyPort, zmtp.Config{Type: zmtp.Router})
	c := dial(t, s, "DEALER", "me")
	c.Send("hello")
	<-s.In()
	c.Close()
	for until := time.Now().Add(client.Timeout); s.Send(zmtp.Message{[]byte("me"), []byte("x")}) > 0; {
		if time.Now().After(until) {
			t.Fatal("messages are still queued")
		}
		time.Sleep(time.Millisecond)
	}
	for _, m := range []zmtp.Message{nil, {}, {[]byte("me")}, {[]byte("nobody"), nil}} {
		if s.Send(m) != 0 {
			t.Errorf("%q went to somebody", m)
		}
	}
}

func TestAReconnectedPeerTakesItsIdentity(t *testing.T) {
	s := bind(t, anyPort, zmtp.Config{Type: zmtp.Router})
	echo(s)
	first := dial(t, s, "DEALER", "me")
	first.Send("hello")
	want(t, first, "hello") // the socket knows the first now
	second := dial(t, s, "DEALER", "me")
	ends(t, first)
	second.Send("hello")
	want(t, second, "hello")
}

func TestCloseWritesWhatIsQueued(t *testing.T) {
	s := bind(t, anyPort, zmtp.Config{Type: zmtp.XPub})
	c := dial(t, s, "SUB", "")
	c.Send("\x01")
	for s.Send(zmtp.Message{[]byte("first")}) == 0 {
		time.Sleep(time.Millisecond)
	}
	const n = 500
	for i := range n {
		s.Send(zmtp.Message{fmt.Append(nil, i), bytes.Repeat([]byte("x"), 100_000)})
	}
	done := make(chan time.Duration)
	go func() {
		begin := time.Now()
		s.Close(client.Timeout)
		done <- time.Since(begin)
	}()
	c.Send("\x01more, which nobody reads")
	want(t, c, "first")
	for i := range n {
		m, err := c.Recv(client.Timeout)
		if err != nil || m[0] != fmt.Sprint(i) {
			t.Fatalf("message %d: %.20q, %v", i, m, err)
		}
	}
	ends(t, c)
	c.Close()
	if took := <-done; took > client.Timeout/2 {
		t.Errorf("Close took %v", took)
	}
}

func TestCloseDoesNotWaitLongerThanItMay(t *testing.T) {
	s := bind(t, anyPort, zmtp.Config{Type: zmtp.XPub})
	c := dial(t, s, "SUB", "")
	c.Send("\x01")
	if _, err := client.Open(s.Endpoint()); err != nil { // and one that is mute
		t.Fatal(err)
	}
	for s.Send(zmtp.Message{bytes.Repeat([]byte("x"), 32<<20)}) == 0 {
		time.Sleep(time.Millisecond)
	}
	begin := time.Now()
	s.Close(200 * time.Millisecond)
	if took := time.Since(begin); took < 150*time.Millisecond || took > 2*time.Second {
		t.Errorf("Close took %v", took)
	}
	s.Close(0)
	if s.Send(zmtp.Message{[]byte("x")}) != 0 {
		t.Error("a closed socket sends")
	}
	if _, open := <-s.In(); open {
		t.Error("a closed socket receives")
	}
}

func TestAnEndpointInUse(t *testing.T) {
	file := "ipc://" + filepath.Join(t.TempDir(), "s")
	for _, endpoint := range []string{anyPort, file} {
		s := bind(t, endpoint, zmtp.Config{Type: zmtp.Router})
		_, err := zmtp.Listen(s.Endpoint(), zmtp.Config{Type: zmtp.Router})
		if err == nil || !strings.Contains(err.Error(), s.Endpoint()+": it is in use by another process") {
			t.Errorf("%s again: %v", s.Endpoint(), err)
		}
	}
	for _, endpoint := range []string{"udp://127.0.0.1:1", "nonsense", "tcp://", "ipc:///no/such/directory/s"} {
		if s, err := zmtp.Listen(endpoint, zmtp.Config{Type: zmtp.Router}); err == nil && endpoint != "tcp://" {
			t.Errorf("%s: no error", endpoint)
			s.Close(0)
		} else if s != nil {
			s.Close(0)
		}
	}
}

func TestASocketFileThatWasLeftBehindIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	s := bind(t, "ipc://"+path, zmtp.Config{Type: zmtp.Router})
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	s.Close(0)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
	os.WriteFile(path, []byte("precious"), 0o600)
	if s, err := zmtp.Listen("ipc://"+path, zmtp.Config{Type: zmtp.Router}); err == nil {
		s.Close(0)
		t.Error("a file that is no socket was replaced")
	}
}

func TestManyPeersAtOnce(t *testing.T) {
	s := bind(t, anyPort, zmtp.Config{Type: zmtp.Router, MaxPeers: 30})
	echo(s)
	var all sync.WaitGroup
	for i := range 30 {
		all.Go(func() {
			c, err := client.Dial(s.Endpoint(), "DEALER", fmt.Sprint("peer", i))
			if err != nil {
				t.Error(err)
				return
			}
			for k := range 100 {
				c.Send(fmt.Sprint(i, k))
				if m, err := c.Recv(client.Timeout); err != nil || m[0] != fmt.Sprint(i, k) {
					t.Errorf("peer %d, message %d: %q, %v", i, k, m, err)
				}
			}
			if i == 0 {
				time.Sleep(100 * time.Millisecond)
			}
			c.Close()
		})
	}
	all.Wait()
}
