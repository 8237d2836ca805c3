package arrange

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"

	"kairos/stdlib/internal/blocks"
	"kairos/stdlib/matrix"
)

// TMAConfig chooses a setting of TMA. Its zero value arranges all rows, nearest first.
type TMAConfig struct {
	Num      int  // rows to choose at least; 0, or more than there are, means all
	Farthest bool // the paper's "max": take the farthest row of each column instead of the nearest
}

// Candidates that TMA holds at most, of all columns and workers together: a quarter of a gigabyte.
const maxCandidates = 1 << 24

// TMA is the paper's test-centric multi-turn arrangement (its algorithm 1, and the reference's
// convert_flan_data_job.py) of the rows of a train × test distance matrix, such as a Dense or
// similarity.LazyCosine. In each round every column takes the nearest row that no earlier round
// took, the lowest of those equally near; columns may agree. The round is these rows in ascending
// order, each once. Rounds follow until they hold cfg.Num rows, the last one whole, so perhaps a few
// more; or until no rows are left.
//
// A matrix that is empty or holds NaN or infinity, and a negative Num, are errors. ctx is looked at
// before every block of rows.
//
// The reference searches the whole matrix in every round. Here one pass over the rows, on all cores,
// finds the best Candidates of every column, and the rounds are theirs; a further pass follows, over
// the rows not taken, when a column runs out of them. So the cost is mostly that of one pass. The
// matrix is never held; candidates take some hundreds of bytes per column and round, and at most a
// quarter of a gigabyte.
func TMA(ctx context.Context, dist matrix.Blocks, cfg TMAConfig) ([][]int, error) {
	want, cols, err := checkTMA(dist, cfg)
	if err != nil {
		return nil, fmt.Errorf("arrange: tma: %w", err)
	}
	room := max(1, maxCandidates/cols/runtime.GOMAXPROCS(0))
	rounds, err := passes(ctx, dist, want, cfg.Farthest, Depth(want, cols), room)
	if err != nil {
		return nil, fmt.Errorf("arrange: tma: %w", err)
	}
	return rounds, nil
}

func checkTMA(dist matrix.Blocks, cfg TMAConfig) (want, cols int, err error) {
	rows, cols, err := blocks.Check(dist)
	switch {
	case err != nil:
		return 0, 0, err
	case uint64(rows) > math.MaxUint32:
		return 0, 0, errors.New("more than 4,294,967,295 rows")
	case cfg.Num < 0:
		return 0, 0, fmt.Errorf("cannot choose %d rows: want Num 0 for all, or how many", cfg.Num)
	case cfg.Num == 0:
		return rows, cols, nil
	}
	return min(cfg.Num, rows), cols, nil
}

// passes goes over the matrix until there are rounds of so many rows. A column gets depth candidates in
// the first pass and twice as many in each further one, but never more than room.
func passes(ctx context.Context, dist matrix.Blocks, want int, farthest bool, depth, room int) ([][]int, error) {
	var rounds [][]int
	var taken []int
	for {
		best, err := search(ctx, dist, min(depth, room), farthest, taken)
		if err != nil {
			return nil, err
		}
		more, enough := best.Rounds(want - len(taken))
		rounds = append(rounds, more...)
		if enough {
			return rounds, nil
		}
		taken = append(taken, Flatten(more)...)
		depth *= 2
	}
}

// search returns the candidates among all rows that are not taken. Every worker finds those of its
// blocks.
func search(ctx context.Context, dist matrix.Blocks, depth int, farthest bool, taken []int) (*Candidates, error) {
	_, cols := dist.Dims()
	all := NewCandidates(cols, depth, farthest)
	all.Exclude(taken)
	parts := []*Candidates{all}
	err := blocks.Each(ctx, dist, func() func(int, *matrix.Dense) error {
		part := NewCandidates(cols, depth, farthest)
		part.excluded = all.excluded
		parts = append(parts, part)
		return part.addRows
	})
	if err != nil {
		return nil, err
	}
	for _, part := range parts[1:] {
		if err := all.Merge(part); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Flatten joins rounds into one order.
func Flatten(rounds [][]int) []int { return slices.Concat(rounds...) }
