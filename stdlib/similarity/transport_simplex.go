package similarity

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// arc leads from a row to a column, both as nodes of the tree.
type arc struct {
	from, to int32
	cost     float64
}

// simplex is a network simplex that considers some of the arcs at a time.
type simplex struct {
	*tree
	costs *costs
	arcs  []arc // those considered
	at    int   // where among them the search goes on
}

const (
	arcsPerNode    = 10   // that are taken into consideration in one pass, for each node of the larger side
	pivotsPerCheck = 1024 // between two looks at the context
)

// run pivots until no arc at all would make the plan cheaper.
func (s *simplex) run(ctx context.Context) error {
	for {
		if err := s.pivotAll(ctx); err != nil {
			return err
		}
		s.settle()
		added, err := s.consider(ctx, func(i int) float64 { return -s.tolerance() - s.ofRow(int32(i)) })
		if err != nil || added == 0 {
			return err
		}
	}
}

// tolerance is how far below zero a reduced cost must lie to count: sums of costs along paths of
// the tree are rounded.
func (s *simplex) tolerance() float64 { return 0x1p-42 * s.costs.largest() }

// pivotAll pivots until no arc under consideration would make the plan cheaper.
func (s *simplex) pivotAll(ctx context.Context) error {
	block := max(64, int(math.Sqrt(float64(len(s.arcs)))))
	limit := -s.tolerance()
	for pivots := 1; ; pivots++ {
		k, reduced := s.cheapest(block, limit)
		if k < 0 {
			return nil
		}
		s.pivot(s.arcs[k].from, s.arcs[k].to, s.arcs[k].cost, reduced)
		if pivots%pivotsPerCheck == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// cheapest returns the arc of the least reduced cost in the first block, from where the last search
// ended, that has one below the limit, or −1.
func (s *simplex) cheapest(block int, limit float64) (int, float64) {
	for searched := 0; searched < len(s.arcs); {
		if s.at == len(s.arcs) {
			s.at = 0
		}
		end := min(s.at+block, len(s.arcs))
		k, least := s.cheapestOf(s.at, end, limit)
		searched += end - s.at
		s.at = end
		if k >= 0 {
			return k, least
		}
	}
	return -1, 0
}

func (s *simplex) cheapestOf(from, to int, least float64) (int, float64) {
	best, potential := -1, s.potential
	for k, a := range s.arcs[from:to] {
		if r := a.cost + s.ofRow(a.from) - potential[a.to]; r < least {
			best, least = from+k, r
		}
	}
	return best, least
}

// consider adds, of each row, the arcs whose cost less the column's potential is least and below the limit
// for the row, and returns how many. The order does not depend on how many cores there are.
func (s *simplex) consider(ctx context.Context, limit func(i int) float64) (int, error) {
	perRow := arcsPerNode * max(1, (s.cols+s.rows-1)/s.rows)
	found := make([][]arc, s.rows)
	err := s.costs.each(ctx, func() func(int, []float64) error {
		l := lowest{most: perRow}
		return func(i int, row []float64) error {
			found[i] = l.of(s, i, row, limit(i))
			return nil
		}
	})
	s.at = len(s.arcs)
	for _, arcs := range found {
		s.arcs = append(s.arcs, arcs...)
	}
	return len(s.arcs) - s.at, err
}

// lowest finds the arcs of a row with the least reduced costs, which is said of costs less the
// potential of the column here: the potential of the row changes no order.
type lowest struct {
	most  int
	limit float64
	found []candidate
}

type candidate struct {
	reduced float64
	col     int
}

func (l *lowest) of(s *simplex, i int, row []float64, limit float64) []arc {
	l.found, l.limit = l.found[:0], limit
	columns := s.potential[s.rows:s.root]
	middle := i * s.cols / s.rows // ties go to other columns in other rows
	l.add(row[middle:], columns[middle:], middle)
	l.add(row[:middle], columns[:middle], 0)
	l.trim()
	if len(l.found) == 0 {
		return nil
	}
	arcs := make([]arc, len(l.found))
	for k, f := range l.found {
		arcs[k] = arc{int32(i), int32(s.rows + f.col), row[f.col]}
	}
	return arcs
}

// add takes in costs, less their columns' potentials, of columns from first.
func (l *lowest) add(costs, columns []float64, first int) {
	limit := l.limit
	columns = columns[:len(costs)]
	for j, c := range costs {
		if r := c - columns[j]; r < limit {
			l.found = append(l.found, candidate{r, first + j})
			if len(l.found) == 2*l.most {
				l.trim()
				limit = l.limit
			}
		}
	}
}

// trim keeps the least, and among equals the first, and lowers the limit to what another must be
// below to be one of them.
func (l *lowest) trim() {
	slices.SortStableFunc(l.found, func(a, b candidate) int { return cmp.Compare(a.reduced, b.reduced) })
	if len(l.found) >= l.most {
		l.found = l.found[:l.most]
		l.limit = l.found[l.most-1].reduced
	}
}
