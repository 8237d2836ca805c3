package plot

import (
	"fmt"
	"math"
	"slices"
)

// Band returns the mean of curves that were recorded with different seeds, as a curve with a band:
// one standard deviation of the seeds to either side, with n − 1 in the denominator. One curve, or
// curves of different steps, are errors, and what LossCurves refuses of a curve.
func Band(name string, seeds []Curve) (Curve, error) {
	band, err := bandOf(name, seeds)
	if err != nil {
		return Curve{}, fmt.Errorf("plot: band %q: %w", name, err)
	}
	return band, nil
}

func bandOf(name string, seeds []Curve) (Curve, error) {
	if len(seeds) < 2 {
		return Curve{}, fmt.Errorf("%d curves: want two or more", len(seeds))
	}
	for k, c := range seeds {
		if err := c.Check(); err != nil {
			return Curve{}, fmt.Errorf("curve %d: %w", k, err)
		}
		if !slices.Equal(c.Steps, seeds[0].Steps) {
			return Curve{}, fmt.Errorf("curve %d has other steps than curve 0", k)
		}
	}
	band := Curve{Name: name}
	for i, step := range seeds[0].Steps {
		var sum, squares float64
		for _, c := range seeds {
			sum += c.Loss[i]
		}
		mean := sum / float64(len(seeds))
		for _, c := range seeds {
			squares += (c.Loss[i] - mean) * (c.Loss[i] - mean)
		}
		deviation := math.Sqrt(squares / float64(len(seeds)-1))
		band.Add(step, mean)
		band.Low, band.High = append(band.Low, mean-deviation), append(band.High, mean+deviation)
	}
	return band, nil
}

func (c Curve) checkBand() error {
	if len(c.Low) != len(c.High) {
		return fmt.Errorf("%d lower bounds, but %d upper ones", len(c.Low), len(c.High))
	}
	if len(c.Low) == 0 {
		return nil
	}
	if len(c.Low) != len(c.Steps) {
		return fmt.Errorf("%d steps, but bounds at %d", len(c.Steps), len(c.Low))
	}
	for i, low := range c.Low {
		if size := c.High[i] - low; !(size >= 0) || math.IsInf(size, 0) || math.IsInf(low, 0) {
			return fmt.Errorf("the bounds at step %d are %v and %v", c.Steps[i], low, c.High[i])
		}
	}
	return nil
}
