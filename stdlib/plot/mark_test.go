package plot

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot/vg"
)

func marked() []Curve {
	c := Curve{Name: "cluster", Steps: []int{0, 100, 200, 300, 400, 500}, Loss: []float64{3, 1.5, 1.5, 1.0, 1.0, 1}}
	c.Marks = []Mark{{200, 300, "quoref"}, {400, 400, "mctaco"}, {450, 450, ""}}
	return []Curve{c, {Name: "random", Steps: []int{0, 500}, Loss: []float64{3, 1.2}}}
}

func TestMarks(t *testing.T) {
	svg, err := mustDraw(t, marked(), Config{}).SVG()
	if err != nil {
		t.Fatal(err)
	}
	texts, strokes := svgElements(t, svg)
	for _, want := range []string{"quoref", "mctaco"} {
		if !slices.Contains(texts, want) {
			t.Errorf("%q is not written: %q", want, texts)
		}
	}
	stripes := 0
	for style, n := range strokes {
		if strings.HasPrefix(style, "fill:#0071B1;fill-opacity:0.17") {
			stripes += n
		}
	}
	if stripes != 3 {
		t.Errorf("%d stripes in the colour of the curve, want 3: %v", stripes, strokes)
	}
}

func TestMarksInPanelsAndText(t *testing.T) {
	f, err := Panels([]Panel{{Title: "one", Curves: marked()}, {Title: "two", Curves: marked()[1:]}}, 2, Config{})
	if err != nil {
		t.Fatal(err)
	}
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(svg), ">quoref</text>"); n != 1 {
		t.Errorf("the label is written %d times", n)
	}
	lines := strings.Split(mustDraw(t, marked(), Config{}).String(), "\n")
	if n := strings.Count(lines[0], "▼"); n != 3 {
		t.Errorf("%d signs in the first line of\n%s", n, strings.Join(lines, "\n"))
	}
	if last := lines[len(lines)-1]; last != "     ● cluster   ○ random   ▼ quoref   ▼ mctaco" {
		t.Errorf("the names are %q", last)
	}
}

// A label stands within a wide stripe and to the right of a narrow one.
func TestPlacesOfLabels(t *testing.T) {
	f := mustDraw(t, marked(), Config{})
	m := newMarkings(8)
	m.add(marked()[0], lookOf(0))
	data := f.plot.DataCanvas(f.area(f.canvas()))
	x, _ := f.plot.Transforms(&data)
	got := map[string]vg.Length{}
	m.eachLabel(data, f.plot, func(label string, at vg.Point) { got[label] = at.X })
	want := map[string]vg.Length{"quoref": x(250) - 1, "mctaco": x(400) + 4 - 1}
	for label, at := range want {
		if math.Abs(float64(got[label]-at)) > 1e-9 {
			t.Errorf("%s stands at %v, want %v", label, got[label], at)
		}
	}
}

func TestLegendKeepsClearOfLabels(t *testing.T) {
	curves := []Curve{{Name: "a", Steps: []int{0, 100}, Loss: []float64{3, 1}}, {Name: "b", Steps: []int{0, 100}, Loss: []float64{3, 1}}}
	curves[0].Marks = []Mark{{90, 90, "a label in the corner where the legend would be"}}
	f := mustDraw(t, curves, Config{})
	if f.beside == nil && f.plot.Legend.XOffs > f.width/2 && f.plot.Legend.YOffs > f.height/3 {
		t.Error("the legend covers the label")
	}
}

func TestSpreadPlaces(t *testing.T) {
	for _, c := range []struct{ at, want []vg.Length }{
		{nil, nil},
		{[]vg.Length{50}, []vg.Length{50}},
		{[]vg.Length{-4, 50}, []vg.Length{5, 50}},
		{[]vg.Length{50, 52, 54}, []vg.Length{50, 60, 70}},
		{[]vg.Length{96, 99}, []vg.Length{85, 95}},
		{[]vg.Length{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, []vg.Length{2.5, 7.5, 12.5, 17.5, 22.5, 27.5, 32.5, 37.5, 42.5, 47.5, 52.5, 57.5, 62.5, 67.5, 72.5, 77.5, 82.5, 87.5, 92.5, 97.5}},
	} {
		got := slices.Clone(c.at)
		spread(got, 0, 100, 10)
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%v: %s", c.at, d)
		}
	}
}

func TestLongLabelsAreCut(t *testing.T) {
	curves := marked()
	curves[0].Marks[0].Label = strings.Repeat("long ", 60)
	f := mustDraw(t, curves, Config{})
	m := newMarkings(8)
	m.add(curves[0], lookOf(0))
	data := f.plot.DataCanvas(f.area(f.canvas()))
	m.eachLabel(data, f.plot, func(label string, at vg.Point) {
		if m.style.Width(label) > 0.6*data.Size().Y {
			t.Errorf("%q is longer than 0.6 of the plot", label)
		}
	})
}

func TestMarkErrors(t *testing.T) {
	for _, c := range []struct {
		mark Mark
		want string
	}{
		{Mark{20, 10, "x"}, `mark 0, "x", is from step 20 to 10`},
		{Mark{20, 30, "x"}, `mark 0, "x", is from step 20 to 30, the curve from 0 to 10`},
		{Mark{-5, -1, ""}, `mark 0, "", is from step -5 to -1, the curve from 0 to 10`},
	} {
		f, err := LossCurves([]Curve{{Name: "a", Steps: []int{0, 10}, Loss: []float64{2, 1}, Marks: []Mark{c.mark}}}, Config{})
		if f != nil || err == nil || err.Error() != `plot: loss curves: curve "a": `+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// A mark that the steps show in part is drawn in part, and the axes stay.
func TestMarkBeyondTheSteps(t *testing.T) {
	c := Curve{Name: "a", Steps: []int{10, 20}, Loss: []float64{2, 1}}
	plain := mustDraw(t, []Curve{c}, Config{})
	c.Marks = []Mark{{-100, 12, "x"}}
	f := mustDraw(t, []Curve{c}, Config{})
	if f.plot.X.Min != plain.plot.X.Min || f.plot.X.Max != plain.plot.X.Max {
		t.Errorf("the axis is from %v to %v", f.plot.X.Min, f.plot.X.Max)
	}
	m := newMarkings(8)
	m.add(c, lookOf(0))
	data := f.plot.DataCanvas(f.area(f.canvas()))
	m.eachLabel(data, f.plot, func(_ string, at vg.Point) {
		if at.X < data.Min.X {
			t.Errorf("the label is at %v, the plot begins at %v", at.X, data.Min.X)
		}
	})
}
