package screen_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kairos/internal/screen"
)

// shell starts a shell whose prompt is $.
func shell(t *testing.T, cfg screen.Config) *screen.Terminal {
	t.Helper()
	cfg.Command = []string{"sh", "-i"}
	cfg.Env = append(cfg.Env, "PS1=$ ", "ENV=")
	term, err := screen.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { term.Close() })
	must(t, term.WaitFor(`^\$$`))
	return term
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// show has a program print s and returns the screen when it did.
func show(t *testing.T, cfg screen.Config, s string) screen.Screen {
	t.Helper()
	path := filepath.Join(t.TempDir(), "text")
	must(t, os.WriteFile(path, []byte(s), 0o666))
	cfg.Command = []string{"sh", "-c", `cat "$0"; printf .; read x`, path}
	term, err := screen.Start(cfg)
	must(t, err)
	t.Cleanup(func() { term.Close() })
	must(t, term.WaitFor(`\.$`))
	return term.Screen()
}

func TestText(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"wrap":                  {"1234567890ab", "1234567890\nab."},
		"full row":              {"1234567890\nab", "1234567890\nab."},
		"wide at the edge":      {"123456789世界", "123456789\n世界."},
		"wide to the edge":      {"12345678世界", "12345678世\n界."},
		"wide, then a new line": {"12345678世\nab", "12345678世\nab."},
		"wide, then back":       {"12345678世\rab\r\n", "ab345678世\n."},
		"colour at the edge":    {"12345678世\x1b[31mab", "12345678世\nab."},
		"combining":             {"e\u0301a\u0300 x", "e\u0301a\u0300 x."},
		"family":                {"👩\u200d👩\u200d👧 x", "👩\u200d👩\u200d👧 x."},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, show(t, screen.Config{Columns: 10, Rows: 4}, c.text).Text()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestPieces: a character that arrives in two pieces is one.
func TestPieces(t *testing.T) {
	text := strings.Repeat("e\u0301", 4000) + "\r\n" + strings.Repeat("世", 3000) + "\r\n" + strings.Repeat("👩\u200d👩\u200d👧", 600)
	s := show(t, screen.Config{Columns: 100, Rows: 30}, text)
	want := text + "."
	if got := strings.ReplaceAll(s.All(), "\n", ""); got != strings.ReplaceAll(want, "\r\n", "") {
		t.Errorf("of %d bytes %d arrived:\n%v", len(want), len(got), s)
	}
}

func TestScrollback(t *testing.T) {
	term := shell(t, screen.Config{Columns: 20, Rows: 5})
	must(t, term.Send("seq 1 12<Enter>"))
	must(t, term.WaitFor(`^12\n\$$`))
	s := term.Screen()
	if s.Text() != "9\n10\n11\n12\n$" || !strings.HasPrefix(s.All(), "$ seq 1 12\n1\n2\n") || s.X != 2 || s.Y != 4 {
		t.Errorf("all:\n%s\n%v", s.All(), s)
	}
}

func TestResize(t *testing.T) {
	term := shell(t, screen.Config{Columns: 20, Rows: 6})
	must(t, term.Send("seq 1 3; stty size<Enter>"))
	must(t, term.WaitFor(`^6 20\n\$$`))
	must(t, term.Resize(30, 3))
	must(t, term.Send("stty size<Enter>"))
	must(t, term.WaitFor(`^3 30\n\$$`))
	if all, want := term.Screen().All(), "$ seq 1 3; stty size\n1\n2\n3\n6 20\n$ stty size\n3 30\n$"; all != want {
		t.Errorf("all:\n%s", all)
	}
}

func TestStyles(t *testing.T) {
	s := show(t, screen.Config{Columns: 40}, "a \x1b[1;31mred\x1b[0m \x1b[7m \x1b[m\x1b[32mgreen  \x1b[0m x")
	if got, want := s.Styled(), "a {1;31}red{} {7} {}{32}green{}   x."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestModes: a program that asks for brackets around pasted text gets them, and keys of its kind.
func TestModes(t *testing.T) {
	term, err := screen.Start(screen.Config{Command: []string{"sh", "-c", `stty raw -echo; printf '\033[?2004h\033[?1hready'; head -c 21 | od -c -w21 -An`}})
	must(t, err)
	defer term.Close()
	must(t, term.WaitFor("ready"))
	if !term.Reading() {
		t.Error("bracketed paste is not on")
	}
	must(t, term.Send("<Up><Paste>a\nb<lt></Paste>"))
	must(t, term.WaitFor(`033\s+O\s+A\s+033\s+\[\s+2\s+0\s+0\s+~\s+a\s+\\r\s+b`))
}

// TestSynchronized: what is drawn between the marks of a frame is not waited for before its end.
func TestSynchronized(t *testing.T) {
	term, err := screen.Start(screen.Config{Command: []string{"sh", "-c", `printf '\033[?2026hhalf'; read x; printf ' whole\033[?2026l'; read x`}, Timeout: 200 * time.Millisecond})
	must(t, err)
	defer term.Close()
	if _, err := term.Wait("half", func(s screen.Screen) bool { return s.Text() == "half" }); err == nil {
		t.Error("half a frame was seen")
	}
	must(t, term.Send("<Enter>"))
	must(t, term.WaitFor("whole"))
}

func TestEnd(t *testing.T) {
	term := shell(t, screen.Config{})
	if kids, err := term.Children(); err != nil || len(kids) != 0 {
		t.Errorf("children %v, %v", kids, err)
	}
	must(t, term.Send("sleep 100 &<Enter>"))
	must(t, term.WaitFor(`&\n\$$`))
	if kids, err := term.Children(); err != nil || len(kids) != 1 {
		t.Errorf("children %v, %v", kids, err)
	}
	must(t, term.Send("kill $!; exit 3<Enter>"))
	if status, err := term.Ended(); status != 3 || err != nil || term.Alive() {
		t.Errorf("status %d, %v", status, err)
	}
	if err := term.WaitFor("what never comes"); err == nil || !strings.Contains(err.Error(), "has ended and shows") {
		t.Errorf("waiting for nothing: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	if _, err := screen.Start(screen.Config{Command: []string{"/nonexistent"}}); err == nil || !strings.Contains(err.Error(), "start /nonexistent") {
		t.Errorf("start: %v", err)
	}
	for _, keys := range []string{"<Entr>", "<C-1>", "<Paste>x"} {
		if got, err := screen.Keys(keys, screen.Modes{}); err == nil {
			t.Errorf("%s is %q", keys, got)
		}
	}
}

func ExampleKeys() {
	for _, keys := range []string{"if x < 3 {<Enter>", "<C-r>sort<Esc>", "<M-b><S-Tab>", "v := <-ch", "<Paste>a\nb</Paste>"} {
		s, err := screen.Keys(keys, screen.Modes{Bracketed: true})
		fmt.Printf("%q %v\n", s, err)
	}
	// Output:
	// "if x < 3 {\r" <nil>
	// "\x12sort\x1b" <nil>
	// "\x1bb\x1b[Z" <nil>
	// "v := <-ch" <nil>
	// "\x1b[200~a\rb\x1b[201~" <nil>
}
