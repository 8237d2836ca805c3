// Package blocks walks over matrices that give their rows a block at a time.
//
//	Check  the shape, and what makes a matrix unfit to be walked over
//	Each   all blocks, on all cores
package blocks

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"kairos/stdlib/matrix"
)

const (
	elements = 1 << 17 // of a block at most: half a megabyte, which stays in a core's second cache
	multiple = 84      // of the rows of a block, if it has as many: what the kernels of products like
)

// Check returns the shape of m. No matrix, an empty one, and a Dense whose Data does not fit its
// shape are errors. It looks at no values.
func Check(m matrix.Blocks) (rows, cols int, err error) {
	if m == nil {
		return 0, 0, errors.New("no matrix: it is nil")
	}
	if d, ok := m.(*matrix.Dense); ok && (d == nil || d.Rows < 0 || d.Cols < 0 || len(d.Data) != d.Rows*d.Cols) {
		return 0, 0, d.Check()
	}
	rows, cols = m.Dims()
	if rows <= 0 || cols <= 0 {
		return 0, 0, fmt.Errorf("the matrix is empty: it is %d×%d", rows, cols)
	}
	return rows, cols, nil
}

// Each has the blocks of m, which has passed Check, read and visited by as many goroutines as there
// are cores. Each of them calls start once for a visit of its own; a visit gets the index of a
// block's first row and the block, which is gone when it returns. Blocks are begun in order.
//
// When blocks fail, the error is that of the first of them. ctx is looked at before every block.
func Each(ctx context.Context, m matrix.Blocks, start func() (visit func(first int, block *matrix.Dense) error)) error {
	w := walk{m: m}
	w.rows, w.cols = m.Dims()
	cores := runtime.GOMAXPROCS(0)
	w.size = max(1, min(elements/w.cols, w.rows/(4*cores))) // several blocks for every core, so that none waits long for the last
	if w.size > multiple {
		w.size -= w.size % multiple
	}
	var workers sync.WaitGroup
	for range min(cores, (w.rows+w.size-1)/w.size) {
		visit := start()
		workers.Go(func() { w.work(ctx, visit) })
	}
	workers.Wait()
	if w.err == nil {
		return ctx.Err()
	}
	return w.err
}

type walk struct {
	m                matrix.Blocks
	rows, cols, size int

	mu     sync.Mutex
	next   int
	err    error
	failed int // the first row of the block that err is of
}

func (w *walk) work(ctx context.Context, visit func(int, *matrix.Dense) error) {
	var buf matrix.Dense
	for ctx.Err() == nil {
		from, ok := w.take()
		if !ok {
			return
		}
		block, err := w.m.Block(ctx, from, min(from+w.size, w.rows), &buf)
		if err == nil {
			err = visit(from, block)
		}
		if err != nil {
			w.fail(from, err)
		}
	}
}

// take gives out the next block, until one has failed.
func (w *walk) take() (from int, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	from = w.next
	w.next += w.size
	return from, from < w.rows && w.err == nil
}

func (w *walk) fail(from int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil || from < w.failed {
		w.err, w.failed = err, from
	}
}
