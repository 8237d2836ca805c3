package plot

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Spread compares samples side by side, such as the final losses of arrangements over seeds: a dot for each
// value, and beside them the mean, with a bar of one standard deviation either way (n − 1 in the
// denominator) and its number. Where all samples have the same number of values, grey lines join the
// first values, the second and so on, which are of the same seed: lines that all fall or all rise are what
// a paired test finds. There are no bars from zero, beside which the differences would vanish.
//
// The x axis says "arrangement" unless cfg says otherwise. Samples have the colours of the curves that
// LossCurves draws of as many. The errors are those of Distribution.
func Spread(samples []Sample, cfg Config) (*Figure, error) {
	cfg.XLabel = cmp.Or(cfg.XLabel, "arrangement")
	cfg = cfg.withDefaults()
	err := cfg.check()
	if err == nil {
		err = checkSamples(samples)
	}
	if err != nil {
		return nil, fmt.Errorf("plot: spread: %w", err)
	}
	f := blankFigure(cfg, false)
	p := f.plot
	groups := make([]*group, len(samples))
	var names categories
	for k, s := range samples {
		groups[k] = newGroup(s, k)
		names = append(names, s.Name)
		f.traces = append(f.traces, groups[k].traces()...)
	}
	p.X.Min, p.X.Max = -0.5, float64(len(samples))-0.5
	p.Y.Min, p.Y.Max = extentOf(groups)
	p.X.Tick.Marker = names
	f.label(cfg)
	p.X.Tick.Marker = names.fit(&p.X.Tick.Label, p.DataCanvas(f.area(f.canvas())).Size().X/vg.Length(len(names)))
	f.label(cfg)
	horizontal := newGrid()
	horizontal.Vertical.Width = 0
	p.Add(horizontal, corner{}, pairs(groups))
	for _, g := range groups {
		p.Add(g)
	}
	return f, nil
}

// categories are the names under the x axis, at 0, 1, 2 and so on.
type categories []string

// Ticks implements gonum's Ticker.
func (names categories) Ticks(low, high float64) []gonumplot.Tick {
	var marks []gonumplot.Tick
	for k, name := range names {
		if x := float64(k); low <= x && x <= high {
			marks = append(marks, gonumplot.Tick{Value: x, Label: name})
		}
	}
	return marks
}

// fit makes the style and the names fit into the room that each has.
func (names categories) fit(style *text.Style, room vg.Length) categories {
	for _, name := range names {
		fit(style, name, room-4)
	}
	fitting := make(categories, len(names))
	for k, name := range names {
		fitting[k] = shorten(*style, name, room-4)
	}
	return fitting
}

// group is a sample at its place.
type group struct {
	look
	name            string
	x, y            []float64 // of its dots
	mean, deviation float64   // the deviation of one value is 0
	at              float64   // where the mean is drawn
}

// The dots of a group lie in a strip left of its place, the mean is to the right.
const stripMiddle, stripHalf, meanPlace = -0.1, 0.1, 0.14

func newGroup(s Sample, k int) *group {
	g := &group{look: lookOf(k), name: s.Name, y: s.Values, at: float64(k) + meanPlace}
	n := float64(len(s.Values))
	for i, v := range s.Values {
		offset := 0.0
		if n > 1 {
			offset = stripHalf * (2*float64(i)/(n-1) - 1)
		}
		g.x = append(g.x, float64(k)+stripMiddle+offset)
		g.mean += v / n
	}
	squares := 0.0
	for _, v := range s.Values {
		squares += (v - g.mean) * (v - g.mean)
	}
	g.deviation = math.Sqrt(squares / max(1, n-1))
	return g
}

func extentOf(groups []*group) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, g := range groups {
		low = min(low, slices.Min(g.y), g.mean-g.deviation)
		high = max(high, slices.Max(g.y), g.mean+g.deviation)
	}
	return widen(low, high, 0.08)
}

// traces are the dots, and the mean, for text.
func (g *group) traces() []trace {
	return []trace{
		{x: g.x, y: g.y, kind: loose, sign: '●'},
		{x: []float64{g.at}, y: []float64{g.mean}, kind: loose, sign: '◀'},
	}
}

// Plot implements gonum's Plotter.
func (g *group) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, y := p.Transforms(&c)
	const dot, cap = vg.Length(3), vg.Length(3.5)
	for i := range g.x {
		at := vg.Point{X: x(g.x[i]), Y: y(g.y[i])}
		disc(c, color.White, at, dot+0.7)
		disc(c, g.pale(), at, dot)
		ring(c, g.color, at, dot)
	}
	middle := vg.Point{X: x(g.at), Y: y(g.mean)}
	bar := draw.LineStyle{Color: g.color, Width: 1.3}
	if g.deviation > 0 {
		low, high := y(g.mean-g.deviation), y(g.mean+g.deviation)
		c.StrokeLine2(bar, middle.X, low, middle.X, high)
		c.StrokeLine2(bar, middle.X-cap, low, middle.X+cap, low)
		c.StrokeLine2(bar, middle.X-cap, high, middle.X+cap, high)
	}
	g.mark(c, middle)
	style := newLabel("", 8.5, 0).style
	style.XAlign = text.XLeft
	label := g.number()
	if middle.X+7+style.Width(label) <= c.Max.X+margin {
		c.FillText(style, vg.Point{X: middle.X + 7, Y: middle.Y}, label)
	}
}

// number is the mean, in as many digits as its deviation gives a meaning.
func (g *group) number() string {
	size := g.deviation
	if size == 0 {
		size = math.Abs(g.mean) / 100
	}
	decimals := 2
	if size > 0 {
		decimals = min(max(0, 1-int(math.Floor(math.Log10(size)+1e-9))), 4)
	}
	return strconv.FormatFloat(g.mean, 'f', decimals, 64)
}

// ring is the border of a disc.
func ring(c draw.Canvas, clr color.Color, at vg.Point, radius vg.Length) {
	var path vg.Path
	path.Move(at.Add(vg.Point{X: radius}))
	path.Arc(at, radius, 0, 2*math.Pi)
	path.Close()
	c.SetLineStyle(draw.LineStyle{Color: clr, Width: 1})
	c.Stroke(path)
}

// pairs draws the lines between dots of the same place in groups that follow each other.
type pairs []*group

// Plot implements gonum's Plotter.
func (groups pairs) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, y := p.Transforms(&c)
	for _, g := range groups {
		if len(g.y) != len(groups[0].y) {
			return
		}
	}
	for i := range groups[0].y {
		var line []vg.Point
		for _, g := range groups {
			line = append(line, vg.Point{X: x(g.x[i]), Y: y(g.y[i])})
		}
		c.StrokeLines(draw.LineStyle{Color: color.Gray{0xc4}, Width: 0.8}, c.ClipLinesXY(line)...)
	}
}
