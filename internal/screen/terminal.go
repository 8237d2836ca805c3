package screen

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// Config is what runs where. Only Command has to be given.
type Config struct {
	Command       []string
	Columns, Rows int           // 0: 80 and 24
	Env           []string      // beside what a terminal gives; the last of the same name counts
	Dir           string        // "": the current one
	Timeout       time.Duration // of each wait; 0: 30 s
}

// Terminal is a program in a terminal. Its methods may be called by several goroutines.
type Terminal struct {
	cfg Config
	cmd *exec.Cmd
	pty *os.File

	mu      sync.Mutex
	feed    feed
	modes   map[ansi.Mode]bool
	output  bytes.Buffer
	sent    int       // how much output there was when keys were last sent
	last    time.Time // something was shown or done
	watches []*watch

	quit   chan struct{} // the program has closed the terminal
	done   chan struct{} // it has ended
	status error
}

// Start runs a program.
func Start(cfg Config) (*Terminal, error) {
	cfg.Columns, cfg.Rows = cmp.Or(cfg.Columns, 80), cmp.Or(cfg.Rows, 24)
	cfg.Timeout = cmp.Or(cfg.Timeout, 30*time.Second)
	t := &Terminal{cfg: cfg, modes: map[ansi.Mode]bool{}, quit: make(chan struct{}), done: make(chan struct{}), last: time.Now()}
	t.feed.emulator = vt.NewEmulator(cfg.Columns, cfg.Rows)
	t.feed.emulator.SetCallbacks(vt.Callbacks{
		EnableMode:  func(m ansi.Mode) { t.modes[m] = true },
		DisableMode: func(m ansi.Mode) { delete(t.modes, m) },
	})
	t.cmd = exec.Command(cfg.Command[0], cfg.Command[1:]...)
	t.cmd.Dir, t.cmd.Env = cfg.Dir, append(defaultEnv(), cfg.Env...)
	var err error
	t.pty, err = pty.StartWithSize(t.cmd, &pty.Winsize{Rows: uint16(cfg.Rows), Cols: uint16(cfg.Columns), X: uint16(cfg.Columns * 8), Y: uint16(cfg.Rows * 16)})
	if err != nil {
		return nil, fmt.Errorf("screen: start %s: %w", cfg.Command[0], err)
	}
	go io.Copy(t.pty, t.feed.emulator) // its answers
	go t.show()
	go func() {
		t.status = t.cmd.Wait()
		close(t.done)
	}()
	return t, nil
}

// show passes the program's output to the emulator until there is no more.
func (t *Terminal) show() {
	defer close(t.quit)
	p := make([]byte, 64<<10)
	for {
		n, err := t.pty.Read(p)
		if n > 0 {
			t.take(p[:n])
		}
		if err != nil {
			return
		}
	}
}

func (t *Terminal) take(p []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.output.Write(p)
	t.feed.write(p)
	t.last = time.Now()
	t.check()
}

// Send types keys; see Keys for how they are written.
func (t *Terminal) Send(keys string) error {
	t.mu.Lock()
	m := Modes{Application: t.modes[ansi.ModeCursorKeys], Bracketed: t.modes[ansi.ModeBracketedPaste]}
	t.last, t.sent = time.Now(), t.output.Len()
	t.mu.Unlock()
	s, err := Keys(keys, m)
	if err != nil {
		return err
	}
	return t.Write(s)
}

// Write sends bytes as they are.
func (t *Terminal) Write(s string) error {
	if _, err := io.WriteString(t.pty, s); err != nil {
		return fmt.Errorf("screen: type %q: %w", s, err)
	}
	return nil
}

// Screen is what is shown now.
func (t *Terminal) Screen() Screen {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.snapshot()
}

// Output is all that the program has written.
func (t *Terminal) Output() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Clone(t.output.Bytes())
}

// Reading tells whether the program edits a line: it has switched bracketed paste on.
func (t *Terminal) Reading() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.modes[ansi.ModeBracketedPaste]
}

// Resize changes the size of the window. Rows that do not fit go up into the scrollback, as in xterm.
func (t *Terminal) Resize(columns, rows int) error {
	t.mu.Lock()
	e := t.feed.emulator
	if over := e.CursorPosition().Y - rows + 1; over > 0 {
		e.WriteString(fmt.Sprintf("\x1b[%dS\x1b[%dA", over, over))
	}
	e.Resize(columns, rows)
	t.feed.full = false
	t.last, t.sent = time.Now(), t.output.Len()
	t.mu.Unlock()
	return pty.Setsize(t.pty, &pty.Winsize{Rows: uint16(rows), Cols: uint16(columns), X: uint16(columns * 8), Y: uint16(rows * 16)})
}

// Pid is the process of the program.
func (t *Terminal) Pid() int { return t.cmd.Process.Pid }

// Ended waits for the end of the program and returns its exit status.
func (t *Terminal) Ended() (status int, err error) {
	select {
	case <-t.done:
	case <-time.After(t.cfg.Timeout):
		return 0, fmt.Errorf("screen: %s has not ended after %v; it shows\n%v", t.cfg.Command[0], t.cfg.Timeout, t.Screen())
	}
	if exited := (*exec.ExitError)(nil); t.status != nil && !errors.As(t.status, &exited) {
		return 0, t.status
	}
	return t.cmd.ProcessState.ExitCode(), nil
}

// Alive tells whether the program runs.
func (t *Terminal) Alive() bool {
	select {
	case <-t.done:
		return false
	default:
		return true
	}
}

// Close closes the window, which ends the program.
func (t *Terminal) Close() error {
	t.cmd.Process.Signal(syscall.SIGHUP)
	select {
	case <-t.done:
	case <-time.After(5 * time.Second):
		t.cmd.Process.Kill()
		<-t.done
	}
	t.feed.emulator.Close()
	return t.pty.Close()
}
