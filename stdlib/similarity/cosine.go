package similarity

import (
	"context"
	"fmt"
	"math"

	"kairos/stdlib/internal/simd"
	"kairos/stdlib/matrix"
)

// Cosine returns the train × test matrix of −cos(train row i, test row j), the distance of the
// paper and its reference: −1 for the same direction, 1 for the opposite, up to float32 rounding.
// Vectors need not have length 1. A row's distances depend on that row and on test alone, so equal
// rows get equal distances wherever they stand.
//
// An empty side, sides of different width, and vectors that hold NaN or infinity or only zeros are
// errors. All cores work on it; ctx is looked at before every block of rows, half a megabyte of
// train. Beside the result it needs little more than two copies of test.
func Cosine(ctx context.Context, train, test *matrix.Dense) (*matrix.Dense, error) {
	d, err := LazyCosine(train, test)
	if err != nil {
		return nil, err
	}
	return d.all(ctx)
}

// LazyCosine returns the distances of Cosine without computing them yet. What is wrong with test is
// an error at once, what is wrong with a row of train when it is read.
func LazyCosine(train matrix.Blocks, test *matrix.Dense) (*Distances, error) {
	return newDistances("cosine", train, test, newCosine)
}

type cosine struct{ opposites *simd.Packed }

func newCosine(test *matrix.Dense) (measure, error) {
	opposites := matrix.New(test.Rows, test.Cols)
	for j := range test.Rows {
		if err := scale(opposites.Row(j), test.Row(j), -1, j); err != nil {
			return nil, err
		}
	}
	return cosine{simd.Pack(opposites.Data, test.Rows, test.Cols)}, nil
}

func (c cosine) fill(dst, rows *matrix.Dense, first int, units *matrix.Dense) error {
	resize(units, rows.Rows, rows.Cols)
	for i := range rows.Rows {
		if err := scale(units.Row(i), rows.Row(i), 1, first+i); err != nil {
			return err
		}
	}
	c.opposites.Dot(dst.Data, units.Data, rows.Rows)
	return nil
}

// scale sets dst to x at the given length. It works in float64, where no float32 overflows when
// squared or vanishes.
func scale(dst, x []float32, length float64, row int) error {
	sum := simd.SumSquares(x)
	switch {
	case sum-sum != 0:
		return checkFinite(x, row)
	case sum == 0:
		return fmt.Errorf("row %d is all zeros: it has no direction", row)
	}
	simd.Scale(dst, x, length/math.Sqrt(sum))
	return nil
}
