package similarity

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"kairos/stdlib/matrix"
)

type eager func(ctx context.Context, train, test *matrix.Dense) (*matrix.Dense, error)

type lazy func(train matrix.Blocks, test *matrix.Dense) (*Distances, error)

func TestEuclideanByHand(t *testing.T) {
	train := mustRows(t, []float32{3, 4}, []float32{0, 0}, []float32{-1, 2})
	test := mustRows(t, []float32{0, 0}, []float32{2, 6})
	got, err := Euclidean(context.Background(), train, test)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range [][]float64{{5, math.Sqrt(5)}, {0, math.Sqrt(40)}, {math.Sqrt(5), 5}} {
		for j, want := range row {
			wantClose(t, "distance", float64(got.At(i, j)), want, 3e-7)
		}
	}
}

// Where |a|² + |b|² − 2a·b would lose all digits, as of rows that differ in the last bits, and where
// squares do not fit into float32.
func TestEuclideanIsAsExactWhereRowsAreNear(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	test := randomMatrix(rng, 20, 384)
	for _, scale := range []float32{1, 0x1p-70, 0x1p-120, 0x1p60, 0x1p110} {
		train, scaled := matrix.New(test.Rows, test.Cols), matrix.New(test.Rows, test.Cols)
		for i, v := range test.Data {
			scaled.Data[i] = v * scale
			train.Data[i] = scaled.Data[i]
			if i%test.Cols < i/test.Cols { // row 0 is equal, row i differs in i places
				train.Data[i] *= 1 + 0x1p-20
			}
		}
		dist, err := Euclidean(context.Background(), train, scaled)
		if err != nil {
			t.Fatal(err)
		}
		for i := range train.Rows {
			for j := range test.Rows {
				want := distance(train.Row(i), scaled.Row(j))
				wantClose(t, "distance", float64(dist.At(i, j)), want, 2e-6*want+0x1p-149)
			}
			if equal := dist.At(i, i) == 0; equal != (i == 0) {
				t.Errorf("scale %g: row %d is at %v from its like", scale, i, dist.At(i, i))
			}
		}
	}
}

func TestEuclideanAgainstNaive(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	for _, shape := range [][3]int{{1, 1, 1}, {83, 31, 3}, {84, 32, 5}, {85, 33, 31}, {200, 300, 17}, {3, 400, 384}} {
		train, test := randomMatrix(rng, shape[0], shape[2]), randomMatrix(rng, shape[1], shape[2])
		got, err := Euclidean(context.Background(), train, test)
		if err != nil {
			t.Fatal(err)
		}
		for i := range train.Rows {
			for j := range test.Rows {
				want := distance(train.Row(i), test.Row(j))
				wantClose(t, "distance", float64(got.At(i, j)), want, 1e-6*want)
			}
		}
	}
}

// inRows is a matrix that is read, not viewed, and may fail.
type inRows struct {
	*matrix.Dense
	err error
}

func (r inRows) Block(ctx context.Context, from, to int, buf *matrix.Dense) (*matrix.Dense, error) {
	if r.err != nil {
		return nil, r.err
	}
	resize(buf, to-from, r.Cols)
	copy(buf.Data, r.Data[from*r.Cols:])
	return buf, nil
}

// Wherever a block begins and ends, its bits are those of the whole matrix.
func TestLazyDistancesAreTheEagerOnes(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	train, test := randomMatrix(rng, 500, 37), randomMatrix(rng, 45, 37)
	for name, c := range map[string]struct {
		eager eager
		lazy  lazy
	}{"cosine": {Cosine, LazyCosine}, "euclidean": {Euclidean, LazyEuclidean}} {
		want, err := c.eager(context.Background(), train, test)
		if err != nil {
			t.Fatal(err)
		}
		d, err := c.lazy(inRows{train, nil}, test)
		if err != nil {
			t.Fatal(err)
		}
		if rows, cols := d.Dims(); rows != 500 || cols != 45 {
			t.Errorf("%s: %d×%d", name, rows, cols)
		}
		var buf matrix.Dense
		for range 200 {
			from := rng.IntN(500)
			to := from + 1 + rng.IntN(min(200, 500-from))
			got, err := d.Block(context.Background(), from, to, &buf)
			if err != nil {
				t.Fatal(err)
			}
			if got.Rows != to-from || got.Cols != 45 || !slices.Equal(got.Data, want.Data[from*45:to*45]) {
				t.Fatalf("%s: rows %d to %d differ", name, from, to)
			}
		}
		if got, err := d.Block(context.Background(), 3, 4, nil); err != nil || !slices.Equal(got.Data, want.Row(3)) {
			t.Errorf("%s without a buf: %v, %v", name, got, err)
		}
		fromLazy, err1 := WSD(context.Background(), d)
		fromEager, err2 := WSD(context.Background(), want)
		if err1 != nil || err2 != nil || !slices.Equal(fromLazy, fromEager) {
			t.Errorf("%s: WSD differs: %v, %v", name, err1, err2)
		}
	}
}

