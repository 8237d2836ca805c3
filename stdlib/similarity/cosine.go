package similarity

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"kairos/stdlib/matrix"
)

// Rows of train that a worker takes at a time, and rows of test that it multiplies them with while
// both are in its cache.
const (
	trainBlock = 64
	testBlock  = 128
)

// Cosine returns the train × test matrix of −cos(train row i, test row j), the distance of the
// paper and its reference: −1 for the same direction, 1 for the opposite, up to float32 rounding.
// Vectors need not have length 1. A row's distances depend on that row and on test alone, so equal
// rows get equal distances wherever they stand.
//
// An empty side, sides of different width, and vectors that hold NaN or infinity or only zeros are
// errors. All cores work on it; ctx is looked at by each of them every 64 training rows. Beside the
// result it needs one copy of test.
func Cosine(ctx context.Context, train, test *matrix.Dense) (*matrix.Dense, error) {
	if err := checkSides(train, test); err != nil {
		return nil, fmt.Errorf("similarity: cosine: %w", err)
	}
	opposites := scaled(test, 0, test.Rows, -1)
	dist := matrix.New(train.Rows, test.Rows)
	err := inBlocks(ctx, train.Rows, func(from, to int) {
		multiply(dist, from, scaled(train, from, to, 1), opposites)
	})
	if err != nil {
		return nil, fmt.Errorf("similarity: cosine: %w", err)
	}
	return dist, nil
}

// scaled returns rows from to to of m, each scaled to the given length. They are filled up with
// zeros to a multiple of 16 bytes, because the kernel's order of summation depends on how a row
// lies in memory.
func scaled(m *matrix.Dense, from, to int, length float64) *matrix.Dense {
	s := matrix.New(to-from, (m.Cols+3)&^3)
	for i := range s.Rows {
		row, out := m.Row(from+i), s.Row(i)
		factor := length / norm(row)
		for k, x := range row {
			out[k] = float32(float64(x) * factor)
		}
	}
	return s
}

// multiply writes rows · testsᵀ to the rows of dist that begin at the given one.
//
// It multiplies one row at a time, because gonum's Gemm sums in another order at the edge of a
// matrix than within it; Gemm is also slower (29 against 42 GFLOP/s for 4096×1125×384 on two
// cores).
func multiply(dist *matrix.Dense, at int, rows, tests *matrix.Dense) {
	for j := 0; j < tests.Rows; j += testBlock {
		n := min(testBlock, tests.Rows-j)
		block := blas32.General{Rows: n, Cols: tests.Cols, Stride: tests.Cols, Data: tests.Data[j*tests.Cols:]}
		for i := range rows.Rows {
			x := blas32.Vector{N: rows.Cols, Inc: 1, Data: rows.Row(i)}
			y := blas32.Vector{N: n, Inc: 1, Data: dist.Row(at + i)[j : j+n]}
			blas32.Gemv(blas.NoTrans, 1, block, x, 0, y)
		}
	}
}

// inBlocks calls f for all of [0, n) in blocks, from as many goroutines as there are cores, until
// ctx is done.
func inBlocks(ctx context.Context, n int, f func(from, to int)) error {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for ctx.Err() == nil {
				to := int(next.Add(trainBlock))
				if to-trainBlock >= n {
					return
				}
				f(to-trainBlock, min(to, n))
			}
		})
	}
	workers.Wait()
	return ctx.Err()
}

func checkSides(train, test *matrix.Dense) error {
	for _, side := range []struct {
		name string
		m    *matrix.Dense
	}{{"train", train}, {"test", test}} {
		if err := side.m.Check(); err != nil {
			return fmt.Errorf("%s: %w", side.name, err)
		}
		if side.m.Rows == 0 || side.m.Cols == 0 {
			return fmt.Errorf("%s is empty: it is %d×%d", side.name, side.m.Rows, side.m.Cols)
		}
		for i := range side.m.Rows {
			if norm(side.m.Row(i)) == 0 {
				return fmt.Errorf("%s: row %d is all zeros: it has no direction", side.name, i)
			}
		}
	}
	if train.Cols != test.Cols {
		return fmt.Errorf("train vectors have %d dimensions, test vectors %d: want the same encoder for both", train.Cols, test.Cols)
	}
	return nil
}

// norm works in float64, where no float32 overflows when squared or vanishes.
func norm(v []float32) float64 {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}
