package arrange

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kairos/stdlib/matrix"
)

// naiveTMA is the definition: in every round it searches every column.
func naiveTMA(dist *matrix.Dense, cfg TMAConfig) [][]int {
	want := cfg.Num
	if want == 0 || want > dist.Rows {
		want = dist.Rows
	}
	taken := make(map[int]bool)
	var rounds [][]int
	for len(taken) < want {
		var round []int
		for j := range dist.Cols {
			best := -1
			for i := range dist.Rows {
				if taken[i] {
					continue
				}
				if best < 0 || !cfg.Farthest && dist.At(i, j) < dist.At(best, j) || cfg.Farthest && dist.At(i, j) > dist.At(best, j) {
					best = i
				}
			}
			if !slices.Contains(round, best) {
				round = append(round, best)
			}
		}
		slices.Sort(round)
		for _, i := range round {
			taken[i] = true
		}
		rounds = append(rounds, round)
	}
	return rounds
}

func mustRows(t *testing.T, rows ...[]float32) *matrix.Dense {
	t.Helper()
	m, err := matrix.FromRows(rows)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTMAByHand(t *testing.T) {
	dist := mustRows(t,
		[]float32{-0.9, -0.1},
		[]float32{-0.2, -0.8},
		[]float32{-0.9, -0.3},
		[]float32{-0.4, -0.8},
		[]float32{-0.1, -0.2},
	)
	for _, c := range []struct {
		cfg  TMAConfig
		want [][]int
	}{
		// Column 0 ranks 0 2 3 1 4, column 1 ranks 1 3 2 4 0; equals go to the lower row.
		{TMAConfig{}, [][]int{{0, 1}, {2, 3}, {4}}},
		{TMAConfig{Num: 1}, [][]int{{0, 1}}},
		{TMAConfig{Num: 3}, [][]int{{0, 1}, {2, 3}}},
		{TMAConfig{Num: 99}, [][]int{{0, 1}, {2, 3}, {4}}},
		// Farthest: column 0 ranks 4 1 3 0 2, column 1 ranks 0 4 2 1 3.
		{TMAConfig{Farthest: true}, [][]int{{0, 4}, {1, 2}, {3}}},
		{TMAConfig{Farthest: true, Num: 2}, [][]int{{0, 4}}},
	} {
		got, err := TMA(context.Background(), dist, c.cfg)
		if d := cmp.Diff(c.want, got); d != "" || err != nil {
			t.Errorf("%+v: %v %s", c.cfg, err, d)
		}
	}
}

func TestTMAWhereColumnsAgree(t *testing.T) {
	dist := mustRows(t, []float32{3, 30}, []float32{1, 10}, []float32{2, 20})
	got, err := TMA(context.Background(), dist, TMAConfig{})
	if d := cmp.Diff([][]int{{1}, {2}, {0}}, got); d != "" || err != nil {
		t.Error(err, d)
	}
}

func TestTMAAgainstNumpy(t *testing.T) {
	r := readReference(t)
	dist := mustRows(t, r.Distances...)
	for _, c := range []struct {
		cfg  TMAConfig
		want [][]int
	}{
		{TMAConfig{Num: 25}, r.Min25},
		{TMAConfig{Num: 60}, r.Min60},
		{TMAConfig{Num: 25, Farthest: true}, r.Max25},
		{TMAConfig{Farthest: true}, r.Max60},
	} {
		got, err := TMA(context.Background(), dist, c.cfg)
		if d := cmp.Diff(c.want, got); d != "" || err != nil {
			t.Errorf("%+v: %v %s", c.cfg, err, d)
		}
	}
}

// Few distinct values make ties, and columns that rank rows alike make queues run dry.
func TestTMAAgainstNaive(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	for trial := range 3000 {
		dist := matrix.New(1+rng.IntN(60), 1+rng.IntN(12))
		values := []int{1, 2, 3, 10, 1000}[rng.IntN(5)]
		noise := []float32{0, 0, 1, 1000}[rng.IntN(4)] // 0: all columns are the same
		for i := range dist.Rows {
			shared := float32(rng.IntN(values))
			for j := range dist.Cols {
				dist.Row(i)[j] = shared + noise*float32(rng.IntN(values)) - 2
				if rng.IntN(10) == 0 {
					dist.Row(i)[j] = float32(math.Copysign(0, float64(rng.IntN(2))-0.5))
				}
			}
		}
		cfg := TMAConfig{Num: rng.IntN(dist.Rows + 3), Farthest: trial%2 == 1}
		got, err := TMA(context.Background(), dist, cfg)
		if d := cmp.Diff(naiveTMA(dist, cfg), got); d != "" || err != nil {
			t.Fatalf("%+v of %v: %v %s", cfg, dist, err, d)
		}
	}
}

// With hundreds of rows to a column and few to choose, queues are cut on the way; where columns
// agree, they are filled again.
func TestTMALargerAgainstNaive(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	for name, distance := range map[string]func(i, j int) float32{
		"random":     func(i, j int) float32 { return rng.Float32() },
		"ascending":  func(i, j int) float32 { return float32(i) },
		"descending": func(i, j int) float32 { return -float32(i) },
		"equal":      func(i, j int) float32 { return 1 },
		"opposed":    func(i, j int) float32 { return float32(i * (1 - j%2*2)) },
	} {
		dist := matrix.New(700, 4)
		for i := range dist.Rows {
			for j := range dist.Cols {
				dist.Row(i)[j] = distance(i, j)
			}
		}
		for k, num := range []int{0, 1, 40, 40, 200, 650} {
			cfg := TMAConfig{Num: num, Farthest: k%2 == 1}
			got, err := TMA(context.Background(), dist, cfg)
			if d := cmp.Diff(naiveTMA(dist, cfg), got); d != "" || err != nil {
				t.Fatalf("%s, %+v: %v %s", name, cfg, err, d)
			}
		}
	}
}

// A pass ends with the rounds that its candidates give, and the next goes on; with room for one
// candidate there are as many passes as rounds or more.
func TestTMAInManyPasses(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	for trial := range 500 {
		dist := tied(rng)
		cfg := TMAConfig{Num: 1 + rng.IntN(dist.Rows), Farthest: trial%2 == 0}
		got, err := passes(context.Background(), dist, cfg.Num, cfg.Farthest, 1+rng.IntN(3), 1+rng.IntN(4))
		if d := cmp.Diff(naiveTMA(dist, cfg), got); d != "" || err != nil {
			t.Fatalf("%+v of %v: %v %s", cfg, dist, err, d)
		}
	}
}

// Several blocks of the widest kind, and the last of them not whole.
func TestTMAOfManyBlocksAgainstNaive(t *testing.T) {
	rng := rand.New(rand.NewPCG(33, 34))
	dist := matrix.New(3001, 401)
	for i := range dist.Data {
		dist.Data[i] = rng.Float32() - 0.5
	}
	for _, cfg := range []TMAConfig{{Num: 500}, {Num: 500, Farthest: true}} {
		got, err := TMA(context.Background(), dist, cfg)
		if d := cmp.Diff(naiveTMA(dist, cfg), got); d != "" || err != nil {
			t.Errorf("%+v: %v %s", cfg, err, d)
		}
	}
}

func TestTMAStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	rounds, err := TMA(ctx, matrix.New(3, 3), TMAConfig{})
	if !errors.Is(err, context.Canceled) || rounds != nil {
		t.Errorf("got %v, %v; want nothing and context.Canceled", rounds, err)
	}
}

