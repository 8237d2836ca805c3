package kernel

import (
	"fmt"
	"html"
	"strings"
	"time"

	"kairos/repl"
	"kairos/stdlib/cell/render"
)

// A bar is drawn again after barPause at the earliest, and as barWidth characters where there is only text.
const (
	barPause = 100 * time.Millisecond
	barWidth = 30
)

// bar is a progress as it is shown: a display that is updated in place. Its fields are guarded by the output.
type bar struct {
	output *output
	id     string
	now    repl.Progress
	begun  time.Time
	drawn  time.Time // zero: never
	due    bool      // a timer will draw it
	stale  bool      // it was not drawn since it changed
}

// Progress implements repl.Output.
func (o *output) Progress(p repl.Progress) {
	if o.silent {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	b := o.bars[p.ID]
	if b == nil {
		b = &bar{output: o, id: o.kernel.shown.newID(o.kernel), begun: time.Now()}
		if o.bars == nil {
			o.bars = map[string]*bar{}
		}
		o.bars[p.ID] = b
	}
	b.now, b.stale = p, true
	wait := barPause - time.Since(b.drawn)
	switch {
	case wait <= 0 || p.Done == p.Total:
		b.show()
	case !b.due:
		b.due = true
		time.AfterFunc(wait, b.tick)
	}
}

// tick draws what was too early before.
func (b *bar) tick() {
	b.output.mu.Lock()
	defer b.output.mu.Unlock()
	b.due = false
	b.show()
}

// show draws the bar if it changed.
func (b *bar) show() {
	if !b.stale {
		return
	}
	update := !b.drawn.IsZero()
	b.stale, b.drawn = false, time.Now()
	data := map[string]any{render.Plain: b.text(), render.HTML: b.html()}
	b.output.show(update, display{data, metadata(nil, nil), transient{b.id}})
}

// text is the bar where there is only text.
func (b *bar) text() string {
	done := barWidth * b.now.Done / max(b.now.Total, 1)
	done = min(max(done, 0), barWidth)
	return b.label() + strings.Repeat("█", done) + strings.Repeat("░", barWidth-done) + " " + b.state()
}

func (b *bar) html() string {
	return fmt.Sprintf(`<div>%s<progress value="%d" max="%d" style="width: 20em; vertical-align: middle"></progress> %s</div>`,
		html.EscapeString(b.label()), b.now.Done, b.now.Total, b.state())
}

func (b *bar) label() string {
	if b.now.Label == "" {
		return ""
	}
	return b.now.Label + " "
}

// state is how far it is, and how long it took or will still take.
func (b *bar) state() string {
	p, took := b.now, time.Since(b.begun)
	s := fmt.Sprintf("%d/%d", p.Done, p.Total)
	switch {
	case p.Done >= p.Total:
		return s + " · " + rounded(took)
	case p.Done > 0 && took > time.Second:
		return s + " · " + rounded(took*time.Duration(p.Total-p.Done)/time.Duration(p.Done)) + " left"
	}
	return s
}

func rounded(d time.Duration) string {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
