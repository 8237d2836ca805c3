package plot

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kairos/stdlib/matrix"
)

func TestHistogramByHand(t *testing.T) {
	edges := []float64{0, 1, 2, 3, 4}
	o := newOutline(Sample{Values: []float64{1, 1.5, 3, 4}}, edges, lookOf(0)) // a value on a border belongs to the bin above, the last to the last
	if d := cmp.Diff([]float64{1, 1, 2, 2, 3, 3, 4, 4}, o.x); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]float64{0, 0.5, 0.5, 0, 0, 0.5, 0.5, 0}, o.y); d != "" {
		t.Error(d)
	}
}

func TestBinEdges(t *testing.T) {
	uniform := make([]float64, 1000)
	for i := range uniform {
		uniform[i] = float64(i) / 999
	}
	// The quartiles are half apart, so bins are 2·0.5/10 wide.
	edges := binEdges([]Sample{{Values: uniform}})
	if len(edges) != 11 || edges[0] != 0 || edges[10] != 1 {
		t.Errorf("got %v", edges)
	}
	for name, c := range map[string]struct {
		values []float64
		bins   int
	}{
		"one":           {[]float64{3}, 1},
		"equal":         {[]float64{-2, -2, -2}, 1},
		"zeros":         {[]float64{0, 0}, 1},
		"mostly equal":  {[]float64{1, 1, 1, 1, 1, 1, 1, 2}, 10},
		"far outlier":   {append(slices.Clone(uniform), 1e9), 100},
		"next to equal": {[]float64{1, 1 + 1e-15}, 1},
	} {
		edges := binEdges([]Sample{{Values: c.values}})
		if len(edges) != c.bins+1 || !(edges[0] < edges[len(edges)-1]) {
			t.Errorf("%s: %v", name, edges)
		}
		if _, err := Distribution([]Sample{{Values: c.values}}, Config{}); err != nil {
			t.Error(name, err)
		}
	}
}

func TestDistribution(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var a, b []float64
	for range 5000 {
		a, b = append(a, rng.NormFloat64()-2), append(b, 0.5*rng.NormFloat64())
	}
	f, err := Distribution([]Sample{{"near", a}, {"far", b}}, Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, trace := range f.traces {
		sum := 0.0
		for i := 1; i < len(trace.y)-1; i += 2 {
			sum += trace.y[i]
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("the shares of %q sum to %v", trace.name, sum)
		}
	}
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	texts, _ := svgElements(t, svg)
	for _, want := range []string{"near", "far", "distance", "share of the rows"} {
		if !slices.Contains(texts, want) {
			t.Errorf("%q is not written: %q", want, texts)
		}
	}
	if text := f.String(); !strings.Contains(text, "● near   ○ far") || !strings.Contains(text, "-4") {
		t.Errorf("in text:\n%s", text)
	}
}

func TestDistributionErrors(t *testing.T) {
	for _, c := range []struct {
		samples []Sample
		want    string
	}{
		{nil, "there are none"},
		{[]Sample{{"a", nil}}, `sample "a": it has no values`},
		{[]Sample{{"a", []float64{0, math.NaN()}}}, `sample "a": value 1 is NaN`},
		{[]Sample{{"a", []float64{math.Inf(1)}}}, `sample "a": value 0 is +Inf`},
		{[]Sample{{"a", []float64{1}}, {"", []float64{1}}}, "sample 2 of 2 has no name"},
	} {
		f, err := Distribution(c.samples, Config{})
		if f != nil || err == nil || err.Error() != "plot: distribution: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	if _, err := Distribution([]Sample{{"a", []float64{1}}}, Config{DPI: 1}); err == nil {
		t.Error("a DPI of 1 is no error")
	}
}

func points(n int) *matrix.Dense {
	rng := rand.New(rand.NewPCG(uint64(n), 1))
	m := matrix.New(n, 2)
	for i := range n {
		m.Data[2*i], m.Data[2*i+1] = float32(2*rng.NormFloat64()), float32(rng.NormFloat64())
	}
	return m
}

// pixels counts the colours of a picture.
func pixels(t *testing.T, f *Figure) map[color.RGBA]int {
	t.Helper()
	encoded, err := f.PNG()
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	count := make(map[color.RGBA]int)
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			count[color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)]++
		}
	}
	return count
}

func TestMapByRound(t *testing.T) {
	rounds := make([]int, 300)
	for i := range rounds {
		rounds[i] = i%6 - 1
	}
	f, err := MapByRound(points(300), points(20), rounds, Config{})
	if err != nil {
		t.Fatal(err)
	}
	count := pixels(t, f)
	for r := range 5 {
		if n := count[shade(float64(r)/4).(color.RGBA)]; n < 300 {
			t.Errorf("round %d has %d pixels", r, n)
		}
	}
	if n := count[color.RGBA{0xc4, 0xc4, 0xc4, 0xff}]; n < 300 {
		t.Errorf("rows that were not taken have %d pixels", n)
	}
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	texts, _ := svgElements(t, svg)
	for _, want := range []string{"round", "0", "4", "unseen", "not taken", "principal component 1", "principal component 2"} {
		if !slices.Contains(texts, want) {
			t.Errorf("%q is not written: %q", want, texts)
		}
	}
	if text := f.String(); !strings.Contains(text, "◆ unseen") || strings.Count(text, "◆") < 10 {
		t.Errorf("in text:\n%s", text)
	}
}

