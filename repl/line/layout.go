package line

import (
	"sort"
	"strings"

	"kairos/repl/highlight"
	"kairos/repl/line/internal/paint"
	"kairos/repl/line/internal/text"
)

// leastRoom is how many columns are left for text at least; for them the prompt is cut.
const leastRoom = 8

// layout is a text in rows. Only those that are seen become cells.
type layout struct {
	*view
	src     string // with what is proposed behind it
	typed   int    // how much of src is text
	columns int
	lines   []shape
	rows    int
	spans   []highlight.Span
	pair    [2]int // brackets that belong together, -1 if none
	found   [2]int // what a search found
	secret  bool

	cursorRow, cursorColumn int
}

// shape is where a line is.
type shape struct{ from, to, row, rows int }

func (v *view) layout(m *machine, columns int) *layout {
	l := &layout{view: v, src: m.Text(), typed: len(m.Text()), columns: columns, pair: [2]int{-1, -1}, secret: m.secret}
	if m.secret {
		l.src, l.typed = "", 0
	} else {
		l.src += m.ghost.text
	}
	if v.color && !m.single && !m.secret {
		l.colour(m)
	}
	l.measure(min(m.Pos(), l.typed))
	return l
}

func (l *layout) colour(m *machine) {
	l.spans = m.spans(m.Text())
	if a, b, ok := pair(m.Text(), l.spans, m.Pos()); ok && len(m.Text()) <= maxColoured {
		l.pair = [2]int{a, b}
	}
	if m.search != nil {
		l.found = [2]int{m.search.from, m.search.to}
	}
}

// prompt is what stands before a line, cut if the screen is narrow.
func (l *layout) prompt(line int) paint.Row {
	row := l.more
	if line == 0 {
		row = l.first
	}
	if row.Width() > l.columns-leastRoom {
		row = row.Clip(max(0, l.columns-leastRoom))
	}
	return row
}

// measure splits the text into lines and counts their rows.
func (l *layout) measure(cursor int) {
	for from := 0; from <= len(l.src); {
		to := len(l.src)
		if i := strings.IndexByte(l.src[from:], '\n'); i >= 0 {
			to = from + i
		}
		s := shape{from: from, to: to, row: l.rows}
		if s.rows = l.count(len(l.lines), from, to); cursor >= from && cursor <= to {
			s.rows = max(s.rows, l.place(s, cursor))
		}
		l.lines = append(l.lines, s)
		l.rows += s.rows
		from = to + 1
	}
}

// count is the rows of a line. Plain letters need not be looked at one by one.
func (l *layout) count(line, from, to int) int {
	room := l.columns - l.prompt(line).Width()
	s := l.src[from:to]
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			rows := 1
			l.walk(line, from, to, func(_ int, _ text.Cluster, row, _ int) { rows = row + 1 })
			return rows
		}
	}
	return max(1, (len(s)+room-1)/room)
}

// place finds the cursor in its line and returns how many rows it needs: behind a full row it stands in a new one.
func (l *layout) place(s shape, cursor int) int {
	line := len(l.lines)
	indent := l.prompt(line).Width()
	row, column := 0, indent
	l.walk(line, s.from, cursor, func(_ int, c text.Cluster, r, at int) { row, column = r, at+c.Width })
	next := text.Cluster{Width: 1}
	if cursor < s.to {
		next = text.First(l.src[cursor:], column-indent)
	}
	if column+next.Width > l.columns && column > indent {
		row, column = row+1, indent
	}
	l.cursorRow, l.cursorColumn = s.row+row, column
	return row + 1
}

// walk visits the characters of a part of a line with the row, counted from the line's first, and the column of each.
func (l *layout) walk(line, from, to int, visit func(at int, c text.Cluster, row, column int)) {
	indent := l.prompt(line).Width()
	row, column := 0, indent
	for at := from; at < to; {
		c := text.First(l.src[at:to], column-indent)
		if column+c.Width > l.columns && column > indent {
			row, column = row+1, indent
			c = text.First(l.src[at:to], 0)
		}
		visit(at, c, row, column)
		column += c.Width
		at += c.Size
	}
}

// paint makes cells of the rows from top to bottom.
func (l *layout) paint(top, bottom int) []paint.Row {
	bottom = min(bottom, l.rows)
	list := make([]paint.Row, bottom-top)
	first := sort.Search(len(l.lines), func(i int) bool { return l.lines[i].row+l.lines[i].rows > top })
	for i := first; i < len(l.lines) && l.lines[i].row < bottom; i++ {
		l.paintLine(i, list, top)
	}
	return list
}

func (l *layout) paintLine(i int, list []paint.Row, top int) {
	s, prompt := l.lines[i], l.prompt(i)
	if s.from > l.typed {
		prompt = prompt.Styled(highlight.Ghost)
	}
	for r := range s.rows {
		if at := s.row + r - top; at >= 0 && at < len(list) {
			if list[at] = append(list[at], prompt...); r > 0 {
				list[at] = blanks(prompt.Width(), "")
			}
		}
	}
	span := sort.Search(len(l.spans), func(k int) bool { return l.spans[k].To > s.from })
	l.walk(i, s.from, s.to, func(at int, c text.Cluster, row, _ int) {
		for span < len(l.spans) && l.spans[span].To <= at {
			span++
		}
		if row += s.row - top; row >= 0 && row < len(list) {
			list[row] = append(list[row], l.cells(at, c, span)...)
		}
	})
}

// cells are those of a character: one, or for a control or a tab one for each column, so that a row can end anywhere.
func (l *layout) cells(at int, c text.Cluster, span int) paint.Row {
	style := l.style(at, span)
	if c.Width <= 2 && (c.Show != "  " && c.Show[0] != '^' || c.Width == 1) {
		return paint.Row{{Text: c.Show, Width: c.Width, Style: style, Sure: c.Sure}}
	}
	row := make(paint.Row, 0, c.Width)
	for i := range c.Show {
		row = append(row, paint.Cell{Text: c.Show[i : i+1], Width: 1, Style: style, Sure: true})
	}
	return row
}

func (l *layout) style(at, span int) highlight.Style {
	switch {
	case !l.color:
		return ""
	case at >= l.typed:
		return highlight.Ghost
	case at == l.pair[0] || at == l.pair[1]:
		return highlight.Match
	case at >= l.found[0] && at < l.found[1]:
		return highlight.Found
	case span < len(l.spans) && l.spans[span].From <= at:
		return l.spans[span].Kind.Style()
	}
	return ""
}
