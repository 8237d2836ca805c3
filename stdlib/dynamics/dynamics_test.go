package dynamics

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kairos/stdlib/cell/render"
	"kairos/stdlib/matrix"
	"kairos/stdlib/plot"
)

// every makes a curve whose checkpoints are 10 steps apart.
func every(name string, loss ...float64) plot.Curve {
	c := plot.Curve{Name: name}
	for i, v := range loss {
		c.Add(10*i, v)
	}
	return c
}

func near(t *testing.T, what string, got, want, share float64) {
	t.Helper()
	if !(math.Abs(got-want) <= share*max(1e-300, math.Abs(want))) && got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func fails(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != "dynamics: "+want {
		t.Errorf("got %v, want dynamics: %s", err, want)
	}
}

func TestMeasures(t *testing.T) {
	c := plot.Curve{Name: "NFT", Steps: []int{0, 10, 40}, Loss: []float64{4, 1, 2}}
	for name, m := range map[string]struct {
		measure Measure
		want    float64
	}{
		"Last":   {Last, 2},
		"Lowest": {Lowest, 1},
		"At 10":  {At(10), 1},
		"Mean":   {Mean, (10*2.5 + 30*1.5) / 40},
	} {
		got, err := m.measure(c)
		if err != nil || got != m.want {
			t.Errorf("%s is %v, %v, want %v", name, got, err, m.want)
		}
		if _, err := m.measure(plot.Curve{}); err == nil {
			t.Errorf("%s of a curve without points: no error", name)
		}
	}
	if got, err := Mean(every("", 3)); err != nil || got != 3 {
		t.Errorf("the mean of one point is %v, %v", got, err)
	}
	if _, err := At(20)(c); err == nil || err.Error() != "it has no step 20" {
		t.Errorf("got %v", err)
	}
}

func TestEarlyByHand(t *testing.T) {
	// The whole fall is 2, from 3 to 1: half is reached at 2.0, nine tenths at 1.2.
	c := plot.Curve{Name: "NFT", Steps: []int{0, 10, 20, 30, 40, 50}, Loss: []float64{3, 2.1, 2, 1.2, 1, 1.4}}
	got, err := Early(c)
	if err != nil {
		t.Fatal(err)
	}
	want := Summary{Name: "NFT", First: 3, Lowest: 1, LowestAt: 40, Last: 1.4, Half: 20, Most: 30, Mean: got.Mean}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	near(t, "the mean", got.Mean, (25.5+20.5+16+11+12)/50, 1e-12)
	reached, err := Reached(c)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0, 0.45, 0.5, 0.9, 1, 0.8} {
		near(t, "the share", reached.Loss[i], want, 1e-12)
	}
	never, err := Early(every("FFT", 1, 1.5, 2))
	if err != nil || never.Half != -1 || never.Most != -1 || never.Lowest != 1 {
		t.Errorf("a curve that rises: %+v, %v", never, err)
	}
	if want := "FFT: from 1 to 2, never below the first; mean 1.5"; never.String() != want {
		t.Errorf("got %s", never)
	}
	if flat, err := Reached(every("", 2, 2)); err != nil || !slices.Equal(flat.Loss, []float64{0, 0}) {
		t.Errorf("a flat curve: %v, %v", flat, err)
	}
	bad := every("NFT", 1, math.NaN())
	_, err = Early(bad)
	fails(t, err, `early: curve "NFT": the loss at step 10 is NaN`)
	_, err = Reached(bad)
	fails(t, err, `reached: curve "NFT": the loss at step 10 is NaN`)
}

func TestDropsByHand(t *testing.T) {
	// It accelerates by -0.1 0.1 -0.1 -1.9 1.9 0.1: the median is 0, that of the distances from it 0.1.
	c := every("cluster", 3, 3, 2.9, 2.9, 2.8, 0.8, 0.7, 0.7)
	got, err := Drops(c, DropConfig{})
	if err != nil || len(got) != 1 {
		t.Fatalf("%v, %v", got, err)
	}
	near(t, "the distance", got[0].Deviations, 1.9/0.14826, 1e-9)
	near(t, "the size", got[0].Size(), 2, 1e-12)
	if d := got[0]; d.Curve != "cluster" || d.From != 40 || d.To != 50 || d.Before != 2.8 || d.After != 0.8 {
		t.Errorf("%+v", d)
	}
	for _, cfg := range []DropConfig{{Threshold: 13}, {Size: 0.9}} {
		if got, err := Drops(c, cfg); err != nil || len(got) != 0 {
			t.Errorf("%+v: %v, %v", cfg, got, err)
		}
	}
}