// A unit is as long on one axis as on the other.
func TestMapHasEqualUnits(t *testing.T) {
	for _, cfg := range []Config{{}, {Width: 10, Height: 3}, {Width: 3, Height: 9}} {
		f, err := MapByTask(points(50), nil, slices.Repeat([]string{"a"}, 50), cfg)
		if err != nil {
			t.Fatal(err)
		}
		size := f.plot.DataCanvas(f.area(f.canvas())).Size()
		x, y := (f.plot.X.Max-f.plot.X.Min)/float64(size.X), (f.plot.Y.Max-f.plot.Y.Min)/float64(size.Y)
		if math.Abs(x/y-1) > 0.03 {
			t.Errorf("%+v: %v and %v to the point", cfg, x, y)
		}
		for i := range 50 {
			if at := points(50).Row(i); float64(at[0]) < f.plot.X.Min || float64(at[0]) > f.plot.X.Max || float64(at[1]) < f.plot.Y.Min || float64(at[1]) > f.plot.Y.Max {
				t.Errorf("%v is not on the map", at)
			}
		}
	}
}

func TestMapByTask(t *testing.T) {
	var tasks []string
	for k := range 9 { // task 8 has most rows, tasks 0 and 1 the fewest
		tasks = append(tasks, slices.Repeat([]string{fmt.Sprint("task ", k)}, 10+5*k)...)
	}
	named, others := largestTasks(tasks)
	if d := cmp.Diff([]string{"task 8", "task 7", "task 6", "task 5", "task 4", "task 3", "task 2"}, named); d != "" || others != 2 {
		t.Error(others, d)
	}
	f, err := MapByTask(points(len(tasks)), points(5), tasks, Config{})
	if err != nil {
		t.Fatal(err)
	}
	count := pixels(t, f)
	for k := range 7 {
		if n := count[lookOf(k).color]; n < 200 {
			t.Errorf("task %d has %d pixels", k, n)
		}
	}
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	if texts, _ := svgElements(t, svg); !slices.Contains(texts, "2 other tasks") || !slices.Contains(texts, "task 8") || slices.Contains(texts, "task 1") {
		t.Errorf("got %q", texts)
	}
	if text := f.String(); !strings.Contains(text, "◆ unseen   ● task 8   ○ task 7") {
		t.Errorf("in text:\n%s", text)
	}
}

func TestMapOfMany(t *testing.T) {
	f, err := MapByRound(points(50_000), nil, slices.Repeat([]int{-1}, 50_000), Config{})
	if err != nil {
		t.Fatal(err)
	}
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	texts, fills := svgElements(t, svg)
	if n := fills["fill:#C4C4C4"]; n < 19_900 || n > 20_010 {
		t.Errorf("%d points are drawn", n)
	}
	if !slices.Contains(texts, "1 of 2.5 drawn") {
		t.Errorf("the legend does not say that points are missing: %q", texts)
	}
}

func TestMapErrors(t *testing.T) {
	bad := points(3)
	bad.Row(1)[1] = float32(math.NaN())
	for _, c := range []struct {
		train, test *matrix.Dense
		labels      int
		want        string
	}{
		{nil, nil, 0, "train: no matrix: it is nil"},
		{matrix.New(0, 2), nil, 0, "train is empty"},
		{matrix.New(3, 5), nil, 3, "train: it has 5 columns: want 2, of a place on the map"},
		{points(3), matrix.New(3, 1), 3, "test: it has 1 columns: want 2, of a place on the map"},
		{bad, nil, 3, "train: row 1, column 1 is NaN: want a finite number"},
		{points(3), nil, 2, "LABELS of 2 rows, but coordinates of 3"},
	} {
		_, byRound := MapByRound(c.train, c.test, make([]int, c.labels), Config{})
		_, byTask := MapByTask(c.train, c.test, make([]string, c.labels), Config{})
		for what, err := range map[string]error{"round": byRound, "task": byTask} {
			want := "plot: map by " + what + ": " + strings.ReplaceAll(c.want, "LABELS", what+"s")
			if err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
		}
	}
}

func TestMapExtremes(t *testing.T) {
	for name, m := range map[string]*matrix.Dense{
		"one point": {Rows: 1, Cols: 2, Data: []float32{3, 4}},
		"one place": {Rows: 2, Cols: 2, Data: []float32{0, 0, 0, 0}},
		"a line":    {Rows: 2, Cols: 2, Data: []float32{1, 7, 100, 7}},
		"huge":      {Rows: 2, Cols: 2, Data: []float32{-math.MaxFloat32, 0, math.MaxFloat32, 1}},
	} {
		f, err := MapByRound(m, m, make([]int, m.Rows), Config{})
		if err != nil {
			t.Fatal(name, err)
		}
		svg, err := f.SVG()
		if err != nil || bytes.Contains(svg, []byte("NaN")) {
			t.Errorf("%s: %v, or a NaN in the picture", name, err)
		}
	}
}

// Lighter at every step, so that the order can be seen in grey and by all kinds of colour vision.
func TestShadesGetLighter(t *testing.T) {
	before := -1.0
	for k := range 101 {
		c := shade(float64(k) / 100).(color.RGBA)
		lightness := 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
		if lightness <= before {
			t.Errorf("shade %d%% has lightness %v after %v", k, lightness, before)
		}
		before = lightness
	}
	if d := cmp.Diff([]color.Color{color.RGBA{0x44, 0x01, 0x54, 0xff}, color.RGBA{0xad, 0xdc, 0x30, 0xff}}, []color.Color{shade(-1), shade(2)}, cmpopts.EquateComparable(color.RGBA{})); d != "" {
		t.Error(d)
	}
}

// linear is how much light a byte of sRGB stands for.
func linear(x uint8) float64 {
	v := float64(x) / 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}
