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

// naiveDedup is the definition.
func naiveDedup(m *matrix.Dense, threshold float64) (kept []int, dropped []Twin) {
	length := func(i int) float64 { return math.Sqrt(dot64(m.Row(i), m.Row(i))) }
	for i := range m.Rows {
		twin := slices.IndexFunc(kept, func(k int) bool {
			return dot64(m.Row(i), m.Row(k))/length(i)/length(k) >= threshold-1e-6
		})
		if twin < 0 {
			kept = append(kept, i)
			continue
		}
		k := kept[twin]
		dropped = append(dropped, Twin{i, k, dot64(m.Row(i), m.Row(k)) / length(i) / length(k)})
	}
	return kept, dropped
}

func dot64(a, b []float32) (sum float64) {
	for k := range a {
		sum += float64(a[k]) * float64(b[k])
	}
	return sum
}

// likeTexts returns vectors in clusters, on one side of the origin, some near or equal to others.
func likeTexts(rng *rand.Rand, rows, width int) *matrix.Dense {
	m := matrix.New(rows, width)
	for i := range rows {
		row := m.Row(i)
		if i > 0 && rng.IntN(3) == 0 {
			copy(row, m.Row(rng.IntN(i)))
		} else {
			for k := range row {
				row[k] = float32(rng.NormFloat64()) + 0.5
			}
		}
		noise, length := []float64{0, 0.05, 0.2, 0.5}[rng.IntN(4)], rng.Float64()+0.5
		for k := range row {
			row[k] = float32(length * (float64(row[k]) + noise*rng.NormFloat64()))
		}
	}
	return m
}

func TestDedupByHand(t *testing.T) {
	m := mustRows(t,
		[]float32{1, 0},
		[]float32{3, 4},     // cosine 0.6 with row 0
		[]float32{2, 0},     // 1 with row 0
		[]float32{4, 3},     // 0.8 with row 0, 0.96 with row 1
		[]float32{-1, 0},    // opposite
		[]float32{0.6, 0.7}, // within 0.95 of rows 1 and 3; row 3 was dropped
	)
	kept, dropped, err := Dedup(context.Background(), m, DedupConfig{})
	if d := cmp.Diff([]int{0, 1, 4}, kept); d != "" || err != nil {
		t.Error(err, d)
	}
	for i, want := range []Twin{{2, 0, 1}, {3, 1, 0.96}, {5, 1, 4.6 / 5 / math.Sqrt(0.85)}} {
		got := dropped[i]
		if got.Row != want.Row || got.Of != want.Of || math.Abs(got.Cosine-want.Cosine) > 1e-6 {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestDedupAgainstNaive(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for _, c := range []struct {
		rows, width int
		threshold   float64
	}{{1, 1, 0.5}, {40, 1, 1}, {255, 3, 0.99}, {256, 30, 0.9}, {257, 30, 0.99}, {513, 64, 0.95}, {1200, 100, 0.97}, {700, 384, 0.8}, {700, 100, 0.3}, {300, 20, 1}} {
		m := likeTexts(rng, c.rows, c.width)
		kept, dropped, err := Dedup(context.Background(), m, DedupConfig{Threshold: c.threshold})
		if err != nil {
			t.Fatal(err)
		}
		wantKept, wantDropped := naiveDedup(m, c.threshold)
		if d := cmp.Diff(wantKept, kept); d != "" {
			t.Fatalf("%+v: %s", c, d)
		}
		near := cmp.Comparer(func(x, y float64) bool { return math.Abs(x-y) < 1e-9 })
		if d := cmp.Diff(wantDropped, dropped, near); d != "" {
			t.Fatalf("%+v: %s", c, d)
		}
		if c.rows > 200 && (len(dropped) == 0 || len(kept) < 3) && c.width > 1 {
			t.Errorf("%+v: %d kept, %d dropped: that tests little", c, len(kept), len(dropped))
		}
	}
}

func TestDedupErrors(t *testing.T) {
	good := mustRows(t, []float32{1, 0})
	for _, c := range []struct {
		m         *matrix.Dense
		threshold float64
		want      string
	}{
		{nil, 0, "no matrix: it is nil"},
		{matrix.New(0, 3), 0, "the matrix is empty: it is 0×3"},
		{matrix.New(2, 3), 0, "row 0 is all zeros: it has no direction"},
		{mustRows(t, []float32{1, 2}, []float32{1, float32(math.NaN())}), 0, "row 1, column 1 is NaN: want a finite number"},
		{good, -0.1, "threshold is -0.1: want a cosine above 0 and at most 1"},
		{good, 1.5, "threshold is 1.5: want a cosine above 0 and at most 1"},
		{good, math.NaN(), "threshold is NaN: want a cosine above 0 and at most 1"},
	} {
		_, _, err := Dedup(context.Background(), c.m, DedupConfig{Threshold: c.threshold})
		if err == nil || err.Error() != "arrange: dedup: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Dedup(ctx, good, DedupConfig{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// 100,000 vectors of MiniLM's width, a third of which repeat others: 100 seconds at the 40 GFLOP/s
// of all pairs.
func BenchmarkDedup(b *testing.B) {
	m := likeTexts(rand.New(rand.NewPCG(1, 1)), 100_000, 384)
	for b.Loop() {
		if _, _, err := Dedup(context.Background(), m, DedupConfig{}); err != nil {
			b.Fatal(err)
		}
	}
}
