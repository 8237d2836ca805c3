package plot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kairos/stdlib/similarity"
)

func TestBandByHand(t *testing.T) {
	curve := func(loss ...float64) Curve { return Curve{Steps: []int{0, 10}, Loss: loss} }
	got, err := Band("NFT", []Curve{curve(1, 5), curve(2, 5), curve(3, 5)})
	want := Curve{Name: "NFT", Steps: []int{0, 10}, Loss: []float64{2, 5}, Low: []float64{1, 5}, High: []float64{3, 5}}
	if d := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); d != "" || err != nil {
		t.Error(err, d)
	}
	for _, c := range []struct {
		seeds []Curve
		want  string
	}{
		{[]Curve{curve(1, 2)}, "1 curves: want two or more"},
		{[]Curve{curve(1, 2), {Steps: []int{0, 20}, Loss: []float64{1, 2}}}, "curve 1 has other steps than curve 0"},
		{[]Curve{curve(1, math.NaN()), curve(1, 2)}, "curve 0: the loss at step 10 is NaN"},
	} {
		if _, err := Band("x", c.seeds); err == nil || err.Error() != `plot: band "x": `+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestBandIsDrawn(t *testing.T) {
	c := falling("NFT", 30, 0.5)
	plain, err := mustDraw(t, []Curve{c}, Config{}).SVG()
	if err != nil {
		t.Fatal(err)
	}
	for i, loss := range c.Loss {
		c.Low, c.High = append(c.Low, loss-1), append(c.High, loss+0.2*float64(i%2))
	}
	f := mustDraw(t, []Curve{c}, Config{})
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	const area = ";fill-opacity:"
	if bytes.Contains(plain, []byte(area)) || !bytes.Contains(svg, []byte(area)) {
		t.Error("an area is drawn for a curve without a band, or not for one with it")
	}
	if f.plot.Y.Min > slices.Min(c.Low) || f.plot.Y.Max < slices.Max(c.High) {
		t.Errorf("the axis runs from %v to %v: the band is cut", f.plot.Y.Min, f.plot.Y.Max)
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var back Curve
	if err := json.Unmarshal(text, &back); err != nil || !cmp.Equal(c, back) {
		t.Errorf("%v: %v", err, back)
	}
}

func TestBandErrors(t *testing.T) {
	for _, c := range []struct {
		low, high []float64
		want      string
	}{
		{[]float64{1}, nil, "1 lower bounds, but 0 upper ones"},
		{[]float64{1}, []float64{1}, "2 steps, but bounds at 1"},
		{[]float64{1, 2}, []float64{1, 1}, "the bounds at step 1 are 2 and 1"},
		{[]float64{1, math.NaN()}, []float64{1, 1}, "the bounds at step 1 are NaN and 1"},
		{[]float64{1, 1}, []float64{math.Inf(1), 1}, "the bounds at step 0 are 1 and +Inf"},
		{[]float64{math.Inf(-1), 1}, []float64{math.Inf(-1), 1}, "the bounds at step 0 are -Inf and -Inf"},
	} {
		_, err := LossCurves([]Curve{{Name: "x", Steps: []int{0, 1}, Loss: []float64{1, 1}, Low: c.low, High: c.high}}, Config{})
		if err == nil || err.Error() != `plot: loss curves: curve "x": `+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func tasksPanels(n int) []Panel {
	var panels []Panel
	for k := range n {
		panels = append(panels, Panel{Title: fmt.Sprint("task ", k), Curves: arrangements()[k%3:]})
	}
	return panels
}

func TestPanels(t *testing.T) {
	for _, c := range []struct {
		panels, columns int
		cfg             Config
		width, height   int
	}{
		{1, 0, Config{}, 640, 520},
		{4, 0, Config{Title: "x"}, 880, 860},
		{5, 0, Config{}, 1280, 860},
		{16, 0, Config{DPI: 100}, 840, 770},
		{5, 2, Config{}, 880, 1200},
		{6, 3, Config{Width: 6, Height: 3, DPI: 100}, 600, 300},
	} {
		f, err := Panels(tasksPanels(c.panels), c.columns, c.cfg)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := f.PNG()
		if err != nil {
			t.Fatal(err)
		}
		size, err := png.DecodeConfig(bytes.NewReader(picture))
		if err != nil || size.Width != c.width || size.Height != c.height {
			t.Errorf("%d panels: %d×%d, %v; want %d×%d", c.panels, size.Width, size.Height, err, c.width, c.height)
		}
		if f.Plot() == nil {
			t.Error("there is no plot")
		}
		if pdf, err := f.PDF(); err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
			t.Error(err)
		}
	}
}

func TestPanelsShareLooksAndLegend(t *testing.T) {
	a, b := Curve{Name: "a", Steps: []int{0, 40}, Loss: []float64{2, 1}}, Curve{Name: "b", Steps: []int{10, 90}, Loss: []float64{9, 8}}
	f, err := Panels([]Panel{{Title: "one", Curves: []Curve{a, b}}, {}, {Title: "two", YLabel: "beside", Curves: []Curve{b}}}, 3, Config{Title: "All", YLabel: "loss"})
	if err != nil {
		t.Fatal(err)
	}
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	texts, strokes := svgElements(t, svg)
	for _, want := range []string{"All", "one", "two", "beside", "a", "b", "loss", "training step"} {
		if n := len(slices.DeleteFunc(slices.Clone(texts), func(s string) bool { return s != want })); n != 1 {
			t.Errorf("%q is written %d times: %q", want, n, texts)
		}
	}
	// The curves, and one sample each in the legend.
	for style, want := range map[string]int{
		"fill:none;stroke:#0072B2;stroke-width:1.2":                        2,
		"fill:none;stroke:#D55E00;stroke-width:1.2;stroke-dasharray:6,2.5": 3,
	} {
		if strokes[style] != want {
			t.Errorf("%d of %s, want %d: %v", strokes[style], style, want, strokes)
		}
	}
	for _, p := range f.sheet.panels {
		if p.plot.X.Min > 0 || p.plot.X.Max < 90 {
			t.Errorf("an axis runs from %v to %v: want the same for all", p.plot.X.Min, p.plot.X.Max)
		}
	}
	text := f.String()
	if !strings.Contains(text, "● a   ○ b") || !strings.HasSuffix(text, "     ○ b") || !strings.Contains(text, "beside") {
		t.Errorf("in text:\n%s", text)
	}
}

func TestPanelsInText(t *testing.T) {
	f, err := Panels(tasksPanels(6), 0, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if text := f.String(); !strings.HasSuffix(text, "\nand 2 more panels") || strings.Count(text, "task ") != 4 {
		t.Errorf("in text:\n%s", text)
	}
}

func TestPanelsErrors(t *testing.T) {
	bad := Panel{Title: "t", Curves: []Curve{{Name: "x", Steps: []int{0}, Loss: []float64{math.NaN()}}}}
	for _, c := range []struct {
		panels  []Panel
		columns int
		want    string
	}{
		{nil, 0, "there are no curves"},
		{[]Panel{{}, {}}, 0, "there are no curves"},
		{append(tasksPanels(1), bad), 0, `panel 2, "t": curve "x": the loss at step 0 is NaN`},
		{tasksPanels(2), -1, "-1 columns: want 1 or more, or 0"},
		{tasksPanels(100), 1, "it is 3.2×170.9 inches: want 2 to 40 each way"},
	} {
		f, err := Panels(c.panels, c.columns, Config{})
		if f != nil || err == nil || err.Error() != "plot: panels: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestPanelsWithLongTexts(t *testing.T) {
	long := strings.Repeat("long ", 60)
	panels := tasksPanels(4)
	for k := range panels {
		panels[k].Title, panels[k].YLabel = long, long
		for i := range panels[k].Curves {
			panels[k].Curves[i].Name += long
		}
	}
	f, err := Panels(panels, 0, Config{Title: long, XLabel: long, YLabel: long})
	if err != nil {
		t.Fatal(err)
	}
	if room := f.width - 2*margin; f.sheet.title.style.Width(f.sheet.title.text) > room || f.sheet.xLabel.style.Width(f.sheet.xLabel.text) > room {
		t.Error("a text is longer than the figure")
	}
	for _, line := range f.sheet.keyLines(f.width - 2*margin) {
		if len(line) != 1 {
			t.Errorf("%d long names on a line", len(line))
		}
	}
	if _, err := f.PNG(); err != nil {
		t.Error(err)
	}
}

func prefixCurves(tasks ...string) []similarity.PrefixCurve {
	var curves []similarity.PrefixCurve
	for _, task := range tasks {
		curves = append(curves, similarity.PrefixCurve{Task: task, Steps: []int{10, 20}, Avg: []float64{-0.5, -0.4}, Min: []float64{-0.8, -0.9}, Max: []float64{-0.1, 0.1}, Centroid: []float64{-0.7, -0.6}})
	}
	return curves
}

func TestSimilarity(t *testing.T) {
	f, err := Similarity([]SimilarityRun{{Name: "NFT", Tasks: prefixCurves("qa", "sum")}, {Name: "FFT", Tasks: prefixCurves("qa", "sum")}}, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.sheet.panels); n != 8 {
		t.Fatalf("%d panels, want 8", n)
	}
	for k, want := range [][]float64{{-0.5, -0.4}, {-0.8, -0.9}, {-0.1, 0.1}, {-0.7, -0.6}} {
		for _, panel := range []*Figure{f.sheet.panels[k], f.sheet.panels[4+k]} {
			if d := cmp.Diff(want, panel.traces[1].y); d != "" {
				t.Error(d)
			}
		}
	}
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	texts, _ := svgElements(t, svg)
	for _, want := range []string{"qa", "sum", "average", "nearest", "farthest", "centroids", "NFT", "FFT", "distance from the training data seen"} {
		if !slices.Contains(texts, want) {
			t.Errorf("%q is not written: %q", want, texts)
		}
	}
}

func TestSimilarityErrors(t *testing.T) {
	broken := prefixCurves("qa")
	broken[0].Max = broken[0].Max[:1]
	for _, c := range []struct {
		runs []SimilarityRun
		want string
	}{
		{nil, "similarity: there are no runs"},
		{[]SimilarityRun{{Name: "a"}}, `similarity: run "a" has 0 tasks: want 1 to 20`},
		{[]SimilarityRun{{Name: "a", Tasks: prefixCurves(strings.Split("abcdefghijklmnopqrstu", "")...)}}, `similarity: run "a" has 21 tasks: want 1 to 20`},
		{[]SimilarityRun{{Name: "a", Tasks: prefixCurves("qa")}, {Name: "b", Tasks: prefixCurves("qa", "sum")}}, `similarity: run "b" has 2 tasks, run "a" 1`},
		{[]SimilarityRun{{Name: "a", Tasks: prefixCurves("qa")}, {Name: "b", Tasks: prefixCurves("sum")}}, `similarity: task 0 of run "b" is "sum", of run "a" "qa"`},
		{[]SimilarityRun{{Name: "a", Tasks: broken}}, `panels: panel 3, "farthest": curve "a": 2 steps, but 1 losses`},
	} {
		f, err := Similarity(c.runs, Config{})
		if f != nil || err == nil || err.Error() != "plot: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