// Shards that measure rows and weigh them together give the bits of one machine.
func TestTermsOfShardsWeighTheSame(t *testing.T) {
	dist := randomMatrix(rand.New(rand.NewPCG(19, 20)), 300, 70)
	want, err := WSD(context.Background(), dist)
	if err != nil {
		t.Fatal(err)
	}
	var terms []Terms
	for from := 0; from < 300; from += 77 {
		shard, _ := dist.Block(context.Background(), from, min(from+77, 300), nil)
		part, err := RowTerms(context.Background(), shard)
		if err != nil {
			t.Fatal(err)
		}
		terms = append(terms, part...)
	}
	if got, err := Weigh(terms); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, scores differ", err)
	}
}

func TestWeighErrors(t *testing.T) {
	for want, terms := range map[string][]Terms{
		"similarity: wsd: no rows": nil,
		"similarity: wsd: row 1 has minimum -1 and mean NaN: want finite numbers":             {{1, 2}, {-1, math.NaN()}},
		"similarity: wsd: the distances average 0, so the weight of the average has no value": {{-1, 1}, {-1, -1}},
	} {
		if _, err := Weigh(terms); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestDistancesErrors(t *testing.T) {
	nan, huge := float32(math.NaN()), float32(math.MaxFloat32)
	good := mustRows(t, []float32{1, 0}, []float32{0, 1})
	for _, c := range []struct {
		lazy  lazy
		train matrix.Blocks
		test  *matrix.Dense
		want  string
	}{
		{LazyEuclidean, nil, good, "similarity: euclidean: train: no matrix: it is nil"},
		{LazyEuclidean, good, matrix.New(0, 2), "similarity: euclidean: test: the matrix is empty: it is 0×2"},
		{LazyEuclidean, good, matrix.New(1, 3), "similarity: euclidean: train vectors have 2 dimensions, test vectors 3: want the same encoder for both"},
		{LazyEuclidean, good, mustRows(t, []float32{0, nan}), "similarity: euclidean: test: row 0, column 1 is NaN: want a finite number"},
		{LazyEuclidean, mustRows(t, []float32{1, 0}, []float32{nan, 1}), good, "similarity: euclidean: train: row 1, column 0 is NaN: want a finite number"},
		{LazyEuclidean, mustRows(t, []float32{1, 0}, []float32{huge, huge}), good, "similarity: euclidean: train: row 1: its distance from test row 0 is beyond float32"},
		{LazyCosine, mustRows(t, []float32{1, 0}, []float32{nan, 1}), good, "similarity: cosine: train: row 1, column 0 is NaN: want a finite number"},
		{LazyCosine, mustRows(t, []float32{1, 0}, []float32{0, 0}), good, "similarity: cosine: train: row 1 is all zeros: it has no direction"},
		{LazyCosine, inRows{good, errors.New("the disk is gone")}, good, "similarity: cosine: train: the disk is gone"},
		{LazyCosine, good, mustRows(t, []float32{1, 0}, []float32{0, 0}), "similarity: cosine: test: row 1 is all zeros: it has no direction"},
	} {
		d, err := c.lazy(c.train, c.test)
		if err == nil {
			_, err = d.Block(context.Background(), 0, 2, nil)
		}
		if err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

// The row is that of the whole matrix, although blocks are read.
func TestTheRowOfAnErrorIsThatOfTheMatrix(t *testing.T) {
	train := randomMatrix(rand.New(rand.NewPCG(1, 1)), 2000, 3)
	train.Row(1777)[1], train.Row(1900)[0] = float32(math.Inf(-1)), float32(math.NaN())
	d, err := LazyCosine(inRows{train, nil}, mustRows(t, []float32{1, 2, 3}))
	if err != nil {
		t.Fatal(err)
	}
	const want = "similarity: wsd: similarity: cosine: train: row 1777, column 1 is -Inf: want a finite number"
	if _, err := WSD(context.Background(), d); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
