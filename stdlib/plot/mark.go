package plot

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Mark names a stretch of a curve's training steps: where its loss drops, or where a task is trained
// on. It is drawn as a stripe in the curve's colour, or as a line where To is From, with the label upright
// at its top. Figures of a curve show what their steps have of it.
type Mark struct {
	From  int    `json:"from"`
	To    int    `json:"to"`
	Label string `json:"label,omitempty"`
}

func (c Curve) checkMarks() error {
	for k, m := range c.Marks {
		if m.To < m.From {
			return fmt.Errorf("mark %d, %q, is from step %d to %d", k, m.Label, m.From, m.To)
		}
		if first, last := c.Steps[0], c.Steps[len(c.Steps)-1]; m.To < first || m.From > last {
			return fmt.Errorf("mark %d, %q, is from step %d to %d, the curve from %d to %d", k, m.Label, m.From, m.To, first, last)
		}
	}
	return nil
}

// markings draws the marks of all curves, behind them.
type markings struct {
	marks []Mark
	looks []look // of each
	style text.Style
}

func newMarkings(size vg.Length) *markings {
	m := &markings{style: newLabel("", size, 0).style}
	m.style.Rotation = math.Pi / 2
	m.style.XAlign = text.XRight // they end at the top
	return m
}

func (m *markings) add(c Curve, l look) {
	for _, mark := range c.Marks {
		m.marks, m.looks = append(m.marks, mark), append(m.looks, l)
	}
}

// Plot implements gonum's Plotter.
func (m *markings) Plot(c draw.Canvas, p *gonumplot.Plot) {
	for k, mark := range m.marks {
		m.stripe(c, p, mark, m.looks[k].color)
	}
	m.eachLabel(c, p, func(label string, at vg.Point) { c.FillText(m.style, at, label) })
}

// stripe is as wide as its steps, but can always be seen.
func (m *markings) stripe(c draw.Canvas, p *gonumplot.Plot, mark Mark, l color.RGBA) {
	const narrowest = 1.5
	x, _ := p.Transforms(&c)
	left, right := max(x(float64(mark.From)), c.Min.X), min(x(float64(mark.To)), c.Max.X)
	if right < left {
		return
	}
	if right-left < narrowest {
		middle := (left + right) / 2
		left, right = middle-narrowest/2, middle+narrowest/2
	}
	c.SetColor(color.NRGBA{l.R, l.G, l.B, 0x2c})
	c.Fill(vg.Rectangle{Min: vg.Point{X: left, Y: c.Min.Y}, Max: vg.Point{X: right, Y: c.Max.Y}}.Path())
}

// eachLabel calls f with every label and the end of it, at the top. A label stands within its stripe, to
// the right of a narrow one, or beside the label before it where they would overlap.
func (m *markings) eachLabel(c draw.Canvas, p *gonumplot.Plot, f func(label string, at vg.Point)) {
	const longest = 0.6 // of the plot
	x, _ := p.Transforms(&c)
	size := m.style.Font.Size
	var labelled []Mark
	for _, mark := range m.marks {
		if mark.Label != "" {
			labelled = append(labelled, mark)
		}
	}
	slices.SortStableFunc(labelled, func(a, b Mark) int { return cmp.Compare(a.From+a.To, b.From+b.To) })
	at := make([]vg.Length, len(labelled))
	for k, mark := range labelled {
		left, right := max(x(float64(mark.From)), c.Min.X), min(x(float64(mark.To)), c.Max.X)
		at[k] = (left + right) / 2
		if right-left < size {
			at[k] = right + size/2
		}
	}
	spread(at, c.Min.X, c.Max.X, size+1)
	for k, mark := range labelled {
		f(shorten(m.style, mark.Label, longest*c.Size().Y), vg.Point{X: at[k] - size/8, Y: c.Max.Y - 3}) // the letters' middle, not the line's
	}
}

// spread moves places, which ascend, as little as needed to be a distance apart, within bounds or, if
// there is no room for that, as far apart as there is.
func spread(at []vg.Length, low, high, distance vg.Length) {
	n := vg.Length(len(at))
	distance = min(distance, (high-low)/max(n, 1))
	least := low + distance/2
	for k := range at {
		at[k] = max(at[k], least)
		least = at[k] + distance
	}
	most := high - distance/2
	for k := range slices.Backward(at) {
		at[k] = min(at[k], most)
		most = at[k] - distance
	}
}

// points are along the labels, which a legend keeps clear of.
func (m *markings) points(c draw.Canvas, p *gonumplot.Plot) []vg.Point {
	var path []vg.Point
	m.eachLabel(c, p, func(label string, at vg.Point) {
		path = append(path, vg.Point{X: at.X, Y: at.Y - m.style.Width(label)}, at)
	})
	return path
}

// traces show the marks in text: a sign at the top of each.
func (m *markings) traces(p *gonumplot.Plot) []trace {
	var traces []trace
	for _, mark := range m.marks {
		middle := (max(float64(mark.From), p.X.Min) + min(float64(mark.To), p.X.Max)) / 2
		traces = append(traces, trace{name: mark.Label, x: []float64{middle}, y: []float64{p.Y.Max}, kind: loose, sign: '▼'})
	}
	return traces
}
