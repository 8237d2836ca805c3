package arrange

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"kairos/stdlib/internal/simd"
	"kairos/stdlib/matrix"
)

// Candidates are, of every column of a distance matrix, the best rows among those added: all that
// TMA needs to know of a part of the matrix. Parts may be added, merged and put in any order and
// grouping; the same rows give the same candidates.
//
// A column that holds fewer than depth candidates holds every row there was; one that holds depth
// may have dropped the rest. How many suffice: before the last round of a TMA of num rows, fewer
// than num are taken, so that the best row left to a column is among its num best. A depth of num
// is therefore always enough, of each part as of the whole. Depth gives one that is much smaller
// and mostly enough, and Rounds says when it was not.
type Candidates struct {
	depth    int
	farthest bool
	excluded map[int]bool
	queues   [][]rank  // by column: the depth best, and some that came after the last cut
	limits   []float32 // by column: what is farther than this has no place in the queue; opposite numbers where farthest
	hits     []byte    // room for Add
}

// A Candidate is a row of the whole matrix and its distance in some column.
type Candidate struct {
	Row      int
	Distance float32
}

// Depth returns how many candidates of a column TMA keeps in its first pass: eight times as many as
// there will be rounds if columns rarely agree, and some more; never more than num, which is
// always enough.
func Depth(num, cols int) int { return max(1, min(num, 64+num/cols*8)) }

// NewCandidates returns candidates of that many columns, the depth nearest (or farthest) of each.
// It panics when cols or depth is not positive.
func NewCandidates(cols, depth int, farthest bool) *Candidates {
	if cols < 1 || depth < 1 {
		panic(fmt.Sprintf("arrange: new candidates: %d columns, depth %d", cols, depth))
	}
	return &Candidates{
		depth:    depth,
		farthest: farthest,
		queues:   make([][]rank, cols),
		limits:   slices.Repeat([]float32{float32(math.Inf(1))}, cols),
		hits:     make([]byte, (cols+63)/64*8),
	}
}

// Exclude makes Add pass over these rows of the whole matrix: those that earlier rounds took, when
// Rounds goes on after a second pass over the matrix.
func (c *Candidates) Exclude(rows []int) {
	if c.excluded == nil {
		c.excluded = make(map[int]bool, len(rows))
	}
	for _, row := range rows {
		c.excluded[row] = true
	}
}

// Add considers a block of distances, whose rows are first, first+1, … of the whole matrix. A block
// of another width, a distance that is NaN or infinite, and rows from 4,294,967,296 on are errors.
func (c *Candidates) Add(first int, block *matrix.Dense) error {
	if err := c.addRows(first, block); err != nil {
		return fmt.Errorf("arrange: candidates: %w", err)
	}
	return nil
}

func (c *Candidates) addRows(first int, block *matrix.Dense) error {
	if block.Cols != len(c.queues) {
		return fmt.Errorf("rows from %d on have %d columns, want %d", first, block.Cols, len(c.queues))
	}
	if first < 0 || uint64(first)+uint64(block.Rows) > 1<<32 {
		return fmt.Errorf("rows from %d on: want 0 to 4,294,967,295", first)
	}
	for i := range block.Rows {
		if c.excluded[first+i] {
			continue
		}
		if err := c.addRow(first+i, block.Row(i)); err != nil {
			return err
		}
	}
	return nil
}

func (c *Candidates) addRow(row int, distances []float32) error {
	if !simd.Within(c.hits, distances, c.limits, c.farthest) {
		return notFinite(row, distances)
	}
	for at := 0; at < len(c.hits); at += 8 {
		for word := binary.LittleEndian.Uint64(c.hits[at:]); word != 0; word &= word - 1 {
			j := 8*at + bits.TrailingZeros64(word)
			c.add(j, rankOf(distances[j], row, c.farthest))
		}
	}
	return nil
}

func notFinite(row int, distances []float32) error {
	for j, d := range distances {
		if d-d != 0 {
			return fmt.Errorf("row %d, column %d is %v: want a finite number", row, j, d)
		}
	}
	return nil
}

// add puts r into the queue of column j, and drops the worse half when that is twice as long as it
// must be.
func (c *Candidates) add(j int, r rank) {
	queue := append(c.queues[j], r)
	if len(queue) >= 2*c.depth {
		best(queue, c.depth)
		queue = queue[:c.depth]
		c.limit(j, slices.Max(queue))
	}
	c.queues[j] = queue
}