func TestTMALeavesItsInputAlone(t *testing.T) {
	dist := mustRows(t, []float32{3, 1}, []float32{1, 2})
	before := slices.Clone(dist.Data)
	if _, err := TMA(context.Background(), dist, TMAConfig{}); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, dist.Data); d != "" {
		t.Error(d)
	}
}

func TestTMAErrors(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		dist *matrix.Dense
		cfg  TMAConfig
		want string
	}{
		{nil, TMAConfig{}, "arrange: tma: no matrix: it is nil"},
		{matrix.New(0, 2), TMAConfig{}, "arrange: tma: the matrix is empty: it is 0×2"},
		{matrix.New(2, 0), TMAConfig{}, "arrange: tma: the matrix is empty: it is 2×0"},
		{matrix.New(2, 2), TMAConfig{Num: -1}, "arrange: tma: cannot choose -1 rows: want Num 0 for all, or how many"},
		{mustRows(t, []float32{1, 2}, []float32{nan, 2}), TMAConfig{}, "arrange: tma: row 1, column 0 is NaN: want a finite number"},
	} {
		got, err := TMA(context.Background(), c.dist, c.cfg)
		if got != nil || err == nil || err.Error() != c.want {
			t.Errorf("got %v, %v; want %s", got, err, c.want)
		}
	}
}

func TestFlatten(t *testing.T) {
	if d := cmp.Diff([]int{4, 9, 1, 0}, Flatten([][]int{{4, 9}, {1}, nil, {0}})); d != "" {
		t.Error(d)
	}
	if got := Flatten(nil); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}
