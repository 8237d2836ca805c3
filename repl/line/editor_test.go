package line

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"kairos/repl"
)

// session is an editor on a pseudo terminal whose other end is an emulator.
type session struct {
	*Editor
	t    testing.TB
	keys *os.File

	mu     sync.Mutex
	screen *vt.Emulator
	seen   chan struct{} // something was written
}

func newSession(t testing.TB, c Config) *session {
	keys, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	pty.Setsize(tty, &pty.Winsize{Cols: 40, Rows: 12})
	c.In, c.Out = tty, tty
	e, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	s := &session{Editor: e, t: t, keys: keys, screen: vt.NewEmulator(40, 12), seen: make(chan struct{}, 1)}
	go s.show()
	t.Cleanup(func() {
		e.Close()
		tty.Close()
		keys.Close()
	})
	return s
}

func (s *session) show() {
	buf := make([]byte, 64<<10)
	for {
		n, err := s.keys.Read(buf)
		if err != nil {
			return
		}
		s.mu.Lock()
		s.screen.Write(buf[:n])
		s.mu.Unlock()
		select {
		case s.seen <- struct{}{}:
		default:
		}
	}
}

// text is what the screen shows.
func (s *session) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join((&terminal{Emulator: s.screen}).text(0), "\n")
}

// await waits until the screen shows something, and gone until it does not.
func (s *session) await(text string) { s.t.Helper(); s.wait(text, true) }

func (s *session) gone(text string) { s.t.Helper(); s.wait(text, false) }

func (s *session) wait(text string, shown bool) {
	s.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); strings.Contains(s.text(), text) != shown; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("%q: waited in vain for %v:\n%s", text, shown, s.text())
		}
	}
}

func (s *session) send(keys string) { io.WriteString(s.keys, keys) }

// result is what Read returned.
type result struct {
	text string
	err  error
}

// begin reads a cell with a prompt that can be waited for.
func (s *session) begin(ctx context.Context, prompt string) <-chan result {
	done := make(chan result, 1)
	go func() {
		text, err := s.Read(ctx, Prompt{prompt, "...: "}, "")
		done <- result{text, err}
	}()
	s.await(strings.TrimSpace(prompt))
	return done
}

func (s *session) want(done <-chan result, text string, err error) {
	s.t.Helper()
	select {
	case r := <-done:
		if r.text != text || !errors.Is(r.err, err) {
			s.t.Errorf("got %q, %v; want %q, %v", r.text, r.err, text, err)
		}
	case <-time.After(10 * time.Second):
		s.t.Fatalf("Read does not return:\n%s", s.text())
	}
}

func TestRead(t *testing.T) {
	s := newSession(t, Config{IsComplete: brackets, History: entries{"old(1)"}})
	for i, test := range []struct {
		keys, want string
		err        error
	}{
		{"x := 1\r", "x := 1", nil},
		{"f {\r", "", nil}, // goes on below
		{"a\x1b[D\x1b[200~b\r\nc\x1b[201~\x1b[F\r", "b\nca", nil},
		{"\x1b[A\r", "old(1)", nil},
		{"xy\x03", "xy", ErrCancelled},
		{"\x04", "", io.EOF},
		{"日本\x7f\r", "日", nil},
	} {
		done := s.begin(t.Context(), fmt.Sprintf("%d> ", i))
		s.send(test.keys)
		if test.want == "" && test.err == nil {
			s.await("...:")
			s.send("x\r")
			s.await("x\n")
			s.send("}\r")
			test.want = "f {\n\tx\n}"
		}
		s.want(done, test.want, test.err)
	}
	s.await("xy^C")
}

// TestTypedAhead types while nobody reads. The terminal is in its ordinary mode then, and others may read from it.
func TestTypedAhead(t *testing.T) {
	s := newSession(t, Config{IsComplete: brackets})
	s.send("one\rtwo\r")
	s.await("two")
	s.want(s.begin(t.Context(), "1> "), "one", nil)
	s.want(s.begin(t.Context(), "2> "), "two", nil)
	done := s.begin(t.Context(), "3> ")
	s.send("three\rfour\rfi")
	s.want(done, "three", nil)
	s.want(s.begin(t.Context(), "4> "), "four", nil)
	done = s.begin(t.Context(), "5> ")
	s.await("5> fi")
	s.send("ve\r")
	s.want(done, "five", nil)
	s.send("for somebody else\r")
	if line, err := bufio.NewReader(s.config.In).ReadString('\n'); line != "for somebody else\n" || err != nil {
		t.Errorf("another reader got %q, %v", line, err)
	}
	s.want(s.beginAndSend("6> ", "six\r"), "six", nil)
}

