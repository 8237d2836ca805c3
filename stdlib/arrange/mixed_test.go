package arrange

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kairos/stdlib/internal/simd"
	"kairos/stdlib/matrix"
)

func TestMixedByHand(t *testing.T) {
	// Column 0 ranks 0 1 2 3 4 5, column 1 ranks 5 0 1 2 3 4.
	dist := mustRows(t, []float32{0, 1}, []float32{1, 2}, []float32{2, 3}, []float32{3, 4}, []float32{4, 5}, []float32{5, 0})
	for _, c := range []struct {
		cfg  MixedConfig
		want [][]int
	}{
		// Nearest: {0, 5}, {1}, of which 3 rows are wanted; farthest: {4, 5}, {3}. Row 5 stays where it is first.
		{MixedConfig{}, [][]int{{0, 5}, {1}, {4}, {3}}},
		{MixedConfig{Num: 6}, [][]int{{0, 5}, {1}, {4}, {3}}},
		{MixedConfig{Num: 2}, [][]int{{0, 5}, {4}}},
		{MixedConfig{Num: 1}, [][]int{{0, 5}}},
		{MixedConfig{Num: 5}, [][]int{{0, 5}, {1}, {4}}},
		{MixedConfig{Num: 6, MaxFirst: true}, [][]int{{4, 5}, {3}, {0}, {1}}},
		{MixedConfig{Num: 1, MaxFirst: true}, [][]int{{4, 5}}},
		{MixedConfig{Num: 6, AsReference: true}, [][]int{{0, 5}, {1}, {3}, {4}}},
		{MixedConfig{Num: 6, MaxFirst: true, AsReference: true}, [][]int{{4, 5}, {3}, {1}, {0}}},
	} {
		got, err := TMAMixed(context.Background(), dist, c.cfg)
		if d := cmp.Diff(c.want, got); d != "" || err != nil {
			t.Errorf("%+v: %v %s", c.cfg, err, d)
		}
	}
}

func TestMixedDropsEmptyRounds(t *testing.T) {
	// Both directions take all of a single column of two rows.
	got, err := TMAMixed(context.Background(), mustRows(t, []float32{1, 2}, []float32{2, 1}), MixedConfig{})
	if d := cmp.Diff([][]int{{0, 1}}, got); d != "" || err != nil {
		t.Error(err, d)
	}
}

func TestMixedAgainstReference(t *testing.T) {
	a := readArrangements(t)
	dist := mustRows(t, a.Rounded...)
	for _, c := range []struct {
		cfg  MixedConfig
		want []int
	}{
		{MixedConfig{Num: 40}, a.MinMax40},
		{MixedConfig{Num: 40, MaxFirst: true}, a.MaxMin40},
		{MixedConfig{Num: 40, AsReference: true}, a.MinMax40Reversed},
		{MixedConfig{Num: 40, AsReference: true, MaxFirst: true}, a.MaxMin40Reversed},
	} {
		got, err := TMAMixed(context.Background(), dist, c.cfg)
		if d := cmp.Diff(c.want, Flatten(got)); d != "" || err != nil {
			t.Errorf("%+v: %v %s", c.cfg, err, d)
		}
	}
}

