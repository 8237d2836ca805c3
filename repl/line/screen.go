package line

import (
	"io"
	"strings"

	"kairos/repl/line/internal/paint"
)

// screen is a terminal's screen with the text that is being read on it.
type screen struct {
	out     io.Writer
	painter paint.Painter
	rows    int
	machine *machine
	view    *view  // nil while nothing is being read
	tail    string // the row that was printed last and has not ended
}

// fresh brings the cursor to the start of an empty row. Nobody knows where it was: blanks up to the edge and one more wrap if
// it was not at the start of one.
func (s *screen) fresh(columns, rows int) {
	s.painter.Columns, s.rows = columns, rows
	end := ""
	if s.tail != "" {
		end, s.tail = "\r\n", ""
	}
	s.painter.Raw(end + strings.Repeat(" ", columns) + "\r\x1b[K")
}

// paint shows the text as it is now.
func (s *screen) paint() {
	s.painter.Paint(s.view.frame(s.machine, s.painter.Columns, s.rows))
	s.flush()
}

func (s *screen) flush() {
	if out := s.painter.Take(); out != nil {
		s.out.Write(out)
	}
}

// finish shows the whole text for the last time, with a mark behind it, and leaves it there.
func (s *screen) finish(mark string) {
	f := s.view.whole(s.machine, s.painter.Columns)
	if last := len(f.Rows) - 1; mark != "" {
		f.Rows[last] = append(f.Rows[last], paint.Cells(mark, s.view.styled("2"))...).Clip(s.painter.Columns)
	}
	if len(f.Rows) > s.rows || s.view.top > 0 {
		s.painter.Erase()
	}
	s.painter.Paint(f)
	s.painter.Leave()
	s.flush()
}

// resize follows the size of the window.
func (s *screen) resize(columns, rows int) {
	s.painter.Resize(columns, rows)
	s.rows = rows
	s.paint()
}
