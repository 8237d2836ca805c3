package plot

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Panel is one of several small plots.
type Panel struct {
	Title  string
	YLabel string // beside this panel only
	Curves []Curve
}

// Panels draws small plots in rows of the given number of columns, with one legend: curves of the
// same name look the same in all of them. 0 columns are as many as make a square, up to four. All
// panels have the same steps on their x axis, and a y axis of their own. A panel without curves
// stays empty. Without a size in cfg the figure has about 2 × 1.7 inches for each. Where every panel has
// a YLabel, such as a loss beside scores, cfg's is empty unless it is set.
//
// No panels, none with curves, and what LossCurves refuses of a curve are errors that say which
// panel.
func Panels(panels []Panel, columns int, cfg Config) (*Figure, error) {
	labelled := cfg.YLabel != "" || slices.ContainsFunc(panels, func(p Panel) bool { return len(p.Curves) > 0 && p.YLabel == "" })
	return drawPanels(panels, columns, cfg, labelled)
}

// drawPanels is Panels with a label along all y axes or without.
func drawPanels(panels []Panel, columns int, cfg Config, labelled bool) (*Figure, error) {
	if columns == 0 {
		columns = min(4, int(math.Ceil(math.Sqrt(float64(len(panels))))))
	}
	if columns > 0 {
		rows := (len(panels) + columns - 1) / columns
		cfg.Width = cmp.Or(cfg.Width, max(3.2, 0.4+2*float64(columns)))
		cfg.Height = cmp.Or(cfg.Height, 0.9+1.7*float64(rows))
	}
	cfg = cfg.withDefaults()
	if !labelled {
		cfg.YLabel = ""
	}
	err := checkPanels(panels, columns)
	if err == nil {
		err = cfg.check()
	}
	if err != nil {
		return nil, fmt.Errorf("plot: panels: %w", err)
	}
	return newSheet(panels, columns, cfg), nil
}

func checkPanels(panels []Panel, columns int) error {
	curves := 0
	for k, p := range panels {
		curves += len(p.Curves)
		if len(p.Curves) == 0 {
			continue
		}
		if err := checkCurves(p.Curves); err != nil {
			return fmt.Errorf("panel %d, %q: %w", k+1, p.Title, err)
		}
	}
	switch {
	case curves == 0:
		return errors.New("there are no curves")
	case columns < 1:
		return fmt.Errorf("%d columns: want 1 or more, or 0", columns)
	}
	return nil
}

// sheet is several plots with a title, a legend and labels in common.
type sheet struct {
	title, xLabel, yLabel label
	key                   []*series
	keyStyle              text.Style
	plots                 [][]*gonumplot.Plot // nil where there is none
	panels                []*Figure           // for text
}

// label is a text and how it looks.
type label struct {
	text  string
	style text.Style
}

func newLabel(txt string, size, room vg.Length) label {
	l := label{style: text.Style{Handler: gonumplot.DefaultTextHandler, XAlign: text.XCenter, YAlign: text.YCenter}}
	set(&l.style, size)
	l.text = fit(&l.style, txt, room)
	return l
}

// height is the room that the label takes, with some air.
func (l label) height() vg.Length {
	if l.text == "" {
		return 0
	}
	return l.style.Height(l.text) + margin
}

func newSheet(panels []Panel, columns int, cfg Config) *Figure {
	width, height := vg.Length(cfg.Width)*vg.Inch, vg.Length(cfg.Height)*vg.Inch
	s := &sheet{
		title:    newLabel(cfg.Title, 12, width-2*margin),
		xLabel:   newLabel(cfg.XLabel, 10, width-2*margin),
		yLabel:   newLabel(cfg.YLabel, 10, height-2*margin),
		keyStyle: newLabel("", 9, 0).style,
	}
	s.keyStyle.XAlign = text.XLeft
	rows := (len(panels) + columns - 1) / columns
	cfg.Width, cfg.Height = cfg.Width/float64(columns), cfg.Height/float64(rows)
	looks := s.looks(panels)
	low, high := extent(panels)
	room := s.inside(draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: width, Y: height}}}).Size().Y/vg.Length(rows) - 6*margin
	for k, panel := range panels {
		if k%columns == 0 {
			s.plots = append(s.plots, make([]*gonumplot.Plot, columns))
		}
		if len(panel.Curves) == 0 {
			continue
		}
		f := newPanel(panel, looks, cfg, room)
		f.plot.X.Min, f.plot.X.Max = low, high
		s.plots[k/columns][k%columns] = f.plot
		s.panels = append(s.panels, f)
	}
	return &Figure{plot: s.panels[0].plot, sheet: s, width: width, height: height, dpi: cfg.DPI}
}

// looks gives every name its look, and fills the legend.
func (s *sheet) looks(panels []Panel) map[string]*series {
	looks := make(map[string]*series)
	for _, panel := range panels {
		for _, c := range panel.Curves {
			if looks[c.Name] == nil {
				drawn := &series{curve: Curve{Name: c.Name}, look: lookOf(len(looks)).smaller(), index: len(looks)}
				looks[c.Name] = drawn
				if strings.TrimSpace(c.Name) != "" {
					s.key = append(s.key, drawn)
				}
			}
		}
	}
	return looks
}

// extent is the range of all steps.
func extent(panels []Panel) (low, high float64) {
	var curves []Curve
	for _, panel := range panels {
		curves = append(curves, panel.Curves...)
	}
	low, high, _, _ = ranges(curves)
	return low, high
}

