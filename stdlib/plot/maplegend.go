package plot

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// shade is the colour of a share, from dark at 0 to light at 1, as much lighter at every step: the
// part of the scale viridis (van der Walt and Smith 2015) that shows on white.
func shade(share float64) color.Color {
	scale := [...][3]float64{
		{0x44, 0x01, 0x54}, {0x47, 0x2d, 0x7b}, {0x3b, 0x52, 0x8b}, {0x2c, 0x72, 0x8e},
		{0x21, 0x91, 0x8c}, {0x28, 0xae, 0x80}, {0x5e, 0xc9, 0x62}, {0xad, 0xdc, 0x30},
	}
	at := min(max(share, 0), 1) * float64(len(scale)-1)
	k := min(int(at), len(scale)-2)
	mix := func(c int) uint8 { return uint8(math.Round(scale[k][c] + (at-float64(k))*(scale[k+1][c]-scale[k][c]))) }
	return color.RGBA{mix(0), mix(1), mix(2), 0xff}
}

// roundScale is the legend of rounds: a bar of all colours with numbers, and what has none.
type roundScale struct {
	last    int
	missing bool // some rows were not taken
	*cloud
}

const barWidth, barHeight = vg.Length(11), vg.Length(110)

func legendStyle() text.Style { return newLabel("", 9, 0).style }

func (r *roundScale) width() vg.Length {
	style := legendStyle()
	width := barWidth + 8 + style.Width(strconv.Itoa(r.last))
	for _, e := range r.entries() {
		width = max(width, keyGap+10+style.Width(e.name))
	}
	return max(width, style.Width("round"))
}

// entries are the markers of the legend.
func (r *roundScale) entries() []entry {
	entries := r.common()
	if r.missing {
		entries = append(entries, entry{"not taken", untaken()})
	}
	return entries
}

// Draw draws the legend from the top left of c.
func (r *roundScale) Draw(c draw.Canvas) {
	style := legendStyle()
	style.XAlign = text.XLeft
	top := c.Max.Y - style.Font.Size/2
	if r.last >= 0 {
		c.FillText(style, vg.Point{X: c.Min.X, Y: top}, "round")
		top -= style.Font.Size + 2
		r.bar(c, style, top)
		top -= barHeight + style.Font.Size + 4
	}
	for _, e := range r.entries() {
		e.draw(c, style, top, r.radius)
		top -= style.Font.Size + 5
	}
}

// bar has the first round at the top.
func (r *roundScale) bar(c draw.Canvas, style text.Style, top vg.Length) {
	const steps = 64
	for k := range steps {
		high := top - barHeight*vg.Length(k)/steps
		low := top - barHeight*vg.Length(k+1)/steps
		c.SetColor(shade((float64(k) + 0.5) / steps))
		c.Fill(vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: low - 0.2}, Max: vg.Point{X: c.Min.X + barWidth, Y: high}}.Path())
	}
	marks := ticks{wanted: 6, whole: true}.Ticks(0, float64(r.last))
	if r.last == 0 {
		marks = []gonumplot.Tick{{Value: 0, Label: "0"}}
	}
	for _, tick := range marks {
		y := top - barHeight*vg.Length(tick.Value/float64(max(1, r.last)))
		c.StrokeLine2(draw.LineStyle{Color: ink(), Width: 0.6}, c.Min.X+barWidth, y, c.Min.X+barWidth+3, y)
		c.FillText(style, vg.Point{X: c.Min.X + barWidth + 6, Y: y}, tick.Label)
	}
}

// entry is a marker and its name; without a colour it is that of unseen examples.
type entry struct {
	name  string
	color color.Color
}

func (e entry) draw(c draw.Canvas, style text.Style, y, radius vg.Length) {
	at := vg.Point{X: c.Min.X + 5, Y: y}
	if e.color == nil {
		diamond(c, at)
	} else {
		disc(c, e.color, at, max(radius, 2.2))
	}
	c.FillText(style, vg.Point{X: c.Min.X + 10 + keyGap, Y: y}, e.name)
}

// common are the entries of every map.
func (m *cloud) common() []entry {
	var entries []entry
	if rowsOf(m.test) > 0 {
		entries = append(entries, entry{name: "unseen"})
	}
	if n := len(m.rows); n < m.train.Rows {
		entries = append(entries, entry{fmt.Sprintf("1 of %.3g drawn", float64(m.train.Rows)/float64(n)), color.White})
	}
	return entries
}

// taskScale is the legend of tasks.
type taskScale struct {
	entries []entry
	radius  vg.Length
}

func (m *cloud) taskLegend(named []string, others int, width vg.Length) (*taskScale, vg.Length) {
	s := &taskScale{radius: m.radius}
	style := legendStyle()
	widest := vg.Length(0)
	for k, name := range named {
		s.entries = append(s.entries, entry{shorten(style, name, width/4), lookOf(k).color})
	}
	if others > 0 {
		s.entries = append(s.entries, entry{fmt.Sprintf("%d other tasks", others), untaken()})
	}
	s.entries = append(s.entries, m.common()...)
	for _, e := range s.entries {
		widest = max(widest, style.Width(e.name))
	}
	return s, 10 + keyGap + widest
}

// Draw draws the legend from the top left of c.
func (s *taskScale) Draw(c draw.Canvas) {
	style := legendStyle()
	style.XAlign = text.XLeft
	for k, e := range s.entries {
		e.draw(c, style, c.Max.Y-style.Font.Size/2-vg.Length(k)*(style.Font.Size+5), s.radius)
	}
}
