package arrange

import (
	"context"
	"fmt"

	"kairos/stdlib/internal/blocks"
	"kairos/stdlib/matrix"
)

// Coarse returns the rows by task, the task with the lowest score first: the paper's coarse
// granularity (split_data_coarse_job.py of its reference). Scores are by task, in the order of
// Groups, as similarity.WSD gives them for TaskMeans; equal tasks stay in that order. The rows of a
// task stay in theirs. Reversed gives farthest first. The fine granularity is Nearest.
func Coarse(tasks []string, scores []float64) ([]int, error) {
	groups := Groups(tasks)
	if len(scores) != len(groups) {
		return nil, fmt.Errorf("arrange: coarse: %d scores for %d tasks: want one for each task, in the order of Groups", len(scores), len(groups))
	}
	order, err := ascending(scores)
	if err != nil {
		return nil, fmt.Errorf("arrange: coarse: by task: %w", err)
	}
	sorted := make([]Group, len(groups))
	for i, k := range order {
		sorted[i] = groups[k]
	}
	return clustered(sorted), nil
}

// meanBlock is how many vectors TaskMeans asks for at a time.
const meanBlock = 1024

// TaskMeans returns the embedding of every task, the mean of those of its rows, as the rows of a
// matrix in the order of Groups. Vectors and tasks are by row; sums are in float64. As many tasks
// as vectors are needed, at least one, and no vector may hold NaN or infinity. ctx is looked at by
// the reader of vectors, every 1024 rows.
func TaskMeans(ctx context.Context, vectors matrix.Blocks, tasks []string) (*matrix.Dense, error) {
	rows, width, err := blocks.Check(vectors)
	if err == nil && rows != len(tasks) {
		err = fmt.Errorf("%d vectors, but tasks of %d rows", rows, len(tasks))
	}
	if err != nil {
		return nil, fmt.Errorf("arrange: task means: %w", err)
	}
	groups := Groups(tasks)
	sums := make([]float64, len(groups)*width)
	of := make([]int, rows) // the group of each row
	for k, g := range groups {
		for _, row := range g.Rows {
			of[row] = k
		}
	}
	err = eachRow(ctx, vectors, meanBlock, func(row int, vector []float32) {
		sum := sums[of[row]*width:][:width]
		for k, x := range vector {
			sum[k] += float64(x)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("arrange: task means: %w", err)
	}
	means := matrix.New(len(groups), width)
	for k, sum := range sums {
		means.Data[k] = float32(sum / float64(len(groups[k/width].Rows)))
	}
	return means, nil
}

// eachRow calls f for every row of m in turn. A value that is NaN or infinite is an error.
func eachRow(ctx context.Context, m matrix.Blocks, size int, f func(row int, values []float32)) error {
	rows, _ := m.Dims()
	buf := new(matrix.Dense)
	for from := 0; from < rows; from += size {
		if err := ctx.Err(); err != nil {
			return err
		}
		block, err := m.Block(ctx, from, min(from+size, rows), buf)
		if err != nil {
			return err
		}
		for i := range block.Rows {
			values := block.Row(i)
			for j, v := range values {
				if v-v != 0 { // NaN or infinite
					return fmt.Errorf("row %d, column %d is %v: want a finite number", from+i, j, v)
				}
			}
			f(from+i, values)
		}
	}
	return nil
}
