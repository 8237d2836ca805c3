package plot

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGroupByHand(t *testing.T) {
	g := newGroup(Sample{"NFT", []float64{1, 2, 6}}, 2)
	if g.mean != 3 || math.Abs(g.deviation-math.Sqrt(7)) > 1e-12 { // (4+1+9)/2
		t.Errorf("mean %v, deviation %v: want 3 and √7", g.mean, g.deviation)
	}
	for i, want := range []float64{1.8, 1.9, 2.0} {
		if math.Abs(g.x[i]-want) > 1e-12 {
			t.Errorf("the dots are at %v, want 1.8, 1.9, 2.0", g.x)
		}
	}
	one := newGroup(Sample{"RT", []float64{4}}, 0)
	if one.mean != 4 || one.deviation != 0 || one.x[0] != -0.1 {
		t.Errorf("one value: %+v", one)
	}
}

func TestNumbersHaveDigitsOfTheirDeviation(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   string
	}{
		{[]float64{2.12, 2.18}, "2.150"},
		{[]float64{2, 3}, "2.50"},
		{[]float64{200, 300}, "250"},
		{[]float64{2.12}, "2.120"},
		{[]float64{0.31234, 0.31235}, "0.3123"},
		{[]float64{0}, "0.00"},
	} {
		if got := newGroup(Sample{Values: c.values}, 0).number(); got != c.want {
			t.Errorf("%v: got %s, want %s", c.values, got, c.want)
		}
	}
}

func TestSpread(t *testing.T) {
	samples := []Sample{{"NFT", []float64{2, 2.1, 2.2}}, {"RT", []float64{2.2, 2.3, 2.4}}}
	f, err := Spread(samples, Config{Title: "Final loss"})
	if err != nil {
		t.Fatal(err)
	}
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	texts, strokes := svgElements(t, svg)
	for _, want := range []string{"Final loss", "NFT", "RT", "arrangement", "2.10", "2.30"} {
		if !slices.Contains(texts, want) {
			t.Errorf("%q is not written: %q", want, texts)
		}
	}
	const line = "fill:none;stroke:#C4C4C4;stroke-width:0.8"
	if strokes[line] != 3 {
		t.Errorf("%d lines join seeds, want 3: %v", strokes[line], strokes)
	}
	if n := strokes["fill:none;stroke:#0072B2;stroke-width:1.3"]; n != 3 { // a bar and its ends
		t.Errorf("the bar has %d strokes", n)
	}
	samples[1].Values = samples[1].Values[:2]
	f, err = Spread(samples, Config{})
	if err != nil {
		t.Fatal(err)
	}
	svg, err = f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	if _, strokes := svgElements(t, svg); strokes[line] != 0 {
		t.Error("lines join seeds that are not the same")
	}
}

func TestSpreadFitsManyLongNames(t *testing.T) {
	var samples []Sample
	for range 12 {
		samples = append(samples, Sample{strings.Repeat("long ", 20), []float64{1, 2}})
	}
	f, err := Spread(samples, Config{})
	if err != nil {
		t.Fatal(err)
	}
	room := f.plot.DataCanvas(f.area(f.canvas())).Size().X / 12
	for _, tick := range f.plot.X.Tick.Marker.Ticks(f.plot.X.Min, f.plot.X.Max) {
		if width := f.plot.X.Tick.Label.Width(tick.Label); width > room {
			t.Errorf("%q takes %v of %v", tick.Label, width, room)
		}
	}
	for _, line := range strings.Split(f.String(), "\n") {
		if n := len([]rune(line)); n > 90 {
			t.Errorf("a line of %d letters: %s", n, line)
		}
	}
}

func TestSpreadErrors(t *testing.T) {
	for _, c := range []struct {
		samples []Sample
		cfg     Config
		want    string
	}{
		{nil, Config{}, "there are none"},
		{[]Sample{{"a", nil}}, Config{}, `sample "a": it has no values`},
		{[]Sample{{"a", []float64{1}}, {"", []float64{1}}}, Config{}, "sample 2 of 2 has no name"},
		{[]Sample{{"a", []float64{1, math.NaN()}}}, Config{}, `sample "a": value 1 is NaN`},
		{[]Sample{{"a", []float64{1}}}, Config{Width: 1}, "it is 1×4 inches: want 2 to 40 each way"},
	} {
		f, err := Spread(c.samples, c.cfg)
		if f != nil || err == nil || err.Error() != "plot: spread: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestPanelsWithLabelsOfTheirOwn(t *testing.T) {
	loss := []Curve{{Name: "NFT", Steps: []int{0, 10}, Loss: []float64{3, 1}}}
	for _, c := range []struct {
		second, label string
		want          string
	}{
		{"F1", "", ""},
		{"", "", "mean unseen-task loss (nats per token)"},
		{"F1", "what", "what"},
	} {
		f, err := Panels([]Panel{{YLabel: "nats", Curves: loss}, {YLabel: c.second, Curves: loss}, {}}, 2, Config{YLabel: c.label})
		if err != nil {
			t.Fatal(err)
		}
		if got := f.sheet.yLabel.text; got != c.want {
			t.Errorf("%+v: the label is %q", c, got)
		}
	}
}

func TestSimilarityWithLoss(t *testing.T) {
	loss := Curve{Name: "any", Steps: []int{0, 10, 20}, Loss: []float64{3, 2, 1}, Marks: []Mark{{0, 5, "before"}, {10, 20, "drop"}}}
	run := func(name string) SimilarityRun {
		return SimilarityRun{name, prefixCurves("qa", "sum"), []Curve{loss, loss}}
	}
	f, err := Similarity([]SimilarityRun{run("NFT"), run("FFT")}, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.sheet.panels); n != 10 {
		t.Fatalf("%d panels, want 10", n)
	}
	if d := cmp.Diff([]float64{3, 2, 1}, f.sheet.panels[5].traces[0].y); d != "" {
		t.Error(d)
	}
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	texts, _ := svgElements(t, svg)
	for want, n := range map[string]int{"loss (nats per token)": 1, "average distance": 1, "drop": 4, "distance from the training data seen": 0, "any": 0, "sum": 1} {
		if got := len(slices.DeleteFunc(slices.Clone(texts), func(s string) bool { return s != want })); got != n {
			t.Errorf("%q is written %d times, want %d", want, got, n)
		}
	}
	// In the other panels: the mark of their steps, not the one that ends before them, and no label.
	if n := len(f.sheet.panels[1].traces); n != 2+2 {
		t.Errorf("the panel beside the loss has %d traces, want 2 curves and 2 marks", n)
	}
	broken := run("FFT")
	broken.Loss = broken.Loss[:1]
	_, err = Similarity([]SimilarityRun{run("NFT"), broken}, Config{})
	if want := `plot: similarity: run "FFT" has 1 losses of 2 tasks, run "NFT" 2: want all or none`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	broken.Loss = nil
	if _, err = Similarity([]SimilarityRun{broken, run("NFT")}, Config{}); err == nil {
		t.Error("losses of one run only: no error")
	}
}
