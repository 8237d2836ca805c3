package plot

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot/vg"
)

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		ticks     ticks
		want      string
	}{
		{0, 1, ticks{wanted: 6}, "0.0 0.2 0.4 0.6 0.8 1.0"},
		{0, 1, ticks{wanted: 5}, "0.00 0.25 0.50 0.75 1.00"},
		{0.31, 3.27, ticks{wanted: 6}, "0.5 1.0 1.5 2.0 2.5 3.0"},
		{-0.2, 0.21, ticks{wanted: 5}, "-0.2 -0.1 0.0 0.1 0.2"},
		{2.41, 2.47, ticks{wanted: 4}, "2.42 2.44 2.46"},
		{-18, 908, ticks{wanted: 10, whole: true}, "0 100 200 300 400 500 600 700 800 900"},
		{-0.1, 4.1, ticks{wanted: 10, whole: true}, "0 1 2 3 4"},
		{0.9, 1.1, ticks{wanted: 10, whole: true}, "1"},
		{0, 25, ticks{wanted: 11, whole: true}, "0 5 10 15 20 25"},
		{0, 100, ticks{wanted: 5, whole: true}, "0 25 50 75 100"},
		{1e6, 4e6, ticks{wanted: 4}, "1000000 2000000 3000000 4000000"},
		{1, 1, ticks{wanted: 4}, ""},
		{math.Inf(-1), math.NaN(), ticks{wanted: 4}, ""},
	} {
		var labels []string
		for _, tick := range c.ticks.Ticks(c.low, c.high) {
			labels = append(labels, tick.Label)
			if got := fmt.Sprintf("%.*f", max(0, len(tick.Label)-1-strings.IndexByte(tick.Label+".", '.')), tick.Value+0); got != tick.Label {
				t.Errorf("the tick at %v is labelled %s", tick.Value, tick.Label)
			}
		}
		if got := strings.Join(labels, " "); got != c.want {
			t.Errorf("%v to %v: got %s, want %s", c.low, c.high, got, c.want)
		}
	}
}

func TestRangesFitTheData(t *testing.T) {
	xmin, xmax, ymin, ymax := ranges([]Curve{
		{Steps: []int{0, 50}, Loss: []float64{3, 1}},
		{Steps: []int{10, 100}, Loss: []float64{2, 2.5}},
	})
	got := []float64{xmin, xmax, ymin, ymax}
	for i, want := range []float64{-2, 102, 0.9, 3.1} {
		if math.Abs(got[i]-want) > 1e-12 {
			t.Errorf("got %v, want -2, 102, 0.9, 3.1", got)
		}
	}
}

func TestLooksDiffer(t *testing.T) {
	inColour, inGrey := make(map[string]int), make(map[string]int)
	for k := range 35 {
		l := lookOf(k)
		for _, c := range []struct {
			seen  map[string]int
			until int
			key   string
		}{
			{inColour, 35, fmt.Sprint(l.color, l.marker)},
			{inGrey, 20, fmt.Sprint(l.dashes, l.marker)},
		} {
			if before, ok := c.seen[c.key]; ok && k < c.until {
				t.Errorf("curves %d and %d look alike", before, k)
			}
			c.seen[c.key] = k
		}
	}
}

// Every kind of marker should look as large as the others.
func TestMarkersHaveOneArea(t *testing.T) {
	for k := range 5 {
		area := 0.0
		corners := lookOf(k).marker
		for i, p := range corners {
			next := corners[(i+1)%len(corners)]
			area += float64(p.X*next.Y-next.X*p.Y) / 2
		}
		if want := math.Pi * 2.6 * 2.6; math.Abs(area-want) > 1e-9 {
			t.Errorf("marker %d has area %v, want %v", k, area, want)
		}
	}
}

