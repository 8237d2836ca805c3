// Package screen runs a program in a pseudo-terminal with a terminal emulator on the other side: what a person would see,
// for tests and measurements.
//
//	Terminal  the program and what it shows: Send keys, WaitFor text, Settle, Resize, Close
//	Screen    what is seen at one moment, with what has scrolled away
//	Keys      the bytes of keys as people write them: x := 1<Enter>, <C-r>, <Paste>…</Paste>
//
// The emulator is github.com/charmbracelet/x/vt; feed.go mends what it does with wide characters at the right edge. As
// xterm, and unlike most newer terminals, it does not wrap lines anew when the window's width changes.
package screen

import (
	"cmp"
	"fmt"
	"os"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Screen is what a terminal shows. Rows and columns count from 0.
type Screen struct {
	Columns, Rows int
	X, Y          int // of the cursor
	Hidden        bool
	Lines         []string // without spaces at their ends
	Scrollback    []string // oldest first
	styled        []string
}

// Text is the visible lines without empty ones at the end, or with the cursor below them.
func (s Screen) Text() string { return join(s.Lines) }

// All is the text with what has scrolled away before it.
func (s Screen) All() string {
	if len(s.Scrollback) == 0 {
		return s.Text()
	}
	return strings.Join(s.Scrollback, "\n") + "\n" + s.Text()
}

// Styled is Text with the parameters of SGR before, and {} after, each run of characters that has a style: {1;31}error{}.
func (s Screen) Styled() string { return join(s.styled) }

// Line is the line of the cursor.
func (s Screen) Line() string {
	if s.Y < 0 || s.Y >= len(s.Lines) {
		return ""
	}
	return s.Lines[s.Y]
}

// String shows the screen in a frame, for the messages of failed tests.
func (s Screen) String() string {
	var b strings.Builder
	rule := strings.Repeat("─", s.Columns)
	fmt.Fprintf(&b, "┌%s┐ %dx%d, cursor %d,%d\n", rule, s.Columns, s.Rows, s.X, s.Y)
	for _, line := range s.Lines {
		b.WriteString("│" + line + strings.Repeat(" ", max(0, s.Columns-ansi.StringWidth(line))) + "│\n")
	}
	return b.String() + "└" + rule + "┘"
}

func join(lines []string) string { return strings.TrimRight(strings.Join(lines, "\n"), "\n") }

// snapshot reads the emulator.
func (t *Terminal) snapshot() Screen {
	e := t.feed.emulator
	p := e.CursorPosition()
	s := Screen{Columns: e.Width(), Rows: e.Height(), X: p.X, Y: p.Y, Hidden: e.CursorHidden()}
	for y := range s.Rows {
		s.Lines = append(s.Lines, t.line(y))
		s.styled = append(s.styled, t.styledLine(y))
	}
	for _, line := range e.Scrollback().Lines() {
		s.Scrollback = append(s.Scrollback, strings.TrimRight(line.String(), " "))
	}
	return s
}

// line is the text of a row.
func (t *Terminal) line(y int) string {
	var b strings.Builder
	e := t.feed.emulator
	for x := 0; x < e.Width(); {
		c := e.CellAt(x, y)
		b.WriteString(content(c))
		x += width(c)
	}
	return strings.TrimRight(b.String(), " ")
}

func (t *Terminal) styledLine(y int) string {
	var b strings.Builder
	e := t.feed.emulator
	last := ""
	for x := 0; x < e.Width(); {
		c := e.CellAt(x, y)
		if s := style(c); s != last {
			if last != "" {
				b.WriteString("{}")
			}
			if s != "" {
				b.WriteString("{" + s + "}")
			}
			last = s
		}
		b.WriteString(content(c))
		x += width(c)
	}
	if last != "" {
		b.WriteString("{}")
	}
	return strings.TrimRight(b.String(), " ")
}

func content(c *uv.Cell) string {
	if c == nil || c.Content == "" {
		return " "
	}
	return c.Content
}

func width(c *uv.Cell) int {
	if c == nil {
		return 1
	}
	return max(1, c.Width)
}

// style is the SGR parameters of a cell: attributes, then colours.
func style(c *uv.Cell) string {
	if c == nil {
		return ""
	}
	params := strings.TrimSuffix(strings.TrimPrefix(c.Style.String(), "\x1b["), "m")
	if blank := content(c) == " "; blank && c.Style.Bg == nil && c.Style.Underline == 0 && c.Style.Attrs&uv.AttrReverse == 0 {
		return ""
	}
	return params
}

// defaultEnv is the environment of programs that are given none: no more than a terminal's.
func defaultEnv() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + cmp.Or(os.Getenv("HOME"), "/"), "LANG=C.UTF-8", "LC_ALL=C.UTF-8",
		"TERM=xterm-256color", "COLORTERM=truecolor", "XTERM_VERSION=XTerm(390)",
	}
}
