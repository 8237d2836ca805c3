package plot

import (
	"bytes"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"

	"kairos/internal/atomicfile"
)

// margin is the white space around a figure, and between a legend and what is next to it.
const margin = vg.Length(8)

// Figure is a drawing of a fixed size.
type Figure struct {
	traces        []trace
	plot          *gonumplot.Plot
	beside        interface{ Draw(draw.Canvas) } // a legend that found no room within the plot, or nil
	besideWidth   vg.Length
	sheet         *sheet // what is drawn instead of plot where there are several
	width, height vg.Length
	dpi           int
}

// blankFigure has axes that still need a range, and nothing else.
func blankFigure(cfg Config, whole bool) *Figure {
	f := &Figure{
		plot:   gonumplot.New(),
		width:  vg.Length(cfg.Width) * vg.Inch,
		height: vg.Length(cfg.Height) * vg.Inch,
		dpi:    cfg.DPI,
	}
	styleAxis(&f.plot.X, ticks{wanted: max(2, int(cfg.Width*1.6)), whole: whole})
	styleAxis(&f.plot.Y, ticks{wanted: max(2, int(cfg.Height*1.6))})
	return f
}

func newFigure(curves []Curve, cfg Config) *Figure {
	f := blankFigure(cfg, true)
	p := f.plot
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = ranges(curves)
	drawn := make([]sample, len(curves))
	marked := newMarkings(8)
	for k, c := range curves {
		drawn[k] = &series{curve: c, look: lookOf(k), index: k, of: len(curves)}
		marked.add(c, lookOf(k))
		f.traces = append(f.traces, c.trace())
	}
	f.traces = append(f.traces, marked.traces(p)...)
	f.label(cfg)
	p.Add(newGrid(), marked, corner{})
	if len(curves) > 1 || strings.TrimSpace(curves[0].Name) != "" {
		f.addLegend(drawn, marked)
	}
	f.label(cfg)                               // again, if the legend took room
	for _, s := range slices.Backward(drawn) { // the first comes last, and so in front
		p.Add(s)
	}
	return f
}

func styleAxis(a *gonumplot.Axis, marker gonumplot.Ticker) {
	a.Padding = 0
	a.LineStyle = draw.LineStyle{Color: ink(), Width: 0.8}
	set(&a.Tick.Label, 10)
	a.Tick.LineStyle = a.LineStyle
	a.Tick.Length = 3.5
	a.Tick.Marker = marker
	a.Label.Padding = 5
}

// label writes the title and the axis labels, in sizes that fit.
func (f *Figure) label(cfg Config) {
	p := f.plot
	set(&p.Title.TextStyle, 12)
	set(&p.X.Label.TextStyle, 11)
	set(&p.Y.Label.TextStyle, 11)
	area := f.area(f.canvas())
	p.Title.Text = fit(&p.Title.TextStyle, cfg.Title, area.Size().X)
	p.Title.Padding = margin
	p.X.Label.Text, p.Y.Label.Text = cfg.XLabel, ""
	p.Y.Label.Text = fit(&p.Y.Label.TextStyle, cfg.YLabel, p.DataCanvas(area).Size().Y)
	p.X.Label.Text = fit(&p.X.Label.TextStyle, cfg.XLabel, p.DataCanvas(area).Size().X)
}

// corner joins the two axis lines, which gonum lets end half a line from each other.
type corner struct{}

// Plot implements gonum's Plotter.
func (corner) Plot(c draw.Canvas, p *gonumplot.Plot) {
	c.SetColor(p.X.Color)
	c.Fill(vg.Rectangle{Min: c.Min.Sub(vg.Point{X: p.Y.Width, Y: p.X.Width}), Max: c.Min}.Path())
}

func newGrid() *plotter.Grid {
	grid := plotter.NewGrid()
	grid.Vertical = draw.LineStyle{Color: rule(), Width: 0.6}
	grid.Horizontal = grid.Vertical
	return grid
}

