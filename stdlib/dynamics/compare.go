package dynamics

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Comparison is the difference of a measure between two arrangements that were trained with the same
// seeds: that of A minus that of B, so that negative numbers mean that A has the lower loss.
type Comparison struct {
	A, B         string
	Pairs        int // of seeds, or of tasks
	MeanA, MeanB float64
	Difference   float64 // the mean over pairs
	Deviation    float64 // of the differences: standard, with n − 1 in the denominator
	Low, High    float64 // 95 % confidence interval of Difference
	Lower        int     // pairs in which A is lower
	T            float64 // paired t, of n − 1 degrees of freedom
	P            float64 // the chance of such a T or one farther from 0, either way, if there were no difference
}

// Compare measures the curves of two arrangements and tests their difference: curve i of a and curve i
// of b must have the same seed, or be of the same task. The test is Student's paired t-test, two-sided
// (scipy.stats.ttest_rel), which takes differences for normal: with three seeds that is an assumption,
// so look at Lower and at plot.Spread as well. Differences that are all the same have an infinite T
// and P 0, or if they are 0 T 0 and P 1.
//
// Fewer than two curves, another number of them, and what the measure refuses, are errors.
func Compare(a, b Arrangement, m Measure) (Comparison, error) {
	c, err := compare(a, b, m)
	if err != nil {
		return Comparison{}, fmt.Errorf("dynamics: compare: %w", err)
	}
	return c, nil
}

// CompareAll compares every arrangement with all that come after it. P is of each pair alone: among
// many pairs some are small by chance.
func CompareAll(arrangements []Arrangement, m Measure) ([]Comparison, error) {
	var all []Comparison
	for k, a := range arrangements {
		for _, b := range arrangements[k+1:] {
			c, err := Compare(a, b, m)
			if err != nil {
				return nil, err
			}
			all = append(all, c)
		}
	}
	return all, nil
}

func compare(a, b Arrangement, m Measure) (Comparison, error) {
	if len(a.Curves) != len(b.Curves) || len(a.Curves) < 2 {
		return Comparison{}, fmt.Errorf("arrangement %q has %d curves, %q %d: want two or more, of the same seeds", a.Name, len(a.Curves), b.Name, len(b.Curves))
	}
	samples, err := values([]Arrangement{a, b}, m)
	if err != nil {
		return Comparison{}, err
	}
	c := Comparison{A: a.Name, B: b.Name, Pairs: len(a.Curves)}
	differences := make([]float64, c.Pairs)
	for i, value := range samples[0].Values {
		differences[i] = value - samples[1].Values[i]
		if differences[i] < 0 {
			c.Lower++
		}
	}
	c.MeanA, c.MeanB = stat.Mean(samples[0].Values, nil), stat.Mean(samples[1].Values, nil)
	c.test(differences)
	return c, nil
}

func (c *Comparison) test(differences []float64) {
	c.Difference, c.Deviation = stat.MeanStdDev(differences, nil)
	n := float64(len(differences))
	student := distuv.StudentsT{Sigma: 1, Nu: n - 1}
	half := student.Quantile(0.975) * c.Deviation / math.Sqrt(n)
	c.Low, c.High = c.Difference-half, c.Difference+half
	if c.Difference == 0 {
		c.P = 1
		return
	}
	c.T = c.Difference / (c.Deviation / math.Sqrt(n))
	c.P = 2 * student.CDF(-math.Abs(c.T)) // the lower tail: 1 − CDF would lose the digits of a small P
}

// String is a sentence about the comparison.
func (c Comparison) String() string {
	return fmt.Sprintf("%s minus %s: %.4g ± %.2g over %d pairs (%.4g and %.4g, lower in %d), t = %.3g, p = %.2g",
		c.A, c.B, c.Difference, c.Deviation, c.Pairs, c.MeanA, c.MeanB, c.Lower, c.T, c.P)
}

// Columns names and returns what a table of comparisons has in its columns.
func (c Comparison) Columns() (names []string, values []any) {
	return []string{"A", "B", "Mean A", "Mean B", "A − B", "±", "95 % from", "to", "A lower", "t", "p"},
		[]any{
			c.A, c.B, brief(c.MeanA), brief(c.MeanB), brief(c.Difference), brief(c.Deviation), brief(c.Low), brief(c.High),
			fmt.Sprintf("%d of %d", c.Lower, c.Pairs), brief(c.T), brief(c.P),
		}
}
