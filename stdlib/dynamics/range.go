package dynamics

import (
	"fmt"
	"slices"

	"kairos/stdlib/plot"
)

// Range tells how much the arrangement matters at each step: for each seed, the highest of the arrangements' losses minus
// the lowest, as a curve named after the seed. Curve i of every arrangement must have the same seed, name and steps.
//
// Fewer than two arrangements, another number of curves, and curves with other names or steps, are errors.
func Range(arrangements []Arrangement) ([]plot.Curve, error) {
	curves, err := ranges(arrangements)
	if err != nil {
		return nil, fmt.Errorf("dynamics: range: %w", err)
	}
	return curves, nil
}

func ranges(arrangements []Arrangement) ([]plot.Curve, error) {
	if len(arrangements) < 2 {
		return nil, fmt.Errorf("%d arrangements: want two or more", len(arrangements))
	}
	first := arrangements[0]
	for _, a := range arrangements[1:] {
		if len(a.Curves) != len(first.Curves) {
			return nil, fmt.Errorf("arrangement %q has %d curves, %q %d", a.Name, len(a.Curves), first.Name, len(first.Curves))
		}
		for i, c := range a.Curves {
			if c.Name != first.Curves[i].Name || !slices.Equal(c.Steps, first.Curves[i].Steps) {
				return nil, fmt.Errorf("arrangement %q: curve %d, %q, is of another seed or of other steps than %q of %q", a.Name, i, c.Name, first.Curves[i].Name, first.Name)
			}
		}
	}
	curves := make([]plot.Curve, len(first.Curves))
	for i, of := range first.Curves {
		curves[i].Name = of.Name
		for k, step := range of.Steps {
			low, high := of.Loss[k], of.Loss[k]
			for _, a := range arrangements[1:] {
				low, high = min(low, a.Curves[i].Loss[k]), max(high, a.Curves[i].Loss[k])
			}
			curves[i].Add(step, high-low)
		}
	}
	return curves, nil
}
