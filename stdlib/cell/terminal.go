package cell

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"kairos/stdlib/cell/host"
)

// terminal is a place with two streams, the second of which may be a screen.
type terminal struct {
	stdin   *bufio.Reader
	stdout  func() io.Writer // asked for each time: a program may change os.Stdout
	stderr  io.Writer
	screen  bool // stderr understands carriage returns and has a user before it
	program string
	now     func() time.Time
	context func() context.Context

	mu      sync.Mutex
	drawn   *meter // whose bar is on the screen's last line, nil if none is
	figures int
}

func newTerminal(stdout func() io.Writer, stderr io.Writer, screen bool, program string) *terminal {
	return &terminal{
		stdin: bufio.NewReader(os.Stdin), stdout: stdout, stderr: stderr, screen: screen, program: program,
		now:     time.Now,
		context: sync.OnceValue(untilInterrupted),
	}
}

// Context is cancelled by the first interrupt after it was first asked for.
func (t *terminal) Context() context.Context { return t.context() }

// Fail ends the process.
func (t *terminal) Fail(err error) { os.Exit(t.fail(err)) }

// fail prints err and returns the exit status that goes with it.
func (t *terminal) fail(err error) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.release()
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(t.stderr, "interrupted")
		return 130
	}
	fmt.Fprintln(t.stderr, "error:", err)
	return 1
}

// release moves to a line of its own below an unfinished bar, which stays visible.
func (t *terminal) release() {
	if t.drawn != nil {
		fmt.Fprintln(t.stderr)
		t.drawn = nil
	}
}

// Input writes the prompt on the second stream, so that it is seen when the first is redirected.
func (t *terminal) Input(prompt string) (string, error) {
	t.mu.Lock()
	t.release()
	fmt.Fprint(t.stderr, prompt)
	t.mu.Unlock()
	line, err := t.stdin.ReadString('\n')
	if err == io.EOF && line != "" {
		err = nil // the last line need not end
	}
	return strings.TrimRight(line, "\r\n"), err
}

// Clear leaves everything: what was printed may be in a file by now.
func (t *terminal) Clear(bool) {}

// Target refuses: nobody here could open a comm.
func (t *terminal) Target(name string, _ func(host.Comm, host.Message)) error {
	return fmt.Errorf("cell: register target %s: %w", name, host.ErrNoComms)
}

// OpenComm refuses: there is nobody at the other end.
func (t *terminal) OpenComm(target string, _ host.Message) (host.Comm, error) {
	return nil, fmt.Errorf("cell: open comm %s: %w", target, host.ErrNoComms)
}