// newPanel makes one of the plots. cfg has its size, and room is what its y axis has for a label.
func newPanel(panel Panel, looks map[string]*series, cfg Config, room vg.Length) *Figure {
	f := blankFigure(cfg, true)
	p := f.plot
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = ranges(panel.Curves)
	p.X.Tick.Marker = ticks{wanted: max(4, int(cfg.Width*2)), whole: true}
	p.Y.Tick.Marker = ticks{wanted: max(3, int(cfg.Height*2.2))}
	for _, axis := range []*gonumplot.Axis{&p.X, &p.Y} {
		set(&axis.Tick.Label, 7.5)
		axis.Tick.Length = 2.5
		axis.LineStyle.Width = 0.6
		axis.Tick.LineStyle.Width = 0.6
		set(&axis.Label.TextStyle, 8.5)
	}
	set(&p.Title.TextStyle, 9)
	p.Title.Text = fit(&p.Title.TextStyle, panel.Title, f.width-3*margin)
	p.Title.Padding = 4
	p.Y.Label.Text = fit(&p.Y.Label.TextStyle, panel.YLabel, room)
	marked := newMarkings(6.5)
	for _, c := range panel.Curves {
		marked.add(c, looks[c.Name].look)
		t := c.trace()
		t.sign = marks[looks[c.Name].index%len(marks)]
		f.traces = append(f.traces, t)
	}
	f.traces = append(f.traces, marked.traces(p)...)
	p.Add(newGrid(), marked, corner{})
	for k := len(panel.Curves) - 1; k >= 0; k-- {
		drawn := *looks[panel.Curves[k].Name]
		drawn.curve, drawn.of = panel.Curves[k], len(looks)
		p.Add(&drawn)
	}
	return f
}

// draw draws the title at the top, then the legend, then the plots, and the labels along the edges.
func (s *sheet) draw(c draw.Canvas) {
	area := s.inside(c)
	tiles := draw.Tiles{Rows: len(s.plots), Cols: len(s.plots[0]), PadX: 1.2 * margin, PadY: margin}
	canvases := gonumplot.Align(s.plots, tiles, area)
	for i, row := range s.plots {
		for j, p := range row {
			if p != nil {
				p.Draw(canvases[i][j])
			}
		}
	}
	s.labels(c, area)
	top := c.Max.Y - s.title.height()
	for i, entries := range s.keyLines(c.Size().X) {
		s.drawKey(c, entries, top-(vg.Length(i)+0.5)*keyLine)
	}
}

// inside is what the title, the legend and the labels leave to the plots.
func (s *sheet) inside(c draw.Canvas) draw.Canvas {
	c.Max.Y -= s.title.height()
	if lines := s.keyLines(c.Size().X); len(lines) > 0 {
		c.Max.Y -= vg.Length(len(lines))*keyLine + margin/2
	}
	c.Min.Y += s.xLabel.height()
	c.Min.X += s.yLabel.height()
	return c
}

func (s *sheet) labels(c, area draw.Canvas) {
	if s.title.text != "" {
		c.FillText(s.title.style, vg.Point{X: c.Center().X, Y: c.Max.Y - s.title.style.Height(s.title.text)/2}, s.title.text)
	}
	if s.xLabel.text != "" {
		c.FillText(s.xLabel.style, vg.Point{X: area.Center().X, Y: c.Min.Y + s.xLabel.style.Height(s.xLabel.text)/2}, s.xLabel.text)
	}
	if s.yLabel.text != "" {
		upright := s.yLabel.style
		upright.Rotation = math.Pi / 2
		c.FillText(upright, vg.Point{X: c.Min.X + upright.Font.Size/2, Y: area.Center().Y}, s.yLabel.text)
	}
}

// The widths of a sample in the legend, of the gap to its name, and of that to the next sample; the height of a line.
const keySample, keyGap, keyAir, keyLine = vg.Length(24), vg.Length(5), vg.Length(16), vg.Length(14)

func (s *sheet) keyWidth(e *series, room vg.Length) (string, vg.Length) {
	name := shorten(s.keyStyle, e.curve.Name, room-keySample-keyGap)
	return name, keySample + keyGap + s.keyStyle.Width(name)
}

// keyLines breaks the legend into lines.
func (s *sheet) keyLines(room vg.Length) [][]*series {
	var lines [][]*series
	at := room + 1
	for _, e := range s.key {
		_, width := s.keyWidth(e, room)
		if at+width > room {
			lines = append(lines, nil)
			at = 0
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], e)
		at += width + keyAir
	}
	return lines
}

// drawKey draws a line of the legend, in the middle.
func (s *sheet) drawKey(c draw.Canvas, entries []*series, y vg.Length) {
	total := -keyAir
	for _, e := range entries {
		_, width := s.keyWidth(e, c.Size().X)
		total += width + keyAir
	}
	x := c.Center().X - total/2
	for _, e := range entries {
		name, width := s.keyWidth(e, c.Size().X)
		c.StrokeLine2(e.line(), x, y, x+keySample, y)
		e.mark(c, vg.Point{X: x + keySample/2, Y: y})
		c.FillText(s.keyStyle, vg.Point{X: x + keySample + keyGap, Y: y}, name)
		x += width + keyAir
	}
}

// text draws the first panels one below the other.
func (s *sheet) text() string {
	const most = 4
	var parts []string
	if s.title.text != "" {
		parts = append(parts, s.title.text)
	}
	for k, f := range s.panels {
		if k == most {
			parts = append(parts, fmt.Sprintf("and %d more panels", len(s.panels)-most))
			break
		}
		if beside := f.plot.Y.Label.Text; beside != "" {
			parts = append(parts, beside)
		}
		parts = append(parts, f.String())
	}
	return strings.Join(parts, "\n")
}
