package kernel_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kairos/kernel"
	"kairos/kernel/internal/client"
	"kairos/repl/history"
	"kairos/repl/interpreter"
	"kairos/stdlib/symbols"
)

func TestShutdown(t *testing.T) {
	for _, restart := range []bool{false, true} {
		for _, on := range []string{"control", "shell", "control while a cell spins", "control while a cell does not end"} {
			s := serve(t, signed(), nil)
			u := s.connect()
			socket := u.Control
			switch on {
			case "shell":
				socket = u.Shell
			case "control while a cell spins":
				u.running()
			case "control while a cell does not end":
				u.Execute("stubborn 3000")
			}
			begin := time.Now()
			id := u.Request(socket, "shutdown_request", map[string]any{"restart": restart})
			reply, err := u.Receive(socket, client.Timeout)
			took := time.Since(begin)
			if err != nil || reply.Parent.ID != id || reply.Content["restart"] != restart || took > 20*time.Millisecond {
				t.Errorf("%s: %v, %v after %v", on, reply.Content, err, took)
			}
			if lines := said(u.until(id)); fmt.Sprint(lines) != fmt.Sprintf("[busy shutdown_reply map[restart:%v status:ok] idle]", restart) {
				t.Errorf("%s: published %q", on, lines)
			}
			u.Close()
			s.ended()
			if took := time.Since(begin); took > 2*time.Second || !s.fake.closed {
				t.Errorf("%s: the kernel ended after %v; closed: %v", on, took, s.fake.closed)
			}
		}
	}
}

func TestWhatWasPrintedIsSentBeforeTheEnd(t *testing.T) {
	s := serve(t, signed(), nil)
	u := s.connect()
	id := u.Execute("flood 10\nprint last\nspin")
	for m := u.published(); m.Header.Type != "stream"; {
		m = u.published()
	}
	time.Sleep(500 * time.Millisecond)
	u.Request(u.Control, "shutdown_request", map[string]any{})
	messages := u.until(id)
	if got, _ := text(messages); !strings.HasSuffix(got, "\nlast\n") {
		t.Errorf("%d bytes came, and not the last", len(got))
	}
	if lines := said(messages); lines[len(lines)-2] != "error Interrupted: interrupted" {
		t.Errorf("%.100q", lines)
	}
}

func TestTermination(t *testing.T) {
	s := serve(t, signed(), nil)
	s.connect().running()
	syscall.Kill(syscall.Getpid(), syscall.SIGTERM)
	s.ended()
}

func TestConnectionFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.json")
	os.WriteFile(path, nil, 0o666)
	want := kernel.Connection{Transport: "tcp", IP: "127.0.0.1", Shell: 1, IOPub: 2, Stdin: 3, Control: 4, Heartbeat: 5, Key: "k", Scheme: "hmac-sha256"}
	if err := want.Write(path); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v", info.Mode())
	}
	if got, err := kernel.ReadConnection(path); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	for _, content := range []string{"", "[]", `{"shell_port": "x"}`} {
		os.WriteFile(path, []byte(content), 0o600)
		if _, err := kernel.ReadConnection(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v", content, err)
		}
	}
	if _, err := kernel.ReadConnection(path + "x"); err == nil {
		t.Error("a file that is not there was read")
	}
}

func TestConnectionsThatAreRefused(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	for _, test := range []struct {
		c      kernel.Connection
		remote bool
		want   string
	}{
		{kernel.Connection{IP: "0.0.0.0", Key: "k"}, false, "others could reach 0.0.0.0"},
		{kernel.Connection{IP: "*", Key: "k"}, false, "others could reach"},
		{kernel.Connection{IP: "192.168.1.1", Key: "k"}, false, "others could reach"},
		{kernel.Connection{IP: "example.com", Key: "k"}, false, "others could reach"},
		{kernel.Connection{IP: "::", Key: "k"}, false, "others could reach"},
		{kernel.Connection{IP: "0.0.0.0"}, true, "there is no key"},
		{kernel.Connection{Scheme: "hmac-md5"}, false, `"hmac-md5" is not supported: use hmac-sha256`},
		{kernel.Connection{Transport: "udp"}, false, `"udp" is not supported: use tcp or ipc`},
		{kernel.Connection{Transport: "ipc"}, false, "is empty"},
		{kernel.Connection{Control: port}, false, fmt.Sprintf("bind the control socket: zmtp: listen at tcp://127.0.0.1:%d: it is in use by another process", port)},
	} {
		k, err := kernel.Listen(kernel.Config{Connection: test.c, Remote: test.remote})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v; want %q", test.c, err, test.want)
		}
		if k != nil {
			t.Errorf("%+v: there is a kernel", test.c)
		}
	}
}