// ranges returns the extent of the curves, with a little air so that no marker is cut.
func ranges(curves []Curve) (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, c := range curves {
		xmin = min(xmin, float64(c.Steps[0]))
		xmax = max(xmax, float64(c.Steps[len(c.Steps)-1]))
		ymin = min(ymin, slices.Min(slices.Concat(c.Loss, c.Low)))
		ymax = max(ymax, slices.Max(slices.Concat(c.Loss, c.High)))
	}
	xmin, xmax = widen(xmin, xmax, 0.02)
	ymin, ymax = widen(ymin, ymax, 0.05)
	return xmin, xmax, ymin, ymax
}

// widen makes an interval longer by a share at either end. One of next to no length becomes long
// enough for its numbers.
func widen(low, high, share float64) (float64, float64) {
	air := share * (high - low)
	if size := max(math.Abs(low), math.Abs(high)); high-low <= 1e-9*size {
		air = max(0.5, 1e-3*size)
	}
	return low - air, high + air
}

// Plot gives the figure as gonum's plot, to change anything about it before it is rendered. A
// legend that stands beside the plot is not part of it. Of several panels it is the first.
func (f *Figure) Plot() *gonumplot.Plot { return f.plot }

// PNG renders the figure as an image.
func (f *Figure) PNG() ([]byte, error) {
	size, resolution := vgimg.UseWH(f.width, f.height), vgimg.UseDPI(f.dpi)
	picture, err := f.render("png", vgimg.PngCanvas{Canvas: vgimg.NewWith(size, resolution)})
	return withResolution(picture, f.dpi), err
}

// SVG renders the figure as a vector image whose text remains text.
func (f *Figure) SVG() ([]byte, error) {
	svg, err := f.render("svg", vgsvg.New(f.width, f.height))
	// Where that font is missing these have letters of the same width.
	return bytes.ReplaceAll(svg, []byte("Liberation Sans;"), []byte("Liberation Sans,Arial,Helvetica,sans-serif;")), err
}

// PDF renders the figure as a page of its size, fonts included.
func (f *Figure) PDF() ([]byte, error) {
	return f.render("pdf", vgpdf.New(f.width, f.height))
}

// Save writes the figure to a file, in the format that its name ends in: .png, .svg or .pdf. The
// file appears whole or not at all; one that was there is replaced.
func (f *Figure) Save(path string) error {
	formats := map[string]func() ([]byte, error){".png": f.PNG, ".svg": f.SVG, ".pdf": f.PDF}
	render := formats[strings.ToLower(filepath.Ext(path))]
	if render == nil {
		return fmt.Errorf("plot: save %s: want a name that ends in .png, .svg or .pdf", path)
	}
	picture, err := render()
	if err != nil {
		return err
	}
	if err := atomicfile.WriteFile(path, picture); err != nil {
		return fmt.Errorf("plot: save: %w", err)
	}
	return nil
}

func (f *Figure) render(format string, canvas vg.CanvasWriterTo) ([]byte, error) {
	f.draw(draw.New(canvas))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("plot: render as %s: %w", format, err)
	}
	return b.Bytes(), nil
}

func (f *Figure) draw(c draw.Canvas) {
	if background := f.plot.BackgroundColor; background != nil {
		c.SetColor(background)
		c.Fill(c.Rectangle.Path())
	}
	if f.sheet != nil {
		f.sheet.draw(draw.Crop(c, margin, -margin, margin, -margin))
		return
	}
	area := f.area(c)
	f.plot.Draw(area)
	if f.beside != nil {
		right := draw.Crop(c, area.Max.X-c.Min.X+margin, 0, 0, 0)
		right.Max.Y = f.plot.DataCanvas(area).Max.Y
		f.beside.Draw(right)
	}
}

// area is the part of a canvas that the plot gets.
func (f *Figure) area(c draw.Canvas) draw.Canvas {
	right := margin
	if f.beside != nil {
		right += f.besideWidth + margin
	}
	return draw.Crop(c, margin, -right, margin, -margin)
}

// canvas has the figure's size, to measure with; nothing can be drawn on it.
func (f *Figure) canvas() draw.Canvas {
	return draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: f.width, Y: f.height}}}
}