func TestLegendKeepsClear(t *testing.T) {
	line := func(name string, from, to float64) Curve {
		return Curve{Name: name, Steps: []int{0, 100}, Loss: []float64{from, to}}
	}
	zigzag := Curve{Name: "zigzag"}
	for i := range 60 {
		zigzag.Add(i, float64(i%2))
	}
	for name, c := range map[string]struct {
		curves []Curve
		left   bool
		top    bool
		beside bool
	}{
		"falling":      {arrangements(), false, true, false},
		"rising":       {[]Curve{line("a", 1, 3), {Name: "b", Steps: []int{0, 99, 100}, Loss: []float64{1, 1.2, 3}}}, true, true, false},
		"high":         {[]Curve{line("a", 3, 3), {Name: "b", Steps: []int{0, 1, 100}, Loss: []float64{1, 3, 2.8}}}, false, false, false},
		"fills it all": {[]Curve{zigzag, {Name: "b", Steps: []int{0, 59}, Loss: []float64{0, 1}}}, false, false, true},
	} {
		f := mustDraw(t, c.curves, Config{})
		if (f.beside != nil) != c.beside {
			t.Errorf("%s: the legend stands beside the plot: %v", name, f.beside != nil)
			continue
		}
		data := f.plot.DataCanvas(f.area(f.canvas()))
		legend := &f.plot.Legend
		if c.beside {
			if right := f.width - data.Max.X; right < f.besideWidth+2*margin {
				t.Errorf("%s: %v is left for a legend of %v", name, right, f.besideWidth)
			}
			continue
		}
		size := legend.Rectangle(data).Size()
		at := data.Min.Add(vg.Point{X: legend.XOffs, Y: legend.YOffs})
		if left, top := at.X < data.Center().X, at.Y > data.Center().Y; left != c.left || top != c.top {
			t.Errorf("%s: left %v, top %v", name, left, top)
		}
		for k := range c.curves {
			points := (&series{curve: c.curves[k]}).points(data, f.plot)
			if room := distance(vg.Rectangle{Min: at, Max: at.Add(size)}, along(points)); room < clearance {
				t.Errorf("%s: curve %d passes the legend at %v", name, k, room)
			}
		}
	}
}

func TestNoLegendForOneNamelessCurve(t *testing.T) {
	for name, want := range map[string]int{"": 0, "NFT": 1} {
		svg, err := mustDraw(t, []Curve{falling(name, 5, 1)}, Config{}).SVG()
		if err != nil {
			t.Fatal(err)
		}
		if _, strokes := svgElements(t, svg); strokes["fill:none;stroke:#0072B2;stroke-width:1.7"] != 1+want {
			t.Errorf("%q: %v", name, strokes)
		}
	}
}

func TestLongTextsFit(t *testing.T) {
	long := strings.Repeat("long ", 60)
	curves := arrangements()
	curves[1].Name = long
	for _, size := range []Config{{}, {Width: 2, Height: 2}} {
		size.Title, size.XLabel, size.YLabel = long, long, long
		f := mustDraw(t, curves, size)
		area := f.area(f.canvas())
		data := f.plot.DataCanvas(area).Size()
		title := f.plot.Title
		for what, c := range map[string][2]vg.Length{
			"title":   {title.TextStyle.Width(title.Text), area.Size().X},
			"x label": {f.plot.X.Label.TextStyle.Width(f.plot.X.Label.Text), area.Size().X},
			"y label": {f.plot.Y.Label.TextStyle.Width(f.plot.Y.Label.Text), area.Size().Y},
			"plot":    {0.3 * f.width, data.X},
		} {
			if c[0] > c[1] {
				t.Errorf("%g inches: the %s takes %v of %v", size.Width, what, c[0], c[1])
			}
		}
	}
}

func TestMarkersAreSpread(t *testing.T) {
	points := func(n int) []vg.Point {
		var p []vg.Point
		for i := range n {
			p = append(p, vg.Point{X: vg.Length(800 * i / (n - 1))})
		}
		return p
	}
	if got := (&series{of: 1}).marked(points(12), 800); len(got) != 12 {
		t.Errorf("%d of 12 points are marked, want all", len(got))
	}
	used := make(map[vg.Point]int)
	for index := range 3 {
		marked := (&series{index: index, of: 3}).marked(points(401), 800)
		var at []float64
		for _, p := range marked {
			if before, ok := used[p]; ok {
				t.Errorf("curves %d and %d are both marked at %v", before, index, p.X)
			}
			used[p] = index
			at = append(at, float64(p.X))
		}
		for i := 1; i < len(at); i++ {
			if gap := at[i] - at[i-1]; gap < 98 || gap > 102 {
				t.Errorf("curve %d: markers %v", index, at)
			}
		}
		if len(at) < 7 || len(at) > 8 {
			t.Errorf("curve %d has %d markers", index, len(at))
		}
	}
}

func TestAlong(t *testing.T) {
	got := along([]vg.Point{{X: 0, Y: 0}, {X: 3, Y: 4}, {X: 3, Y: 4}, {X: 3, Y: 3}})
	want := []vg.Point{{X: 0, Y: 0}, {X: 1, Y: 4. / 3}, {X: 2, Y: 8. / 3}, {X: 3, Y: 4}, {X: 3, Y: 3}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
