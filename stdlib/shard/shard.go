// Package shard arranges training rows that lie in many places. The work of measuring them falls
// apart into shards, each some rows against all test vectors, which know nothing of each other; what
// they find is put together again, in any order and in any number of steps, and the answer is the
// one that a single process gets, to the last bit. It is pure Go.
//
//	Lines, Blocks   the rows of a shard, from lines or from a file of vectors
//	Texts, Indexed  and from texts, which somebody embeds; WriteRows gives lines of vectors again
//	Compute         a shard: what is to be known of its rows
//	Part            that, of one shard or of several; Merge puts two together
//	Write, Read     a part as lines of text, which say if one is lost
//	Places          the answer, when all rows are in a part; Scores and Rounds what it is made of
//	WritePlaces     an arrangement as lines of text, and ReadPlaces
//
// The commands kairos shard and kairos merge are Compute and Merge between pipes, for Slurm, Ray,
// xargs or anything else that starts processes. Package shard/spark has Spark start them.
//
// # Scores
//
// A row's distances, their least and their mean depend on the row and on the test vectors only, so
// a shard finds the same numbers as a single process. WSD's weight is a quotient of sums over all
// rows; it is computed at the end, over the terms in the order of the rows.
//
// # How many candidates a shard must keep
//
// TMA lets each test column take its best row that is not taken yet, again and again. A shard keeps
// the best Depth rows of each column. Rows are ordered by distance and then by index, so no two are
// equal, and:
//
//   - A row among the Depth best of all rows is among the Depth best of any shard that holds it:
//     the shard has no more rows that are better. So the best Depth of what shards kept are the best
//     Depth of all rows; and as the same holds for groups of shards, it does not matter how they are
//     merged.
//   - Before a round that TMA for num rows needs, less than num rows are taken, so one of a column's
//     best num is free, and the best free row is among them. Depth = num is always enough.
//   - Mostly far less is. Columns take at most one row a round, and where they seldom agree there
//     are num/columns rounds; arrange.Depth is some times that. While a column has a kept row
//     that is free, every row that was not kept is worse. So rounds are exact until a column
//     has none left while it dropped some, and that is seen: Rounds then says not enough.
//
// A second pass has the shards pass over the rows that were taken, with twice the depth, and goes
// on with the rounds. Each pass adds at least one, as every column's best free row is kept.
package shard

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"

	"kairos/stdlib/arrange"
	"kairos/stdlib/matrix"
	"kairos/stdlib/similarity"
)

// A Measure is how far a row is from the test vectors.
type Measure string

const (
	WSD    Measure = "wsd"    // the paper's: similarity.WSD of cosine distances; what "" stands for
	Cosine Measure = "cosine" // the mean of the cosine distances
	Euclid Measure = "euclid" // the mean of the Euclidean distances
)

// Config chooses what Compute finds out. Its zero value asks for nothing and is an error.
type Config struct {
	Measure  Measure // also says which distances Depth is about; "" is WSD
	Scores   bool    // find the terms of every row, for Scores
	Depth    int     // keep so many rows for each test column, for Rounds; 0 for none
	Farthest bool    // keep the farthest, not the nearest; put the rows of the highest scores first
	Taken    []int   // rows that earlier rounds took: they are not kept again
}

func (c Config) check() error {
	switch {
	case !slices.Contains([]Measure{"", WSD, Cosine, Euclid}, c.Measure):
		return fmt.Errorf("measure %q: want %s, %s or %s", c.Measure, WSD, Cosine, Euclid)
	case c.Depth < 0:
		return fmt.Errorf("depth %d: want 0 or more", c.Depth)
	case c.Depth == 0 && !c.Scores:
		return errors.New("nothing is asked for: want Scores, or a Depth")
	}
	return nil
}

// setting is what parts must agree about to be merged.
type setting struct {
	Test       string  `json:"test"` // identifies the test vectors
	Columns    int     `json:"columns"`
	Measure    Measure `json:"measure"`
	WithScores bool    `json:"scores"`
	Depth      int     `json:"depth"`
	Farthest   bool    `json:"farthest"`
	Taken      int     `json:"taken"`    // how many rows were taken before
	TakenSet   string  `json:"takenset"` // identifies them; "" for none
}

// Part is what is known of some of the rows. The zero value knows of none.
type Part struct {
	setting
	rows  spans
	terms []rowTerms          // of each row, in no order
	best  *arrange.Candidates // nil without a depth
}

type rowTerms struct {
	row int
	similarity.Terms
}

// Compute measures rows against the test vectors. An error of the rows, vectors of another length
// than test's, values that are NaN or infinite, for cosines vectors of zeros, and a row that comes
// twice are errors that name the row. ctx is looked at every 512 rows.
func Compute(ctx context.Context, rows iter.Seq2[Rows, error], test *matrix.Dense, cfg Config) (*Part, error) {
	p, err := newPart(test, cfg)
	if err != nil {
		return nil, fmt.Errorf("shard: compute: %w", err)
	}
	w, err := newWindow(test, p.Measure)
	if err != nil {
		return nil, fmt.Errorf("shard: compute: %w", err)
	}
	for block, err := range rows {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = p.add(ctx, block, w)
		}
		if err != nil {
			return nil, fmt.Errorf("shard: compute: %w", err)
		}
	}
	return p, nil
}

