package line

import (
	"fmt"
	"strings"

	"kairos/repl/highlight"
	"kairos/repl/line/internal/paint"
)

// view lays a machine's text out for a screen. Of a text that is higher than the screen it shows the part with the cursor.
type view struct {
	first, more paint.Row // the prompt
	color       bool
	top         int // the first row shown
}

func newView(p Prompt, color bool) *view {
	v := &view{color: color}
	v.first, v.more = v.coded(p.First, ""), v.coded(p.More, "")
	return v
}

// styled is a style, if there are any.
func (v *view) styled(s highlight.Style) highlight.Style {
	if !v.color {
		return ""
	}
	return s
}

// frame is what the screen shows of a text.
func (v *view) frame(m *machine, columns, rows int) paint.Frame {
	below := v.below(m, columns, rows)
	l := v.layout(m, columns)
	height := max(1, rows-len(below))
	v.top = min(v.top, l.cursorRow, max(0, l.rows-height))
	v.top = max(v.top, l.cursorRow-height+1)
	f := paint.Frame{Rows: l.paint(v.top, v.top+height), Row: l.cursorRow - v.top, Column: l.cursorColumn}
	f.Rows = append(f.Rows, below...)
	return f
}

// whole is all rows of a text, however high, without what belongs to the writing of it.
func (v *view) whole(m *machine, columns int) paint.Frame {
	plain := *m
	plain.ghost = ghost{}
	plain.Move(len(plain.Text()))
	l := v.layout(&plain, columns)
	l.pair = [2]int{-1, -1}
	return paint.Frame{Rows: l.paint(0, l.rows), Row: l.cursorRow, Column: l.cursorColumn}
}

// below is what stands under the text: the query of a search, the candidates, the call that is being written.
func (v *view) below(m *machine, columns, rows int) []paint.Row {
	var list []paint.Row
	switch room := rows - 1; {
	case room < 1:
	case m.search != nil:
		list = append(list, v.query(m.search))
	case m.menu != nil:
		list = v.candidates(m.menu, columns, min(room, max(5, rows/3)))
	case m.hint != "":
		list = append(list, v.coded(m.hint, highlight.Dim))
	}
	for i, row := range list {
		list[i] = row.Clip(columns)
	}
	return list
}

// coded is a text of one row that may hold codes, which are left out if there are to be none.
func (v *view) coded(text string, style highlight.Style) paint.Row {
	row := paint.Cells(strings.ReplaceAll(text, "\n", " "), style)
	if !v.color {
		for i := range row {
			row[i].Style = ""
		}
	}
	return row
}

func (v *view) query(s *search) paint.Row {
	label := "search: "
	if s.direction > 0 {
		label = "search onwards: "
	}
	row := paint.Cells(label, v.styled(highlight.Dim))
	row = append(row, paint.Cells(s.query, v.styled(highlight.Strong))...)
	if s.failed {
		row = append(row, paint.Cells("  no entry has this", v.styled(highlight.Error))...)
	}
	return row
}

// candidates is a page of a menu: each with its kind and type, and how many there are if that is not all.
func (v *view) candidates(mn *menu, columns, room int) []paint.Row {
	page := room
	if len(mn.items) > page {
		page = max(1, page-1)
	}
	mn.height = page + 1
	start := max(mn.selected, 0) / page * page
	end := min(start+page, len(mn.items))
	var list []paint.Row
	text, kind := mn.columns()
	for i := start; i < end; i++ {
		list = append(list, v.candidate(mn, i, text, kind, columns))
	}
	if len(mn.items) > page && room > 1 {
		list = append(list, paint.Cells(fmt.Sprintf("  %d–%d of %d", start+1, end, len(mn.items)), v.styled(highlight.Dim)))
	}
	return list
}

func (v *view) candidate(mn *menu, i, text, kind, columns int) paint.Row {
	item := mn.items[i]
	mark, style := "  ", highlight.Style("")
	if i == mn.selected {
		mark, style = "> ", v.styled(highlight.Selected)
	}
	row := paint.Cells(mark, "")
	name := paint.Cells(strings.ReplaceAll(item.Text, "\n", " "), style).Clip(text)
	row = append(row, name...)
	row = append(row, blanks(text-name.Width(), style)...)
	rest := fmt.Sprintf("  %-*s  %s", kind, item.Kind, strings.ReplaceAll(item.Type, "\n", " "))
	return append(row, paint.Cells(strings.TrimRight(rest, " "), v.styled(highlight.Dim))...)
}

func blanks(n int, style highlight.Style) paint.Row {
	row := paint.Row{}
	for range n {
		row = append(row, paint.Cell{Text: " ", Width: 1, Style: style, Sure: true})
	}
	return row
}
