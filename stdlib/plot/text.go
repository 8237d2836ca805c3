package plot

import (
	"math"
	"strings"
	"unicode/utf8"
)

// The size of a figure in text, in characters, without its labels; and the dots of one character of Braille.
const (
	textColumns, textRows = 64, 15
	dotsAcross, dotsDown  = 2, 4
)

// marks tell curves apart in text, as colours do in pictures. Each curve has at most marksEach of them.
var marks = []rune("●○■□▲△◆◇")

const marksEach = 9

// String draws the figure in text, for terminals and wherever a picture has no place: lines of Braille dots, a sign for
// each curve, the axes' numbers, 20 lines in all.
func (f *Figure) String() string {
	c := &chart{figure: f}
	for k := len(f.curves) - 1; k >= 0; k-- { // the first in front
		c.curve(f.curves[k], marks[k%len(marks)])
	}
	return c.text()
}

// chart is a figure in text.
type chart struct {
	figure *Figure
	dots   [textRows][textColumns]rune // bits of Braille characters
	signs  [textRows][textColumns]rune // instead of dots, if not 0
}

// dotBits are the bits of a Braille character by column and row, as Unicode numbers its dots.
var dotBits = [dotsAcross][dotsDown]rune{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

// at is where a value of the axes lies, in dots from the top left.
func (c *chart) at(x, y float64) (column, row float64) {
	p := c.figure.plot
	return (x - p.X.Min) / (p.X.Max - p.X.Min) * (textColumns*dotsAcross - 1), (p.Y.Max - y) / (p.Y.Max - p.Y.Min) * (textRows*dotsDown - 1)
}

// curve draws a line through the points of a curve, and signs on some of them.
func (c *chart) curve(curve Curve, sign rune) {
	every := max(1, (len(curve.Steps)+marksEach-2)/(marksEach-1))
	var fromX, fromY float64
	for i := range curve.Steps {
		x, y := c.at(float64(curve.Steps[i]), curve.Loss[i])
		if i > 0 {
			c.line(fromX, fromY, x, y)
		}
		fromX, fromY = x, y
	}
	for i := range curve.Steps {
		if i%every == 0 || i == len(curve.Steps)-1 {
			x, y := c.at(float64(curve.Steps[i]), curve.Loss[i])
			if column, row, ok := inside(x, y); ok {
				c.signs[row/dotsDown][column/dotsAcross] = sign
			}
		}
	}
}

// line sets the dots between two places.
func (c *chart) line(x, y, toX, toY float64) {
	steps := max(1, math.Ceil(max(math.Abs(toX-x), math.Abs(toY-y))))
	for i := 0.; i <= steps; i++ {
		if column, row, ok := inside(x+(toX-x)*i/steps, y+(toY-y)*i/steps); ok {
			c.dots[row/dotsDown][column/dotsAcross] |= dotBits[column%dotsAcross][row%dotsDown]
		}
	}
}

// inside rounds a place to a dot, and reports whether there is one.
func inside(x, y float64) (column, row int, ok bool) {
	column, row = int(math.Round(x)), int(math.Round(y))
	return column, row, column >= 0 && column < textColumns*dotsAcross && row >= 0 && row < textRows*dotsDown
}

// text puts the parts together.
func (c *chart) text() string {
	p := c.figure.plot
	labels, widest := c.yLabels()
	var lines []string
	if title := p.Title.Text; title != "" {
		lines = append(lines, indented(title, widest+2+(textColumns-utf8.RuneCountInString(title))/2))
	}
	for row, label := range labels {
		axis := " │"
		if label != "" {
			axis = " ┤"
		}
		lines = append(lines, strings.TrimRight(indented(label, widest-len(label))+axis+c.row(row), " "))
	}
	below, numbers := c.xAxis()
	lines = append(lines, indented("└"+below, widest+1), indented(numbers, widest+2))
	if names := c.names(); names != "" {
		lines = append(lines, indented(names, widest+2))
	}
	return strings.Join(lines, "\n")
}

func indented(s string, columns int) string { return strings.Repeat(" ", max(columns, 0)) + s }

// row is one line of the drawing.
func (c *chart) row(row int) string {
	var b strings.Builder
	for column, dots := range c.dots[row] {
		switch sign := c.signs[row][column]; {
		case sign != 0:
			b.WriteRune(sign)
		case dots != 0:
			b.WriteRune(0x2800 + dots)
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// yLabels are the numbers of the rows that have one.
func (c *chart) yLabels() (labels [textRows]string, widest int) {
	y := c.figure.plot.Y
	for _, t := range (ticks{wanted: 6}).Ticks(y.Min, y.Max) {
		_, dot := c.at(0, t.Value)
		labels[int(dot)/dotsDown] = t.Label
		widest = max(widest, len(t.Label))
	}
	return labels, widest
}

// xAxis is the line below the drawing, and the numbers below that.
func (c *chart) xAxis() (line, numbers string) {
	x := c.figure.plot.X
	axis, below := []rune(strings.Repeat("─", textColumns)), []rune(strings.Repeat(" ", textColumns+8))
	for _, t := range (ticks{wanted: 8, whole: true}).Ticks(x.Min, x.Max) {
		dot, _ := c.at(t.Value, 0)
		column := int(dot) / dotsAcross
		axis[column] = '┬'
		copy(below[max(0, column-len(t.Label)/2):], []rune(t.Label))
	}
	label := ""
	if x.Label.Text != "" {
		label = "  " + x.Label.Text
	}
	return string(axis), strings.TrimRight(string(below), " ") + label
}

// names are the curves and their signs.
func (c *chart) names() string {
	var names []string
	for k, curve := range c.figure.curves {
		if name := strings.TrimSpace(curve.Name); name != "" {
			names = append(names, string(marks[k%len(marks)])+" "+name)
		}
	}
	return strings.Join(names, "   ")
}
