// Package picture shows images in a terminal, in the best way that the terminal can.
//
//	Detect     the protocol that a terminal understands, as far as its environment tells
//	Screen     a terminal: its protocol, size and colours
//	Fit        how many cells an image takes on it
//	Draw       the text that shows an image there
//
// Kitty, ITerm and Sixel send the pixels. Blocks, for all other terminals, approaches them with the block characters of
// Unicode in two colours each. The terminal is never asked anything: an answer could mix with what the user types.
package picture

import (
	"fmt"
	"image"
	"slices"
	"strconv"
	"strings"
)

// Protocol is a way to show an image.
type Protocol string

// The protocols, and their names in the variable Variable.
const (
	None   Protocol = "none"
	Blocks Protocol = "blocks"
	Sixel  Protocol = "sixel"
	ITerm  Protocol = "iterm"
	Kitty  Protocol = "kitty"
)

// Variable is the environment variable that names a protocol where Detect is wrong.
const Variable = "KAIROS_IMAGES"

// Detect returns the protocol of the terminal that an environment describes. The error says that Variable names none;
// the protocol is a guess then.
func Detect(env func(string) string) (Protocol, error) {
	wish := Protocol(env(Variable))
	if slices.Contains([]Protocol{None, Blocks, Sixel, ITerm, Kitty}, wish) {
		return wish, nil
	}
	if wish != "" {
		return guess(env), fmt.Errorf("picture: $%s is %q: want kitty, iterm, sixel, blocks or none", Variable, wish)
	}
	return guess(env), nil
}

func guess(env func(string) string) Protocol {
	term, program := env("TERM"), env("TERM_PROGRAM")
	konsole, _ := strconv.Atoi(env("KONSOLE_VERSION"))
	switch {
	case env("NO_COLOR") != "", term == "dumb", term == "":
		return None
	case env("TMUX") != "", strings.HasPrefix(term, "screen"), strings.HasPrefix(term, "tmux"):
		return Blocks // a multiplexer keeps pictures from the terminal around it
	case env("KITTY_WINDOW_ID") != "", term == "xterm-kitty", term == "xterm-ghostty", program == "ghostty", konsole >= 220400:
		return Kitty
	case slices.Contains([]string{"iTerm.app", "WezTerm", "mintty"}, program), env("LC_TERMINAL") == "iTerm2":
		return ITerm
	case term == "foot", strings.HasPrefix(term, "foot-"), strings.HasPrefix(term, "mlterm"), strings.HasPrefix(term, "contour"), strings.HasPrefix(term, "yaft"):
		return Sixel
	}
	return Blocks
}

// The size of a cell in pixels where it is not known.
const (
	usualWidth  = 10
	usualHeight = 20
)

// Screen is a terminal.
type Screen struct {
	Protocol              Protocol // "" is None
	Columns, Rows         int      // 0: 80 and 24
	CellWidth, CellHeight int      // in pixels; 0 where they are not known
	TrueColor             bool     // 24 bits a colour; else 256 colours
}

// IsCoarse tells whether the pictures of the screen cannot be read as those of others: blocks, or none.
func (s Screen) IsCoarse() bool {
	return s.Protocol == Blocks || s.Protocol == None || s.Protocol == ""
}

func (s Screen) cell() (width, height int) {
	if s.CellWidth <= 0 || s.CellHeight <= 0 {
		return usualWidth, usualHeight
	}
	return s.CellWidth, s.CellHeight
}

// Fit returns how many cells an image takes: as many as it has pixels for, within the columns and two thirds of the rows.
func (s Screen) Fit(size image.Point) (columns, rows int) {
	if size.X <= 0 || size.Y <= 0 {
		return 0, 0
	}
	width, height := s.cell()
	limit := image.Pt(orElse(s.Columns, 80)-1, orElse(s.Rows, 24)*2/3)
	limit = image.Pt(max(limit.X, 1), max(limit.Y, 1))
	// What one cell shows of the image, in its pixels, when it is as large as it may be.
	perX := max(float64(width), float64(size.X)/float64(limit.X), float64(size.Y)/float64(limit.Y)*float64(width)/float64(height))
	if s.Protocol == Blocks { // a pixel of a small image is half a cell
		perX = max(1, float64(size.X)/float64(limit.X), float64(size.Y)/float64(limit.Y)*float64(width)/float64(height))
	}
	perY := perX * float64(height) / float64(width)
	return cells(size.X, perX, limit.X), cells(size.Y, perY, limit.Y)
}

// cells rounds to a number of cells.
func cells(pixels int, per float64, limit int) int {
	return min(max(int(float64(pixels)/per+0.5), 1), limit)
}

func orElse(n, otherwise int) int {
	if n <= 0 {
		return otherwise
	}
	return n
}

// Draw returns the text that shows an image, with a newline at its end, and how many rows it takes. The text is empty
// where nothing can be shown. An image drawn under the id of an earlier one takes its place in the terminal's memory; 0
// is no id.
func (s Screen) Draw(img image.Image, id int) (text string, rows int) {
	columns, rows := s.Fit(img.Bounds().Size())
	if columns == 0 {
		return "", 0
	}
	var b strings.Builder
	switch s.Protocol {
	case Kitty:
		writeKitty(&b, pngOf(s.shrunk(img, columns, rows)), columns, rows, id)
		b.WriteByte('\n')
	case ITerm:
		writeITerm(&b, pngOf(s.shrunk(img, columns, rows)), columns, rows)
		b.WriteByte('\n')
	case Sixel:
		writeSixel(&b, s.sized(img, columns, rows))
		b.WriteByte('\n')
	case Blocks:
		writeBlocks(&b, img, columns, rows, s.TrueColor)
	default:
		return "", 0
	}
	return b.String(), rows
}
