package line

import (
	"strings"

	"kairos/repl/line/internal/paint"
)

// longestTail is how much of a row that did not end is kept.
const longestTail = 4096

// Write prints. While a text is being read it is printed above the text; a line that has not ended yet goes on with the next
// Write.
func (e *Editor) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.view == nil {
		e.tail = tail(e.tail + string(p))
		return e.out.Write(p)
	}
	e.above(string(p))
	return len(p), nil
}

// above prints over the text. A row begun before is printed again, with what comes behind it.
func (s *screen) above(text string) {
	begun := rowsOf(s.tail, s.painter.Columns)
	room := s.rows - s.painter.Height()
	s.painter.Erase()
	if s.tail != "" && begun <= room {
		s.painter.Above(begun)
		text = s.tail + text
	}
	s.tail = tail(text)
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	if s.tail != "" {
		text += "\x1b[0m\r\n"
	}
	s.painter.Raw(text)
	s.paint()
}

// tail is the row that a text does not end. What a carriage return took back is no part of it.
func tail(s string) string {
	s = s[strings.LastIndexByte(s, '\n')+1:]
	if i := strings.LastIndexByte(strings.TrimRight(s, "\r"), '\r'); i >= 0 {
		s = s[i+1:]
	}
	return s[max(0, len(s)-longestTail):]
}

// rowsOf is how many rows a text of one line takes.
func rowsOf(s string, columns int) int {
	if s == "" {
		return 0
	}
	s = strings.ReplaceAll(strings.TrimRight(s, "\r"), "\t", "        ")
	return paint.Cells(s, "").Wrapped(columns)
}