func TestAllowedAddresses(t *testing.T) {
	for _, c := range []kernel.Connection{{IP: "0.0.0.0", Key: "k"}, {IP: "localhost"}, {IP: "127.0.0.1"}} {
		cfg := kernel.Config{Connection: c, Remote: true, Parent: -1}
		serve(t, cfg, nil).connect().alive()
	}
}

func TestIPC(t *testing.T) {
	cfg := signed()
	cfg.Connection.Transport, cfg.Connection.IP = "ipc", filepath.Join(t.TempDir(), "k")
	s := serve(t, cfg, nil)
	s.connect().alive()
	s.stop()
	s.ended()
	if left, _ := filepath.Glob(cfg.Connection.IP + "*"); len(left) > 0 {
		t.Errorf("files are left behind: %q", left)
	}
}

func TestTwoKernels(t *testing.T) {
	a, b := serve(t, signed(), nil), serve(t, signed(), nil)
	a.connect().alive()
	b.connect().alive()
	a.stop()
	a.ended()
	b.connect().alive()
}

// play is what the test's program does as another process: a kernel, or its parent.
func play(role string) {
	switch role {
	case "parent", "grandparent":
		child := map[string]string{"parent": "kernel", "grandparent": "between"}[role]
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "KERNEL_ROLE="+child, fmt.Sprintf("JPY_PARENT_PID=%d", os.Getpid()))
		cmd.Stdout = os.Stdout
		cmd.Run()
	case "between":
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "KERNEL_ROLE=kernel")
		cmd.Stdout = os.Stdout
		cmd.Run()
	case "kernel":
		k, err := kernel.Listen(kernel.Config{})
		if err != nil {
			panic(err)
		}
		json.NewEncoder(os.Stdout).Encode(k.Connection())
		k.Serve(context.Background(), &fake{kernel: k, history: history.Open(history.Config{})})
	}
}

func TestTheKernelEndsWithItsParent(t *testing.T) {
	for _, role := range []string{"parent", "grandparent"} {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "KERNEL_ROLE="+role)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		var c kernel.Connection
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		client, err := client.Connect(endpoints(c))
		if err != nil {
			t.Fatal(err)
		}
		user{client, t}.running()
		client.Close()
		cmd.Process.Kill()
		cmd.Wait()
		until := time.Now().Add(10 * time.Second)
		for {
			conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", c.Shell))
			if err != nil {
				break
			}
			conn.Close()
			if time.Now().After(until) {
				t.Fatalf("%s is gone, and the kernel is not", role)
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
}

func TestGo(t *testing.T) {
	session, err := interpreter.Open(interpreter.Config{Lookup: symbols.Pure().Lookup})
	if err != nil {
		t.Fatal(err)
	}
	u := serve(t, signed(), session).connect()
	_, lines := u.run("x := 6 * 7\nx")
	same(t, lines[2:], "out[1] 42", "idle")
	id := u.Execute("for { x++ }")
	time.Sleep(200 * time.Millisecond)
	u.Request(u.Control, "interrupt_request", map[string]any{})
	u.until(id)
	if c := u.reply(u.Shell, id).Content; c["ename"] != "Interrupted" {
		t.Errorf("%v", c)
	}
	_, lines = u.run("x > 42")
	same(t, lines[2:], "out[3] true", "idle")
	reply, _ := u.run("y := x +")
	if reply.Content["ename"] != "CompileError" || !strings.Contains(fmt.Sprint(reply.Content["traceback"]), "^") {
		t.Errorf("%v", reply.Content)
	}
	reply, _ = u.run(`panic("oh")`) // and its source is shown
	if reply.Content["evalue"] != "oh" || !strings.Contains(fmt.Sprint(reply.Content["traceback"]), `"oh"`) {
		t.Errorf("%v", reply.Content)
	}
	c := u.ask("complete_request", map[string]any{"code": "é := strings.HasPre"}).Content
	if fmt.Sprint(c["matches"], c["cursor_start"], c["cursor_end"]) != "[HasPrefix] 13 19" {
		t.Errorf("%v", c)
	}
}
