package plot

import (
	"math"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// sample is what a legend names.
type sample interface {
	obstacle
	gonumplot.Plotter
	gonumplot.Thumbnailer
	name() string
}

// obstacle is what a legend keeps clear of.
type obstacle interface {
	points(c draw.Canvas, p *gonumplot.Plot) []vg.Point // the corners of its line
}

// addLegend puts a legend into the corner that is farthest from all curves and other obstacles, or
// beside the plot if none is free.
func (f *Figure) addLegend(drawn []sample, others ...obstacle) {
	legend := gonumplot.NewLegend()
	set(&legend.TextStyle, 10)
	legend.ThumbnailWidth = 30
	legend.Padding = 3.5
	legend.Left = true // gonum's word for samples before names
	for _, s := range drawn {
		legend.Add(shorten(legend.TextStyle, s.name(), f.width/3), s)
	}
	size := legend.Rectangle(draw.Canvas{}).Size()
	data := f.plot.DataCanvas(f.area(f.canvas()))
	var path []vg.Point
	for _, s := range drawn {
		others = append(others, s)
	}
	for _, o := range others {
		path = append(path, along(o.points(data, f.plot))...)
	}
	corner, room := emptiest(data.Rectangle, size, path)
	if room < clearance {
		legend.Top = true
		f.beside, f.besideWidth = &legend, size.X
		return
	}
	legend.XOffs, legend.YOffs = corner.X-data.Min.X, corner.Y-data.Min.Y
	f.plot.Legend = legend
	f.plot.Add(blank{Min: vg.Point{X: legend.XOffs, Y: legend.YOffs}, Max: vg.Point{X: legend.XOffs, Y: legend.YOffs}.Add(size)})
}

// blank clears the grid behind the legend, in a rectangle relative to the plot's lower left corner.
type blank vg.Rectangle

// Plot implements gonum's Plotter.
func (b blank) Plot(c draw.Canvas, p *gonumplot.Plot) {
	const air = 3
	c.Max = c.Min.Add(b.Max).Add(vg.Point{X: air, Y: air})
	c.Min = c.Min.Add(b.Min).Sub(vg.Point{X: air, Y: air})
	c.SetColor(p.BackgroundColor)
	c.Fill(c.Rectangle.Path())
}

// clearance is how near a curve may come to a legend: a marker's radius and some white.
const clearance = vg.Length(6)

// emptiest returns the lower left corner of a rectangle of the given size, in that corner of data
// which leaves the most room to the nearest point of path, and how much.
func emptiest(data vg.Rectangle, size vg.Point, path []vg.Point) (corner vg.Point, room vg.Length) {
	left, right := data.Min.X+margin, data.Max.X-margin-size.X
	bottom, top := data.Min.Y+margin, data.Max.Y-margin-size.Y
	room = -1
	for _, at := range []vg.Point{{X: right, Y: top}, {X: left, Y: bottom}, {X: right, Y: bottom}, {X: left, Y: top}} {
		here := vg.Rectangle{Min: at, Max: at.Add(size)}
		if at.X < left || at.Y < bottom {
			continue // larger than the plot
		}
		if r := distance(here, path); r > room {
			corner, room = at, r
		}
	}
	return corner, room
}

// distance returns how far the nearest of the points is from a rectangle, 0 if it is within.
func distance(r vg.Rectangle, points []vg.Point) vg.Length {
	nearest := vg.Length(math.Inf(1))
	for _, p := range points {
		dx := max(r.Min.X-p.X, 0, p.X-r.Max.X)
		dy := max(r.Min.Y-p.Y, 0, p.Y-r.Max.Y)
		nearest = min(nearest, vg.Length(math.Hypot(float64(dx), float64(dy))))
	}
	return nearest
}

// along returns points of a polyline that are at most two typographic points apart.
func along(corners []vg.Point) []vg.Point {
	if len(corners) == 0 {
		return nil
	}
	path := corners[:1:1]
	for i := 1; i < len(corners); i++ {
		from, step := corners[i-1], corners[i].Sub(corners[i-1])
		n := math.Ceil(math.Hypot(float64(step.X), float64(step.Y)) / 2)
		for k := 1.0; k <= n; k++ {
			path = append(path, from.Add(step.Scale(vg.Length(k/n))))
		}
	}
	return path
}
