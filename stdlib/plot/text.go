package plot

import (
	"math"
	"strings"
	"unicode/utf8"

	gonumplot "gonum.org/v1/plot"
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
// each curve, the axes' numbers; 20 lines, and more where there are many names.
//
// Panels follow each other, the first four of them.
func (f *Figure) String() string {
	if f.sheet != nil {
		return f.sheet.text()
	}
	c := &chart{figure: f}
	for k := len(f.traces) - 1; k >= 0; k-- { // the first in front
		c.trace(f.traces[k], f.traces[k].mark(k))
	}
	return c.text()
}

// trace is what text shows of a line or of points.
type trace struct {
	name string
	x, y []float64
	kind kind
	sign rune // 0 for the sign of its place
}

type kind int

const (
	joined kind = iota // a line, with signs on some of its points
	loose              // points, each a sign
	dust               // points, each a dot
)

func (c Curve) trace() trace {
	t := trace{name: c.Name, y: c.Loss}
	for _, step := range c.Steps {
		t.x = append(t.x, float64(step))
	}
	return t
}

func (t trace) mark(k int) rune {
	if t.sign != 0 {
		return t.sign
	}
	return marks[k%len(marks)]
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

// trace draws a line through points, or the points, and signs on some of them.
func (c *chart) trace(t trace, sign rune) {
	if t.kind == dust {
		for i := range t.x {
			c.dot(c.at(t.x[i], t.y[i]))
		}
		return
	}
	every := 1
	if t.kind == joined {
		c.path(t)
		every = max(1, (len(t.x)+marksEach-2)/(marksEach-1))
	}
	for i := range t.x {
		if i%every == 0 || i == len(t.x)-1 {
			if column, row, ok := inside(c.at(t.x[i], t.y[i])); ok {
				c.signs[row/dotsDown][column/dotsAcross] = sign
			}
		}
	}
}

// path draws the line.
func (c *chart) path(t trace) {
	var fromX, fromY float64
	for i := range t.x {
		x, y := c.at(t.x[i], t.y[i])
		if i > 0 {
			c.line(fromX, fromY, x, y)
		}
		fromX, fromY = x, y
	}
}

// line sets the dots between two places.
func (c *chart) line(x, y, toX, toY float64) {
	steps := max(1, math.Ceil(max(math.Abs(toX-x), math.Abs(toY-y))))
	for i := 0.; i <= steps; i++ {
		c.dot(x+(toX-x)*i/steps, y+(toY-y)*i/steps)
	}
}

func (c *chart) dot(x, y float64) {
	if column, row, ok := inside(x, y); ok {
		c.dots[row/dotsDown][column/dotsAcross] |= dotBits[column%dotsAcross][row%dotsDown]
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
	for _, names := range c.names() {
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
	for _, t := range textTicks(x) {
		dot, _ := c.at(t.Value, 0)
		column := int(dot) / dotsAcross
		axis[column] = '┬'
		copy(below[max(0, column-utf8.RuneCountInString(t.Label)/2):], []rune(t.Label))
	}
	label := ""
	if x.Label.Text != "" {
		label = "  " + x.Label.Text
	}
	return string(axis), strings.TrimRight(string(below), " ") + label
}

// textTicks are fewer than those of a picture, but for names.
func textTicks(x gonumplot.Axis) []gonumplot.Tick {
	if names, ok := x.Tick.Marker.(categories); ok {
		marks := names.Ticks(x.Min, x.Max)
		for k, t := range marks {
			marks[k].Label = runewise(t.Label, textColumns/len(names)-1)
		}
		return marks
	}
	numbered, _ := x.Tick.Marker.(ticks) // what is drawn may have been changed to anything
	return ticks{wanted: 8, whole: numbered.whole}.Ticks(x.Min, x.Max)
}

// runewise cuts off what is beyond a number of letters.
func runewise(txt string, most int) string {
	if letters := []rune(txt); len(letters) > most {
		return string(letters[:max(0, most-1)]) + "…"
	}
	return txt
}

// names are the curves and their signs, in lines that are not too long.
func (c *chart) names() []string {
	const longest = textColumns + 10
	var lines []string
	for k, t := range c.figure.traces {
		name := strings.TrimSpace(t.name)
		if name == "" {
			continue
		}
		name = string(t.mark(k)) + " " + name
		last := len(lines) - 1
		if last >= 0 && utf8.RuneCountInString(lines[last]+"   "+name) <= longest {
			lines[last] += "   " + name
		} else {
			lines = append(lines, name)
		}
	}
	return lines
}
