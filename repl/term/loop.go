package term

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kairos/repl"
	"kairos/repl/highlight"
	"kairos/repl/line"
	"kairos/repl/pretty"
	"kairos/repl/term/picture"
)

// terminal is a session with its terminal.
type terminal struct {
	Config
	look       look
	ctx        context.Context
	end        context.CancelCauseFunc
	editor     editor
	screen     *screen
	images     func(columns, rows int) picture.Screen
	figures    figures
	style      pretty.Style
	sources    sources
	interrupts *interrupts

	number   int           // of the next cell
	started  chan struct{} // closed when the start-up file was evaluated
	pending  int           // the cell that was interrupted and is in a call that does not end
	patience patience
	asking   sync.Mutex
	missed   atomic.Bool // an interrupt, before or after the editor had the keys
	warned   bool        // that something runs
}

func open(ctx context.Context, c Config) (*terminal, error) {
	t := &terminal{Config: c, look: lookOf(c), number: 1, started: make(chan struct{})}
	t.ctx, t.end = context.WithCancelCause(ctx)
	t.interrupts = listen(t.end, t.restore)
	t.interrupts.hold(func() { t.missed.Store(true) })
	completer := completer{c.Session, t.look, t.restore}
	var err error
	if t.editor, err = newEditor(c, t.look, completer, t.interrupts); err != nil {
		t.interrupts.close()
		return nil, fmt.Errorf("term: open: %w", err)
	}
	t.screen = &screen{look: t.look, out: t.editor, size: t.editor.Size, now: time.Now, restoring: t.restore}
	t.style = pretty.Style{Color: t.look.color, Source: t.sources.line}
	t.figures.dir = c.Env(FiguresVariable)
	c.Front.terminal.Store(t)
	images, err := imagesOf(c, t.look)
	t.images = images
	t.screen.print(t.look.banner(c.Banner))
	if err != nil {
		t.screen.print(t.style.Error(err) + "\n")
	}
	return t, nil
}

func (t *terminal) close() {
	t.Front.terminal.Store(nil)
	t.interrupts.close()
	t.end(nil)
	t.editor.Close()
}

// restore is deferred by goroutines that are not the loop's: a panic finds the terminal as it was.
func (t *terminal) restore() {
	if p := recover(); p != nil {
		t.editor.Close()
		io.WriteString(t.Out, "\n") // what Go says about it begins a row
		panic(p)
	}
}

// loop reads and evaluates until the user leaves.
func (t *terminal) loop() error {
	go t.startUp()
	for {
		src, err := t.read()
		switch {
		case t.ctx.Err() != nil:
			return context.Cause(t.ctx)
		case errors.Is(err, line.ErrCancelled):
			t.cancelled()
			continue
		case errors.Is(err, io.EOF):
			if t.mayLeave() {
				return nil
			}
			continue
		case err != nil:
			return fmt.Errorf("term: read a cell: %w", err)
		case strings.TrimSpace(src) == "":
			continue
		}
		t.evaluate(src)
		if t.Front.left.Load() {
			return nil
		}
	}
}

// read asks for a cell. An interrupt that comes before the editor has the keys counts as Ctrl-C.
func (t *terminal) read() (string, error) {
	ctx, cancel := context.WithCancel(t.ctx)
	defer cancel()
	defer t.interrupts.hold(func() {
		t.missed.Store(true)
		cancel()
	})()
	if t.missed.Swap(false) {
		return "", line.ErrCancelled
	}
	t.mark("A")
	src, err := t.editor.Read(ctx, t.look.prompt(t.number), t.Front.takeNext())
	if err != nil && t.ctx.Err() == nil && t.missed.Swap(false) {
		return "", line.ErrCancelled
	}
	return src, err
}

// mark tells the terminal where a prompt (A), the output of a cell (C) and its end (D) are.
func (t *terminal) mark(what string) {
	if t.look.marks {
		fmt.Fprintf(t.Out, "\x1b]133;%s\a", what) // no part of any text that the editor knows
	}
}

// evaluate has the session evaluate a cell, and shows what comes of it.
func (t *terminal) evaluate(src string) {
	t.mark("C")
	ctx, cancel := context.WithCancel(t.ctx)
	defer cancel()
	out := &output{terminal: t, cancel: cancel}
	t.screen.begin()
	t.patience.begin()
	release := t.interrupts.hold(func() { t.interrupted(cancel) })
	t.warned = false
	if t.missed.Swap(false) {
		t.interrupted(cancel)
	}
	t.awaitStart(ctx)
	result, err := t.Session.Eval(ctx, src, out)
	out.ended.Store(true)
	release()
	if out.gaveUp.Load() && err == nil {
		err = &repl.Interrupted{} // it ended before it could be
	}
	t.settle(src, result, err)
}

// settle shows the value or the error of a cell, and prepares the next one.
func (t *terminal) settle(src string, result repl.Result, err error) {
	sawBars := t.screen.end()
	if result.Number > 0 {
		t.sources.keep(result.Number, src)
		t.number = result.Number + 1
	}
	if t.patience.done() {
		t.number, t.pending, err = 1, 0, nil
	}
	if len(result.Values) > 0 {
		t.screen.print(t.value(result))
	}
	if err != nil {
		t.screen.print(t.explain(src, err) + "\n")
	}
	t.note(result, err)
	if elapsed := result.Elapsed; t.Front.timing.Load() && elapsed > 0 || elapsed >= longCell && !sawBars && err == nil {
		t.screen.print(t.look.paint(highlight.Dim, "took "+took(elapsed)) + "\n")
	}
	t.screen.print("\n")
	if err != nil {
		t.mark("D;1")
	} else {
		t.mark("D;0")
	}
}

// longCell is how long a cell takes at least whose time is told.
const longCell = time.Second

// note keeps in mind whether a cell does not end.
func (t *terminal) note(result repl.Result, err error) {
	var interrupted *repl.Interrupted
	var busy *repl.Busy
	switch {
	case errors.As(err, &interrupted) && interrupted.Pending:
		t.pending = max(result.Number, 1)
	case errors.As(err, &busy):
		t.pending = busy.Pending
	case err == nil || !errors.As(err, &interrupted):
		t.pending = 0
	}
}

// explain words an error. What people type to leave other programs gets an answer.
func (t *terminal) explain(src string, err error) string {
	word := strings.TrimSuffix(strings.TrimSpace(src), "()")
	var wrong *repl.CompileError
	if (word == "exit" || word == "quit") && errors.As(err, &wrong) {
		return t.look.paint(highlight.Dim, "To leave, press Ctrl-D, or type %"+word)
	}
	var interrupted *repl.Interrupted
	text := t.style.Error(err)
	if errors.As(err, &interrupted) && interrupted.Pending {
		text += "\n" + t.look.paint(highlight.Dim, "Press Ctrl-C twice to restart the session and lose its variables.")
	}
	return text
}

// mayLeave asks again when something still runs that leaving would end.
func (t *terminal) mayLeave() bool {
	if t.warned {
		return true
	}
	ctx, cancel := context.WithTimeout(t.ctx, askPatience)
	defer cancel()
	running, err := t.Session.Running(ctx)
	if t.pending > 0 {
		running = append(running, t.pending)
	}
	if len(running) == 0 || err != nil && t.pending == 0 {
		return true
	}
	t.warned = true
	what := fmt.Sprintf("cell[%d] still runs", slices.Max(running))
	t.screen.print(t.look.paint(highlight.Warning, what+": press Ctrl-D again to leave and end it.") + "\n\n")
	return false
}

// askPatience is how long a session may take to say what it does, when the user wants to leave.
const askPatience = time.Second
