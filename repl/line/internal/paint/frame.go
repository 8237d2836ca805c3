// Package paint keeps rows of characters on a terminal as they should be.
//
//	Cell, Row  a character with its columns and style; what stands in a row of the screen
//	Frame      the rows, and where the cursor is in them
//	Painter    brings the screen from the last frame to the next and writes only what differs
//
// The frame begins at the start of a row and is never higher than the screen. All moves are relative to its top, which
// the Painter knows though it does not know where on the screen that is. Terminals do not agree on how wide some characters
// are; after such a one the column is set anew, and while painting the terminal does not wrap lines by itself.
package paint

import (
	"slices"
	"strings"

	"kairos/repl/highlight"
	"kairos/repl/line/internal/text"
)

// Cell is a character on the screen.
type Cell struct {
	Text  string
	Width int
	Style highlight.Style
	Sure  bool // whether all terminals agree on the width
}

// Row is the cells of a row from the left.
type Row []Cell

// Frame is what the screen is to show.
type Frame struct {
	Rows        []Row
	Row, Column int // of the cursor
}

// Width is the columns a row takes.
func (r Row) Width() int {
	n := 0
	for _, c := range r {
		n += c.Width
	}
	return n
}

// Styled is the row in one style.
func (r Row) Styled(style highlight.Style) Row {
	r = slices.Clone(r)
	for i := range r {
		r[i].Style = style
	}
	return r
}

// Clip cuts a row to a width; if something is lost, the last column says so.
func (r Row) Clip(width int) Row {
	switch {
	case r.Width() <= width:
		return r
	case width <= 0:
		return nil
	}
	n := 0
	for i, c := range r {
		if n+c.Width > width-1 {
			return append(r[:i:i], Cell{"…", 1, c.Style, false})
		}
		n += c.Width
	}
	return r
}

// Cells is a text of one line with SGR codes as cells; style is what a reset goes back to.
func Cells(s string, style highlight.Style) Row {
	var row Row
	current, column := style, 0
	for len(s) > 0 {
		if code, n := sgr(s); n > 0 {
			current = combine(style, current, code)
			s = s[n:]
			continue
		}
		c := text.First(s, column)
		row = append(row, Cell{c.Show, c.Width, current, c.Sure})
		column += c.Width
		s = s[c.Size:]
	}
	return row
}

// sgr is the parameters of the escape sequence that s begins with and its length. Other sequences have none.
func sgr(s string) (params string, n int) {
	if !strings.HasPrefix(s, "\x1b[") {
		return "", 0
	}
	end := 2
	for end < len(s) && (s[end] < 0x40 || s[end] > 0x7e) {
		end++
	}
	if end == len(s) {
		return "", end
	}
	if s[end] != 'm' {
		return "keep", end + 1
	}
	return s[2:end], end + 1
}

func combine(base, current highlight.Style, code string) highlight.Style {
	switch {
	case code == "keep":
		return current
	case code == "" || code == "0":
		return base
	case current == "":
		return highlight.Style(code)
	}
	return current + ";" + highlight.Style(code)
}
