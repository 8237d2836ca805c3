package arrange

import (
	"context"
	"math"

	"kairos/stdlib/matrix"
)

// weighed lets columns take rows by distance and a penalty of the row, which TMA has not.
type weighed struct {
	dist     matrix.Blocks
	farthest bool

	// penalty of a row, in units of distance: 0 or more, and never less than it was; +Inf where the
	// row cannot be taken.
	penalty func(row int) float64

	depth    int
	queues   [][]rank // by column, best first: what may still be taken of the best rows at the last fill
	complete []bool   // by column: no row was left out at the last fill
}

// fill gives every column its depth best of the rows that can be taken.
func (w *weighed) fill(ctx context.Context) error {
	var closed []int
	rows, _ := w.dist.Dims()
	for row := range rows {
		if math.IsInf(w.penalty(row), 1) {
			closed = append(closed, row)
		}
	}
	best, err := search(ctx, w.dist, w.depth, w.farthest, closed)
	if err != nil {
		return err
	}
	w.queues = best.queues
	w.complete = make([]bool, len(w.queues))
	for j := range w.queues {
		best.cut(j)
		w.complete[j] = len(w.queues[j]) < w.depth
	}
	return nil
}

// best returns the row of column j whose distance and penalty are least in sum, the lowest of those
// equally good; −1 when none can be taken. Rows that are not in the queue are no better than its
// last, whatever their penalty, so it mostly suffices to look at the front; where it does not, all
// columns get queues twice as deep.
func (w *weighed) best(ctx context.Context, j int) (int, error) {
	for {
		row, certain := w.look(j)
		if certain {
			return row, nil
		}
		w.depth *= 2
		if err := w.fill(ctx); err != nil {
			return 0, err
		}
	}
}

// look finds the best row in the queue of column j, and drops those that cannot be taken.
func (w *weighed) look(j int) (row int, certain bool) {
	queue := w.queues[j]
	row, least, last := -1, math.Inf(1), math.Inf(-1)
	kept := queue[:0]
	for k, r := range queue {
		last = w.cost(r)
		if last > least {
			w.queues[j] = append(kept, queue[k:]...)
			return row, true
		}
		penalty := w.penalty(r.row())
		if math.IsInf(penalty, 1) {
			continue
		}
		kept = append(kept, r)
		if sum := last + penalty; sum < least || sum == least && r.row() < row {
			row, least = r.row(), sum
		}
	}
	w.queues[j] = kept
	return row, w.complete[j] || least < last
}

func (w *weighed) cost(r rank) float64 {
	if w.farthest {
		return -float64(r.distance(true))
	}
	return float64(r.distance(false))
}
