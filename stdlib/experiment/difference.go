package experiment

import (
	"fmt"
	"slices"

	"kairos/stdlib/dynamics"
	"kairos/stdlib/plot"
)

// Differences are, for every arm but the baseline, its curves minus those of the baseline with the same
// seeds: what a paired test looks at, without what all arms of a seed have in common. An experiment
// without the baseline has none.
func (s *Set) Differences() ([]dynamics.Arrangement, error) {
	base := s.arm(s.Baseline)
	if base == nil {
		return nil, nil
	}
	var list []dynamics.Arrangement
	for _, a := range s.Arms {
		if a == base {
			continue
		}
		curves, err := minus(a.Curves(), base.Curves())
		if err != nil {
			return nil, fmt.Errorf("experiment: set %q: %s minus %s: %w", s.Name, a.Name, s.Baseline, err)
		}
		list = append(list, dynamics.Arrangement{Name: a.Name, Curves: curves})
	}
	return list, nil
}

// minus subtracts curves of the same seeds and steps.
func minus(a, b []plot.Curve) ([]plot.Curve, error) {
	if len(a) != len(b) {
		return nil, fmt.Errorf("%d seeds, and %d", len(a), len(b))
	}
	curves := make([]plot.Curve, len(a))
	for i := range a {
		if a[i].Name != b[i].Name || !slices.Equal(a[i].Steps, b[i].Steps) {
			return nil, fmt.Errorf("%s has other steps, or is %s", a[i].Name, b[i].Name)
		}
		curves[i].Name = a[i].Name
		for k, step := range a[i].Steps {
			curves[i].Add(step, a[i].Loss[k]-b[i].Loss[k])
		}
	}
	return curves, nil
}
