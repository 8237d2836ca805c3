package arrange

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"kairos/stdlib/matrix"
)

// TMAConfig chooses a setting of TMA. Its zero value arranges all rows, nearest first.
type TMAConfig struct {
	Num      int  // rows to choose at least; 0, or more than there are, means all
	Farthest bool // the paper's "max": take the farthest row of each column instead of the nearest
}

// TMA is the paper's test-centric multi-turn arrangement (its algorithm 1, and the reference's
// convert_flan_data_job.py) of the rows of a train × test distance matrix. In each round every
// column takes the nearest row that no earlier round took, the lowest of those equally near;
// columns may agree. The round is these rows in ascending order, each once. Rounds follow until
// they hold cfg.Num rows, the last one whole, so perhaps a few more; or until no rows are left.
//
// A matrix that is empty or holds NaN or infinity, and a negative Num, are errors.
//
// The reference searches the whole matrix in every round. Here a column keeps only its best rows,
// sorted, and all columns get new ones by one pass over the matrix when one of them runs out, each
// time twice as many. So the cost is a few passes over the matrix instead of one for every round,
// and some tens of bytes per column and round. At worst, when all columns rank the rows alike, it
// is that of sorting every column, and 16 bytes per element.
func TMA(dist *matrix.Dense, cfg TMAConfig) ([][]int, error) {
	if err := dist.Check(); err != nil {
		return nil, fmt.Errorf("arrange: tma: %w", err)
	}
	switch {
	case dist.Rows == 0 || dist.Cols == 0:
		return nil, fmt.Errorf("arrange: tma: the matrix is empty: it is %d×%d", dist.Rows, dist.Cols)
	case uint64(dist.Rows) > math.MaxUint32:
		return nil, errors.New("arrange: tma: more than 4,294,967,295 rows")
	case cfg.Num < 0:
		return nil, fmt.Errorf("arrange: tma: Num is %d: want 0 for all rows, or how many", cfg.Num)
	}
	want := min(cfg.Num, dist.Rows)
	if want == 0 {
		want = dist.Rows
	}
	c := newColumns(dist, cfg.Farthest, want)
	var rounds [][]int
	for chosen := 0; chosen < want; {
		round := c.round()
		chosen += len(round)
		rounds = append(rounds, round)
	}
	return rounds, nil
}

// Flatten joins rounds into one order.
func Flatten(rounds [][]int) []int { return slices.Concat(rounds...) }

// columns are what the columns of a distance matrix would still take.
type columns struct {
	dist     *matrix.Dense
	farthest bool
	taken    []bool   // by row
	queues   [][]rank // by column: the best rows that were not taken at the last fill, best first
	depth    int      // a queue held at least so many after the last fill, unless fewer rows were left
}

// rank orders the rows of a column: the distance, made to compare as an unsigned number does, above
// the row's index.
type rank uint64

func rankOf(distance float32, row int, farthest bool) rank {
	bits := math.Float32bits(distance + 0) // + 0 makes −0 equal to 0
	if bits>>31 == 1 {
		bits = ^bits
	} else {
		bits |= 1 << 31
	}
	if farthest {
		bits = ^bits
	}
	return rank(bits)<<32 | rank(row)
}

func (r rank) row() int { return int(uint32(r)) }

func newColumns(dist *matrix.Dense, farthest bool, want int) *columns {
	return &columns{
		dist:     dist,
		farthest: farthest,
		taken:    make([]bool, dist.Rows),
		queues:   make([][]rank, dist.Cols),
		depth:    8 + want/dist.Cols, // fill doubles it: about twice the rounds there will be, if columns rarely agree
	}
}

// round lets every column take its best row. There must be one left.
func (c *columns) round() []int {
	rows := make([]int, 0, len(c.queues))
	for j := range c.queues {
		rows = append(rows, c.best(j))
	}
	slices.Sort(rows)
	rows = slices.Clip(slices.Compact(rows))
	for _, row := range rows {
		c.taken[row] = true
	}
	return rows
}

// best returns the best row of column j that is not taken. Any row outside its queue is worse than
// all within.
func (c *columns) best(j int) int {
	for {
		for k, r := range c.queues[j] {
			if !c.taken[r.row()] {
				c.queues[j] = c.queues[j][k:]
				return r.row()
			}
		}
		c.fill()
	}
}

// fill gives every column the best of the rows that are not taken, twice as many as the last time
// or a few more.
func (c *columns) fill() {
	c.depth *= 2
	for j := range c.queues {
		c.queues[j] = c.queues[j][:0]
	}
	worst := slices.Repeat([]rank{math.MaxUint64}, len(c.queues)) // that still gets into each queue
	for i := range c.dist.Rows {
		if c.taken[i] {
			continue
		}
		for j, distance := range c.dist.Row(i) {
			r := rankOf(distance, i, c.farthest)
			if r > worst[j] {
				continue
			}
			queue := append(c.queues[j], r)
			if len(queue) == 2*c.depth { // enough to sort and to drop the worse half
				slices.Sort(queue)
				queue = queue[:c.depth]
				worst[j] = queue[c.depth-1]
			}
			c.queues[j] = queue
		}
	}
	for _, queue := range c.queues {
		slices.Sort(queue)
	}
}
