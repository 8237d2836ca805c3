package plot

import (
	"slices"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// series draws one curve of several, and its sample in the legend.
type series struct {
	curve Curve
	look
	index, of int
}

// Plot implements gonum's Plotter.
func (s *series) Plot(c draw.Canvas, p *gonumplot.Plot) {
	points := s.points(c, p)
	s.band(c, p)
	c.StrokeLines(s.line(), c.ClipLinesXY(points)...)
	for _, at := range s.marked(points, c.Max.X-c.Min.X) {
		if c.Contains(at) {
			s.mark(c, at)
		}
	}
}

// band fills the room between the curve's lower and upper bounds.
func (s *series) band(c draw.Canvas, p *gonumplot.Plot) {
	if len(s.curve.Low) == 0 {
		return
	}
	x, y := p.Transforms(&c)
	var outline []vg.Point
	for i, step := range s.curve.Steps {
		outline = append(outline, vg.Point{X: x(float64(step)), Y: y(s.curve.High[i])})
	}
	for i, step := range slices.Backward(s.curve.Steps) {
		outline = append(outline, vg.Point{X: x(float64(step)), Y: y(s.curve.Low[i])})
	}
	c.FillPolygon(s.pale(), c.ClipPolygonXY(outline))
}

func (s *series) name() string { return s.curve.Name }

func (s *series) points(c draw.Canvas, p *gonumplot.Plot) []vg.Point {
	x, y := p.Transforms(&c)
	points := make([]vg.Point, len(s.curve.Steps))
	for i, step := range s.curve.Steps {
		points[i] = vg.Point{X: x(float64(step)), Y: y(s.curve.Loss[i])}
	}
	return points
}

// marked returns the points that get a marker: all if they are few, else some at regular distances,
// those of each curve between those of the others.
func (s *series) marked(points []vg.Point, width vg.Length) []vg.Point {
	const few, across = 12, 8
	if len(points) <= few {
		return points
	}
	distance := width / across
	next := points[0].X + distance*vg.Length(s.index+1)/vg.Length(s.of+1)
	var marked []vg.Point
	for _, at := range points {
		if at.X < next {
			continue
		}
		marked = append(marked, at)
		for next <= at.X {
			next += distance
		}
	}
	return marked
}

// Thumbnail implements gonum's Thumbnailer.
func (s *series) Thumbnail(c *draw.Canvas) {
	middle := c.Center()
	middle.Y++ // where gonum sets the middle of the name
	c.StrokeLine2(s.line(), c.Min.X, middle.Y, c.Max.X, middle.Y)
	s.mark(*c, middle)
}