func (s *session) beginAndSend(prompt, keys string) <-chan result {
	done := s.begin(s.t.Context(), prompt)
	s.send(keys)
	return done
}

func TestReadEndsWithContext(t *testing.T) {
	s := newSession(t, Config{})
	ctx, cancel := context.WithCancel(t.Context())
	done := s.begin(ctx, "1> ")
	s.send("abc")
	s.await("1> abc")
	cancel()
	s.want(done, "abc", context.Canceled)
	s.want(s.beginAndSend("2> ", "d\r"), "d", nil)
	s.gone("1>")
}

func TestReadEndsWithTerminal(t *testing.T) {
	s := newSession(t, Config{})
	done := s.begin(t.Context(), "1> ")
	s.keys.Close()
	fmt.Fprint(s, "\n") // wakes the emulator, which holds the other end
	s.want(done, "", io.EOF)
}

func TestReadLine(t *testing.T) {
	s := newSession(t, Config{History: entries{"old"}})
	ask := func(prompt string, secret bool) <-chan result {
		done := make(chan result, 1)
		go func() {
			text, err := s.ReadLine(t.Context(), prompt, secret)
			done <- result{text, err}
		}()
		return done
	}
	fmt.Fprint(s, "Your ")
	done := ask("name: ", false)
	s.await("Your name:")
	s.send("\x1b[ABob\x01J\x1b[F \t\r")
	s.want(done, "JBob ", nil)
	done = ask("Think.\nPassword: ", true)
	s.await("Think.\nPassword:")
	s.send("hush\x7fh\r")
	s.want(done, "hush", nil)
	if strings.Contains(s.text(), "hus") {
		t.Errorf("the secret is seen:\n%s", s.text())
	}
	done = ask("two: ", false)
	s.await("two:")
	s.send("\x1b[200~a\nb\x1b[201~")
	s.want(done, "a", nil)
	done = ask("more: ", false)
	s.await("more: b")
	s.send("\x03")
	s.want(done, "b", ErrCancelled)
}

// TestSlowAnswers types on while completions and signatures do not come, and drops those that come late.
func TestSlowAnswers(t *testing.T) {
	hold := make(chan struct{})
	s := newSession(t, Config{
		Complete: func(ctx context.Context, src string, pos int) (repl.Completion, error) {
			<-hold
			return repl.Completion{From: 0, To: 1, Items: []repl.Candidate{{Text: "late"}}}, nil
		},
		Signature: func(ctx context.Context, src string, pos int) string {
			if strings.HasSuffix(src, "(") {
				<-ctx.Done()
				return "too late"
			}
			return "func g(" + src + ")"
		},
	})
	done := s.begin(t.Context(), "1> ")
	s.send("x\t")
	s.await("1> x")
	s.send("(")
	s.await("1> x(")
	close(hold)
	time.Sleep(2 * hintWait)
	s.send("1")
	s.await("func g(x(1)")
	if strings.Contains(s.text(), "late") {
		t.Errorf("a late answer is used:\n%s", s.text())
	}
	s.send("\r")
	s.want(done, "x(1", nil)
	s.gone("func g")
}

func TestWriteWhileReading(t *testing.T) {
	s := newSession(t, Config{})
	fmt.Fprint(s, "before")
	done := s.begin(t.Context(), "1> ")
	s.send("abc")
	s.await("1> abc")
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() { fmt.Fprintf(s, "from %d\n", i) })
	}
	all.Wait()
	s.send("d\r")
	s.want(done, "abcd", nil)
	fmt.Fprintln(s, "after")
	s.await("after")
	got := strings.Split(s.text(), "\n")
	if len(got) != 7 || got[0] != "before" || got[5] != "1> abcd" || got[6] != "after" {
		t.Errorf("got\n%s", s.text())
	}
}