// A fall that goes on is one drop, to where it becomes slow.
func TestDropsLast(t *testing.T) {
	loss := []float64{3}
	change := func(by ...float64) {
		for _, b := range by {
			loss = append(loss, loss[len(loss)-1]+b)
		}
	}
	quiet := []float64{0.01, -0.02, 0, 0.02, -0.01, 0, -0.01, 0.01}
	change(quiet...)
	change(quiet...)
	change(-0.3, -0.2, -0.4, -0.2, -0.3, -0.2, -0.2, -0.05)
	change(quiet...)
	got, err := Drops(every("", loss...), DropConfig{})
	if err != nil || len(got) != 1 || got[0].From != 160 || got[0].To != 230 {
		t.Errorf("%v, %v: want step 160 to 230", got, err)
	}
}

// What comes before After says nothing about what is usual.
func TestDropsAfter(t *testing.T) {
	c := every("", 3.1, 2.61, 2.5, 2.48, 2.47, 2.45, 2.06, 1.79, 1.78, 1.76, 1.75)
	if got, err := Drops(c, DropConfig{}); err != nil || len(got) != 0 {
		t.Errorf("of the whole curve: %v, %v", got, err)
	}
	got, err := Drops(c, DropConfig{After: 15})
	if err != nil || len(got) != 1 || got[0].From != 50 || got[0].To != 70 {
		t.Errorf("after step 15: %v, %v", got, err)
	}
}

func TestDropsOfSpecialCurves(t *testing.T) {
	for name, c := range map[string]struct {
		loss []float64
		want int
	}{
		"constant":                 {[]float64{2, 2, 2, 2, 2, 2, 2}, 0},
		"straight":                 {[]float64{7, 6, 5, 4, 3, 2, 1}, 0},
		"slower and slower":        {[]float64{64, 32, 16, 8, 4, 2, 1, 0.5}, 0},
		"one drop, else flat":      {[]float64{2, 2, 2, 2, 2, 1, 1, 1, 1}, 1},
		"a drop at the end":        {[]float64{2, 2, 2, 2, 2, 2, 2, 2, 1}, 1},
		"two drops, with a rise":   {[]float64{2, 2, 2, 2, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 2},
		"a fall at the beginning":  {[]float64{3, 2, 2, 2, 2, 2, 2, 2}, 0},
		"a sudden rise":            {[]float64{2, 2, 2, 2, 2, 3, 3, 3, 3}, 0},
		"rises but for a standing": {[]float64{1, 2, 3, 4, 5, 5, 6, 7, 8}, 0},
	} {
		if got, err := Drops(every("", c.loss...), DropConfig{}); err != nil || len(got) != c.want {
			t.Errorf("%s: %v, %v: want %d", name, got, err, c.want)
		}
	}
}

// What the doc says of noise.
func TestDropsOfNoise(t *testing.T) {
	const curves = 2000
	for n, most := range map[int]float64{12: 0.03, 50: 0.01, 100: 0.005} {
		for kind, memory := range map[string]float64{"steps": 1, "points": 0} {
			rng := rand.New(rand.NewPCG(1, uint64(n)))
			found := 0
			for range curves {
				loss := []float64{0}
				for i := range n - 1 {
					loss = append(loss, memory*loss[i]+rng.NormFloat64())
				}
				got, err := Drops(every("", loss...), DropConfig{})
				if err != nil {
					t.Fatal(err)
				}
				found += min(1, len(got))
			}
			if share := float64(found) / curves; share > most {
				t.Errorf("noise of %d %s: a drop was found in %.4f of the curves", n, kind, share)
			}
		}
	}
}

func TestDropErrors(t *testing.T) {
	good := every("NFT", 3, 2, 1, 1, 1, 1, 1)
	for _, c := range []struct {
		curve plot.Curve
		cfg   DropConfig
		want  string
	}{
		{every("NFT", 3, 2, 1, 1), DropConfig{}, "4 points from step 0 on: want 7 or more, to know what is usual"},
		{good, DropConfig{After: 1}, "6 points from step 1 on: want 7 or more, to know what is usual"},
		{good, DropConfig{After: 100}, "0 points from step 100 on: want 7 or more, to know what is usual"},
		{every("NFT", 3, 2, math.Inf(1), 1, 1), DropConfig{}, "the loss at step 20 is +Inf"},
		{good, DropConfig{Window: -1}, "window -1, threshold 5, size 0.02: want all positive"},
		{good, DropConfig{Threshold: math.NaN()}, "window 5, threshold NaN, size 0.02: want all positive"},
		{good, DropConfig{Size: -0.1}, "window 5, threshold 5, size -0.1: want all positive"},
	} {
		_, err := Drops(c.curve, c.cfg)
		fails(t, err, `drops: curve "NFT": `+c.want)
	}
}

func TestPreceding(t *testing.T) {
	order := []int{9, 8, 7, 6, 5, 4, 3} // four steps of two, the last of one
	for _, c := range []struct {
		from, to int
		want     []int
	}{
		{0, 1, []int{9, 8}}, {1, 3, []int{7, 6, 5, 4}}, {3, 4, []int{3}},
	} {
		got, err := Preceding(Drop{From: c.from, To: c.to}, order, 2)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("step %d to %d: %v, %v, want %v", c.from, c.to, got, err, c.want)
		}
	}
	for _, d := range []Drop{{From: 3, To: 5}, {From: 2, To: 2}, {From: -1, To: 1}} {
		if got, err := Preceding(d, order, 2); err == nil {
			t.Errorf("%d to %d: %v, no error", d.From, d.To, got)
		}
	}
	_, err := Preceding(Drop{From: 3, To: 5}, order, 2)
	fails(t, err, "preceding: a drop from step 3 to 5: 7 rows are 4 steps of 2")
	_, err = Preceding(Drop{To: 1}, order, 0)
	fails(t, err, "preceding: batch is 0: want 1 or more")
}

