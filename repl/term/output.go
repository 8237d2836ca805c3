package term

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"

	"kairos/repl"
	"kairos/repl/highlight"
	"kairos/repl/line"
)

// output is where one cell shows things.
type output struct {
	*terminal
	cancel context.CancelFunc // interrupts the cell
	ended  atomic.Bool        // the cell; goroutines of it may still show something
	gaveUp atomic.Bool        // the user, when asked
}

// Stream implements repl.Output.
func (o *output) Stream(name, text string) {
	defer o.restore()
	if name == repl.Stderr {
		text = o.look.paint(stderrStyle, text)
	}
	o.screen.print(text)
}

// stderrStyle is dim red.
const stderrStyle highlight.Style = "2;31"

// Display implements repl.Output.
func (o *output) Display(d repl.Display) {
	defer o.restore()
	o.screen.display(d.ID, d.Update, func() (string, int) { return o.shown(d.ID, d.Data) })
}

// Clear implements repl.Clearer.
func (o *output) Clear(wait bool) {
	defer o.restore()
	o.screen.clear(wait)
}

// Progress implements repl.Output.
func (o *output) Progress(p repl.Progress) {
	defer o.restore()
	o.screen.progress(p)
}

// errNotAsked is what a goroutine gets that a cell left behind: the user is at the prompt.
var errNotAsked = errors.New("term: input: the cell has ended, and what is typed belongs to the prompt")

// interruptFirst is how long the answer to a question waits that Ctrl-C gave, so that the cell is interrupted before it
// can do something about it.
const interruptFirst = 100 * time.Millisecond

// Input implements repl.Output. Ctrl-C interrupts the cell.
func (o *output) Input(ctx context.Context, prompt string, secret bool) (string, error) {
	defer o.restore()
	if o.ended.Load() {
		return "", errNotAsked
	}
	o.asking.Lock() // one question at a time
	defer o.asking.Unlock()
	o.screen.hide()
	defer o.screen.show()
	text, err := o.editor.ReadLine(ctx, prompt, secret)
	if errors.Is(err, line.ErrCancelled) {
		o.gaveUp.Store(true)
		o.cancel()
		time.Sleep(interruptFirst)
		return "", context.Canceled
	}
	if err != nil && ctx.Err() == nil && !errors.Is(err, io.EOF) {
		o.screen.print(o.style.Error(err) + "\n")
	}
	return text, err
}
