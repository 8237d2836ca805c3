package main

import (
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"kairos/internal/screen"
)

// start starts a side and waits for its prompt.
func start(s side) (w *screen.Terminal, took time.Duration, err error) {
	begin := time.Now()
	w, err = screen.Start(screen.Config{Command: s.command, Env: s.env, Timeout: 2 * time.Minute})
	if err != nil {
		return nil, 0, err
	}
	at, err := w.WaitCursor("prompt", func(line string, x int) bool { return s.prompt.MatchString(line) })
	if err != nil {
		w.Close()
		return nil, 0, err
	}
	return w, at.Sub(begin), nil
}

// firstPrompts starts all sides in turn, and once before that for what they do only once.
func firstPrompts(sides []side, rounds int) ([][]time.Duration, error) {
	times := make([][]time.Duration, len(sides))
	for round := range rounds + 1 {
		for i, s := range sides {
			w, took, err := start(s)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.name, err)
			}
			w.Close()
			if round > 0 {
				times[i] = append(times[i], took)
			}
		}
	}
	return times, nil
}

// session measures what happens in one session.
func (c *column) session(s side, rounds, keys int) error {
	w, _, err := start(s)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := s.enter(w, s.before); err != nil {
		return err
	}
	if c.one, err = s.cells(w, rounds); err != nil {
		return err
	}
	if c.complete, err = s.completions(w, rounds); err != nil {
		return err
	}
	c.stroke, err = s.keystrokes(w, keys)
	return err
}

// quiet is how long nothing happens before a measure begins.
const quiet = 150 * time.Millisecond

// enter types a cell; the time is that from Enter to the next prompt.
func (s side) enter(w *screen.Terminal, cell string) (time.Duration, error) {
	if err := typeSlowly(w, cell); err != nil {
		return 0, err
	}
	if _, err := w.WaitCursor("cell", func(line string, x int) bool { return !s.prompt.MatchString(line) }); err != nil {
		return 0, err
	}
	if err := w.Quiet(quiet); err != nil {
		return 0, err
	}
	begin := time.Now()
	if err := w.Send("<Enter>"); err != nil {
		return 0, err
	}
	at, err := w.WaitCursor("next prompt", func(line string, x int) bool { return s.prompt.MatchString(line) })
	if err != nil {
		return 0, err
	}
	return at.Sub(begin), w.Quiet(quiet)
}

// typeSlowly types as people do: there are line editors that leave a part of what comes at once until the next key.
func typeSlowly(w *screen.Terminal, text string) error {
	for _, r := range text {
		if err := w.Write(string(r)); err != nil {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil
}

// cells measures a trivial cell, after one that is not counted.
func (s side) cells(w *screen.Terminal, rounds int) (times []time.Duration, err error) {
	for round := range rounds + 1 {
		took, err := s.enter(w, cell11)
		if err != nil {
			return nil, err
		}
		if round > 0 {
			times = append(times, took)
		}
	}
	return times, nil
}

// completions measures Tab to what it lists, after a time that is not counted.
func (s side) completions(w *screen.Terminal, rounds int) (times []time.Duration, err error) {
	if s.member == "" {
		return nil, nil
	}
	for round := range rounds + 1 {
		took, err := s.completion(w)
		if err != nil {
			return nil, err
		}
		if round > 0 {
			times = append(times, took)
		}
	}
	return times, nil
}

func (s side) completion(w *screen.Terminal) (time.Duration, error) {
	if err := w.Send("<C-l>"); err != nil { // no list of an earlier time is seen
		return 0, err
	}
	if err := w.Quiet(quiet); err != nil {
		return 0, err
	}
	if err := typeSlowly(w, s.member); err != nil {
		return 0, err
	}
	if _, err := w.WaitCursor("start of a name", func(line string, x int) bool { return strings.HasSuffix(line, s.member) }); err != nil {
		return 0, err
	}
	if err := w.Quiet(quiet); err != nil {
		return 0, err
	}
	if s.lists {
		if err := w.Send("<Tab>"); err != nil {
			return 0, err
		}
		if err := w.Quiet(20 * quiet); err != nil {
			return 0, err
		}
	}
	begin := time.Now()
	if err := w.Send("<Tab>"); err != nil {
		return 0, err
	}
	at, err := w.Wait("menu", func(now screen.Screen) bool { return s.menu.MatchString(now.Text()) })
	if err != nil {
		return 0, err
	}
	if err := w.Quiet(quiet); err != nil {
		return 0, err
	}
	return at.Sub(begin), s.clear(w)
}

// clear makes the line empty, as often as it takes: the first Ctrl-C may close the menu only.
func (s side) clear(w *screen.Terminal) error {
	for range 4 {
		if s.prompt.MatchString(w.Screen().Line()) {
			return nil
		}
		if err := w.Send(s.leave); err != nil {
			return err
		}
		if err := w.Quiet(2 * quiet); err != nil {
			return err
		}
	}
	return fmt.Errorf("the line does not become empty:\n%v", w.Screen())
}

// keystrokes measures letters that are typed at the end of a cell of 200 lines.
func (s side) keystrokes(w *screen.Terminal, keys int) (times []time.Duration, err error) {
	if s.lines == "" {
		return nil, nil
	}
	text := strings.Repeat(s.lines+"\n", 199) + s.lines + " "
	if err := w.Send("<Paste>" + text + "</Paste>"); err != nil {
		return nil, err
	}
	if err := w.Quiet(time.Second); err != nil {
		return nil, err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // no pauses of our own
	column := w.Screen().X
	for n := range keys {
		if n > 0 && n%28 == 0 { // the line does not grow
			if err := shorten(w, column, 28); err != nil {
				return nil, err
			}
		}
		took, err := stroke(w, string(rune('a'+n%26)))
		if err != nil {
			return nil, err
		}
		times = append(times, took)
	}
	return times, nil
}

// shorten takes the last characters off, until the cursor is in a column again.
func shorten(w *screen.Terminal, column, characters int) error {
	for range characters {
		if err := w.Send("<Backspace>"); err != nil {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
	if _, err := w.WaitCursor("shorter line", func(line string, x int) bool { return x == column }); err != nil {
		return err
	}
	return w.Quiet(2 * quiet)
}

// stroke types a letter, as a fast typist does, and waits until it stands before the cursor.
func stroke(w *screen.Terminal, letter string) (time.Duration, error) {
	was := w.Screen()
	begin := time.Now()
	if err := w.Write(letter); err != nil {
		return 0, err
	}
	at, err := w.WaitCursor("letter", func(line string, x int) bool { return x == was.X+1 && strings.HasSuffix(line, letter) })
	if err != nil {
		return 0, err
	}
	time.Sleep(30 * time.Millisecond) // what the program does after it has drawn is its own business
	return at.Sub(begin), nil
}