func TestTasks(t *testing.T) {
	tasks := []string{"qa", "qa", "qa", "qa", "sum", "sum", "nli", "nli"}
	got, err := Tasks([]int{0, 1, 4, 5}, []int{0, 1, 2, 3, 4, 5, 6, 7}, tasks)
	if err != nil {
		t.Fatal(err)
	}
	want := []TaskShare{{"sum", 2, 0.5, 0.25}, {"qa", 2, 0.5, 0.5}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got, want := got[0].String(), "sum: 2 rows, 50 % (usually 25 %)"; got != want {
		t.Errorf("got %s", got)
	}
	_, err = Tasks(nil, []int{0}, tasks)
	fails(t, err, "tasks: 0 rows of an order of 1: want some")
	_, err = Tasks([]int{8}, []int{0}, tasks)
	fails(t, err, "tasks: row 8, but tasks of 8")
	_, err = Tasks([]int{0}, []int{-1}, tasks)
	fails(t, err, "tasks: row -1, but tasks of 8")
}

func TestNearest(t *testing.T) {
	dist, err := matrix.FromRows([][]float32{{-0.5, -0.25}, {-0.75, 0}, {0.5, -0.5}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Nearest([]int{0, 1, 2}, dist, nil)
	if d := cmp.Diff([]Neighbour{{1, 0, -0.75}, {0, 0, -0.5}, {2, 1, -0.5}}, got); d != "" || err != nil {
		t.Error(d, err)
	}
	got, err = Nearest([]int{2, 0}, dist, []int{1})
	if d := cmp.Diff([]Neighbour{{2, 1, -0.5}, {0, 1, -0.25}}, got); d != "" || err != nil {
		t.Error(d, err)
	}
	_, err = Nearest([]int{3}, dist, nil)
	fails(t, err, "nearest: row 3, but distances of 3")
	_, err = Nearest([]int{0}, dist, []int{2})
	fails(t, err, "nearest: unseen example 2, but distances from 2")
	_, err = Nearest([]int{0}, dist, []int{})
	fails(t, err, "nearest: there are no unseen examples")
	_, err = Nearest([]int{0}, nil, nil)
	fails(t, err, "nearest: there are no distances")
}

// ends are arrangements of curves that end at the given losses.
func ends(name string, losses ...float64) Arrangement {
	a := Arrangement{Name: name}
	for _, loss := range losses {
		a.Curves = append(a.Curves, every("", 3, loss))
	}
	return a
}

func TestCompareByHand(t *testing.T) {
	// Differences −1, −2, −3: mean −2, deviation 1, t = −2·√3; two degrees of freedom have the closed
	// form p = 1 − |t|/√(2+t²).
	got, err := Compare(ends("NFT", 1, 2, 3), ends("RT", 2, 4, 6), Last)
	if err != nil {
		t.Fatal(err)
	}
	if got.A != "NFT" || got.B != "RT" || got.Pairs != 3 || got.MeanA != 2 || got.MeanB != 4 || got.Difference != -2 || got.Lower != 3 {
		t.Errorf("%+v", got)
	}
	near(t, "the deviation", got.Deviation, 1, 1e-12)
	near(t, "t", got.T, -2*math.Sqrt(3), 1e-12)
	near(t, "p", got.P, 1-math.Sqrt(12.0/14), 1e-12)
	near(t, "the interval's half", got.High-got.Difference, 4.302652729696142/math.Sqrt(3), 1e-9) // the table's t of 0.975

	same, err := Compare(ends("a", 1, 2), ends("b", 1, 2), Last)
	if err != nil || same.T != 0 || same.P != 1 || same.Lower != 0 {
		t.Errorf("no difference: %+v, %v", same, err)
	}
	always, err := Compare(ends("a", 1, 2), ends("b", 2, 3), Last)
	if err != nil || !math.IsInf(always.T, -1) || always.P != 0 || always.Low != -1 || always.High != -1 {
		t.Errorf("always the same difference: %+v, %v", always, err)
	}
}

func TestCompareErrors(t *testing.T) {
	_, err := Compare(ends("a", 1), ends("b", 1), Last)
	fails(t, err, `compare: arrangement "a" has 1 curves, "b" 1: want two or more, of the same seeds`)
	_, err = Compare(ends("a", 1, 2), ends("b", 1, 2, 3), Last)
	fails(t, err, `compare: arrangement "a" has 2 curves, "b" 3: want two or more, of the same seeds`)
	_, err = CompareAll([]Arrangement{ends("a", 1, 2), ends("b", 1, 2)}, At(20))
	fails(t, err, `compare: arrangement "a": curve 0, "": it has no step 20`)
	_, err = Values(nil, Last)
	fails(t, err, "values: there are no arrangements")
	_, err = Values([]Arrangement{{Name: "a"}}, Last)
	fails(t, err, `values: arrangement "a" has no curves`)
}

func TestCompareAllPairs(t *testing.T) {
	got, err := CompareAll([]Arrangement{ends("a", 1, 2), ends("b", 3, 3), ends("c", 0, 9)}, Last)
	if err != nil {
		t.Fatal(err)
	}
	var pairs []string
	for _, c := range got {
		pairs = append(pairs, c.A+c.B)
	}
	if s := strings.Join(pairs, " "); s != "ab ac bc" {
		t.Errorf("got %s", s)
	}
}

func TestRange(t *testing.T) {
	arm := func(name string, curves ...plot.Curve) Arrangement { return Arrangement{Name: name, Curves: curves} }
	got, err := Range([]Arrangement{
		arm("a", every("1", 4, 2, 1), every("2", 5, 5, 5)),
		arm("b", every("1", 4, 3, 3), every("2", 5, 4, 6)),
		arm("c", every("1", 4, 1, 2), every("2", 5, 5, 7)),
	})
	if want := []plot.Curve{every("1", 0, 2, 2), every("2", 0, 1, 2)}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, error %v, want %v", got, err, want)
	}
	one := arm("a", every("1", 4, 2))
	_, err = Range([]Arrangement{one})
	fails(t, err, "range: 1 arrangements: want two or more")
	_, err = Range([]Arrangement{one, arm("b")})
	fails(t, err, `range: arrangement "b" has 0 curves, "a" 1`)
	_, err = Range([]Arrangement{one, arm("b", every("2", 4, 2))})
	fails(t, err, `range: arrangement "b": curve 0, "2", is of another seed or of other steps than "1" of "a"`)
	_, err = Range([]Arrangement{one, arm("b", every("1", 4, 2, 3))})
	fails(t, err, `range: arrangement "b": curve 0, "1", is of another seed or of other steps than "1" of "a"`)
}

func TestByTaskErrors(t *testing.T) {
	tasks := func(name string, tasks ...string) Arrangement {
		a := Arrangement{Name: name}
		for _, task := range tasks {
			a.Curves = append(a.Curves, every(task, 3, 1))
		}
		return a
	}
	for _, c := range []struct {
		arrangements []Arrangement
		want         string
	}{
		{nil, "there are no arrangements"},
		{[]Arrangement{tasks("NFT", "qa", "qa")}, `arrangement "NFT" has task "qa" twice`},
		{[]Arrangement{tasks("NFT", "qa", "sum"), tasks("RT", "qa", "qa")}, `arrangement "RT" has 2 tasks, "qa" among them, "NFT" 2: want the same of all`},
		{[]Arrangement{tasks("NFT", "qa"), tasks("RT", "sum")}, `arrangement "RT" has 1 tasks, "sum" among them, "NFT" 1: want the same of all`},
		{[]Arrangement{tasks("NFT", "qa", "sum"), tasks("RT", "qa")}, `arrangement "RT" has 1 tasks, "qa" among them, "NFT" 2: want the same of all`},
	} {
		_, err := ByTask(c.arrangements, Last)
		fails(t, err, "by task: "+c.want)
	}
}

// Curves whose tasks come in another order meet by name.
func TestByTaskMeets(t *testing.T) {
	rows, err := ByTask([]Arrangement{
		{Name: "NFT", Curves: []plot.Curve{every("qa", 3, 1), every("sum", 3, 2)}},
		{Name: "RT", Curves: []plot.Curve{every("sum", 3, 1.5), every("qa", 3, 1)}},
	}, Last)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"NFT", "RT"}
	if d := cmp.Diff([]TaskRow{{"qa", names, []float64{1, 1}}, {"sum", names, []float64{2, 1.5}}}, rows); d != "" {
		t.Error(d)
	}
	if rows[0].Lowest() != "NFT" || rows[1].Lowest() != "RT" {
		t.Errorf("the lowest are %s and %s", rows[0].Lowest(), rows[1].Lowest())
	}
}

// What a prompt shows of several values is a table that fits.
func TestTables(t *testing.T) {
	comparison, err := Compare(ends("NFT", 1.123456, 2.2, 3.3), ends("RT", 2, 4, 6.123456), Last)
	if err != nil {
		t.Fatal(err)
	}
	summary, err := Early(every("NFT", 3.123456, 2, 1))
	if err != nil {
		t.Fatal(err)
	}
	row := TaskRow{"task002_quoref_answer_generation", []string{"NFT", "RT"}, []float64{1.23456, 2}}
	for _, c := range []struct {
		value any
		want  string
	}{
		{[]Comparison{comparison, comparison}, "95 % from"},
		{[]Summary{summary, summary}, "90 % by"},
		{[]Drop{{Curve: "a"}, {Curve: "b"}}, "Deviations"},
		{[]TaskShare{{Task: "a"}, {Task: "b"}}, "Usual"},
		{[]TaskRow{row, row, row, row}, "Lowest"},
		{[]Neighbour{{1, 2, 3}, {4, 5, 6}}, "Distance"},
	} {
		text := render.Text(c.value)
		if !strings.Contains(text, c.want) || strings.Contains(text, "…") {
			t.Errorf("%s", text)
		}
	}
}

// reference is what testdata/make_reference.py found with numpy and scipy.
type reference struct {
	Paired []struct {
		A, B                                   []float64
		Difference, Deviation, T, P, Low, High float64
		Lower                                  int
	}
	Areas []struct {
		Steps []int
		Loss  []float64
		Mean  float64
	}
	Curves []struct {
		Loss  []float64
		Drops []struct {
			From, To   int
			Deviations float64
		}
	}
}

func TestReference(t *testing.T) {
	text, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var r reference
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Paired) < 30 || len(r.Areas) < 4 || len(r.Curves) < 6 {
		t.Fatalf("%d tests, %d areas, %d curves", len(r.Paired), len(r.Areas), len(r.Curves))
	}
	for _, c := range r.Paired {
		got, err := Compare(ends("a", c.A...), ends("b", c.B...), Last)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "the difference", got.Difference, c.Difference, 1e-12)
		near(t, "the deviation", got.Deviation, c.Deviation, 1e-9)
		near(t, "t", got.T, c.T, 1e-9)
		near(t, "p", got.P, c.P, 1e-9)
		near(t, "the lower bound", got.Low, c.Low, 1e-9)
		near(t, "the upper bound", got.High, c.High, 1e-9)
		if got.Lower != c.Lower {
			t.Errorf("a is lower %d times, want %d", got.Lower, c.Lower)
		}
	}
	for _, c := range r.Areas {
		got, err := Mean(plot.Curve{Steps: c.Steps, Loss: c.Loss})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "the mean", got, c.Mean, 1e-12)
	}
	for k, c := range r.Curves {
		got, err := Drops(every("", c.Loss...), DropConfig{})
		if err != nil || len(got) != len(c.Drops) {
			t.Fatalf("curve %d: %v, %v, want %v", k, got, err, c.Drops)
		}
		for i, d := range c.Drops {
			if got[i].From != 10*d.From || got[i].To != 10*d.To {
				t.Errorf("curve %d: drop %d is %v, want %v", k, i, got[i], d)
			}
			near(t, "the distance", got[i].Deviations, d.Deviations, 1e-9)
		}
	}
}
