package similarity

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kairos/stdlib/matrix"
)

type prefixReference struct {
	Train, Test           [][]float32
	Tasks                 []string
	Order                 []int
	Cosine, Euclidean     map[string]PrefixCurve
	Mean, Variance, Ratio []float64
	Components, Projected [][]float64
}

func readPrefixReference(t *testing.T) (r prefixReference) {
	t.Helper()
	text, err := os.ReadFile("testdata/reference_prefix.json")
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPrefixesByHand(t *testing.T) {
	train := mustRows(t, []float32{9, 9}, []float32{0, 2}, []float32{3, 0}, []float32{0, -1}, []float32{4, 3})
	test := mustRows(t, []float32{1, 0}, []float32{0, 1})
	curves, err := Prefixes(context.Background(), train, []int{2, 1, 4, 3, 0}, test, []string{"x", "y"}, PrefixConfig{Batch: 1, Steps: 2})
	if err != nil {
		t.Fatal(err)
	}
	// Distances of rows 2, 1, 4, 3: from x −1, 0, −0.8, 0, from y 0, −1, −0.6, 1. The centroids lie at (1.5, 1) and (1.75, 1).
	want := []PrefixCurve{
		{"x", []int{2, 4}, []float64{-0.5, -0.45}, []float64{-1, -1}, []float64{0, 0}, []float64{-1.5 / math.Sqrt(3.25), -1.75 / math.Sqrt(4.0625)}},
		{"y", []int{2, 4}, []float64{-0.5, -0.15}, []float64{-1, -1}, []float64{0, 1}, []float64{-1 / math.Sqrt(3.25), -1 / math.Sqrt(4.0625)}},
	}
	if d := cmp.Diff(want, curves, cmpopts.EquateApprox(0, 1e-6)); d != "" {
		t.Error(d)
	}
}

func TestPrefixesAgainstReference(t *testing.T) {
	r := readPrefixReference(t)
	for _, c := range []struct {
		euclidean bool
		want      map[string]PrefixCurve
	}{{false, r.Cosine}, {true, r.Euclidean}} {
		curves, err := Prefixes(context.Background(), mustRows(t, r.Train...), r.Order, mustRows(t, r.Test...), r.Tasks, PrefixConfig{Batch: 2, Steps: 2, Euclidean: c.euclidean})
		if err != nil {
			t.Fatal(err)
		}
		if len(curves) != len(c.want) {
			t.Errorf("%d curves, want %d", len(curves), len(c.want))
		}
		for _, got := range curves {
			want := c.want[got.Task]
			want.Task = got.Task
			if d := cmp.Diff(want, got, cmpopts.EquateApprox(1e-6, 1e-6)); d != "" {
				t.Errorf("euclidean %t: %s", c.euclidean, d)
			}
		}
	}
}

// The definition: all distances of the rows seen, at every step.
func TestPrefixesAgainstNaive(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 6))
	train, test := randomMatrix(rng, 500, 20), randomMatrix(rng, 12, 20)
	tasks := make([]string, test.Rows)
	for j := range tasks {
		tasks[j] = string(rune('a' + rng.IntN(4)))
	}
	order := rng.Perm(train.Rows)
	curves, err := Prefixes(context.Background(), train, order, test, tasks, PrefixConfig{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range curves {
		if d := cmp.Diff([]int{10, 20, 30}, c.Steps); d != "" {
			t.Error(d)
		}
		for s := range c.Steps {
			var distances []float64
			a, b, n := make([]float32, 20), make([]float32, 20), 0
			for j, task := range tasks {
				if task == c.Task {
					n++
					plus(b, test.Row(j))
					for _, i := range order[:160*(s+1)] {
						distances = append(distances, naiveDistance(train.Row(i), test.Row(j)))
					}
				}
			}
			for _, i := range order[:160*(s+1)] {
				plus(a, train.Row(i))
			}
			sum := 0.0
			for _, d := range distances {
				sum += d
			}
			wantClose(t, "avg", c.Avg[s], sum/float64(len(distances)), 1e-6)
			wantClose(t, "min", c.Min[s], slices.Min(distances), 1e-6)
			wantClose(t, "max", c.Max[s], slices.Max(distances), 1e-6)
			wantClose(t, "centroid", c.Centroid[s], naiveDistance(a, b), 1e-5)
		}
	}
}

func plus(sum, x []float32) {
	for k := range sum {
		sum[k] += x[k]
	}
}

func TestPrefixesErrors(t *testing.T) {
	nan := float32(math.NaN())
	train := mustRows(t, []float32{1, 0}, []float32{0, 0}, []float32{0, nan}, []float32{-1, 0})
	test := mustRows(t, []float32{1, 0})
	for _, c := range []struct {
		train, test *matrix.Dense
		order       []int
		tasks       []string
		cfg         PrefixConfig
		want        string
	}{
		{train, test, []int{0, 4}, []string{"a"}, PrefixConfig{}, "the order has row 4 at place 1: train has 4"},
		{train, test, []int{0, -1}, []string{"a"}, PrefixConfig{}, "the order has row -1 at place 1: train has 4"},
		{train, test, []int{0, 3}, []string{"a"}, PrefixConfig{}, "the order has 2 rows, but the first measurement is after 160: want more, or other Steps and Batch"},
		{train, test, nil, []string{"a"}, PrefixConfig{Batch: 1, Steps: 1}, "the order has 0 rows, but the first measurement is after 1: want more, or other Steps and Batch"},
		{train, test, []int{0}, []string{"a"}, PrefixConfig{Batch: -1}, "0 steps of -1 rows: want neither negative"},
		{train, test, []int{0}, []string{"a", "b"}, PrefixConfig{Batch: 1, Steps: 1}, "tasks of 2 test rows, but 1 vectors"},
		{train, test, []int{0, 3, 0, 1}, []string{"a"}, PrefixConfig{Batch: 2, Steps: 2}, "train: row 1 is all zeros: it has no direction"},
		{train, test, []int{0, 2}, []string{"a"}, PrefixConfig{Batch: 2, Steps: 1}, "train: row 2, column 1 is NaN: want a finite number"},
		{train, test, []int{0, 2}, []string{"a"}, PrefixConfig{Batch: 2, Steps: 1, Euclidean: true}, "train: row 2, column 1 is NaN: want a finite number"},
		{train, test, []int{0, 3}, []string{"a"}, PrefixConfig{Batch: 2, Steps: 1}, `the first 2 rows and task "a": a centroid is all zeros: it has no direction`},
		{nil, test, []int{0}, []string{"a"}, PrefixConfig{}, "train: no matrix: it is nil"},
		{train, nil, []int{0}, nil, PrefixConfig{Batch: 1, Steps: 1}, "similarity: cosine: test: no matrix: it is nil"},
	} {
		curves, err := Prefixes(context.Background(), c.train, c.order, c.test, c.tasks, c.cfg)
		if curves != nil || err == nil || err.Error() != "similarity: prefixes: "+c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Prefixes(ctx, train, []int{0}, test, []string{"a"}, PrefixConfig{Batch: 1, Steps: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPCAByHand(t *testing.T) {
	// Along (3, 4)/5 the vectors lie at ±5, along (4, −3)/5 at ±1.
	m := mustRows(t, []float32{1 + 3, 4}, []float32{1 - 3, -4}, []float32{1 + 0.8, -0.6}, []float32{1 - 0.8, 0.6})
	p, err := FitPCA(context.Background(), m, 2)
	if err != nil {
		t.Fatal(err)
	}
	want := &PCA{
		Mean:       []float64{1, 0},
		Components: [][]float64{{0.6, 0.8}, {0.8, -0.6}},
		Variance:   []float64{50. / 3, 2. / 3},
		Ratio:      []float64{50. / 52, 2. / 52},
	}
	if d := cmp.Diff(want, p, cmpopts.EquateApprox(0, 1e-6)); d != "" {
		t.Error(d)
	}
	at, err := p.Project(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]float32{5, 0, -5, 0, 0, 1, 0, -1}, at.Data, cmpopts.EquateApprox(0, 1e-6)); d != "" {
		t.Error(d)
	}
}

func TestPCAAgainstScikitLearn(t *testing.T) {
	r := readPrefixReference(t)
	p, err := FitPCA(context.Background(), mustRows(t, r.Train...), 3)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(&PCA{r.Mean, r.Components, r.Variance, r.Ratio}, p, cmpopts.EquateApprox(1e-6, 1e-6)); d != "" {
		t.Error(d)
	}
	at, err := p.Project(context.Background(), mustRows(t, r.Test...))
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range r.Projected {
		for c, want := range row {
			wantClose(t, "projection", float64(at.At(i, c)), want, 1e-5)
		}
	}
}

func TestPCAInBlocks(t *testing.T) {
	m := randomMatrix(rand.New(rand.NewPCG(8, 8)), 1500, 40)
	want, err := FitPCA(context.Background(), m, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	got, err := FitPCA(context.Background(), m, 2)
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("on one core: %v %s", err, d)
	}
	// The variance along a component is the variance of the projections.
	at, err := got.Project(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	for c := range 2 {
		var squares float64
		for i := range at.Rows {
			squares += float64(at.At(i, c)) * float64(at.At(i, c))
		}
		wantClose(t, "variance", squares/1499, want.Variance[c], 1e-5)
	}
}

func TestPCAErrors(t *testing.T) {
	good := mustRows(t, []float32{1, 0}, []float32{0, 1}, []float32{5, 1})
	for _, c := range []struct {
		m          *matrix.Dense
		components int
		want       string
	}{
		{nil, 1, "no matrix: it is nil"},
		{matrix.New(0, 2), 1, "the matrix is empty: it is 0×2"},
		{good, 0, "0 components of 3×2 vectors: want 1 to 2, the width or one less than the vectors"},
		{good, 3, "3 components of 3×2 vectors: want 1 to 2, the width or one less than the vectors"},
		{mustRows(t, []float32{1, 0}), 1, "1 components of 1×2 vectors: want 1 to 0, the width or one less than the vectors"},
		{mustRows(t, []float32{1, 0}, []float32{1, float32(math.NaN())}), 1, "row 1, column 1 is NaN: want a finite number"},
		{mustRows(t, []float32{0.1, 0.3}, []float32{0.1, 0.3}, []float32{0.1, 0.3}), 1, "the vectors are all the same, and vary in no direction"},
	} {
		_, err := FitPCA(context.Background(), c.m, c.components)
		if err == nil || err.Error() != "similarity: pca: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	p, err := FitPCA(context.Background(), good, 1)
	if err != nil {
		t.Fatal(err)
	}
	for m, want := range map[*matrix.Dense]string{
		matrix.New(1, 3): "the vectors have 3 dimensions, the components 2: want the same encoder for both",
		mustRows(t, []float32{0, float32(math.Inf(1))}): "row 0, column 1 is +Inf: want a finite number",
	} {
		if _, err := p.Project(context.Background(), m); err == nil || err.Error() != "similarity: project: "+want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := FitPCA(ctx, good, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