// cut sorts the queue of column j and leaves the best.
func (c *Candidates) cut(j int) {
	queue := c.queues[j]
	slices.Sort(queue)
	if len(queue) >= c.depth {
		c.queues[j] = queue[:c.depth]
		c.limit(j, queue[c.depth-1])
	}
}

// limit keeps what is worse than r out of the queue of column j.
func (c *Candidates) limit(j int, r rank) {
	c.limits[j] = r.distance(c.farthest)
	if c.farthest {
		c.limits[j] = -c.limits[j]
	}
}

// Merge adds the candidates of other, which it leaves as they are but for their order. Candidates
// of another shape, and a row that both hold, are errors; then only some columns are merged.
func (c *Candidates) Merge(other *Candidates) error {
	if len(c.queues) != len(other.queues) || c.depth != other.depth || c.farthest != other.farthest {
		return fmt.Errorf("arrange: candidates: merge %v, with %v", c, other)
	}
	for j := range other.queues {
		other.cut(j)
		if err := c.join(j, other.queues[j]); err != nil {
			return err
		}
	}
	return nil
}

// String says of what shape c is.
func (c *Candidates) String() string {
	direction := "nearest"
	if c.farthest {
		direction = "farthest"
	}
	return fmt.Sprintf("%d columns, depth %d, %s", len(c.queues), c.depth, direction)
}

// join adds what a queue of another part holds to column j.
func (c *Candidates) join(j int, queue []rank) error {
	both := append(c.queues[j], queue...)
	slices.Sort(both)
	for k := 1; k < len(both); k++ {
		if both[k] == both[k-1] {
			return fmt.Errorf("arrange: candidates: column %d: row %d was added twice", j, both[k].row())
		}
	}
	c.queues[j] = both
	c.cut(j)
	return nil
}

// Column returns the candidates of column j, the best first, the lower row first of those equally
// good.
func (c *Candidates) Column(j int) []Candidate {
	c.cut(j)
	list := make([]Candidate, len(c.queues[j]))
	for k, r := range c.queues[j] {
		list[k] = Candidate{r.row(), r.distance(c.farthest)}
	}
	return list
}

// Put adds to column j what Column gave of another part, from Candidates of the same depth and
// direction. A row out of range, a distance that is NaN or infinite, and a row that the column
// holds already are errors.
func (c *Candidates) Put(j int, list []Candidate) error {
	if j < 0 || j >= len(c.queues) {
		return fmt.Errorf("arrange: candidates: column %d of %d", j, len(c.queues))
	}
	if len(list) == 0 {
		return nil
	}
	queue := make([]rank, len(list))
	for k, candidate := range list {
		if candidate.Row < 0 || uint64(candidate.Row) > math.MaxUint32 {
			return fmt.Errorf("arrange: candidates: column %d: row %d: want 0 to 4,294,967,295", j, candidate.Row)
		}
		if d := candidate.Distance; d-d != 0 {
			return fmt.Errorf("arrange: candidates: row %d, column %d is %v: want a finite number", candidate.Row, j, d)
		}
		queue[k] = rankOf(candidate.Distance, candidate.Row, c.farthest)
	}
	return c.join(j, queue)
}

// Rounds returns the rounds of TMA until they hold num rows, or until no rows are left. Where a
// column has none of its candidates left although it may have dropped rows, enough is false: the
// rounds are right, but further ones need candidates of more depth, or of the other rows only
// (Exclude).
func (c *Candidates) Rounds(num int) (rounds [][]int, enough bool) {
	for j := range c.queues {
		c.cut(j)
	}
	taken := make(map[int]bool, num)
	next := make([]int, len(c.queues)) // by column: the first candidate that is not known to be taken
	for len(taken) < num {
		round, state := c.round(taken, next)
		if state != whole {
			return rounds, state == finished
		}
		for _, row := range round {
			taken[row] = true
		}
		rounds = append(rounds, round)
	}
	return rounds, true
}

// What became of a round.
type state int

const (
	whole    state = iota
	finished       // no rows are left
	short          // a column has no candidate left
)

// round lets every column take its best candidate.
func (c *Candidates) round(taken map[int]bool, next []int) ([]int, state) {
	rows := make([]int, 0, len(c.queues))
	for j, queue := range c.queues {
		for next[j] < len(queue) && taken[queue[next[j]].row()] {
			next[j]++
		}
		switch {
		case next[j] < len(queue):
			rows = append(rows, queue[next[j]].row())
		case len(queue) < c.depth: // it held all rows
			return nil, finished
		default:
			return nil, short
		}
	}
	slices.Sort(rows)
	return slices.Clip(slices.Compact(rows)), whole
}
