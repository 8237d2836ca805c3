package blocks

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"kairos/stdlib/matrix"
)

func TestCheck(t *testing.T) {
	var none *matrix.Dense
	for _, c := range []struct {
		m    matrix.Blocks
		want string
	}{
		{nil, "no matrix: it is nil"},
		{none, "no matrix: it is nil"},
		{&matrix.Dense{Rows: 2, Cols: 2}, "2×2 matrix with 0 values: want 4"},
		{&matrix.Dense{Rows: -1, Cols: 2}, "-1×2 matrix: a side is negative"},
		{matrix.New(0, 3), "the matrix is empty: it is 0×3"},
		{matrix.New(3, 0), "the matrix is empty: it is 3×0"},
		{numbers{0, 1, nil}, "the matrix is empty: it is 0×1"},
	} {
		if _, _, err := Check(c.m); err == nil || err.Error() != c.want {
			t.Errorf("%v: got %v, want %s", c.m, err, c.want)
		}
	}
	if rows, cols, err := Check(matrix.New(2, 3)); rows != 2 || cols != 3 || err != nil {
		t.Errorf("got %d×%d, %v", rows, cols, err)
	}
}

// numbers is a matrix whose rows hold their index, but for those that cannot be read.
type numbers struct {
	rows, cols int
	bad        []int
}

func (n numbers) Dims() (rows, cols int) { return n.rows, n.cols }

func (n numbers) Block(_ context.Context, from, to int, buf *matrix.Dense) (*matrix.Dense, error) {
	if buf.Rows != to-from {
		*buf = *matrix.New(to-from, n.cols)
	}
	for i := from; i < to; i++ {
		if slices.Contains(n.bad, i) {
			return nil, fmt.Errorf("row %d is bad", i)
		}
		buf.Row(i - from)[0] = float32(i)
	}
	return buf, nil
}

func TestEachVisitsEveryRowOnce(t *testing.T) {
	for _, m := range []numbers{{1, 1, nil}, {7, 3, nil}, {84, 2, nil}, {5000, 400, nil}, {100_003, 1, nil}, {300, elements + 1, nil}} {
		var mu sync.Mutex
		seen := make([]int, m.rows)
		err := Each(t.Context(), m, func() func(int, *matrix.Dense) error {
			return func(first int, block *matrix.Dense) error {
				mu.Lock()
				defer mu.Unlock()
				for i := range block.Rows {
					if got := block.At(i, 0); got != float32(first+i) {
						t.Errorf("row %d came as %v", first+i, got)
					}
					seen[first+i]++
				}
				return nil
			}
		})
		if err != nil || slices.Min(seen) != 1 || slices.Max(seen) != 1 {
			t.Errorf("%d×%d: %v, visits from %d to %d", m.rows, m.cols, err, slices.Min(seen), slices.Max(seen))
		}
	}
}

// Whichever worker fails first, the error is that of the first block that fails.
func TestEachReportsTheFirstError(t *testing.T) {
	for range 50 {
		err := Each(t.Context(), numbers{20_000, 100, []int{19_000, 8_000, 8_400, 12_000}}, func() func(int, *matrix.Dense) error {
			return func(int, *matrix.Dense) error { return nil }
		})
		if err == nil || err.Error() != "row 8000 is bad" {
			t.Fatalf("got %v", err)
		}
		odd := errors.New("odd")
		err = Each(t.Context(), numbers{20_000, 100, []int{19_000}}, func() func(int, *matrix.Dense) error {
			return func(first int, _ *matrix.Dense) error {
				if first > 4_000 {
					return fmt.Errorf("%w %d", odd, first)
				}
				return nil
			}
		})
		if !errors.Is(err, odd) {
			t.Fatalf("got %v", err)
		}
	}
}

func TestEachStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var mu sync.Mutex
	visits := 0
	err := Each(ctx, numbers{1_000_000, 100, nil}, func() func(int, *matrix.Dense) error {
		return func(int, *matrix.Dense) error {
			mu.Lock()
			defer mu.Unlock()
			if visits++; visits == 3 {
				cancel()
			}
			return nil
		}
	})
	if !errors.Is(err, context.Canceled) || visits > 100 {
		t.Errorf("%v after %d visits", err, visits)
	}
}
