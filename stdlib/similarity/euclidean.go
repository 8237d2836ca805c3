package similarity

import (
	"context"
	"fmt"
	"math"

	"kairos/stdlib/internal/simd"
	"kairos/stdlib/matrix"
)

// Squares of distances that float32 sums without loss: smaller ones vanish in part, greater ones
// overflow.
const leastSquare, greatestSquare = 1e-30, 1e37

// Euclidean returns the train × test matrix of the lengths of the differences, |train row i − test
// row j|: 0 for equal rows only, and as exact for rows that are almost equal as for others, since it
// sums the squares of the differences. (The usual way by |a|² + |b|² − 2a·b is one multiplication
// faster, but loses all digits of small distances.) A row's distances depend on that row and on
// test alone.
//
// An empty side, sides of different width, vectors that hold NaN or infinity, and a distance beyond
// float32 are errors. All cores work on it; ctx is looked at as by Cosine. Beside the result it needs
// little more than a copy of test.
func Euclidean(ctx context.Context, train, test *matrix.Dense) (*matrix.Dense, error) {
	d, err := LazyEuclidean(train, test)
	if err != nil {
		return nil, err
	}
	return d.all(ctx)
}

// LazyEuclidean returns the distances of Euclidean without computing them yet. What is wrong with
// test is an error at once, what is wrong with a row of train when it is read.
func LazyEuclidean(train matrix.Blocks, test *matrix.Dense) (*Distances, error) {
	return newDistances("euclidean", train, test, newEuclidean)
}

type euclidean struct {
	test   *matrix.Dense
	packed *simd.Packed
}

func newEuclidean(test *matrix.Dense) (measure, error) {
	return euclidean{test, simd.Pack(test.Data, test.Rows, test.Cols)}, nil
}

func (e euclidean) fill(dst, rows *matrix.Dense, first int, _ *matrix.Dense) error {
	e.packed.Squares(dst.Data, rows.Data, rows.Rows)
	for i := range rows.Rows {
		if err := e.roots(dst.Row(i), rows.Row(i), first+i); err != nil {
			return err
		}
	}
	return nil
}

// roots makes distances of the squares of row x, and computes anew those that float32 has no room
// for.
func (e euclidean) roots(distances, x []float32, row int) error {
	for j, square := range distances {
		if square >= leastSquare && square <= greatestSquare {
			distances[j] = float32(math.Sqrt(float64(square)))
			continue
		}
		if err := checkFinite(x, row); err != nil {
			return err
		}
		distances[j] = float32(distance(x, e.test.Row(j)))
		if d := distances[j]; d-d != 0 {
			return fmt.Errorf("row %d: its distance from test row %d is beyond float32", row, j)
		}
	}
	return nil
}

// distance works in float64, where no float32 overflows when squared or vanishes.
func distance(a, b []float32) float64 {
	var sum float64
	for k := range a {
		d := float64(a[k]) - float64(b[k])
		sum += float64(d * d)
	}
	return math.Sqrt(sum)
}
