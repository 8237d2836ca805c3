package similarity

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"kairos/stdlib/matrix"
)

func mustRows(t *testing.T, rows ...[]float32) *matrix.Dense {
	t.Helper()
	m, err := matrix.FromRows(rows)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func wantClose(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.9g, want %.9g ± %g", what, got, want, tolerance)
	}
}

func TestCosineByHand(t *testing.T) {
	train := mustRows(t, []float32{3, 4}, []float32{0, -2}, []float32{1, 1})
	test := mustRows(t, []float32{1, 0}, []float32{6, 8})
	got, err := Cosine(context.Background(), train, test)
	if err != nil {
		t.Fatal(err)
	}
	// cos((3,4), (1,0)) = 3/5, cos((3,4), (6,8)) = 1, cos((0,-2), (6,8)) = -16/20, cos((1,1),
	// (6,8)) = 14/(10√2).
	want := [][]float64{{-0.6, -1}, {0, 0.8}, {-1 / math.Sqrt2, -1.4 / math.Sqrt2}}
	for i := range want {
		for j := range want[i] {
			wantClose(t, "distance", float64(got.At(i, j)), want[i][j], 1e-7)
		}
	}
}

func TestWSDByHand(t *testing.T) {
	// min and mean of the rows: (-1, -0.5), (-0.5, -0.5), (0, 0.25); mean min = -0.5, mean mean =
	// -0.25, w_avg = 2.
	dist := mustRows(t, []float32{-1, 0}, []float32{-0.5, -0.5}, []float32{0.5, 0})
	got, err := WSD(context.Background(), dist)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{-2, -1.5, 0.5} {
		wantClose(t, "score", got[i], want, 1e-15)
	}
}

func TestAgainstScikitLearn(t *testing.T) {
	var reference struct {
		Train, Test [][]float32
		Distances   [][]float64
		Euclidean   [][]float64
		WSD         []float64
	}
	text, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &reference); err != nil {
		t.Fatal(err)
	}
	dist, err := Cosine(context.Background(), mustRows(t, reference.Train...), mustRows(t, reference.Test...))
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range reference.Distances {
		for j, want := range row {
			wantClose(t, "distance", float64(dist.At(i, j)), want, 2e-7)
		}
	}
	euclidean, err := Euclidean(context.Background(), mustRows(t, reference.Train...), mustRows(t, reference.Test...))
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range reference.Euclidean {
		for j, want := range row {
			wantClose(t, "distance", float64(euclidean.At(i, j)), want, 3e-7*want)
		}
	}
	scores, err := WSD(context.Background(), dist)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range reference.WSD {
		wantClose(t, "score", scores[i], want, 1e-6)
	}
}

// The tiles have edges at 84 rows and 32 columns; the shapes here fall before, on and after them.
func TestCosineAgainstNaive(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, shape := range [][3]int{{1, 1, 1}, {83, 31, 3}, {84, 32, 5}, {85, 33, 31}, {200, 300, 17}, {3, 400, 384}} {
		train, test := randomMatrix(rng, shape[0], shape[2]), randomMatrix(rng, shape[1], shape[2])
		got, err := Cosine(context.Background(), train, test)
		if err != nil {
			t.Fatal(err)
		}
		for i := range train.Rows {
			for j := range test.Rows {
				wantClose(t, "distance", float64(got.At(i, j)), naiveDistance(train.Row(i), test.Row(j)), 1e-6)
			}
		}
	}
}

func naiveDistance(a, b []float32) float64 {
	var dot, aa, bb float64
	for k := range a {
		dot += float64(a[k]) * float64(b[k])
		aa += float64(a[k]) * float64(a[k])
		bb += float64(b[k]) * float64(b[k])
	}
	return -dot / math.Sqrt(aa*bb)
}

// Ties are broken by row further on, so rows that are equal must stay equal to the last bit.
func TestEqualRowsGetEqualDistances(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for width := 1; width <= 50; width++ {
		test := randomMatrix(rng, 131, width)
		train := randomMatrix(rng, 130, width)
		for i := range train.Rows {
			copy(train.Row(i), train.Row(0))
		}
		dist, err := Cosine(context.Background(), train, test)
		if err != nil {
			t.Fatal(err)
		}
		for i := range train.Rows {
			for j := range test.Rows {
				if dist.At(i, j) != dist.At(0, j) {
					t.Fatalf("width %d: row %d equals row 0, but column %d has %v and %v", width, i, j, dist.At(i, j), dist.At(0, j))
				}
			}
		}
	}
}

func TestCosineOfExtremeLengths(t *testing.T) {
	tiny, huge := float32(math.SmallestNonzeroFloat32), float32(math.MaxFloat32)
	dist, err := Cosine(context.Background(), mustRows(t, []float32{tiny, 0}, []float32{huge, huge}), mustRows(t, []float32{huge, 0}))
	if err != nil {
		t.Fatal(err)
	}
	wantClose(t, "distance", float64(dist.At(0, 0)), -1, 1e-6)
	wantClose(t, "distance", float64(dist.At(1, 0)), -1/math.Sqrt2, 1e-6)
}

func TestCosineErrors(t *testing.T) {
	nan := float32(math.NaN())
	good := mustRows(t, []float32{1, 0}, []float32{0, 1})
	for _, c := range []struct {
		train, test *matrix.Dense
		want        string
	}{
		{good, nil, "similarity: cosine: test: no matrix: it is nil"},
		{matrix.New(0, 2), good, "similarity: cosine: train: the matrix is empty: it is 0×2"},
		{good, matrix.New(3, 0), "similarity: cosine: test: the matrix is empty: it is 3×0"},
		{good, matrix.New(1, 2), "similarity: cosine: test: row 0 is all zeros: it has no direction"},
		{mustRows(t, []float32{1, 0}, []float32{nan, 1}), good, "similarity: cosine: train: row 1, column 0 is NaN: want a finite number"},
		{good, mustRows(t, []float32{1, 0, 0}), "similarity: cosine: train vectors have 2 dimensions, test vectors 3: want the same encoder for both"},
		{&matrix.Dense{Rows: 2, Cols: 2}, good, "similarity: cosine: train: 2×2 matrix with 0 values: want 4"},
	} {
		_, err := Cosine(context.Background(), c.train, c.test)
		if err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

func TestCosineStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	m := randomMatrix(rand.New(rand.NewPCG(1, 2)), 100, 4)
	dist, err := Cosine(ctx, m, m)
	if !errors.Is(err, context.Canceled) || dist != nil {
		t.Errorf("got %v, %v; want no matrix and context.Canceled", dist, err)
	}
}

func TestWSDErrors(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, c := range []struct {
		dist *matrix.Dense
		want string
	}{
		{nil, "no matrix"},
		{matrix.New(0, 3), "the matrix is empty: it is 0×3"},
		{matrix.New(3, 0), "the matrix is empty: it is 3×0"},
		{mustRows(t, []float32{0, inf}), "row 0, column 1 is +Inf"},
		{mustRows(t, []float32{-1, 0}, []float32{1, 0}), "the distances average 0"},
		{matrix.New(2, 2), "the distances average 0"},
	} {
		_, err := WSD(context.Background(), c.dist)
		if err == nil || !strings.HasPrefix(err.Error(), "similarity: wsd: "+c.want) {
			t.Errorf("%v: got %v, want it to begin with %q", c.dist, err, c.want)
		}
	}
}
