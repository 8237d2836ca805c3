package similarity

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"kairos/stdlib/matrix"
)

// scaling is a plan in the making, u[i] · kernel[i][j] · v[j], where kernel[i][j] = exp((f[i] + g[j]
// − cost[i][j]) / strength). Where u and v are 1, f and g alone are the plan.
type scaling struct {
	costs       *costs
	train, test []float64 // the weights
	strength    float64
	f, g        []float64
	u, v        []float64
	kernel      *matrix.Dense
	iterations  int
}

// inRange says whether a scaling is so near 1 that the potentials need not take it in. What
// underflows in the kernel is then below 1e-38 · 1e8 · 1e8.
func inRange(x float64) bool { return x > 1e-8 && x < 1e8 }

func newScaling(c *costs, train, test []float64, strength float64) *scaling {
	return &scaling{
		costs: c, train: train, test: test, strength: strength,
		f: make([]float64, c.rows), g: make([]float64, c.cols),
		u: make([]float64, c.rows), v: slices.Repeat([]float64{1}, c.cols),
		kernel: matrix.New(c.rows, c.cols),
	}
}

// run iterates until so little mass is at wrong columns as cfg wants.
func (s *scaling) run(ctx context.Context, cfg SinkhornConfig) (*EntropicPlan, error) {
	wrong := math.Inf(1)
	for s.iterations < cfg.MaxIterations {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		next, amiss, ok := s.iterate()
		switch {
		case s.iterations == 0 || !ok:
			if err := s.takeIn(ctx); err != nil {
				return nil, err
			}
		case amiss <= cfg.Tolerance:
			return s.result(ctx, amiss)
		default:
			s.v, wrong = next, amiss
		}
		s.iterations++
	}
	return nil, fmt.Errorf("not converged after %d iterations: %.3g of all mass is at a wrong column, want %g: allow more iterations, or more regularization than %g",
		s.iterations, wrong, cfg.Tolerance, s.strength)
}

// iterate fits u to the weights of the rows, and returns the v that fits the columns then, the part
// of all mass that the old v puts wrong, and whether the scalings are in range. Without that nothing
// of it is of use.
func (s *scaling) iterate() (next []float64, wrong float64, ok bool) {
	sums := make([][]float64, strips)
	fine := make([]bool, strips)
	s.eachStrip(func(k, from, to int) error {
		sums[k], fine[k] = s.fitRows(from, to)
		return nil
	})
	if slices.Contains(fine, false) {
		return nil, 0, false
	}
	next = make([]float64, s.costs.cols)
	var all float64
	for j, weight := range s.test {
		var sum float64
		for _, part := range sums {
			sum += part[j]
		}
		if weight == 0 {
			continue
		}
		next[j] = weight / sum
		if !inRange(next[j]) {
			return nil, 0, false
		}
		wrong += math.Abs(sum*s.v[j] - weight)
		all += weight
	}
	return next, wrong / all, true
}

// fitRows sets u for the rows from to to, and returns what they then sum to in every column before
// v.
func (s *scaling) fitRows(from, to int) (sums []float64, ok bool) {
	sums = make([]float64, s.costs.cols)
	for i := from; i < to; i++ {
		if s.train[i] == 0 {
			continue
		}
		row := s.kernel.Row(i)
		u := s.train[i] / dot(row, s.v)
		if !inRange(u) {
			return sums, false
		}
		s.u[i] = u
		for j, k := range row {
			sums[j] += float64(k) * u
		}
	}
	return sums, true
}

func dot(row []float32, v []float64) float64 {
	var a, b, c, d float64
	j, v := 0, v[:len(row)]
	for ; j+4 <= len(row); j += 4 {
		a += float64(row[j]) * v[j]
		b += float64(row[j+1]) * v[j+1]
		c += float64(row[j+2]) * v[j+2]
		d += float64(row[j+3]) * v[j+3]
	}
	for ; j < len(row); j++ {
		a += float64(row[j]) * v[j]
	}
	return a + b + c + d
}