func newPart(test *matrix.Dense, cfg Config) (*Part, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if err := test.Check(); err != nil {
		return nil, fmt.Errorf("test: %w", err)
	}
	if test.Rows == 0 || test.Cols == 0 {
		return nil, fmt.Errorf("test is empty: it is %d×%d", test.Rows, test.Cols)
	}
	p := &Part{setting: setting{
		Test: identify(test), Columns: test.Rows, Measure: cfg.Measure, WithScores: cfg.Scores,
		Depth: cfg.Depth, Farthest: cfg.Farthest, Taken: len(cfg.Taken), TakenSet: identifyRows(cfg.Taken),
	}}
	if p.Measure == "" {
		p.Measure = WSD
	}
	if cfg.Depth > 0 {
		p.best = arrange.NewCandidates(test.Rows, cfg.Depth, cfg.Farthest)
		p.best.Exclude(cfg.Taken)
	}
	return p, nil
}

// window shows package similarity the rows of the moment as if they were all, so that it prepares
// test once.
type window struct {
	rows      *matrix.Dense
	width     int
	distances *similarity.Distances
	buf       matrix.Dense
}

func newWindow(test *matrix.Dense, measure Measure) (w *window, err error) {
	w = &window{width: test.Cols}
	if measure == Euclid {
		w.distances, err = similarity.LazyEuclidean(w, test)
	} else {
		w.distances, err = similarity.LazyCosine(w, test)
	}
	return w, err
}

func (w *window) Dims() (rows, cols int) { return blockRows, w.width }

func (w *window) Block(ctx context.Context, from, to int, buf *matrix.Dense) (*matrix.Dense, error) {
	return w.rows.Block(ctx, from, to, buf)
}

// add measures some rows more.
func (p *Part) add(ctx context.Context, rows Rows, w *window) error {
	if err := p.check(rows, w.width); err != nil {
		return err
	}
	if err := p.addRows(rows.Index); err != nil {
		return err
	}
	w.rows = rows.Vectors
	block, err := w.distances.Block(ctx, 0, len(rows.Index), &w.buf)
	if err != nil {
		return err
	}
	if p.WithScores {
		terms, err := similarity.RowTerms(ctx, block)
		if err != nil {
			return err
		}
		for i, t := range terms {
			p.terms = append(p.terms, rowTerms{rows.Index[i], t})
		}
	}
	if p.Depth > 0 {
		return p.addCandidates(ctx, rows.Index, block)
	}
	return nil
}

// check looks at vectors as package similarity does, which would not know their rows' numbers.
func (p *Part) check(rows Rows, width int) error {
	m := rows.Vectors
	if m.Cols != width {
		return fmt.Errorf("row %d: the vector has %d dimensions, test vectors have %d: want the same encoder for both", rows.Index[0], m.Cols, width)
	}
	for i, row := range rows.Index {
		zero := true
		for k, x := range m.Row(i) {
			if x-x != 0 { // NaN or infinite
				return fmt.Errorf("row %d: value %d of the vector is %v: want a finite number", row, k, x)
			}
			zero = zero && x == 0
		}
		if zero && p.Measure != Euclid {
			return fmt.Errorf("row %d: the vector is all zeros: it has no direction", row)
		}
	}
	return nil
}

func (p *Part) addRows(index []int) error {
	set, row, ok := spansOf(index)
	if ok {
		set, row, ok = union(p.rows, set)
	}
	if !ok {
		return fmt.Errorf("row %d comes twice", row)
	}
	p.rows = set
	return nil
}

// addCandidates adds runs of rows that lie beside each other in the whole set, too.
func (p *Part) addCandidates(ctx context.Context, index []int, block *matrix.Dense) error {
	for from := 0; from < len(index); {
		to := from + 1
		for to < len(index) && index[to] == index[to-1]+1 {
			to++
		}
		run, err := block.Block(ctx, from, to, nil)
		if err == nil {
			err = p.best.Add(index[from], run)
		}
		if err != nil {
			return err
		}
		from = to
	}
	return nil
}

// identify returns a name for a matrix that no other one has.
func identify(m *matrix.Dense) string {
	hash := sha256.New()
	raw := binary.LittleEndian.AppendUint64(nil, uint64(m.Cols))
	for i := range m.Rows {
		for _, x := range m.Row(i) {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
		}
		hash.Write(raw)
		raw = raw[:0]
	}
	return hex.EncodeToString(hash.Sum(nil)[:8])
}

// identifyRows returns a name for a set of rows, "" for none.
func identifyRows(rows []int) string {
	if len(rows) == 0 {
		return ""
	}
	rows = slices.Clone(rows)
	slices.Sort(rows)
	hash := sha256.New()
	for _, row := range rows {
		hash.Write(append(strconv.AppendInt(nil, int64(row), 10), ' '))
	}
	return hex.EncodeToString(hash.Sum(nil)[:8])
}
