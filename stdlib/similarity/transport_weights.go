package similarity

import (
	"fmt"
	"math"
	"slices"
)

// masses are the weights of both sides as whole numbers of a unit, with equal sums: what is moved
// along a cycle of arcs is then exact, and a tie is a tie.
type masses struct {
	train, test []int64
	unit        float64
}

// wholeMass is what all the weights of a side come to in units when they are not uniform.
const wholeMass = 1 << 60

func newMasses(rows, cols int, train, test []float64) (*masses, error) {
	sum, err := checkBoth(rows, cols, train, test)
	if err != nil {
		return nil, err
	}
	if allEqual(train) && allEqual(test) {
		return uniformMasses(rows, cols, sum), nil
	}
	return &masses{
		train: wholeNumbers(orUniform(train, rows)),
		test:  wholeNumbers(orUniform(test, cols)),
		unit:  sum / wholeMass,
	}, nil
}

// checkBoth returns what the weights of either side sum to.
func checkBoth(rows, cols int, train, test []float64) (float64, error) {
	trainSum, err := checkWeights("train", train, rows, "rows")
	if err != nil {
		return 0, err
	}
	testSum, err := checkWeights("test", test, cols, "columns")
	if err != nil {
		return 0, err
	}
	if math.Abs(trainSum-testSum) > 1e-7*trainSum {
		return 0, fmt.Errorf("train weights sum to %v, test weights to %v: want the same (none at all are uniform and sum to 1)", trainSum, testSum)
	}
	return trainSum, nil
}

// checkWeights returns the sum of the weights of a side.
func checkWeights(side string, weights []float64, n int, of string) (float64, error) {
	if weights == nil {
		return 1, nil
	}
	if len(weights) != n {
		return 0, fmt.Errorf("%d %s weights for %d %s: want one for each", len(weights), side, n, of)
	}
	var sum float64
	for i, w := range weights {
		if !(w >= 0) || math.IsInf(w, 1) {
			return 0, fmt.Errorf("%s weight %d is %v: want a finite number, 0 or more", side, i, w)
		}
		sum += w
	}
	if sum == 0 || math.IsInf(sum, 1) {
		return 0, fmt.Errorf("%s weights sum to %v: want a finite number above 0", side, sum)
	}
	return sum, nil
}

func allEqual(weights []float64) bool {
	return len(weights) == 0 || slices.Min(weights) == slices.Max(weights)
}

// uniformMasses gives each row as many units as there are columns and the other way round, less
// what both counts have in common.
func uniformMasses(rows, cols int, sum float64) *masses {
	common := commonDivisor(rows, cols)
	m := &masses{train: make([]int64, rows), test: make([]int64, cols)}
	for i := range m.train {
		m.train[i] = int64(cols / common)
	}
	for j := range m.test {
		m.test[j] = int64(rows / common)
	}
	m.unit = sum / (float64(rows) * float64(cols/common))
	return m
}

func commonDivisor(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// orUniform returns weights, which sum to 1 when there are none.
func orUniform(weights []float64, n int) []float64 {
	if weights == nil {
		weights = slices.Repeat([]float64{1 / float64(n)}, n)
	}
	return weights
}

// wholeNumbers scales weights to wholeMass in all. What rounding leaves over goes to the largest.
func wholeNumbers(weights []float64) []int64 {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	whole := make([]int64, len(weights))
	left, largest := int64(wholeMass), 0
	for i, w := range weights {
		whole[i] = int64(math.Round(w / sum * wholeMass))
		left -= whole[i]
		if w > weights[largest] {
			largest = i
		}
	}
	whole[largest] += left
	return whole
}

// sumTo scales weights, which are left as they are, to a sum.
func sumTo(sum float64, weights []float64) []float64 {
	var old float64
	for _, w := range weights {
		old += w
	}
	scaled := make([]float64, len(weights))
	for i, w := range weights {
		scaled[i] = w * (sum / old)
	}
	return scaled
}
