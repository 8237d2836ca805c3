package dynamics

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"kairos/stdlib/matrix"
)

// Preceding returns the training rows that the model met within a drop, in the order it met them:
// those of the steps after From, up to To. order is what the model was trained on, batch rows a step.
//
// A drop that ends after the order does, and a batch below 1, are errors; the last step may be
// smaller than the others.
func Preceding(d Drop, order []int, batch int) ([]int, error) {
	if batch < 1 {
		return nil, fmt.Errorf("dynamics: preceding: batch is %d: want 1 or more", batch)
	}
	last := (len(order) + batch - 1) / batch
	if d.From < 0 || d.To <= d.From || d.To > last {
		return nil, fmt.Errorf("dynamics: preceding: a drop from step %d to %d: %d rows are %d steps of %d", d.From, d.To, len(order), last, batch)
	}
	return slices.Clone(order[d.From*batch : min(d.To*batch, len(order))]), nil
}

// TaskShare is how much of some rows belongs to a task.
type TaskShare struct {
	Task  string
	Rows  int
	Share float64 // of the rows looked at, 0 to 1
	Usual float64 // the share of the task in the whole order
}

// Tasks tells which tasks rows belong to, given the order they were taken from and the task of each
// row of the training set. Those come first that have most rows beyond what their share in the order
// would give them: of a drop, the suspects. No rows, and rows that have no task, are errors.
func Tasks(rows, order []int, tasks []string) ([]TaskShare, error) {
	if len(rows) == 0 || len(order) == 0 {
		return nil, fmt.Errorf("dynamics: tasks: %d rows of an order of %d: want some", len(rows), len(order))
	}
	usual := map[string]float64{}
	for _, list := range [][]int{rows, order} {
		for _, row := range list {
			if row < 0 || row >= len(tasks) {
				return nil, fmt.Errorf("dynamics: tasks: row %d, but tasks of %d", row, len(tasks))
			}
		}
	}
	for _, row := range order {
		usual[tasks[row]] += 1 / float64(len(order))
	}
	var shares []TaskShare
	at := map[string]int{}
	for _, row := range rows {
		task := tasks[row]
		k, seen := at[task]
		if !seen {
			k = len(shares)
			at[task] = k
			shares = append(shares, TaskShare{Task: task, Usual: usual[task]})
		}
		shares[k].Rows++
		shares[k].Share = float64(shares[k].Rows) / float64(len(rows))
	}
	slices.SortStableFunc(shares, func(a, b TaskShare) int { return cmp.Compare(b.Share-b.Usual, a.Share-a.Usual) })
	return shares, nil
}

// String is a sentence about the task.
func (s TaskShare) String() string {
	return fmt.Sprintf("%s: %d rows, %.0f %% (usually %.0f %%)", s.Task, s.Rows, 100*s.Share, 100*s.Usual)
}

// Columns names and returns what a table of shares has in its columns.
func (s TaskShare) Columns() (names []string, values []any) {
	return []string{"Task", "Rows", "Share", "Usual"}, []any{s.Task, s.Rows, brief(s.Share), brief(s.Usual)}
}

// Neighbour is a training row and the unseen example that it is nearest to.
type Neighbour struct {
	Row      int // of the training set
	Test     int // of the unseen examples: the first of those it is nearest to
	Distance float64
}

// Nearest sorts rows by how near they are to unseen examples, the nearest first, rows of equal
// distance as they were: dist is train × test, as similarity.Cosine returns it, and test lists the
// columns that count, such as those of one task; nil is all of them.
//
// Rows and columns that dist does not have, and no columns, are errors.
func Nearest(rows []int, dist *matrix.Dense, test []int) ([]Neighbour, error) {
	if dist == nil {
		return nil, errors.New("dynamics: nearest: there are no distances")
	}
	if test == nil {
		for j := range dist.Cols {
			test = append(test, j)
		}
	}
	if len(test) == 0 {
		return nil, errors.New("dynamics: nearest: there are no unseen examples")
	}
	for _, j := range test {
		if j < 0 || j >= dist.Cols {
			return nil, fmt.Errorf("dynamics: nearest: unseen example %d, but distances from %d", j, dist.Cols)
		}
	}
	neighbours := make([]Neighbour, len(rows))
	for k, row := range rows {
		if row < 0 || row >= dist.Rows {
			return nil, fmt.Errorf("dynamics: nearest: row %d, but distances of %d", row, dist.Rows)
		}
		best := test[0]
		for _, j := range test {
			if dist.At(row, j) < dist.At(row, best) {
				best = j
			}
		}
		neighbours[k] = Neighbour{row, best, float64(dist.At(row, best))}
	}
	slices.SortStableFunc(neighbours, func(a, b Neighbour) int { return cmp.Compare(a.Distance, b.Distance) })
	return neighbours, nil
}
