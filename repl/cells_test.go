package repl_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kairos/repl"
	"kairos/repl/conformance/cells"
	"kairos/repl/interpreter"
	"kairos/stdlib/symbols"
)

const (
	binaryVariable = "KAIROS_BIN"          // the kairos to test, instead of a session
	childVariable  = "KAIROS_CELLS_TEST"   // set in the processes of sessions
	cellBoundary   = "\n// %% next cell\n" // between cells on standard input
	childDone      = 3                     // the status of such a process; 0 would be an error of package testing
)

// newSession makes the session that evaluates the cells.
func newSession() (repl.Session, error) {
	return interpreter.Open(interpreter.Config{Lookup: symbols.Pure().Lookup})
}

// TestCells has a session print what compiled Go prints, for every case of testdata/cells. Each gets a process. With
// KAIROS_BIN the cells are the standard input of that program, which stops at the first error.
func TestCells(t *testing.T) {
	all, err := cells.Load("testdata/cells")
	if err != nil {
		t.Fatal(err)
	}
	binary := os.Getenv(binaryVariable)
	limit := make(chan bool, 2)
	for _, c := range all {
		t.Run(strings.TrimSuffix(c.Archive, ".txtar")+"/"+c.Name, func(t *testing.T) {
			t.Parallel()
			limit <- true
			defer func() { <-limit }()
			if binary != "" {
				checkBatch(t, c, binary)
			} else {
				checkSession(t, c)
			}
		})
	}
}

// checkSession evaluates every cell of a case, also after one failed.
func checkSession(t *testing.T, c cells.Case) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr, status := feed(t, c, self, "-test.run=^TestCellsProcess$")
	if status != childDone {
		t.Errorf("the session ended with status %d", status)
	}
	if d := cmp.Diff(c.Out, stdout); d != "" {
		t.Errorf("compiled (-), session (+):\n%s", d)
	}
	for n := range c.Cells {
		n++
		message := failure(stderr, n)
		switch want, fails := c.Fails[n]; {
		case fails && !strings.Contains(message, want):
			t.Errorf("cell %d: want the error %q, got %q", n, want, message)
		case !fails && message != "":
			t.Errorf("cell %d fails: %s", n, message)
		}
	}
	if t.Failed() {
		t.Logf("standard error:\n%s", stderr)
	}
}

var outPrefix = regexp.MustCompile(`(?m)^Out\[\d+\]: `)

// checkBatch evaluates the cells of a case up to the first that fails. Values are lines of their own.
func checkBatch(t *testing.T, c cells.Case, binary string) {
	stdout, stderr, status := feed(t, c, binary)
	want := outPrefix.ReplaceAllString(c.Out, "")
	first := 0
	for n := range c.Fails {
		if first == 0 || n < first {
			first = n
		}
	}
	if first == 0 {
		if d := cmp.Diff(want, stdout); d != "" || status != 0 {
			t.Errorf("status %d, compiled (-), session (+):\n%s\n%s", status, d, stderr)
		}
		return
	}
	if !strings.HasPrefix(want, stdout) {
		t.Errorf("compiled (-), session (+), which need not go on:\n%s", cmp.Diff(want, stdout))
	}
	if status != 1 || !strings.Contains(stderr, c.Fails[first]) {
		t.Errorf("want status 1 and the error %q, got status %d and:\n%s", c.Fails[first], status, stderr)
	}
}

// feed runs a program in an empty directory with the cells as its standard input.
func feed(t *testing.T, c cells.Case, name string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), childVariable+"=1")
	cmd.Stdin = strings.NewReader(strings.Join(c.Cells, cellBoundary))
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

const failureMark = "\x00failed cell "

// failure returns the message with which TestCellsProcess said that cell n fails, or nothing.
func failure(stderr string, n int) string {
	_, after, _ := strings.Cut(stderr, fmt.Sprintf("%s%d: ", failureMark, n))
	message, _, _ := strings.Cut(after, "\x00")
	return message
}

// TestCellsProcess is the process of one case: it evaluates the cells on standard input, and says which failed.
func TestCellsProcess(t *testing.T) {
	if os.Getenv(childVariable) == "" {
		t.Skip("only a process of TestCells")
	}
	src, err := io.ReadAll(os.Stdin)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSession()
	if err != nil {
		t.Fatal(err)
	}
	for i, cell := range strings.Split(string(src), cellBoundary) {
		result, err := s.Eval(t.Context(), cell, streams{})
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s%d: %v\x00", failureMark, i+1, err)
		}
		if len(result.Values) > 0 {
			fmt.Printf("Out[%d]: %s\n", result.Number, result.Text())
		}
	}
	os.Exit(childDone)
}

// streams is an Output that shows text only.
type streams struct{}

func (streams) Stream(name, text string) {
	w := os.Stdout
	if name == repl.Stderr {
		w = os.Stderr
	}
	io.WriteString(w, text)
}
func (streams) Display(repl.Display)   {}
func (streams) Progress(repl.Progress) {}
func (streams) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("nobody answers")
}
