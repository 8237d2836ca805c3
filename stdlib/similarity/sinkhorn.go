package similarity

import (
	"context"
	"fmt"
	"math"

	"kairos/stdlib/matrix"
)

// SinkhornConfig says what is moved at what cost, and how much the plan is blurred. Its zero value
// is the default.
type SinkhornConfig struct {
	// Power, Train and Test are as TransportConfig has them.
	Power       float64
	Train, Test []float64

	// Regularization is what the plan's entropy is worth, in the unit of cost^p: the larger, the
	// sooner it converges and the more the plan is spread. 0 means a fiftieth of the distance
	// between the least and the largest cost^p (1 where all are the same).
	Regularization float64

	// MaxIterations, 0 means 10000.
	MaxIterations int

	// Tolerance is how much of all mass may be at a wrong column in the end, before the last
	// correction; 0 means 1e-7.
	Tolerance float64
}

// EntropicPlan is an entropic transport plan. It is dense, and computed when it is asked for: as a
// matrix.Blocks it gives the masses of rows × columns.
type EntropicPlan struct {
	Cost           float64 // Σ mass · cost, without the entropy
	Regularization float64
	Iterations     int
	Error          float64 // the part of all mass that is at a wrong column

	// Train and Test are the potentials: the plan is exp((Train[i] + Test[j] − cost[i][j]) /
	// Regularization). A row or column without mass has −Inf.
	Train, Test []float64

	costs  *costs
	scores []float64
}

// Scores returns the cost that each row bears, Σ_j plan[i][j] · cost[i][j].
func (p *EntropicPlan) Scores() []float64 { return p.scores }

// Dims returns how many rows and columns there are.
func (p *EntropicPlan) Dims() (rows, cols int) { return p.costs.rows, p.costs.cols }

// Block returns the masses of the rows from to to.
func (p *EntropicPlan) Block(ctx context.Context, from, to int, buf *matrix.Dense) (*matrix.Dense, error) {
	cost, err := p.costs.matrix.Block(ctx, from, to, nil)
	if err != nil {
		return nil, err
	}
	if buf == nil {
		buf = &matrix.Dense{}
	}
	if need := (to - from) * p.costs.cols; cap(buf.Data) < need {
		buf.Data = make([]float32, need)
	} else {
		buf.Data = buf.Data[:need]
	}
	buf.Rows, buf.Cols = to-from, p.costs.cols
	row := make([]float64, p.costs.cols)
	for i := range buf.Rows {
		p.costs.raise(row, cost.Row(i))
		out := buf.Row(i)
		for j, c := range row {
			out[j] = float32(p.mass(from+i, j, c))
		}
	}
	return buf, nil
}

func (p *EntropicPlan) mass(i, j int, cost float64) float64 {
	return math.Exp((p.Train[i] + p.Test[j] - cost) / p.Regularization)
}

// Sinkhorn returns the entropic optimal transport between the rows and the columns of a train × test
// matrix of costs (Cuturi 2013): the plan that minimises Σ mass · (cost + Regularization · log mass).
// It is near Transport's and unique, and its time grows with the elements alone: it is the sooner
// done for matrices of tens of thousands of rows, while below a few thousand Transport is.
//
// It runs on scalings of a kernel, and takes these into potentials by a step of logarithms before
// they grow or vanish (Schmitzer 2019), so that a small Regularization costs time but no precision;
// POT calls the plain form sinkhorn_log. The kernel is of float32, which is a change of the costs by
// 6e-8 of Regularization.
//
// What is an error for Transport is one here, and so is a Regularization that is negative, or not to
// have converged after MaxIterations. All cores work on it; ctx is looked at in every iteration. It
// needs 4 bytes for each element beside the matrix.
func Sinkhorn(ctx context.Context, cost matrix.Blocks, cfg SinkhornConfig) (*EntropicPlan, error) {
	p, err := sinkhorn(ctx, cost, cfg)
	if err != nil {
		return nil, fmt.Errorf("similarity: sinkhorn: %w", err)
	}
	return p, nil
}

func sinkhorn(ctx context.Context, cost matrix.Blocks, cfg SinkhornConfig) (*EntropicPlan, error) {
	c, err := newCosts(ctx, cost, cfg.Power)
	if err != nil {
		return nil, err
	}
	if err := cfg.fill(c); err != nil {
		return nil, err
	}
	sum, err := checkBoth(c.rows, c.cols, cfg.Train, cfg.Test)
	if err != nil {
		return nil, err
	}
	train, test := sumTo(sum, orUniform(cfg.Train, c.rows)), sumTo(sum, orUniform(cfg.Test, c.cols))
	return newScaling(c, train, test, cfg.Regularization).run(ctx, cfg)
}

// fill puts defaults in place of zeros.
func (cfg *SinkhornConfig) fill(c *costs) error {
	for _, v := range []struct {
		name  string
		value float64
	}{{"regularization", cfg.Regularization}, {"tolerance", cfg.Tolerance}, {"number of iterations", float64(cfg.MaxIterations)}} {
		if !(v.value >= 0) || math.IsInf(v.value, 1) {
			return fmt.Errorf("%s %v: want a positive number, or 0 for the default", v.name, v.value)
		}
	}
	if cfg.Regularization == 0 {
		cfg.Regularization = (c.highest - c.lowest) / 50
	}
	if cfg.Regularization == 0 {
		cfg.Regularization = 1
	}
	if cfg.MaxIterations == 0 {
		cfg.MaxIterations = 10_000
	}
	if cfg.Tolerance == 0 {
		cfg.Tolerance = 1e-7
	}
	return nil
}
