package similarity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"kairos/stdlib/matrix"
)

// TransportConfig says what is moved at what cost. Its zero value is the paper's setting.
type TransportConfig struct {
	// Power is the p of cost^p, for every element of the matrix before anything else; 0 means 1.
	// 2 makes negative costs positive, so that −cos is better given as 1 − cos then; a power that
	// is not a whole number refuses negative costs.
	Power float64

	// Train and Test are how much there is at every row and is wanted at every column; nil means
	// uniform, 1 in all. None is negative, and both sides sum to the same, within 1e-7 of it.
	Train, Test []float64
}

// Flow is what a plan moves from one row to one column.
type Flow struct {
	Train, Test int
	Mass        float64
	Cost        float64 // of one unit: the element of the matrix, raised to the power
}

// Plan is the cheapest way to move the masses of the rows to the columns. It is sparse: of rows ×
// columns elements at most rows + columns − 1 are not zero.
type Plan struct {
	Rows, Cols int
	Flows      []Flow  // by row, then column
	Cost       float64 // the sum of mass · cost
}

// Scores returns the cost that each row bears, Σ_j plan[i][j] · cost[i][j], the paper's score of a
// training row. They sum to Cost.
func (p *Plan) Scores() []float64 {
	scores := make([]float64, p.Rows)
	for _, f := range p.Flows {
		scores[f.Train] += f.Mass * f.Cost
	}
	return scores
}

// Matrix returns the plan as a rows × columns matrix of masses.
func (p *Plan) Matrix() *matrix.Dense {
	m := matrix.New(p.Rows, p.Cols)
	for _, f := range p.Flows {
		m.Row(f.Train)[f.Test] = float32(f.Mass)
	}
	return m
}

// Transport returns the optimal transport between the rows and the columns of a train × test matrix
// of costs, which may be negative: the exact earth mover's distance, as POT's ot.emd. Where several
// plans are the cheapest it returns one of them, always the same.
//
// It is a network simplex on few arcs, the cheapest of every row, which from time to time looks at
// all of them and takes in what would make the plan cheaper, until nothing would. Masses are whole
// numbers inside (uniform weights exactly, others to 2⁻⁶⁰ of the whole), and the tree stays strongly
// feasible (Cunningham 1976), so that it ends however degenerate the masses are.
//
// An empty matrix, a cost that is NaN or infinite, also after the power, and weights that do not fit
// are errors. The passes over the matrix, some three to ten, use all cores and read it a block at a
// time, so that lazy distances do as well; ctx is looked at before every block and every 1024
// pivots. Beside the matrix it needs 16 bytes for each arc that it considers, tens for each row.
func Transport(ctx context.Context, cost matrix.Blocks, cfg TransportConfig) (*Plan, error) {
	plan, err := transport(ctx, cost, cfg)
	if err != nil {
		return nil, fmt.Errorf("similarity: transport: %w", err)
	}
	return plan, nil
}

func transport(ctx context.Context, cost matrix.Blocks, cfg TransportConfig) (*Plan, error) {
	c, err := newCosts(ctx, cost, cfg.Power)
	if err != nil {
		return nil, err
	}
	masses, err := newMasses(c.rows, c.cols, cfg.Train, cfg.Test)
	if err != nil {
		return nil, err
	}
	s := &simplex{costs: c, tree: newTree(c.rows, c.cols)}
	if err := s.start(ctx, masses); err != nil {
		return nil, err
	}
	if err := s.run(ctx); err != nil {
		return nil, err
	}
	return s.plan(masses.unit)
}

// plan reads the flows off the arcs of the tree.
func (s *simplex) plan(unit float64) (*Plan, error) {
	p := &Plan{Rows: s.rows, Cols: s.cols}
	for x := range s.root {
		parent, mass := s.parent[x], s.flow[x]
		if mass == 0 {
			continue
		}
		if parent == s.root {
			return nil, errors.New("mass is left over although every row reaches every column: this is a mistake in the solver")
		}
		train, test := min(x, parent), max(x, parent)
		p.Flows = append(p.Flows, Flow{int(train), int(test) - s.rows, float64(mass) * unit, s.cost[x]})
	}
	slices.SortFunc(p.Flows, func(a, b Flow) int {
		return cmp.Or(a.Train-b.Train, a.Test-b.Test)
	})
	for _, f := range p.Flows {
		p.Cost += f.Mass * f.Cost
	}
	return p, nil
}
