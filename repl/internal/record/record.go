// Package record has the Output of tests: it writes down what it gets, in order.
package record

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"kairos/repl"
)

// Output writes down stdout:TEXT, stderr:TEXT, show:TEXT and progress:DONE/TOTAL.
type Output struct {
	Answer func(ctx context.Context, prompt string) (string, error) // to Input; by default io.EOF
	Delay  time.Duration                                            // of each message of text

	mu       sync.Mutex
	log      []string
	messages int
	displays []repl.Display
	progress []repl.Progress
}

func (o *Output) add(kind, text string) {
	if n := len(o.log); n > 0 && strings.HasPrefix(o.log[n-1], kind) && strings.HasPrefix(kind, "std") {
		o.log[n-1] += text
		return
	}
	o.log = append(o.log, kind+text)
}

// Stream implements repl.Output. Text that is not UTF-8 is marked.
func (o *Output) Stream(name, text string) {
	time.Sleep(o.Delay)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.messages++
	if !utf8.ValidString(text) {
		o.add("invalid:", text)
	}
	o.add(name+":", text)
}

// Display implements repl.Output.
func (o *Output) Display(d repl.Display) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.displays = append(o.displays, d)
	o.add("show:", d.Data.Text())
}

// Progress implements repl.Output.
func (o *Output) Progress(p repl.Progress) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.progress = append(o.progress, p)
	o.add("progress:", fmt.Sprintf("%d/%d", p.Done, p.Total))
}

// Input implements repl.Output.
func (o *Output) Input(ctx context.Context, prompt string, _ bool) (string, error) {
	if o.Answer == nil {
		return "", io.EOF
	}
	return o.Answer(ctx, prompt)
}

// Mute is an Answer that never comes.
func Mute(ctx context.Context, _ string) (string, error) {
	<-ctx.Done()
	return "", ctx.Err()
}

// String returns what was written down, the parts separated by bars.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Join(o.log, "|")
}

// Messages returns how many messages of text there were.
func (o *Output) Messages() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.messages
}

// Displays returns what was shown.
func (o *Output) Displays() []repl.Display {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.displays)
}

// Reports returns the reports of progress.
func (o *Output) Reports() []repl.Progress {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.progress)
}

// Interrupt evaluates a cell, interrupts it after a while, and returns how long it took to return then, and its error.
func Interrupt(s repl.Session, src string, after time.Duration) (time.Duration, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var asked time.Time
	time.AfterFunc(after, func() { asked = time.Now(); cancel() })
	_, err := s.Eval(ctx, src, &Output{Answer: Mute})
	<-ctx.Done() // or the cell ended by itself
	return time.Since(asked), err
}