func TestMixedErrors(t *testing.T) {
	for _, c := range []struct {
		dist *matrix.Dense
		num  int
		want string
	}{
		{matrix.New(0, 2), 0, "arrange: tma mixed: the matrix is empty: it is 0×2"},
		{matrix.New(2, 2), -2, "arrange: tma mixed: cannot choose -2 rows: want Num 0 for all, or how many"},
		{mustRows(t, []float32{0}, []float32{float32(math.NaN())}), 0, "arrange: tma: row 1, column 0 is NaN: want a finite number"},
	} {
		_, err := TMAMixed(context.Background(), c.dist, MixedConfig{Num: c.num})
		if err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// naiveBalanced is the definition: every column searches all rows.
func naiveBalanced(dist *matrix.Dense, tasks []string, cfg TMAConfig) [][]int {
	want := cfg.Num
	if want == 0 || want > dist.Rows {
		want = dist.Rows
	}
	taken := make(map[int]bool)
	quota := make(map[string]int)
	var rounds [][]int
	for len(taken) < want {
		var round []int
		for j := range dist.Cols {
			best := -1
			for i := range dist.Rows {
				if taken[i] || quota[tasks[i]] == 0 && !slices.Contains(round, i) {
					continue
				}
				if best < 0 || !cfg.Farthest && dist.At(i, j) < dist.At(best, j) || cfg.Farthest && dist.At(i, j) > dist.At(best, j) {
					best = i
				}
			}
			if best >= 0 && !slices.Contains(round, best) {
				round = append(round, best)
				quota[tasks[best]]--
			}
		}
		if len(round) > 0 {
			slices.Sort(round)
			rounds = append(rounds, round)
			for _, i := range round {
				taken[i] = true
			}
			continue
		}
		able := make(map[string]bool)
		for i, task := range tasks {
			if !taken[i] {
				able[task] = true
			}
		}
		for _, task := range tasks {
			quota[task] = (want - len(taken) + len(able) - 1) / len(able)
		}
	}
	return rounds
}

func TestBalancedByHand(t *testing.T) {
	dist := mustRows(t, []float32{1, 1}, []float32{2, 2}, []float32{3, 3}, []float32{4, 5}, []float32{9, 4}, []float32{7, 7})
	tasks := []string{"a", "a", "a", "a", "b", "c"}
	for _, c := range []struct {
		cfg  TMAConfig
		want [][]int
	}{
		{TMAConfig{Num: 3}, [][]int{{0}, {4, 5}}},           // one row of each
		{TMAConfig{Num: 4}, [][]int{{0}, {1}, {4, 5}}},      // two of each: a has given its share, b and c give all they have
		{TMAConfig{Num: 5}, [][]int{{0}, {1}, {4, 5}, {2}}}, // and what is missing comes from a
		{TMAConfig{}, [][]int{{0}, {1}, {4, 5}, {2}, {3}}},
	} {
		got, err := TMABalanced(context.Background(), dist, tasks, c.cfg)
		if d := cmp.Diff(c.want, got); d != "" || err != nil {
			t.Errorf("%+v: %v %s", c.cfg, err, d)
		}
	}
}

func TestBalancedAgainstNaive(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for trial := range 400 {
		dist := matrix.New(1+rng.IntN(300), 1+rng.IntN(9))
		values := []int{2, 10, 1000}[rng.IntN(3)]
		tasks := make([]string, dist.Rows)
		for i := range tasks {
			tasks[i] = string(rune('a' + rng.IntN(1+rng.IntN(8))))
			for j := range dist.Cols {
				dist.Row(i)[j] = float32(rng.IntN(values)+int(tasks[i][0])*(trial%3)*values/20) - 5
			}
		}
		cfg := TMAConfig{Num: rng.IntN(dist.Rows + 3), Farthest: trial%2 == 1}
		got, err := TMABalanced(context.Background(), dist, tasks, cfg)
		if d := cmp.Diff(naiveBalanced(dist, tasks, cfg), got); d != "" || err != nil {
			t.Fatalf("trial %d, %+v: %v %s", trial, cfg, err, d)
		}
	}
}

func TestBalancedErrors(t *testing.T) {
	dist := mustRows(t, []float32{1}, []float32{float32(math.Inf(1))})
	for _, c := range []struct {
		dist  *matrix.Dense
		tasks []string
		want  string
	}{
		{dist, []string{"a"}, "tasks of 1 rows, but distances of 2"},
		{dist, []string{"a", "b"}, "row 1, column 0 is +Inf: want a finite number"},
		{matrix.New(3, 0), nil, "the matrix is empty: it is 3×0"},
	} {
		_, err := TMABalanced(context.Background(), c.dist, c.tasks, TMAConfig{})
		if err == nil || err.Error() != "arrange: tma balanced: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// naiveDiverse is the definition: every column searches all rows, and every row all that were taken.
func naiveDiverse(dist, vectors *matrix.Dense, num int, weight float64) [][]int {
	cosines := matrix.New(vectors.Rows, vectors.Rows)
	scale := func(i int) float64 { return 1 / math.Sqrt(simd.SumSquares(vectors.Row(i))) }
	for i := range vectors.Rows {
		for k := range vectors.Rows {
			direction := make([]float32, vectors.Cols)
			simd.Scale(direction, vectors.Row(k), scale(k))
			simd.Pack(direction, 1, vectors.Cols).Dot(cosines.Row(i)[k:k+1], vectors.Row(i), 1)
			cosines.Row(i)[k] = float32(float64(cosines.At(i, k)) * scale(i))
		}
	}
	taken := make(map[int]bool)
	var rounds [][]int
	for len(taken) < num {
		var round []int
		for j := range dist.Cols {
			best, least := -1, math.Inf(1)
			for i := range dist.Rows {
				if taken[i] {
					continue
				}
				var most float32
				for k := range taken {
					most = max(most, cosines.At(i, k))
				}
				if sum := float64(dist.At(i, j)) + weight*float64(most); sum < least {
					best, least = i, sum
				}
			}
			round = append(round, best)
		}
		slices.Sort(round)
		round = slices.Compact(round)
		for _, i := range round {
			taken[i] = true
		}
		rounds = append(rounds, round)
	}
	return rounds
}

func TestDiverseByHand(t *testing.T) {
	vectors := mustRows(t, []float32{1, 0}, []float32{1, 0}, []float32{0, 2}, []float32{-1, 0})
	dist := mustRows(t, []float32{-0.9}, []float32{-0.8}, []float32{-0.5}, []float32{-0.35})
	for _, c := range []struct {
		weight float64
		want   [][]int
	}{
		{0, [][]int{{0}, {2}, {3}, {1}}}, // row 1 repeats row 0: −0.8 + 0.5 is −0.3
		{0.1, [][]int{{0}, {1}, {2}, {3}}},
		{100, [][]int{{0}, {2}, {3}, {1}}},
	} {
		got, err := TMADiverse(context.Background(), dist, vectors, DiverseConfig{Weight: c.weight})
		if d := cmp.Diff(c.want, got); d != "" || err != nil {
			t.Errorf("%v: %v %s", c.weight, err, d)
		}
	}
}

func TestDiverseAgainstNaive(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 4))
	for trial := range 40 {
		rows, cols := 1+rng.IntN(80), 1+rng.IntN(5)
		vectors, dist := likeTexts(rng, rows, 1+rng.IntN(20)), matrix.New(rows, cols)
		for k := range dist.Data {
			dist.Data[k] = float32(rng.IntN(20)) / 20
		}
		num, weight := 1+rng.IntN(rows), []float64{0.01, 0.5, 50}[rng.IntN(3)]
		got, err := TMADiverse(context.Background(), dist, vectors, DiverseConfig{Num: num, Weight: weight})
		if d := cmp.Diff(naiveDiverse(dist, vectors, num, weight), got); d != "" || err != nil {
			t.Fatalf("trial %d: %d of %d×%d, %v: %v %s", trial, num, rows, cols, weight, err, d)
		}
	}
}

func TestDiverseErrors(t *testing.T) {
	good := mustRows(t, []float32{1, 0}, []float32{0, 1})
	for _, c := range []struct {
		dist, vectors *matrix.Dense
		weight        float64
		want          string
	}{
		{good, nil, 0, "vectors: no matrix: it is nil"},
		{good, matrix.New(3, 2), 0, "3 vectors, but distances of 2 rows"},
		{good, matrix.New(2, 2), 0, "vectors: row 0 is all zeros: it has no direction"},
		{good, mustRows(t, []float32{1}, []float32{float32(math.NaN())}), 0, "vectors: row 1, column 0 is NaN: want a finite number"},
		{mustRows(t, []float32{1}, []float32{float32(math.NaN())}), good, 0, "row 1, column 0 is NaN: want a finite number"},
		{good, good, -1, "weight is -1: want a number above 0, or 0 for 0.5"},
		{good, good, math.Inf(1), "weight is +Inf: want a number above 0, or 0 for 0.5"},
		{matrix.New(0, 1), good, 0, "the matrix is empty: it is 0×1"},
	} {
		_, err := TMADiverse(context.Background(), c.dist, c.vectors, DiverseConfig{Weight: c.weight})
		if err == nil || err.Error() != "arrange: tma diverse: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
