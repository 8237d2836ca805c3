package screen

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// watch is a condition that someone waits for.
type watch struct {
	holds func() bool
	met   chan time.Time
}

// check tells those who wait for a condition that holds.
func (t *Terminal) check() {
	if t.modes[ansi.ModeSynchronizedOutput] { // a terminal shows nothing new before its end
		return
	}
	kept := t.watches[:0]
	for _, w := range t.watches {
		if w.holds() {
			w.met <- time.Now()
		} else {
			kept = append(kept, w)
		}
	}
	t.watches = kept
}

// WaitFor waits until the visible text matches a regular expression.
func (t *Terminal) WaitFor(pattern string) error {
	re, err := regexp.Compile("(?m)" + pattern)
	if err != nil {
		return fmt.Errorf("screen: %w", err)
	}
	_, err = t.Wait(fmt.Sprintf("text like %q", pattern), func(s Screen) bool { return re.MatchString(s.Text()) })
	return err
}

// WaitOutput waits until what the program has written matches a regular expression.
func (t *Terminal) WaitOutput(pattern string) error {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return fmt.Errorf("screen: %w", err)
	}
	_, err = t.watch(fmt.Sprintf("output like %q", pattern), func() bool { return re.Match(t.output.Bytes()) })
	return err
}

// Wait waits until a condition holds of the screen, and returns when it did.
func (t *Terminal) Wait(what string, holds func(Screen) bool) (time.Time, error) {
	return t.watch(what, func() bool { return holds(t.snapshot()) })
}

// WaitCursor waits until a condition holds of the line of the cursor and its column. It is cheaper than Wait.
func (t *Terminal) WaitCursor(what string, holds func(line string, x int) bool) (time.Time, error) {
	return t.watch(what, func() bool {
		p := t.feed.emulator.CursorPosition()
		return holds(t.line(p.Y), p.X)
	})
}

func (t *Terminal) watch(what string, holds func() bool) (time.Time, error) {
	w := &watch{holds: holds, met: make(chan time.Time, 1)}
	t.mu.Lock()
	t.watches = append(t.watches, w)
	t.check()
	t.mu.Unlock()
	select {
	case at := <-w.met:
		return at, nil
	case <-t.quit: // with all that it had to show
	case <-time.After(t.cfg.Timeout):
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case at := <-w.met: // at the last moment
		return at, nil
	default:
	}
	t.watches = slices.DeleteFunc(t.watches, func(other *watch) bool { return other == w })
	return time.Time{}, t.missing(what)
}

// missing is the error of a condition that was not met.
func (t *Terminal) missing(what string) error {
	state := "runs"
	select {
	case <-t.quit:
		state = "has ended"
	default:
	}
	return fmt.Errorf("screen: no %s within %v; %s %s and shows\n%v", what, t.cfg.Timeout, t.cfg.Command[0], state, t.snapshot())
}

// Quiet waits until nothing has been typed or shown for a while.
func (t *Terminal) Quiet(d time.Duration) error {
	limit := time.Now().Add(t.cfg.Timeout)
	for {
		t.mu.Lock()
		left := d - time.Since(t.last)
		sync := t.modes[ansi.ModeSynchronizedOutput]
		t.mu.Unlock()
		if left <= 0 && !sync {
			return nil
		}
		if time.Now().After(limit) {
			return fmt.Errorf("screen: %s is not quiet for %v within %v", t.cfg.Command[0], d, t.cfg.Timeout)
		}
		time.Sleep(max(left, time.Millisecond))
	}
}

// Running waits until the program does not edit a line.
func (t *Terminal) Running() error {
	_, err := t.watch("running program", func() bool { return !t.modes[ansi.ModeBracketedPaste] })
	return err
}

// Settle waits until the program has answered what was typed, edits a line and is quiet for a while.
func (t *Terminal) Settle(d time.Duration) error {
	t.answered()
	for {
		if _, err := t.watch("line editor", func() bool { return t.modes[ansi.ModeBracketedPaste] }); err != nil {
			return err
		}
		if err := t.Quiet(d); err != nil {
			return err
		}
		if t.Reading() {
			return nil
		}
	}
}

// answered waits for output after the last keys; there are keys that are answered by nothing.
func (t *Terminal) answered() {
	for limit := time.Now().Add(time.Second); time.Now().Before(limit) && t.Alive(); time.Sleep(time.Millisecond) {
		t.mu.Lock()
		some := t.output.Len() > t.sent
		t.mu.Unlock()
		if some {
			return
		}
	}
}
