package dynamics

import (
	"fmt"

	"kairos/stdlib/plot"
)

// Summary says when and how far a loss fell. Shares are of the whole fall: from the first loss to the
// lowest.
type Summary struct {
	Name     string
	First    float64
	Lowest   float64
	LowestAt int // the first step that has it
	Last     float64
	Half     int     // the first step by which the loss had fallen by half of the whole; −1 if it never fell
	Most     int     // by nine tenths
	Mean     float64 // of the curve: the area under it, over the steps
}

// Early summarises how early a loss fell (paper, section 3: most of zero-shot generalization happens
// within the first steps). Half and Most are steps of the curve, so a curve that is measured often
// tells them better. What plot.LossCurves refuses of a curve is an error.
func Early(c plot.Curve) (Summary, error) {
	mean, err := Mean(c)
	if err != nil {
		return Summary{}, fmt.Errorf("dynamics: early: curve %q: %w", c.Name, err)
	}
	low, last := lowest(c), len(c.Loss)-1
	s := Summary{
		Name: c.Name, First: c.Loss[0], Lowest: c.Loss[low], LowestAt: c.Steps[low], Last: c.Loss[last],
		Half: -1, Most: -1, Mean: mean,
	}
	for i, share := range shares(c) {
		if s.Half < 0 && share >= 0.5 {
			s.Half = c.Steps[i]
		}
		if s.Most < 0 && share >= 0.9 {
			s.Most = c.Steps[i]
		}
	}
	return s, nil
}

// Reached is the share of the whole fall that a loss had fallen at each step, as a curve: 0 at the
// first step, 1 at the lowest loss, negative where the loss is above the first. Of a curve that never
// fell it is 0 everywhere.
func Reached(c plot.Curve) (plot.Curve, error) {
	if err := c.Check(); err != nil {
		return plot.Curve{}, fmt.Errorf("dynamics: reached: curve %q: %w", c.Name, err)
	}
	return plot.Curve{Name: c.Name, Steps: c.Steps, Loss: shares(c)}, nil
}

func shares(c plot.Curve) []float64 {
	shares := make([]float64, len(c.Loss))
	whole := c.Loss[0] - c.Loss[lowest(c)]
	for i, loss := range c.Loss {
		if whole > 0 {
			shares[i] = (c.Loss[0] - loss) / whole
		}
	}
	return shares
}

// String is a sentence about the curve.
func (s Summary) String() string {
	name := s.Name
	if name != "" {
		name += ": "
	}
	if s.Half < 0 {
		return fmt.Sprintf("%sfrom %.4g to %.4g, never below the first; mean %.4g", name, s.First, s.Last, s.Mean)
	}
	return fmt.Sprintf("%sfrom %.4g to %.4g, lowest %.4g at step %d; half of the fall by step %d, 90 %% by step %d; mean %.4g",
		name, s.First, s.Last, s.Lowest, s.LowestAt, s.Half, s.Most, s.Mean)
}

// Columns names and returns what a table of summaries has in its columns.
func (s Summary) Columns() (names []string, values []any) {
	step := func(n int) any {
		if s.Half < 0 {
			return "never"
		}
		return n
	}
	return []string{"Curve", "First", "Lowest", "at step", "Last", "50 % by", "90 % by", "Mean"},
		[]any{s.Name, brief(s.First), brief(s.Lowest), s.LowestAt, brief(s.Last), step(s.Half), step(s.Most), brief(s.Mean)}
}
