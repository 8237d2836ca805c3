package similarity

import (
	"context"
	"fmt"
	"math"
	"sync"

	"kairos/stdlib/internal/blocks"
	"kairos/stdlib/matrix"
)

// costs are the elements of a matrix raised to a power.
type costs struct {
	matrix          matrix.Blocks
	rows, cols      int
	power           float64
	lowest, highest float64 // of all
}

func newCosts(ctx context.Context, m matrix.Blocks, power float64) (*costs, error) {
	rows, cols, err := blocks.Check(m)
	if err != nil {
		return nil, fmt.Errorf("cost: %w", err)
	}
	if power == 0 {
		power = 1
	}
	if !(power > 0) || math.IsInf(power, 1) {
		return nil, fmt.Errorf("power %v: want a positive number, or 0 for 1", power)
	}
	c := &costs{matrix: m, rows: rows, cols: cols, power: power, lowest: math.Inf(1), highest: math.Inf(-1)}
	if err := c.measure(ctx); err != nil {
		return nil, fmt.Errorf("cost: %w", err)
	}
	return c, nil
}

// measure finds the lowest and the highest cost, and refuses what is NaN or infinite, also what the
// power makes so.
func (c *costs) measure(ctx context.Context) error {
	var lock sync.Mutex
	return c.each(ctx, func() func(int, []float64) error {
		return func(i int, row []float64) error {
			lowest, highest := math.Inf(1), math.Inf(-1)
			for j, x := range row {
				if x-x != 0 { // only NaN and ±Inf differ from themselves this way
					return fmt.Errorf("row %d, column %d is %v%s: want a finite number", i, j, x, c.raised())
				}
				if x < lowest {
					lowest = x
				}
				if x > highest {
					highest = x
				}
			}
			lock.Lock()
			defer lock.Unlock()
			c.lowest, c.highest = min(c.lowest, lowest), max(c.highest, highest)
			return nil
		}
	})
}

// largest is the size of the largest cost, whatever its sign.
func (c *costs) largest() float64 { return max(-c.lowest, c.highest) }

// raised says for messages what happened to the elements.
func (c *costs) raised() string {
	if c.power == 1 {
		return ""
	}
	return fmt.Sprintf(" when raised to the power %v", c.power)
}

// each has all rows visited, on all cores. Each core calls start once; a visit gets a row that it
// may read until it returns.
func (c *costs) each(ctx context.Context, start func() (visit func(i int, row []float64) error)) error {
	return blocks.Each(ctx, c.matrix, func() func(int, *matrix.Dense) error {
		visit, buf := start(), make([]float64, c.cols)
		return func(first int, block *matrix.Dense) error {
			for i := range block.Rows {
				c.raise(buf, block.Row(i))
				if err := visit(first+i, buf); err != nil {
					return err
				}
			}
			return nil
		}
	})
}

// rowsOf visits the rows from to to, one after the other.
func (c *costs) rowsOf(ctx context.Context, from, to int, visit func(i int, row []float64)) error {
	var buf matrix.Dense
	row := make([]float64, c.cols)
	for ; from < to; from += rowsAtOnce {
		block, err := c.matrix.Block(ctx, from, min(from+rowsAtOnce, to), &buf)
		if err != nil {
			return err
		}
		for i := range block.Rows {
			c.raise(row, block.Row(i))
			visit(from+i, row)
		}
	}
	return nil
}

// rowsAtOnce is how many rows are read at a time where something else cuts them up already.
const rowsAtOnce = 64

func (c *costs) raise(to []float64, row []float32) {
	to = to[:len(row)]
	switch c.power {
	case 1:
		for j, x := range row {
			to[j] = float64(x)
		}
	case 2:
		for j, x := range row {
			to[j] = float64(x) * float64(x)
		}
	default:
		for j, x := range row {
			to[j] = math.Pow(float64(x), c.power)
		}
	}
}
