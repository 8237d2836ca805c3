package paint

import (
	"slices"
	"strconv"

	"kairos/repl/highlight"
)

// What surrounds a change that takes the cursor about: the terminal shows it at once, hides the cursor and does not wrap.
const (
	before = "\x1b[?2026h\x1b[?25l" + still
	after  = wrapping + "\x1b[?25h\x1b[?2026l"

	still    = "\x1b[?7l"
	wrapping = "\x1b[?7h"
)

// Painter writes frames. Its bytes are taken with Take.
type Painter struct {
	Columns int  // of the screen
	Reflows bool // the terminal wraps its lines anew when it is resized

	frame       Frame // on the screen
	row, column int   // of the cursor; column -1 if it is not known for sure
	height      int   // rows from the top of the frame on that the cursor can be moved to
	style       highlight.Style
	out         []byte
	roaming     bool // out takes the cursor about
}

// Take returns what is to be written to the terminal and forgets it.
func (p *Painter) Take() []byte {
	if len(p.out) == 0 {
		return nil
	}
	p.setStyle("")
	out := p.out
	if p.roaming {
		out = slices.Concat([]byte(before), out, []byte(after))
	}
	p.out, p.roaming = p.out[:0], false
	return slices.Clone(out)
}

// Paint brings the screen to a frame.
func (p *Painter) Paint(f Frame) {
	p.height = max(p.height, 1)
	for i, row := range f.Rows {
		var old Row
		if i < len(p.frame.Rows) {
			old = p.frame.Rows[i]
		}
		p.paintRow(i, old, row)
	}
	if len(f.Rows) < len(p.frame.Rows) {
		p.move(len(f.Rows), 0)
		p.add("\x1b[J")
	}
	p.move(f.Row, f.Column)
	p.frame = f
}

// paintRow writes from the first cell that differs to the last one.
func (p *Painter) paintRow(i int, old, row Row) {
	start, end := differ(old, row)
	width, oldWidth := row.Width(), old.Width()
	if start == end && oldWidth <= width {
		if i >= p.height {
			p.move(i, 0)
		}
		return
	}
	p.move(i, row[:start].Width())
	p.cells(row[start:end])
	if width < oldWidth {
		p.setStyle("")
		p.add("\x1b[K")
	}
}

// differ returns the part of a row that is to be written where another stands. Behind a character of doubtful width
// everything is.
func differ(old, row Row) (start, end int) {
	for start < len(row) && start < len(old) && row[start] == old[start] {
		start++
	}
	end = len(row)
	if old.Width() == row.Width() {
		for k := len(old); end > start && k > start && row[end-1] == old[k-1]; k-- {
			end--
		}
	}
	if slices.ContainsFunc(row[start:end], func(c Cell) bool { return !c.Sure }) {
		end = len(row)
	}
	return start, end
}

// cells writes cells where the cursor is.
func (p *Painter) cells(cells []Cell) {
	for _, c := range cells {
		p.setStyle(c.Style)
		if c.Sure {
			p.out = append(p.out, c.Text...)
			p.column += c.Width
		} else {
			p.doubtful(c)
		}
	}
	if p.column >= p.Columns {
		p.column, p.roaming = -1, true
	}
}

// doubtful writes a character that the terminal may think narrower, so that blanks come first, or wider, so that the rest of
// the row is cleared behind it.
func (p *Painter) doubtful(c Cell) {
	p.roaming = true
	at := p.column
	if c.Width > 1 {
		p.add("  ")
		p.csi(at+1, 'G')
	}
	p.add(c.Text)
	p.column = at + c.Width
	if p.column < p.Columns {
		p.csi(p.column+1, 'G')
		p.setStyle("")
		p.add("\x1b[K")
	}
}

// move takes the cursor to a place in the frame. Rows below the last one come into being, at the bottom of the screen by
// scrolling.
func (p *Painter) move(row, column int) {
	if row != p.row {
		p.setStyle("")
		p.roaming = true
	}
	switch {
	case row < p.row:
		p.csi(p.row-row, 'A')
	case row > p.row && row < p.height:
		p.csi(row-p.row, 'B')
	case row > p.row:
		if p.height-1 > p.row {
			p.csi(p.height-1-p.row, 'B')
		}
		for ; p.height <= row; p.height++ {
			p.add("\r\n")
		}
		p.column = 0
	}
	p.row = row
	column = min(column, p.Columns-1)
	switch {
	case column == p.column:
	case column == 0:
		p.add("\r")
	case p.column > 0 && column == p.column-1:
		p.add("\b")
	default:
		p.csi(column+1, 'G')
	}
	p.column = column
}

func (p *Painter) csi(n int, final byte) {
	p.out = append(p.out, "\x1b["...)
	p.out = strconv.AppendInt(p.out, int64(n), 10)
	p.out = append(p.out, final)
}

func (p *Painter) add(s string) { p.out = append(p.out, s...) }

func (p *Painter) setStyle(s highlight.Style) {
	if s == p.style {
		return
	}
	if p.style != "" {
		p.add(highlight.Reset)
	}
	p.add(s.Code())
	p.style = s
}

// Erase takes the frame off the screen. The next one begins where it began.
func (p *Painter) Erase() {
	if p.height == 0 {
		return
	}
	p.roaming = true
	p.move(0, 0)
	p.clear()
	p.frame = Frame{}
}

// clear clears the screen from the start of a row on. It begins a column further on: some terminals take a screen that is
// cleared from its first column for one to be kept, and move what was on it up out of sight.
func (p *Painter) clear() { p.add("\x1b[K\x1b[C\x1b[J\r") }

// Height is how many rows the frame takes, or took when it was highest.
func (p *Painter) Height() int { return p.height }

// Above takes the cursor up from the top of an erased frame and clears the screen from there on.
func (p *Painter) Above(rows int) {
	p.csi(rows, 'A')
	p.clear()
}

// Leave lets the frame stand. The next one begins in the row below it, which is where the cursor is.
func (p *Painter) Leave() {
	p.move(max(len(p.frame.Rows)-1, 0), 0)
	p.add("\r\n")
	p.Forget()
}

// Forget lets the next frame begin in the cursor's row, which has to be empty.
func (p *Painter) Forget() {
	p.frame, p.row, p.column, p.height = Frame{}, 0, 0, 0
}

// Raw writes bytes that leave the cursor at the start of a row. The frame has to be off the screen.
func (p *Painter) Raw(s string) {
	p.setStyle("")
	p.roaming = true
	p.add(wrapping + s + still)
	p.Forget()
}

// Resize takes the frame off a screen that has another size by now. Where its top is depends on whether the terminal has
// wrapped the rows that became too long.
func (p *Painter) Resize(columns, rows int) {
	if columns == p.Columns && p.height <= rows {
		return
	}
	up := p.row
	if p.Reflows {
		up = max(p.column, p.frame.Column, 0) / columns
		for _, row := range p.frame.Rows[:min(p.row, len(p.frame.Rows))] {
			up += row.Wrapped(columns)
		}
	}
	p.Columns = columns
	if p.height == 0 {
		return
	}
	p.roaming = true
	p.add("\r")
	if up > 0 {
		p.csi(up, 'A')
	}
	p.clear()
	p.Forget()
	p.height = 1
}

// Wrapped is how many rows a row takes on a screen of another width.
func (r Row) Wrapped(columns int) int {
	rows, column := 1, 0
	for _, c := range r {
		if column+c.Width > columns {
			rows, column = rows+1, 0
		}
		column += c.Width
	}
	return rows
}
