package term

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"kairos/repl"
	"kairos/repl/highlight"
)

// bar is one progress.
type bar struct {
	id, label   string
	done, total int
	first       int // done when it began: what was done before does not count for the rate
	start, last time.Time
	quarter     int // that was printed last, where bars cannot be drawn
}

// newBar begins a progress. Work is often first reported when a step of it is done: then what it took is not known.
func newBar(p repl.Progress, now time.Time) *bar {
	return &bar{id: p.ID, label: p.Label, done: p.Done, total: p.Total, first: p.Done, start: now, last: now, quarter: -1}
}

// set reports a new state. A total that changes, or a count that falls, begins anew.
func (b *bar) set(p repl.Progress, now time.Time) {
	if p.Total != b.total || p.Done < b.done {
		quarter := b.quarter
		*b = *newBar(p, now)
		b.quarter = min(quarter, 4*b.done/max(b.total, 1)-1)
		return
	}
	b.done, b.last = p.Done, now
}

func (b *bar) finished() bool { return b.done >= b.total }

// rate is how much was done in a second, or 0 if that is not known yet.
func (b *bar) rate() float64 {
	if seconds := b.last.Sub(b.start).Seconds(); seconds > 0 {
		return float64(b.done-b.first) / seconds
	}
	return 0
}

// left is how long the rest takes at the rate so far.
func (b *bar) left() (time.Duration, bool) {
	rate := b.rate()
	if rate <= 0 {
		return 0, false
	}
	seconds := float64(b.total-b.done) / rate
	if seconds > 1e6 {
		return 0, false
	}
	return time.Duration(seconds * float64(time.Second)), true
}

// The width of what is drawn of a bar.
const (
	narrowest = 8
	widest    = 32
)

// barLines draws bars below each other, in columns, each in less than a number of columns of the window. Bars that stand
// still are those whose work ended, or was interrupted.
func barLines(bars []*bar, columns int, now time.Time, still bool, l look) []string {
	labels, room := 0, widest
	for _, b := range bars {
		labels = max(labels, uniseg.StringWidth(b.label))
	}
	parts := make([]barParts, len(bars))
	for i, b := range bars {
		parts[i] = b.parts(labels, columns, now, still, l)
		room = min(room, parts[i].room)
	}
	lines := make([]string, len(bars))
	for i, p := range parts {
		lines[i] = bars[i].line(p, room, still, l)
	}
	return lines
}

// barParts is what a line shows of a bar.
type barParts struct {
	head  string // label and percent
	facts []string
	room  int // columns for the drawing
}

// parts chooses what fits: the least important facts are left out first, and then the end of the label.
func (b *bar) parts(labels, columns int, now time.Time, still bool, l look) barParts {
	label := b.label + strings.Repeat(" ", labels-uniseg.StringWidth(b.label))
	percent := fmt.Sprintf("%3d%%", 100*b.done/max(b.total, 1))
	p := barParts{facts: b.facts(now, still, l)}
	space := columns - 1 - len(percent) - len("  ")
	for len(p.facts) > 0 && space-labels-factsWidth(p.facts) < narrowest {
		p.facts = p.facts[:len(p.facts)-1]
	}
	space -= factsWidth(p.facts)
	label = cut(label, max(space-narrowest, 0))
	p.head = strings.TrimLeft(label+" "+percent, " ")
	p.room = space - uniseg.StringWidth(label)
	return p
}

func (b *bar) line(p barParts, room int, still bool, l look) string {
	text := p.head
	if room > 2 {
		text += " " + b.drawing(room, still, l)
	}
	if len(p.facts) > 0 {
		text += " " + strings.Join(p.facts, l.paint(highlight.Dim, l.pick(" · ", " - ")))
	}
	return text
}

// facts are the texts beside a bar, the most important first.
func (b *bar) facts(now time.Time, still bool, l look) []string {
	facts := []string{fmt.Sprintf("%d/%d", b.done, b.total)}
	elapsed := now.Sub(b.start)
	if still {
		elapsed = b.last.Sub(b.start)
	}
	if left, known := b.left(); b.finished() {
		facts = append(facts, "took "+took(elapsed))
	} else if known && !still {
		facts = append(facts, clock(left)+" left")
	}
	if rate := b.rate(); rate > 0 {
		facts = append(facts, threeDigits(rate)+"/s")
	}
	if !b.finished() {
		facts = append(facts, clock(elapsed))
	}
	return facts
}

// factsWidth is how many columns facts take, with what stands before each.
func factsWidth(facts []string) (width int) {
	for _, fact := range facts {
		width += uniseg.StringWidth(fact) + len(" - ")
	}
	return width
}

// drawing is the bar itself.
func (b *bar) drawing(width int, still bool, l look) string {
	halves := 2 * width * b.done / max(b.total, 1)
	full, half := halves/2, halves%2
	color := highlight.Prompt
	if still && !b.finished() {
		color = highlight.Warning
	}
	if !l.unicode {
		inner := width - len("[]")
		full = inner * b.done / max(b.total, 1)
		return "[" + l.paint(color, strings.Repeat("=", full)) + l.paint(highlight.Dim, strings.Repeat(".", inner-full)) + "]"
	}
	if !l.color { // the rest has to be told from what is done
		return strings.Repeat("━", full) + strings.Repeat("─", width-full)
	}
	return l.paint(color, strings.Repeat("━", full)+strings.Repeat("╸", half)) +
		l.paint(highlight.Dim, strings.Repeat("─", width-full-half))
}

// cut shortens text to a width.
func cut(text string, width int) string {
	if uniseg.StringWidth(text) <= width {
		return text
	}
	var b strings.Builder
	for rest, state := text, -1; rest != ""; {
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if width -= w; width < 0 {
			break
		}
		b.WriteString(cluster)
	}
	return b.String()
}

// threeDigits writes a positive number for reading, without an exponent.
func threeDigits(x float64) string {
	if x >= 100 {
		return fmt.Sprintf("%.0f", x)
	}
	digits := max(2-int(math.Floor(math.Log10(x))), 0)
	text := fmt.Sprintf("%.*f", min(digits, 9), x)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
