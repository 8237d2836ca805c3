package arrange

import (
	"context"
	"fmt"
	"math"
	"slices"

	"kairos/stdlib/matrix"
)

// TMABalanced is TMA in which no task may crowd out the others, given the task of every row. It is
// an experiment that goes beyond the paper, whose TMA may take most rows from a few tasks near the
// test data.
//
// Every task may give as many rows as an even share of cfg.Num, rounded up. In each round the
// columns choose one after the other, the nearest row (or farthest) that no earlier round took and
// whose task has not given its share; a row that another column of the round took may be taken
// again. When no column finds a row and more are wanted, because small tasks are used up, what is
// missing is shared evenly by the tasks that have rows left, and the rounds go on. The last round
// is kept whole, as in TMA.
//
// Errors are those of TMA, and another number of tasks than of rows.
func TMABalanced(ctx context.Context, dist matrix.Blocks, tasks []string, cfg TMAConfig) ([][]int, error) {
	want, cols, err := checkTMA(dist, cfg)
	if err != nil {
		return nil, fmt.Errorf("arrange: tma balanced: %w", err)
	}
	if rows, _ := dist.Dims(); rows != len(tasks) {
		return nil, fmt.Errorf("arrange: tma balanced: tasks of %d rows, but distances of %d", len(tasks), rows)
	}
	b := newBalance(tasks)
	w := &weighed{dist: dist, farthest: cfg.Farthest, penalty: b.penalty, depth: Depth(want, cols)}
	var rounds [][]int
	for b.taken < want {
		b.share(want - b.taken)
		if err = w.fill(ctx); err == nil {
			rounds, err = b.rounds(ctx, w, rounds, want)
		}
		if err != nil {
			return nil, fmt.Errorf("arrange: tma balanced: %w", err)
		}
	}
	return rounds, nil
}

// balance knows what every task may still give.
type balance struct {
	task  []int  // of each row
	left  []int  // by task: rows that no round has taken
	quota []int  // by task: rows that it may still give
	state []byte // of each row
	taken int    // rows that rounds have taken
}

// States of a row.
const (
	free    = iota
	inRound // taken in the round under way
	gone
)

func newBalance(tasks []string) *balance {
	b := &balance{task: make([]int, len(tasks)), state: make([]byte, len(tasks))}
	for k, g := range Groups(tasks) {
		b.left = append(b.left, len(g.Rows))
		for _, row := range g.Rows {
			b.task[row] = k
		}
	}
	b.quota = make([]int, len(b.left))
	return b
}

// share gives every task that has rows left the same share of num, rounded up.
func (b *balance) share(num int) {
	able := 0
	for _, left := range b.left {
		able += min(left, 1)
	}
	for k := range b.quota {
		b.quota[k] = (num + able - 1) / able
	}
}

func (b *balance) penalty(row int) float64 {
	if b.state[row] == gone || b.state[row] == free && b.quota[b.task[row]] == 0 {
		return math.Inf(1)
	}
	return 0
}

// rounds adds rounds until they hold as many rows as wanted, or every task has given its share.
func (b *balance) rounds(ctx context.Context, w *weighed, rounds [][]int, want int) ([][]int, error) {
	for b.taken < want {
		round, err := b.round(ctx, w)
		if err != nil || len(round) == 0 {
			return rounds, err
		}
		rounds = append(rounds, round)
	}
	return rounds, nil
}

func (b *balance) round(ctx context.Context, w *weighed) ([]int, error) {
	var rows []int
	for j := range w.queues {
		row, err := w.best(ctx, j)
		if err != nil {
			return nil, err
		}
		if row >= 0 && b.state[row] == free {
			b.state[row] = inRound
			b.quota[b.task[row]]--
			b.left[b.task[row]]--
			rows = append(rows, row)
		}
	}
	for _, row := range rows {
		b.state[row] = gone
	}
	b.taken += len(rows)
	slices.Sort(rows)
	return rows, nil
}
