package shard

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"kairos/stdlib/arrange"
	"kairos/stdlib/similarity"
)

// Merge adds to p what another part knows, which is not to be used after that. In what order and
// grouping parts are merged makes no difference. Parts that share a row, because one shard was
// given twice, and parts of other test vectors, measures, depths or passes are errors, and p is as
// it was.
func (p *Part) Merge(other *Part) error {
	if len(other.rows) == 0 {
		return nil
	}
	if len(p.rows) == 0 {
		*p = *other
		return nil
	}
	if what := p.differs(other); what != "" {
		return fmt.Errorf("shard: merge: shard %d and shard %d have %s: want those of one run", p.name(), other.name(), what)
	}
	rows, row, ok := union(p.rows, other.rows)
	if !ok {
		return fmt.Errorf("shard: merge: shard %d comes twice, or another one with row %d: want each row once", other.name(), row)
	}
	if p.Depth > 0 {
		if err := p.best.Merge(other.best); err != nil {
			return fmt.Errorf("shard: merge: shard %d: %w", other.name(), err)
		}
	}
	p.rows = rows
	p.terms = append(p.terms, other.terms...)
	return nil
}

// name is what a part's lines call it: its first row, which no other part has.
func (p *Part) name() int { return p.rows[0].from }

// differs says in which setting another part differs, "" if in none.
func (p *Part) differs(other *Part) string {
	a, b := p.setting, other.setting
	switch {
	case a == b:
		return ""
	case a.Test != b.Test || a.Columns != b.Columns:
		return "other test vectors"
	case a.Measure != b.Measure:
		return fmt.Sprintf("other measures, %s and %s", a.Measure, b.Measure)
	case a.Taken != b.Taken || a.TakenSet != b.TakenSet:
		return "other rows taken before"
	case a.Depth != b.Depth:
		return fmt.Sprintf("other depths, %d and %d", a.Depth, b.Depth)
	case a.Farthest != b.Farthest:
		return "the nearest and the farthest rows"
	}
	return "scores, and none"
}

// Rows returns how many rows p knows of.
func (p *Part) Rows() int { return p.rows.count() }

// Deeper returns the depth for a pass that is to follow, twice that of p.
func (p *Part) Deeper() int { return 2 * p.Depth }

// Complete reports as an error if p does not know of all rows from 0 to n, or if n is 0 of all rows
// up to its last one.
func (p *Part) Complete(n int) error {
	switch end := p.rows.end(); {
	case end == 0:
		return errors.New("there are no rows: no shard was given")
	case n > 0 && end > n:
		return fmt.Errorf("there is a row %d: want %d rows", end-1, n)
	case p.rows.missing() < max(end, n):
		return fmt.Errorf("row %d is missing: a shard is missing, or was lost; there are %d rows of %d", p.rows.missing(), p.Rows(), max(end, n))
	}
	return nil
}

// Places returns the arrangement that the shards were made for: rows by their scores, the nearest
// first or the farthest; or rounds of TMA until they hold num rows, 0 for all, after those of taken,
// which earlier passes gave. When enough is false there are fewer, as with Rounds, and what there is
// is what the next pass is to be told as taken.
func (p *Part) Places(num int, taken []arrange.Place) (places []arrange.Place, enough bool, err error) {
	if p.WithScores {
		places, err = p.scored()
		return places, true, err
	}
	if order := arrange.Order(taken); p.Taken != len(order) || p.TakenSet != identifyRows(order) {
		return nil, false, fmt.Errorf("shard: places: the shards were made after %d rows were taken: want these, not %d others", p.Taken, len(order))
	}
	rounds, enough, err := p.Rounds(num)
	if err != nil {
		return nil, false, err
	}
	first := 0
	if len(taken) > 0 {
		first = taken[len(taken)-1].Round + 1
	}
	more, err := arrange.PlacesOfRounds(rounds, nil)
	for i := range more {
		more[i].Round += first
	}
	return slices.Concat(taken, more), enough, err
}

func (p *Part) scored() ([]arrange.Place, error) {
	scores, err := p.Scores()
	if err != nil {
		return nil, err
	}
	sorted := arrange.Nearest
	if p.Farthest {
		sorted = arrange.Farthest
	}
	order, err := sorted(scores)
	if err != nil {
		return nil, err
	}
	return arrange.Places(order, scores)
}

// Scores returns the score of every row, as similarity.WSD gives them, or the mean distance for the
// other measures. It is an error if p does not know of all rows, or was not asked for scores.
func (p *Part) Scores() ([]float64, error) {
	if err := p.Complete(0); err != nil {
		return nil, fmt.Errorf("shard: scores: %w", err)
	}
	if !p.WithScores {
		return nil, errors.New("shard: scores: the shards hold no scores: they were made for TMA")
	}
	slices.SortFunc(p.terms, func(a, b rowTerms) int { return cmp.Compare(a.row, b.row) })
	terms := make([]similarity.Terms, len(p.terms))
	means := make([]float64, len(p.terms))
	for i, t := range p.terms {
		terms[i], means[i] = t.Terms, t.Mean
	}
	if p.Measure != WSD {
		return means, nil
	}
	return similarity.Weigh(terms)
}

// Rounds returns rounds of TMA, as arrange.TMA has them, until they hold num rows with those that
// were taken before; num = 0 means all. When enough is false there are fewer, because the shards did
// not keep enough candidates: these rounds are right, and those after them want a second pass over
// the shards, with the rows that are taken now. It is an error if p does not know of all rows, or
// was not asked for candidates.
func (p *Part) Rounds(num int) (rounds [][]int, enough bool, err error) {
	if err := p.Complete(0); err != nil {
		return nil, false, fmt.Errorf("shard: rounds: %w", err)
	}
	if p.Depth == 0 {
		return nil, false, errors.New("shard: rounds: the shards hold no candidates: they were made for scores")
	}
	if num <= 0 || num > p.Rows() {
		num = p.Rows()
	}
	rounds, enough = p.best.Rounds(num - p.Taken)
	return rounds, enough, nil
}
