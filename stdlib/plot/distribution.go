package plot

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sample is a set of numbers with a name, such as the distances of the rows that an arrangement
// takes first.
type Sample struct {
	Name   string
	Values []float64
}

// Distribution draws histograms of samples over each other, the first in front: which share of each
// sample falls into bins that are the same for all. The bins follow the rule of Freedman and
// Diaconis (1981) for the sample that asks for the narrowest, within 10 to 100 of them.
//
// The x axis says "distance" and the y axis "share of the rows" unless cfg says otherwise. No
// samples, one without values or with a value that is NaN or infinite, and a sample without a name
// among several, are errors that say which sample and where.
func Distribution(samples []Sample, cfg Config) (*Figure, error) {
	cfg.XLabel = cmp.Or(cfg.XLabel, "distance")
	cfg.YLabel = cmp.Or(cfg.YLabel, "share of the rows")
	cfg = cfg.withDefaults()
	err := cfg.check()
	if err == nil {
		err = checkSamples(samples)
	}
	if err != nil {
		return nil, fmt.Errorf("plot: distribution: %w", err)
	}
	edges := binEdges(samples)
	drawn := make([]sample, len(samples))
	top := 0.0
	f := blankFigure(cfg, false)
	for k, s := range samples {
		o := newOutline(s, edges, lookOf(k))
		drawn[k] = o
		top = max(top, slices.Max(o.y))
		f.traces = append(f.traces, trace{name: s.Name, x: o.x, y: o.y})
	}
	p := f.plot
	p.X.Min, p.X.Max = widen(edges[0], edges[len(edges)-1], 0.02)
	p.Y.Min, p.Y.Max = 0, 1.05*top
	f.label(cfg)
	p.Add(newGrid(), corner{})
	if len(samples) > 1 || strings.TrimSpace(samples[0].Name) != "" {
		f.addLegend(drawn)
	}
	f.label(cfg)
	for _, s := range slices.Backward(drawn) {
		p.Add(s)
	}
	return f, nil
}

func checkSamples(samples []Sample) error {
	if len(samples) == 0 {
		return errors.New("there are none")
	}
	for k, s := range samples {
		if strings.TrimSpace(s.Name) == "" && len(samples) > 1 {
			return fmt.Errorf("sample %d of %d has no name", k+1, len(samples))
		}
		if len(s.Values) == 0 {
			return fmt.Errorf("sample %q: it has no values", s.Name)
		}
		for i, v := range s.Values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("sample %q: value %d is %v", s.Name, i, v)
			}
		}
	}
	return nil
}

// binEdges returns the borders of the bins.
func binEdges(samples []Sample) []float64 {
	low, high, width := math.Inf(1), math.Inf(-1), math.Inf(1)
	for _, s := range samples {
		sorted := slices.Sorted(slices.Values(s.Values))
		n := len(sorted)
		low, high = min(low, sorted[0]), max(high, sorted[n-1])
		if spread := sorted[3*(n-1)/4] - sorted[(n-1)/4]; spread > 0 {
			width = min(width, 2*spread/math.Cbrt(float64(n)))
		}
	}
	const fewest, most = 10, 100
	bins := fewest
	if wanted := math.Ceil((high - low) / width); wanted > fewest {
		bins = int(min(wanted, most))
	}
	if size := max(math.Abs(low), math.Abs(high)); high-low <= 1e-9*size || high == low {
		low, high = widen(low, high, 0) // around the one value there is
		bins = 1
	}
	edges := make([]float64, bins+1)
	for k := range edges {
		share := float64(k) / float64(bins)
		edges[k] = low*(1-share) + high*share
	}
	return edges
}

// outline draws a histogram, and its sample in the legend.
type outline struct {
	title string
	x, y  []float64 // corners, from the axis and back to it
	look
}

func newOutline(s Sample, edges []float64, l look) *outline {
	counts := make([]int, len(edges)-1)
	for _, v := range s.Values {
		k, found := slices.BinarySearch(edges, v)
		if !found {
			k--
		}
		counts[min(max(k, 0), len(counts)-1)]++ // the last bin has both its borders
	}
	first := slices.IndexFunc(counts, func(n int) bool { return n > 0 })
	last := len(counts) - 1
	for counts[last] == 0 {
		last--
	}
	o := &outline{title: s.Name, look: l, x: []float64{edges[first]}, y: []float64{0}}
	for k := first; k <= last; k++ {
		share := float64(counts[k]) / float64(len(s.Values))
		o.x = append(o.x, edges[k], edges[k+1])
		o.y = append(o.y, share, share)
	}
	o.x, o.y = append(o.x, edges[last+1]), append(o.y, 0)
	return o
}

func (o *outline) name() string { return o.title }

func (o *outline) points(c draw.Canvas, p *gonumplot.Plot) []vg.Point {
	x, y := p.Transforms(&c)
	points := make([]vg.Point, len(o.x))
	for i := range points {
		points[i] = vg.Point{X: x(o.x[i]), Y: y(o.y[i])}
	}
	return points
}

// Plot implements gonum's Plotter.
func (o *outline) Plot(c draw.Canvas, p *gonumplot.Plot) {
	points := o.points(c, p)
	c.FillPolygon(o.pale(), c.ClipPolygonXY(points))
	c.StrokeLines(o.line(), c.ClipLinesXY(points)...)
}

// Thumbnail implements gonum's Thumbnailer.
func (o *outline) Thumbnail(c *draw.Canvas) {
	box := vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: c.Min.Y + 2}, Max: vg.Point{X: c.Max.X, Y: c.Max.Y}}
	corners := []vg.Point{box.Min, {X: box.Min.X, Y: box.Max.Y}, box.Max, {X: box.Max.X, Y: box.Min.Y}}
	c.FillPolygon(o.pale(), corners)
	border := o.line()
	border.Width = 1.2
	c.StrokeLines(border, append(corners, corners[0]))
}
