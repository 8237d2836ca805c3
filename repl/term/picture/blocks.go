package picture

import (
	"fmt"
	"image"
	"io"
	"math/bits"
	"strings"

	"golang.org/x/image/draw"
)

// side is how many parts of a cell's width and height are looked at.
const side = 8

// glyph is a character that fills a part of its cell with the foreground: bit 8y+x of the mask is at column x and row y.
type glyph struct {
	char rune
	mask uint64
}

// glyphs are the characters that a cell is made of. Those with the colours exchanged need not be here.
func glyphs() []glyph {
	list := []glyph{{' ', 0}}
	for i, char := range []rune("▘▝▀▖▌▞▛") { // the quarters 1: top left, 2: top right, 4: bottom left
		list = append(list, glyph{char, quarters(i + 1)})
	}
	for i, char := range []rune("▁▂▃▅▆▇") {
		height := i + 1
		if height > 3 {
			height++
		}
		list = append(list, glyph{char, area(0, side-height, side, side)})
	}
	for i, char := range []rune("▏▎▍▋▊▉") {
		width := i + 1
		if width > 3 {
			width++
		}
		list = append(list, glyph{char, area(0, 0, width, side)})
	}
	return list
}

func quarters(which int) (mask uint64) {
	for i := range 4 {
		if which>>i&1 == 1 {
			x, y := i%2*side/2, i/2*side/2
			mask |= area(x, y, x+side/2, y+side/2)
		}
	}
	return mask
}

func area(x0, y0, x1, y1 int) (mask uint64) {
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			mask |= 1 << (side*y + x)
		}
	}
	return mask
}

// writeBlocks writes an image as rows of characters in two colours.
func writeBlocks(w io.Writer, img image.Image, columns, rows int, trueColor bool) {
	cellAt := cellsOf(img, columns, rows)
	for row := range rows {
		var line strings.Builder
		pen := pen{trueColor: trueColor}
		for column := range columns {
			pen.put(&line, cellAt(column, row))
		}
		fmt.Fprintf(w, "%s\x1b[0m\n", line.String())
	}
}

// painted is a character in its colours.
type painted struct {
	char   rune
	fg, bg rgb
}

// cellsOf scales an image and returns the cells that show it.
func cellsOf(img image.Image, columns, rows int) func(column, row int) painted {
	full := opaque(img)
	if paper, share := background(full); share > chartShare && full.Rect.Dx() > 2*columns {
		pixels := inked(full, 2*columns, 2*rows, paper)
		return func(column, row int) painted { return drawn(pixels, paper, column, row) }
	}
	pixels, list := parts(full, columns*side, rows*side), glyphs()
	return func(column, row int) painted { return best(list, cellOf(pixels, column, row)) }
}

// parts scales an image to the parts of cells. The pixels of a small one stay squares.
func parts(img *image.RGBA, width, height int) *image.RGBA {
	if size := img.Rect.Size(); size.X*side > width || size.Y*side > 2*height {
		return scaled(img, width, height)
	}
	to := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.NearestNeighbor.Scale(to, to.Rect, img, img.Rect, draw.Src, nil)
	return to
}

// cellOf returns the parts of one cell.
func cellOf(img *image.RGBA, column, row int) *[side * side]rgb {
	var cell [side * side]rgb
	for i := range cell {
		cell[i] = rgbOf(img.RGBAAt(column*side+i%side, row*side+i/side))
	}
	return &cell
}

// best returns the glyph that is nearest to a cell, with its colours: each is the mean of the parts it is to show.
func best(list []glyph, cell *[side * side]rgb) (p painted) {
	var total rgb
	for _, c := range cell {
		total = total.plus(c)
	}
	const n = side * side
	explained := -1
	for _, g := range list {
		var in rgb
		for mask := g.mask; mask != 0; mask &= mask - 1 {
			in = in.plus(cell[bits.TrailingZeros64(mask)])
		}
		count := bits.OnesCount64(g.mask)
		out := total.minus(in)
		// The sum of squares is the same for all glyphs; what the two means explain of it is not.
		got := out.square() / (n - count)
		if count > 0 {
			got += in.square() / count
		}
		if got > explained+n {
			explained, p = got, painted{char: g.char, bg: out.over(n - count)}
			if count > 0 {
				p.fg = in.over(count)
			}
		}
	}
	return p
}

// pen writes characters, and colours where they change.
type pen struct {
	trueColor bool
	fg, bg    string
}

func (p *pen) put(b *strings.Builder, c painted) {
	if text := p.color(48, c.bg); text != p.bg {
		b.WriteString(text)
		p.bg = text
	}
	if text := p.color(38, c.fg); c.char != ' ' && text != p.fg {
		b.WriteString(text)
		p.fg = text
	}
	b.WriteRune(c.char)
}

// color is the sequence that chooses a colour; kind is 38 for the foreground, 48 for the background.
func (p *pen) color(kind int, c rgb) string {
	if p.trueColor {
		return fmt.Sprintf("\x1b[%d;2;%d;%d;%dm", kind, c.r, c.g, c.b)
	}
	return fmt.Sprintf("\x1b[%d;5;%dm", kind, nearest256(c))
}

// nearest256 is the index of a colour of xterm's palette: 16 to 231 are a cube of six steps, 232 to 255 greys.
func nearest256(c rgb) int {
	r, g, b := step6(c.r), step6(c.g), step6(c.b)
	cube := rgb{level6(r), level6(g), level6(b)}
	shade := min(max(((c.r+c.g+c.b)/3-3)/10, 0), 23)
	grey := rgb{8 + 10*shade, 8 + 10*shade, 8 + 10*shade}
	if grey.minus(c).square() < cube.minus(c).square() {
		return 232 + shade
	}
	return 16 + 36*r + 6*g + b
}

func step6(v int) int {
	switch {
	case v < 48:
		return 0
	case v < 115:
		return 1
	}
	return (v - 35) / 40
}

func level6(step int) int {
	if step == 0 {
		return 0
	}
	return 55 + 40*step
}
