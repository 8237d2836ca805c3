// Package pretty writes errors and help as text for people, in colours where there are any. Terminals and notebooks use
// it, so that both say the same.
//
//	Error        an error of a session
//	Inspection   what is known about a name
//	Style        how both are written: colours, width, the source of cells
//
// Texts do not end with a newline. Colours are those of package highlight.
package pretty

import (
	"strings"

	"kairos/repl"
	"kairos/repl/highlight"
)

// Style says how texts are written. The zero Style writes plain text.
type Style struct {
	Color bool
	Width int // of the lines of help; 0: 80
	// Source returns a line of a cell, as it is shown beside the frames of a panic: file is cell[3], line 1 the first. It
	// returns "" for what it does not know, and may be nil.
	Source func(file string, line int) string
}

// Error writes an error.
func Error(err error, color bool) string { return Style{Color: color}.Error(err) }

// Inspection writes help. It is empty if nothing is known.
func Inspection(i repl.Inspection, color bool) string { return Style{Color: color}.Inspection(i) }

// paint colours text, a line at a time.
func (s Style) paint(style highlight.Style, text string) string {
	if !s.Color {
		return text
	}
	return style.Paint(text)
}

// code colours Go source, and indents it by four.
func (s Style) code(src string) string {
	src = strings.ReplaceAll(src, "\t", "    ")
	if !s.Color {
		return src
	}
	return highlight.ANSI(src)
}

// indented puts four blanks before the lines of text that are not empty.
func indented(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = "    " + line
		}
	}
	return strings.Join(lines, "\n")
}
