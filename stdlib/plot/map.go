package plot

import (
	"cmp"
	"errors"
	"fmt"
	"image/color"
	"math"
	"slices"

	gonumplot "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kairos/stdlib/matrix"
)

// mapPoints are drawn of the training rows at most: more hide each other, and make large files.
const mapPoints = 20_000

// MapByRound draws where training and unseen examples lie, given two coordinates of each, such as
// those of similarity.PCA, as rows of matrices. A training row has the colour of the round that took
// it, dark for the first; −1 stands for a row that no round took, and is grey. Unseen examples are
// diamonds. The axes have the same unit, in a figure of
// 6.4 × 4.8 inches, and say "principal component 1" and 2 unless cfg says
// otherwise.
//
// Of more than 20,000 training rows, every so many are drawn; the legend says so. Matrices that are
// empty, not two columns wide or not finite, and another number of rounds than of training rows,
// are errors. test may be nil.
func MapByRound(train, test *matrix.Dense, rounds []int, cfg Config) (*Figure, error) {
	cfg = mapDefaults(cfg)
	err := checkMap(train, test, len(rounds), "rounds", cfg)
	if err != nil {
		return nil, fmt.Errorf("plot: map by round: %w", err)
	}
	last := slices.Max(rounds)
	m := newCloud(train, test)
	for k, i := range m.rows {
		if rounds[i] >= 0 {
			m.colors[k] = shade(float64(rounds[i]) / float64(max(1, last)))
		}
	}
	// Early rounds lie on top.
	m.sort(func(i int) int {
		if rounds[i] < 0 {
			return math.MinInt
		}
		return -rounds[i]
	})
	scale := &roundScale{last: last, cloud: m, missing: slices.ContainsFunc(rounds, func(r int) bool { return r < 0 })}
	return m.figure(cfg, scale, scale.width()), nil
}

// MapByTask draws the map of MapByRound with a training row in the colour of its task. The seven
// tasks with most rows have colours, the others are grey together.
func MapByTask(train, test *matrix.Dense, tasks []string, cfg Config) (*Figure, error) {
	cfg = mapDefaults(cfg)
	if err := checkMap(train, test, len(tasks), "tasks", cfg); err != nil {
		return nil, fmt.Errorf("plot: map by task: %w", err)
	}
	named, others := largestTasks(tasks)
	m := newCloud(train, test)
	place := make(map[string]int)
	for k, task := range named {
		place[task] = k
	}
	for k, i := range m.rows {
		if at, ok := place[tasks[i]]; ok {
			m.colors[k] = lookOf(at).color
		}
	}
	m.sort(func(i int) int {
		if _, ok := place[tasks[i]]; ok {
			return 1
		}
		return 0
	})
	legend, width := m.taskLegend(named, others, vg.Length(cfg.Width)*vg.Inch)
	f := m.figure(cfg, legend, width)
	f.traces = append(f.traces, m.tracesOf(tasks, named)...)
	return f, nil
}

func mapDefaults(cfg Config) Config {
	cfg.XLabel = cmp.Or(cfg.XLabel, "principal component 1")
	cfg.YLabel = cmp.Or(cfg.YLabel, "principal component 2")
	cfg.Height = cmp.Or(cfg.Height, 4.8)
	return cfg.withDefaults()
}

func checkMap(train, test *matrix.Dense, labels int, what string, cfg Config) error {
	if err := cfg.check(); err != nil {
		return err
	}
	if err := checkCoordinates(train); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	if train.Rows == 0 {
		return errors.New("train is empty")
	}
	if test != nil {
		if err := checkCoordinates(test); err != nil {
			return fmt.Errorf("test: %w", err)
		}
	}
	if labels != train.Rows {
		return fmt.Errorf("%s of %d rows, but coordinates of %d", what, labels, train.Rows)
	}
	return nil
}

func checkCoordinates(m *matrix.Dense) error {
	if err := m.Check(); err != nil {
		return err
	}
	if m.Cols != 2 {
		return fmt.Errorf("it has %d columns: want 2, of a place on the map", m.Cols)
	}
	return nil
}

// largestTasks returns the tasks with most rows, those of equal size in the order in which they
// first appear, and how many others there are.
func largestTasks(tasks []string) (named []string, others int) {
	const most = 7
	count := make(map[string]int)
	for _, task := range tasks {
		if count[task] == 0 {
			named = append(named, task)
		}
		count[task]++
	}
	slices.SortStableFunc(named, func(a, b string) int { return count[b] - count[a] })
	others = max(0, len(named)-most)
	return named[:len(named)-others], others
}

// cloud are the points of a map.
type cloud struct {
	train, test *matrix.Dense
	rows        []int         // of train: those that are drawn, the last on top
	colors      []color.Color // of these
	radius      vg.Length
}

func newCloud(train, test *matrix.Dense) *cloud {
	n := min(train.Rows, mapPoints)
	m := &cloud{train: train, test: test, rows: make([]int, n), colors: make([]color.Color, n)}
	for k := range n {
		m.rows[k] = k * train.Rows / n
		m.colors[k] = untaken()
	}
	m.radius = vg.Length(min(2.4, max(1.1, 2.4-0.5*math.Log10(float64(n)/100))))
	return m
}

