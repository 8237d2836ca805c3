package term

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"

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

// Terminal runs a program that has the terminal for itself.
func (f *Front) Terminal(cmd *exec.Cmd) error {
	t := f.terminal.Load()
	if t == nil {
		return cmd.Run()
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = t.In, t.Out, t.Err
	defer t.interrupts.hold(func() {})() // they are the program's
	t.screen.hide()
	defer t.screen.show()
	return cmd.Run()
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
		if t.run(pager) == nil {
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

func (t *terminal) run(cmd *exec.Cmd) error {
	cmd.Stdout, cmd.Stderr = t.Out, t.Err
	defer t.interrupts.hold(func() {})()
	t.screen.hide()
	defer t.screen.show()
	return cmd.Run()
}