func TestResize(t *testing.T) {
	s := newSession(t, Config{})
	s.painter.Reflows = false
	done := s.begin(t.Context(), "1> ")
	s.send("a text of more than thirty characters")
	s.await("characters")
	s.mu.Lock()
	s.screen.Resize(30, 8)
	s.mu.Unlock()
	pty.Setsize(s.config.In, &pty.Winsize{Cols: 30, Rows: 8})
	unix.Kill(os.Getpid(), unix.SIGWINCH)
	s.await("1> a text of more than thirty\n   characters")
	if columns, rows := s.Size(); columns != 30 || rows != 8 {
		t.Errorf("the size is %d, %d", columns, rows)
	}
	s.send("\r")
	s.want(done, "a text of more than thirty characters", nil)
}

func TestEscape(t *testing.T) {
	s := newSession(t, Config{Color: true, History: entries{"abcd"}})
	done := s.begin(t.Context(), "1> ")
	s.send("ab")
	s.await("1> abc{")
	s.send("\x1b")
	s.gone("c{")
	s.send("\x1b[F\x1b[12;3R\x1b]11;x\x07!\r")
	s.want(done, "ab!", nil)
}

func TestExternalEditor(t *testing.T) {
	t.Setenv("VISUAL", "sed -i.bak -e s/a/b/")
	s := newSession(t, Config{})
	done := s.begin(t.Context(), "1> ")
	s.send("a\x18\x05")
	s.await("1> b")
	s.send("c\r")
	s.want(done, "bc", nil)
	t.Setenv("VISUAL", "false")
	done = s.begin(t.Context(), "2> ")
	s.send("a\x18\x05")
	s.await("VISUAL or EDITOR names another")
	s.send("c\r")
	s.want(done, "ac", nil)
}

func TestHugePaste(t *testing.T) {
	s := newSession(t, Config{Color: true})
	text := strings.TrimSpace(strings.Repeat("x = append(x, 1, 2, 3, 4, 5, 6)\n", 1<<15))
	done := s.begin(t.Context(), "1> ")
	start := time.Now()
	go s.send("\x1b[200~" + text + "\x1b[201~")
	s.await("...: x = append(x, 1, 2, 3, 4, 5, 6)")
	t.Logf("a megabyte was on the screen after %v", time.Since(start))
	s.send("\r")
	s.want(done, text, nil)
}

func TestNotATerminal(t *testing.T) {
	r, w, _ := os.Pipe()
	defer r.Close()
	defer w.Close()
	if _, err := New(Config{In: r, Out: w}); err == nil || !strings.Contains(err.Error(), "not a terminal") {
		t.Errorf("got %v", err)
	}
}

func TestReflows(t *testing.T) {
	for env, want := range map[string]bool{"TERM=xterm-256color": true, "TERM=linux": false, "TERM=screen.xterm": false, "TERM=screen TMUX=1": true, "TERM=xterm XTERM_VERSION=3": false} {
		get := func(name string) string {
			for _, pair := range strings.Fields(env) {
				if v, is := strings.CutPrefix(pair, name+"="); is {
					return v
				}
			}
			return ""
		}
		if got := reflows(get); got != want {
			t.Errorf("%s: %v", env, got)
		}
	}
}

// BenchmarkKeystroke is from the terminal's end: a key is sent, the screen changes. The cell has 200 lines.
func BenchmarkKeystroke(b *testing.B) {
	s := newSession(b, Config{Color: true, History: entries{"x"}, Signature: func(context.Context, string, int) string { return "f()" }})
	line := "for i, name := range names { total += weights[i] * len(name); fmt.Println(name) }\n"
	go s.Read(b.Context(), Prompt{"In [1]: ", "   ...: "}, strings.Repeat(line, 200))
	s.await("...:")
	for i := 0; b.Loop(); i++ {
		for len(s.seen) > 0 {
			<-s.seen
		}
		s.send(string("x\x7f"[i%2]))
		<-s.seen
	}
	s.send("\r")
}

// A REPL in a few lines.
func Example() {
	editor, err := New(Config{Color: true})
	if err != nil {
		fmt.Println(err) // standard input is not a terminal
		return
	}
	defer editor.Close()
	for n := 1; ; n++ {
		src, err := editor.Read(context.Background(), Prompt{First: fmt.Sprintf("In [%d]: ", n), More: "   ...: "}, "")
		if errors.Is(err, io.EOF) {
			return
		}
		fmt.Fprintf(editor, "%q\n", src)
	}
}