// untaken is the colour of what has none.
func untaken() color.Color { return color.Gray{0xc4} }

// sort puts rows with a low key below those with a high one.
func (m *cloud) sort(key func(row int) int) {
	order := make([]int, len(m.rows))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(key(m.rows[a]), key(m.rows[b])) })
	rows, colors := slices.Clone(m.rows), slices.Clone(m.colors)
	for at, k := range order {
		m.rows[at], m.colors[at] = rows[k], colors[k]
	}
}

// figure draws the map with a legend beside it.
func (m *cloud) figure(cfg Config, legend interface{ Draw(draw.Canvas) }, width vg.Length) *Figure {
	f := blankFigure(cfg, false)
	f.beside, f.besideWidth = legend, width
	p := f.plot
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = m.extent()
	for range 3 { // since other numbers may take other room
		f.label(cfg)
		f.equalUnits()
	}
	p.Add(newGrid(), corner{}, m)
	if m.test != nil && m.test.Rows > 0 {
		f.traces = append(f.traces, places("unseen", m.test, loose, '◆'))
	}
	dust := places("", m.train, dust, 0)
	f.traces = append(f.traces, dust)
	return f
}

func (m *cloud) extent() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, points := range []*matrix.Dense{m.train, m.test} {
		for i := range rowsOf(points) {
			x, y := float64(points.At(i, 0)), float64(points.At(i, 1))
			xmin, xmax, ymin, ymax = min(xmin, x), max(xmax, x), min(ymin, y), max(ymax, y)
		}
	}
	xmin, xmax = widen(xmin, xmax, 0.03)
	ymin, ymax = widen(ymin, ymax, 0.03)
	return xmin, xmax, ymin, ymax
}

func rowsOf(m *matrix.Dense) int {
	if m == nil {
		return 0
	}
	return m.Rows
}

// equalUnits widens the range of one axis, so that both have the same unit.
func (f *Figure) equalUnits() {
	x, y := &f.plot.X, &f.plot.Y
	size := f.plot.DataCanvas(f.area(f.canvas())).Size()
	unit := max((x.Max-x.Min)/float64(size.X), (y.Max-y.Min)/float64(size.Y))
	for axis, length := range map[*gonumplot.Axis]vg.Length{x: size.X, y: size.Y} {
		middle, half := (axis.Min+axis.Max)/2, unit*float64(length)/2
		axis.Min, axis.Max = middle-half, middle+half
	}
}

func places(name string, m *matrix.Dense, kind kind, sign rune) trace {
	t := trace{name: name, kind: kind, sign: sign}
	for i := range m.Rows {
		t.x, t.y = append(t.x, float64(m.At(i, 0))), append(t.y, float64(m.At(i, 1)))
	}
	return t
}

// tracesOf are the tasks, for text.
func (m *cloud) tracesOf(tasks, named []string) []trace {
	var traces []trace
	for k, name := range named {
		t := trace{name: name, kind: loose, sign: []rune("●○■□▲△▼")[k]}
		for i, task := range tasks {
			if task == name {
				t.x, t.y = append(t.x, float64(m.train.At(i, 0))), append(t.y, float64(m.train.At(i, 1)))
			}
		}
		traces = append(traces, t)
	}
	return traces
}

// Plot implements gonum's Plotter.
func (m *cloud) Plot(c draw.Canvas, p *gonumplot.Plot) {
	x, y := p.Transforms(&c)
	at := func(points *matrix.Dense, i int) vg.Point {
		return vg.Point{X: x(float64(points.At(i, 0))), Y: y(float64(points.At(i, 1)))}
	}
	for k, row := range m.rows {
		if point := at(m.train, row); c.Contains(point) {
			disc(c, m.colors[k], point, m.radius)
		}
	}
	for i := range rowsOf(m.test) {
		if point := at(m.test, i); c.Contains(point) {
			diamond(c, point)
		}
	}
}

func disc(c draw.Canvas, clr color.Color, at vg.Point, radius vg.Length) {
	const corners = 12
	var circle [corners]vg.Point
	for k := range circle {
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / corners)
		circle[k] = at.Add(vg.Point{X: radius * vg.Length(cos), Y: radius * vg.Length(sin)})
	}
	c.FillPolygon(clr, circle[:])
}

// diamond marks an unseen example: white within, so that it stands out from dark and light.
func diamond(c draw.Canvas, at vg.Point) {
	const size = 3.2
	corners := []vg.Point{at.Add(vg.Point{X: size}), at.Add(vg.Point{Y: size}), at.Add(vg.Point{X: -size}), at.Add(vg.Point{Y: -size})}
	c.FillPolygon(color.White, corners)
	c.StrokeLines(draw.LineStyle{Color: ink(), Width: 1.1}, append(corners, corners[0], corners[1]))
}
