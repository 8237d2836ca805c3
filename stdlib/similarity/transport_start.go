package similarity

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
)

// start finds arcs worth considering and a first tree: the plan that takes the cheapest arc again
// and again, with artificial arcs for what is left over.
func (s *simplex) start(ctx context.Context, m *masses) error {
	if err := s.guess(ctx); err != nil {
		return err
	}
	if _, err := s.consider(ctx, func(int) float64 { return math.Inf(1) }); err != nil {
		return err
	}
	reduced := func(a arc) float64 { return a.cost + s.potential[a.from] - s.potential[a.to] }
	slices.SortFunc(s.arcs, func(a, b arc) int {
		return cmp.Or(cmp.Compare(reduced(a), reduced(b)), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	s.plant(s.greedy(slices.Concat(m.train, m.test)))
	s.settle()
	return nil
}

// guess sets the potentials, of rows too, to what makes costs comparable: each row's least cost off its row, then
// half of each column's least cost off its column. Half, because rows that share a near column
// cannot all have it.
func (s *simplex) guess(ctx context.Context) error {
	columns := s.potential[s.rows:s.root]
	for j := range columns {
		columns[j] = math.Inf(1)
	}
	var lock sync.Mutex
	err := s.costs.each(ctx, func() func(int, []float64) error {
		return func(i int, row []float64) error {
			lowest := row[0]
			for _, x := range row {
				if x < lowest {
					lowest = x
				}
			}
			s.potential[i] = -lowest
			lock.Lock()
			defer lock.Unlock()
			lowerTo(columns, row, lowest)
			return nil
		}
	})
	for j := range columns {
		columns[j] /= 2
	}
	return err
}

// lowerTo lowers each of least to its value less off, where that is lower.
func lowerTo(least, values []float64, off float64) {
	for j, v := range values {
		if v -= off; v < least[j] {
			least[j] = v
		}
	}
}

// shipment is a real arc of the first tree as one of its ends sees it.
type shipment struct {
	to   int32
	flow int64
	cost float64
}

// greedy moves as much as it can along each arc in turn. Each arc exhausts one of its ends, so those
// that carry something make a forest. What is left stays in supply.
func (s *simplex) greedy(supply []int64) (forest [][]shipment, left []int64) {
	forest = make([][]shipment, s.root)
	for _, a := range s.arcs {
		flow := min(supply[a.from], supply[a.to])
		if flow == 0 {
			continue
		}
		supply[a.from] -= flow
		supply[a.to] -= flow
		forest[a.from] = append(forest[a.from], shipment{a.to, flow, a.cost})
		forest[a.to] = append(forest[a.to], shipment{a.from, flow, a.cost})
	}
	return forest, supply
}

// plant makes the forest one tree, each part of it joined to the root by an artificial arc that
// carries what the part has left over or lacks; only one of its nodes can have or lack something.
func (s *simplex) plant(forest [][]shipment, left []int64) {
	for x := range s.root {
		if left[x] > 0 {
			s.plantPart(x, left[x], forest)
		}
	}
	for x := range s.root {
		if s.parent[x] == none {
			s.plantPart(x, 0, forest)
		}
	}
}

func (s *simplex) plantPart(x int32, left int64, forest [][]shipment) {
	s.link(x, s.root)
	s.flow[x], s.cost[x] = left, s.artificial()
	s.up[x] = left == 0 || s.isRow(x)
	for open := []int32{x}; len(open) > 0; {
		x := open[len(open)-1]
		open = open[:len(open)-1]
		for _, a := range forest[x] {
			if a.to == s.parent[x] {
				continue
			}
			s.link(a.to, x)
			s.flow[a.to], s.cost[a.to], s.up[a.to] = a.flow, a.cost, s.isRow(a.to)
			open = append(open, a.to)
		}
	}
}

// artificial is the cost of an artificial arc: more than any detour over real arcs can save, since
// every row reaches every column.
func (s *simplex) artificial() float64 {
	if s.costs.largest() == 0 {
		return 1
	}
	return 2 * s.costs.largest()
}
