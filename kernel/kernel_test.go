package kernel_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"kairos/kernel"
	"kairos/kernel/internal/client"
	"kairos/repl"
	"kairos/repl/history"
)

// served is a kernel that is served for a test.
type served struct {
	*testing.T
	*kernel.Kernel
	fake *fake
	log  *buffer
	done chan error
	stop context.CancelFunc
}

// buffer is a log that can be read while it is written.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// serve serves a session, or a fake one if there is none.
func serve(t *testing.T, cfg kernel.Config, session repl.Session) *served {
	t.Helper()
	s := &served{T: t, log: &buffer{}, done: make(chan error, 1), fake: &fake{history: history.Open(history.Config{})}}
	if cfg.Log == nil {
		cfg.Log = log.New(s.log, "", 0)
	}
	cfg.History = s.fake.history
	k, err := kernel.Listen(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.Kernel, s.fake.kernel = k, k
	if session == nil {
		session = s.fake
	}
	var ctx context.Context
	ctx, s.stop = context.WithCancel(context.Background())
	go func() { s.done <- k.Serve(ctx, session) }()
	t.Cleanup(func() {
		s.stop()
		s.ended()
	})
	return s
}

// signed is the configuration of most tests.
func signed() kernel.Config {
	return kernel.Config{Connection: kernel.Connection{Key: "a key"}, Parent: -1}
}

// ended waits until the kernel has ended.
func (s *served) ended() {
	s.Helper()
	select {
	case err := <-s.done:
		s.done <- err
		if err != nil {
			s.Errorf("Serve: %v", err)
		}
	case <-time.After(client.Timeout):
		s.Fatal("the kernel does not end")
	}
}

// logged waits until the log says something.
func (s *served) logged(what string) {
	s.Helper()
	for until := time.Now().Add(5 * time.Second); !strings.Contains(s.log.String(), what); time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			s.Errorf("the log is %q, and not %q", s.log, what)
			return
		}
	}
}

func endpoints(c kernel.Connection) client.Endpoints {
	at := func(port int) string {
		if c.Transport == "ipc" {
			return fmt.Sprintf("ipc://%s-%d", c.IP, port)
		}
		return fmt.Sprintf("tcp://127.0.0.1:%d", port)
	}
	return client.Endpoints{
		Shell: at(c.Shell), Control: at(c.Control), Stdin: at(c.Stdin), IOPub: at(c.IOPub), Heartbeat: at(c.Heartbeat), Key: c.Key,
	}
}

// user is a client in a test, which ends when something does not come.
type user struct {
	*client.Client
	t *testing.T
}

func (s *served) connect() user {
	s.Helper()
	c, err := client.Connect(endpoints(s.Connection()))
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(c.Close)
	return user{c, s.T}
}

func (u user) reply(on *client.Conn, id string) client.Message {
	u.t.Helper()
	m, err := u.Reply(on, id)
	if err != nil {
		u.t.Fatal(err)
	}
	return m
}

func (u user) until(id string) []client.Message {
	u.t.Helper()
	m, err := u.Until(id)
	if err != nil {
		u.t.Fatal(err)
	}
	return m
}

// published waits for the next published message.
func (u user) published() client.Message {
	u.t.Helper()
	m, err := u.Published(client.Timeout)
	if err != nil {
		u.t.Fatal(err)
	}
	return m
}

// run runs a cell, and returns the reply and a line for each message published.
func (u user) run(code string) (client.Message, []string) {
	u.t.Helper()
	id := u.Execute(code)
	lines := said(u.until(id))
	return u.reply(u.Shell, id), lines
}

// ask asks for something, and returns the reply.
func (u user) ask(kind string, content any) client.Message {
	u.t.Helper()
	id := u.Request(u.Shell, kind, content)
	u.until(id)
	return u.reply(u.Shell, id)
}

// alive sees that cells run.
func (u user) alive() {
	u.t.Helper()
	if reply, _ := u.run("value 1"); reply.Content["status"] != "ok" {
		u.t.Fatalf("a cell: %v", reply.Content)
	}
}

// running starts a cell that spins, and waits until it does.
func (u user) running() string {
	u.t.Helper()
	id := u.Execute("print go\nspin")
	for m := u.published(); m.Header.Type != "stream"; {
		m = u.published()
	}
	return id
}

// said is what messages say, in a line each.
func said(messages []client.Message) []string {
	var lines []string
	for _, m := range messages {
		c := m.Content
		switch m.Header.Type {
		case "status":
			lines = append(lines, fmt.Sprint(c["execution_state"]))
		case "stream":
			lines = append(lines, fmt.Sprintf("%v %q", c["name"], c["text"]))
		case "execute_input":
			lines = append(lines, fmt.Sprintf("in[%v] %q", c["execution_count"], c["code"]))
		case "execute_result":
			lines = append(lines, fmt.Sprintf("out[%v] %v", c["execution_count"], c["data"].(map[string]any)["text/plain"]))
		case "display_data", "update_display_data":
			lines = append(lines, fmt.Sprintf("%s %v", m.Header.Type, c["data"].(map[string]any)["text/plain"]))
		case "error":
			lines = append(lines, fmt.Sprintf("error %v: %v", c["ename"], c["evalue"]))
		default:
			lines = append(lines, fmt.Sprintf("%s %v", m.Header.Type, c))
		}
	}
	return lines
}

// same compares what was said.
func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("published\n%s\n\nand not\n%s", a, b)
	}
}

func TestMain(m *testing.M) {
	if role := os.Getenv("KERNEL_ROLE"); role != "" {
		play(role)
		return
	}
	os.Exit(m.Run())
}
