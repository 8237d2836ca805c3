package term

import (
	"regexp"
	"strings"

	"github.com/rivo/uniseg"
)

// rowState is the text of the row that is not finished.
type rowState struct {
	text    string
	unknown bool // where its end is: there were sequences that move, or too much text
}

// maxRow is how much of a row is remembered.
const maxRow = 1 << 14

// add takes text that was printed.
func (r *rowState) add(text string) {
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		*r, text = rowState{}, text[i+1:]
	}
	if len(r.text)+len(text) > maxRow {
		r.text, r.unknown = "?", true
		return
	}
	r.text += text
}

// fresh tells whether the cursor is at the start of an empty row.
func (r *rowState) fresh() bool { return !r.unknown && stripped(r.text) == "" }

// column returns where the row ends, if that is known.
func (r *rowState) column(columns int) (column int, known bool) {
	text := stripped(r.text)
	text = text[strings.LastIndexByte(text, '\r')+1:]
	if r.unknown || strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return 0, false
	}
	width := uniseg.StringWidth(text)
	if columns < 1 || width > 0 && width%columns == 0 {
		return 0, false // the next character goes to the next row, where the cursor may be already
	}
	return width % columns, true
}

// colors matches the sequences that take no room and change nothing but how text looks, or mark it.
var colors = regexp.MustCompile(`\x1b\[[0-9;:]*m|\x1b\][^\a\x1b]*(?:\a|\x1b\\)`)

func stripped(text string) string { return colors.ReplaceAllString(text, "") }

// widthOf is how many columns text with colours takes.
func widthOf(text string) int { return uniseg.StringWidth(stripped(text)) }

// rowsOf is how many rows a line of a width takes.
func rowsOf(width, columns int) int {
	if columns < 1 {
		return 1
	}
	return max((width+columns-1)/columns, 1)
}

// rowsIn is how many rows a text of whole lines takes.
func rowsIn(text string, columns int) (rows int) {
	for line := range strings.Lines(text) {
		rows += rowsOf(widthOf(strings.TrimRight(line, "\n")), columns)
	}
	return rows
}
