package similarity

import (
	"context"
	"fmt"
	"sync"

	"kairos/stdlib/internal/blocks"
	"kairos/stdlib/matrix"
)

// Distances are a train × test matrix whose rows are computed when they are asked for. It is one of
// matrix.Blocks: WSD, arrange.TMA and others that take blocks never hold the whole of it. A row's
// distances depend on that row and on test alone, to the last bit, wherever the row stands and
// whatever machine computes them.
//
// Each reading computes anew. train and test must stay as they are meanwhile.
type Distances struct {
	name    string
	train   matrix.Blocks
	rows    int
	test    *matrix.Dense
	measure measure
	scratch sync.Pool // of *scratch
}

// A measure computes distances from test, which it knows.
type measure interface {
	// fill writes those of rows, the first of which is row first of train, to dst. room is for what
	// it likes. The error names the row.
	fill(dst, rows *matrix.Dense, first int, room *matrix.Dense) error
}

// scratch is what computing a block needs, for one goroutine at a time.
type scratch struct{ read, room matrix.Dense }

// newDistances checks both sides as far as it can without reading train.
func newDistances(name string, train matrix.Blocks, test *matrix.Dense, of func(test *matrix.Dense) (measure, error)) (*Distances, error) {
	rows, width, err := blocks.Check(train)
	if err != nil {
		return nil, fmt.Errorf("similarity: %s: train: %w", name, err)
	}
	_, _, err = blocks.Check(test)
	if err == nil {
		err = test.Check()
	}
	if err == nil && width != test.Cols {
		return nil, fmt.Errorf("similarity: %s: train vectors have %d dimensions, test vectors %d: want the same encoder for both", name, width, test.Cols)
	}
	d := &Distances{name: name, train: train, rows: rows, test: test}
	if err == nil {
		d.measure, err = of(test)
	}
	if err != nil {
		return nil, fmt.Errorf("similarity: %s: test: %w", name, err)
	}
	return d, nil
}

// Dims returns the numbers of train and of test rows.
func (d *Distances) Dims() (rows, cols int) { return d.rows, d.test.Rows }

// Block computes the distances of the train rows from to to, in buf. A row that is not fit for the
// measure, such as one with NaN, is an error. ctx goes to the reading of train.
func (d *Distances) Block(ctx context.Context, from, to int, buf *matrix.Dense) (*matrix.Dense, error) {
	s, ok := d.scratch.Get().(*scratch)
	if !ok {
		s = new(scratch)
	}
	defer d.scratch.Put(s)
	rows, err := d.train.Block(ctx, from, to, &s.read)
	if err != nil {
		return nil, fmt.Errorf("similarity: %s: train: %w", d.name, err)
	}
	if buf == nil {
		buf = new(matrix.Dense)
	}
	resize(buf, to-from, d.test.Rows)
	if err := d.fill(buf, rows, from, s); err != nil {
		return nil, fmt.Errorf("similarity: %s: train: %w", d.name, err)
	}
	return buf, nil
}

func (d *Distances) fill(dst, rows *matrix.Dense, first int, s *scratch) error {
	if rows.Rows != dst.Rows || rows.Cols != d.test.Cols {
		return fmt.Errorf("rows from %d on came as %d×%d values, want %d×%d", first, rows.Rows, rows.Cols, dst.Rows, d.test.Cols)
	}
	return d.measure.fill(dst, rows, first, &s.room)
}

// all computes the whole matrix, on all cores.
func (d *Distances) all(ctx context.Context) (*matrix.Dense, error) {
	dist := matrix.New(d.rows, d.test.Rows)
	err := blocks.Each(ctx, d.train, func() func(int, *matrix.Dense) error {
		s := new(scratch)
		return func(first int, rows *matrix.Dense) error {
			part := &matrix.Dense{Rows: rows.Rows, Cols: dist.Cols, Data: dist.Data[first*dist.Cols : (first+rows.Rows)*dist.Cols]}
			if err := d.fill(part, rows, first, s); err != nil {
				return fmt.Errorf("train: %w", err)
			}
			return nil
		}
	})
	if err != nil {
		return nil, fmt.Errorf("similarity: %s: %w", d.name, err)
	}
	return dist, nil
}

// resize makes m a matrix of that shape, in its old memory where that suffices.
func resize(m *matrix.Dense, rows, cols int) {
	if cap(m.Data) < rows*cols {
		m.Data = make([]float32, rows*cols)
	}
	m.Rows, m.Cols, m.Data = rows, cols, m.Data[:rows*cols]
}

// checkFinite reports the first value of a row that is none.
func checkFinite(x []float32, row int) error {
	for k, v := range x {
		if v-v != 0 { // only NaN and ±Inf differ from themselves this way
			return fmt.Errorf("row %d, column %d is %v: want a finite number", row, k, v)
		}
	}
	return nil
}
