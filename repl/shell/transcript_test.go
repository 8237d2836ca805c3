//go:build linux

package shell_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kairos/repl"
	"kairos/repl/history"
	"kairos/repl/interpreter"
	"kairos/repl/shell"
	"kairos/repl/worker"
	"kairos/stdlib/symbols"
)

// role has this test binary be a worker.
const role = "KAIROS_TEST_SHELL"

func TestMain(m *testing.M) {
	if os.Getenv(role) != "" {
		os.Exit(worker.Serve(func() (repl.Session, error) {
			return interpreter.Open(interpreter.Config{Lookup: symbols.Pure().Lookup})
		}))
	}
	os.Exit(m.Run())
}

// open returns a shell around a session in a process of its own, in an empty directory.
func open(t testing.TB, out *screen) *shell.Shell {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	t.Setenv("HOME", mustGetwd(t))
	t.Setenv("EDITOR", `echo '+ 1' >>`)
	t.Setenv("VISUAL", "")
	session := worker.Open(worker.Config{Argv: []string{self}, Env: append(os.Environ(), role+"=yes")})
	s := shell.New(shell.Config{
		Session: session,
		History: history.Open(history.Config{}),
		Page:    func(b repl.Bundle) { out.print(b.Text()) },
		Next:    func(src string) { out.print("next: " + src) },
		Leave:   func() { out.print("left") },
		Version: "0.0",
		Keys:    "Tab  completes",
	})
	t.Cleanup(func() { s.Close() })
	return s
}

func mustGetwd(t testing.TB) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// screen is an output as a user sees it.
type screen struct {
	mu     sync.Mutex
	text   strings.Builder
	answer string // to Input
}

func (s *screen) print(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.WriteString(strings.TrimRight(text, "\n") + "\n")
}

func (s *screen) Stream(_, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.WriteString(text)
}

func (s *screen) Display(d repl.Display) { s.print(d.Data.Text()) }
func (s *screen) Progress(repl.Progress) {}

func (s *screen) Input(_ context.Context, prompt string, _ bool) (string, error) {
	if s.answer == "" {
		return "", io.EOF
	}
	s.print(prompt + s.answer)
	return s.answer, nil
}

// taken returns what is on the screen, and clears it.
func (s *screen) taken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.text.Reset()
	return s.text.String()
}

var update = flag.Bool("update", false, "write the transcripts as they are")

// TestTranscripts evaluates what a user types after » and …, and compares what is shown then.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		path, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			got := replay(t, string(want))
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want), got); diff != "" && !*update {
				t.Errorf("%s\n(-want +got; -update writes it)", diff)
			}
		})
	}
}

// replay types the cells of a transcript, and returns it with what is shown. A first line # yes is the answer to all
// questions.
func replay(t *testing.T, transcript string) string {
	out := &screen{}
	s := open(t, out)
	dir := mustGetwd(t)
	var b strings.Builder
	for _, block := range strings.Split(transcript, "» ") {
		if answer, ok := strings.CutPrefix(strings.TrimSpace(block), "# answers "); ok {
			out.answer = answer
		}
		if strings.HasPrefix(block, "#") || block == "" {
			b.WriteString(block)
			continue
		}
		src := typed(block)
		b.WriteString("» " + strings.ReplaceAll(src, "\n", "\n… ") + "\n")
		result, err := s.Eval(t.Context(), src, out)
		if len(result.Values) > 0 {
			out.print(result.Text())
		}
		if err != nil {
			out.print(fmt.Sprintf("%T: %v", err, err))
		}
		b.WriteString(stable(out.taken(), dir))
	}
	return b.String()
}

// typed is the cell that a block of a transcript begins with.
func typed(block string) string {
	lines := strings.Split(block, "\n")
	src := lines[0]
	for _, line := range lines[1:] {
		more, ok := strings.CutPrefix(line, "… ")
		if !ok {
			break
		}
		src += "\n" + more
	}
	return src
}

// unstable are the parts of output that are never the same.
var unstable = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`\b\d+(\.\d+)? (ns|µs|ms|s)\b`), "TIME"},
	{regexp.MustCompile(`[\d,]+ loops`), "N loops"},
	{regexp.MustCompile(`(kairos-)\d+(\.go)`), "${1}N$2"},
	{regexp.MustCompile(`(?s)(goroutine [2-9]\d* ).*`), "$1"},
	{regexp.MustCompile(`go1\.\S+ \S+/\S+`), "GO OS/ARCH"},
}

func stable(text, dir string) string {
	text = strings.ReplaceAll(text, dir, "HOME")
	for _, u := range unstable {
		text = u.pattern.ReplaceAllString(text, u.with)
	}
	return text
}
