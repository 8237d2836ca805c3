// Package dynamics looks at loss curves as the paper does: where generalization happens, how suddenly,
// after which training data, and whether one arrangement is better than another. It is pure Go, on
// curves of package plot, which is what runs record.
//
//	Early      when a loss fell: half of the fall, nine tenths, the area under the curve; Reached is the
//	           share of the fall that was reached at every step
//	Drops      sudden drops; Drop.Mark marks one in a figure
//	Preceding  the training rows within a drop, Tasks the tasks that are unusually frequent among them,
//	           Nearest those most like the unseen task
//	Compare    two arrangements over the same seeds: paired t-test; CompareAll every pair of several
//	Range      how far apart arrangements are at each step
//	Last, Lowest, Mean, At
//	           the Measures of a curve that can be compared; Values are those of arrangements, for plot.Spread
//	ByTask     a measure of every unseen task, arrangement beside arrangement
//
// What a function returns prints as a sentence, and several as a table.
//
// Not here: drawing (package plot), the distances of prefixes (similarity.Prefixes), and corrections
// for many comparisons.
package dynamics

import (
	"errors"
	"fmt"
	"strconv"

	"kairos/stdlib/plot"
)

// Arrangement is an order of the training data, and the curves of training in it: one of each seed,
// or one of each unseen task.
type Arrangement struct {
	Name   string
	Curves []plot.Curve
}

// Measure is a number that says how good a curve is.
type Measure func(plot.Curve) (float64, error)

// Last is the loss at the last step.
func Last(c plot.Curve) (float64, error) {
	if err := c.Check(); err != nil {
		return 0, err
	}
	return c.Loss[len(c.Loss)-1], nil
}

// Lowest is the least loss of any step.
func Lowest(c plot.Curve) (float64, error) {
	if err := c.Check(); err != nil {
		return 0, err
	}
	return c.Loss[lowest(c)], nil
}

// At measures the loss at a step, which must be one of the curve's.
func At(step int) Measure {
	return func(c plot.Curve) (float64, error) {
		if err := c.Check(); err != nil {
			return 0, err
		}
		for i, s := range c.Steps {
			if s == step {
				return c.Loss[i], nil
			}
		}
		return 0, fmt.Errorf("it has no step %d", step)
	}
}

// Mean is the mean height of a curve: the area under it, by the trapezoidal rule, over the steps it
// spans. It tells who learns sooner, also where all end alike. One point is its own mean.
func Mean(c plot.Curve) (float64, error) {
	if err := c.Check(); err != nil {
		return 0, err
	}
	area := 0.0
	for i := 1; i < len(c.Steps); i++ {
		area += float64(c.Steps[i]-c.Steps[i-1]) * (c.Loss[i] + c.Loss[i-1]) / 2
	}
	if span := c.Steps[len(c.Steps)-1] - c.Steps[0]; span > 0 {
		return area / float64(span), nil
	}
	return c.Loss[0], nil
}

// lowest is the first index of the least loss.
func lowest(c plot.Curve) int {
	at := 0
	for i, loss := range c.Loss {
		if loss < c.Loss[at] {
			at = i
		}
	}
	return at
}

// Values measures every curve of arrangements, as samples that plot.Spread draws.
func Values(arrangements []Arrangement, m Measure) ([]plot.Sample, error) {
	samples, err := values(arrangements, m)
	if err != nil {
		return nil, fmt.Errorf("dynamics: values: %w", err)
	}
	return samples, nil
}

func values(arrangements []Arrangement, m Measure) ([]plot.Sample, error) {
	if len(arrangements) == 0 {
		return nil, errors.New("there are no arrangements")
	}
	samples := make([]plot.Sample, len(arrangements))
	for k, a := range arrangements {
		samples[k].Name = a.Name
		if len(a.Curves) == 0 {
			return nil, fmt.Errorf("arrangement %q has no curves", a.Name)
		}
		for i, c := range a.Curves {
			v, err := m(c)
			if err != nil {
				return nil, fmt.Errorf("arrangement %q: curve %d, %q: %w", a.Name, i, c.Name, err)
			}
			samples[k].Values = append(samples[k].Values, v)
		}
	}
	return samples, nil
}

// brief is a number in the four digits that a table shows.
func brief(x float64) float64 {
	short, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 4, 64), 64)
	return short
}