// takeIn makes one iteration in logarithms: v goes into g, f is fitted to the rows and g to the
// columns. The kernel is made anew, and u and v are 1.
func (s *scaling) takeIn(ctx context.Context) error {
	for j, v := range s.v {
		s.g[j] += s.strength * math.Log(v)
	}
	sums := make([][]logSum, strips)
	err := s.eachStrip(func(k, from, to int) error {
		sums[k] = make([]logSum, s.costs.cols)
		return s.costs.rowsOf(ctx, from, to, func(i int, row []float64) {
			s.fitRow(i, row)
			for j, c := range row {
				sums[k][j].add((s.f[i] - c) / s.strength)
			}
		})
	})
	if err != nil {
		return err
	}
	for j, weight := range s.test {
		var sum logSum
		for _, part := range sums {
			sum.merge(part[j])
		}
		s.g[j] = s.strength * (math.Log(weight) - sum.log())
		s.v[j] = 1
	}
	return s.fillKernel(ctx)
}

// fitRow sets f for a row of costs.
func (s *scaling) fitRow(i int, row []float64) {
	g, greatest := s.g[:len(row)], math.Inf(-1)
	for j, c := range row {
		if x := g[j] - c; x > greatest {
			greatest = x
		}
	}
	var sum float64
	for j, c := range row {
		sum += math.Exp((g[j] - c - greatest) / s.strength)
	}
	s.f[i] = s.strength*math.Log(s.train[i]/sum) - greatest
}

func (s *scaling) fillKernel(ctx context.Context) error {
	return s.eachStrip(func(_, from, to int) error {
		return s.costs.rowsOf(ctx, from, to, func(i int, row []float64) {
			kernel, f := s.kernel.Row(i), s.f[i]
			for j, c := range row {
				kernel[j] = float32(math.Exp((f + s.g[j] - c) / s.strength))
			}
			s.u[i] = 1
		})
	})
}

// result takes v in, fits the rows once more, without the kernel, and adds up their costs.
func (s *scaling) result(ctx context.Context, wrong float64) (*EntropicPlan, error) {
	for j, v := range s.v {
		s.g[j] += s.strength * math.Log(v)
	}
	p := &EntropicPlan{
		Regularization: s.strength, Iterations: s.iterations, Error: wrong, Train: s.f, Test: s.g,
		costs: s.costs, scores: make([]float64, s.costs.rows),
	}
	err := s.eachStrip(func(_, from, to int) error {
		return s.costs.rowsOf(ctx, from, to, func(i int, row []float64) {
			s.fitRow(i, row)
			for j, c := range row {
				p.scores[i] += p.mass(i, j, c) * c
			}
		})
	})
	for _, score := range p.scores {
		p.Cost += score
	}
	return p, err
}

// strips is how many parts the rows are cut into for sums over columns. It does not depend on how
// many cores there are, and so the sums do not either.
const strips = 32

func (s *scaling) eachStrip(do func(k, from, to int) error) error {
	var next atomic.Int64
	var workers sync.WaitGroup
	errs := make([]error, strips)
	for range min(strips, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for k := int(next.Add(1)) - 1; k < strips; k = int(next.Add(1)) - 1 {
				errs[k] = do(k, s.costs.rows*k/strips, s.costs.rows*(k+1)/strips)
			}
		})
	}
	workers.Wait()
	return cmp.Or(errs...)
}

// logSum is the sum of exponentials, whose greatest is kept apart so that none overflows.
type logSum struct {
	greatest, sum float64
}

func (l *logSum) add(x float64) { l.merge(logSum{x, 1}) }

func (l *logSum) merge(m logSum) {
	switch {
	case m.sum == 0 || math.IsInf(m.greatest, -1):
	case l.sum == 0:
		*l = m
	case m.greatest <= l.greatest:
		l.sum += m.sum * math.Exp(m.greatest-l.greatest)
	default:
		l.sum = l.sum*math.Exp(l.greatest-m.greatest) + m.sum
		l.greatest = m.greatest
	}
}

func (l *logSum) log() float64 { return l.greatest + math.Log(l.sum) }
