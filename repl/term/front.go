package term

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"kairos/repl"
)

// Front is what commands ask of the terminal. The zero Front is ready, and does nothing outside of Run. Its methods are
// for the fields of shell.Config of the same names.
type Front struct {
	terminal atomic.Pointer[terminal]
	timing   atomic.Bool
	left     atomic.Bool

	mu   sync.Mutex
	next string
}

// Next has the next cell begin with a text, which can be edited.
func (f *Front) Next(src string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next = src
}

func (f *Front) takeNext() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	next := f.next
	f.next = ""
	return next
}

// Timing chooses whether the time of every cell is told, and not only that of long ones.
func (f *Front) Timing(on bool) { f.timing.Store(on) }

// Leave has Run return when the cell has ended.
func (f *Front) Leave() { f.left.Store(true) }

// Terminal runs a program that has the terminal for itself, unless ctx has ended.
func (f *Front) Terminal(ctx context.Context, cmd *exec.Cmd) error {
	t := f.terminal.Load()
	if t == nil {
		return cmd.Run()
	}
	cmd.Stdin = t.In
	return t.run(ctx, cmd)
}

// Page shows help: through a pager if it is longer than the window.
func (f *Front) Page(data repl.Bundle) {
	t := f.terminal.Load()
	if t == nil {
		return
	}
	text := strings.TrimRight(data.Text(), "\n") + "\n"
	columns, rows := t.editor.Size()
	if pager := t.pager(); pager != nil && rowsIn(text, columns) >= rows {
		pager.Stdin = strings.NewReader(text)
		if t.run(t.ctx, pager) == nil {
			return
		}
	}
	t.screen.print(text)
}

// pager is the command of one, or nil if there is none.
func (t *terminal) pager() *exec.Cmd {
	if !t.look.moves {
		return nil
	}
	words := strings.Fields(t.Env("PAGER"))
	if len(words) == 0 {
		words = []string{"less"}
	}
	if _, err := exec.LookPath(words[0]); err != nil {
		return nil
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = os.Environ()
	if t.Env("LESS") == "" {
		cmd.Env = append(cmd.Env, "LESS=FRX") // keep colours, and the text on the screen
	}
	return cmd
}

// run runs a program on the screen. Interrupts are its own: the terminal sends it those that come while it is there, and
// one that this process hears of in the program's first moment may be from before that, and is passed on.
func (t *terminal) run(ctx context.Context, cmd *exec.Cmd) error {
	cmd.Stdout, cmd.Stderr = t.Out, t.Err
	heard := make(chan struct{})
	defer t.interrupts.hold(sync.OnceFunc(func() { close(heard) }))()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	t.screen.hide()
	defer t.screen.show()
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() {
		select {
		case <-heard:
			t.interrupts.pass()
		case <-time.After(firstMoment):
		}
	}()
	err := cmd.Wait()
	if isInterrupted(cmd.ProcessState) {
		select { // this process got it, too, and is not to take it for another
		case <-heard:
		case <-time.After(firstMoment):
		}
		io.WriteString(t.Out, "\n") // the row has ^C in it
	}
	return err
}

// firstMoment is how late this process hears of an interrupt, usually.
const firstMoment = 200 * time.Millisecond

// isInterrupted tells whether a program died of an interrupt, or is a shell whose program did.
func isInterrupted(s *os.ProcessState) bool {
	status, ok := s.Sys().(syscall.WaitStatus)
	return ok && (status.Signaled() && status.Signal() == syscall.SIGINT || status.ExitStatus() == 128+int(syscall.SIGINT))
}
