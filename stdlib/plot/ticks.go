package plot

import (
	"math"
	"strconv"

	gonumplot "gonum.org/v1/plot"
)

// ticks puts labelled marks at round numbers: multiples of 1, 2, 2.5 or 5 times a power of ten,
// about as many as wanted.
type ticks struct {
	wanted int
	whole  bool // no fractions
}

// Ticks implements gonum's Ticker.
func (t ticks) Ticks(low, high float64) []gonumplot.Tick {
	if length := high - low; !(length > 0) || math.IsInf(length, 1) {
		return nil
	}
	step, decimals := t.step(low, high)
	first := math.Ceil(low / step)
	var marks []gonumplot.Tick
	for k := range t.wanted {
		value := (first+float64(k))*step + 0 // + 0 makes −0 a 0
		if value > high {
			break
		}
		marks = append(marks, gonumplot.Tick{Value: value, Label: strconv.FormatFloat(value, 'f', decimals, 64)})
	}
	return marks
}

// step returns the smallest round distance that needs no more marks than wanted, and the decimals
// that show it.
func (t ticks) step(low, high float64) (step float64, decimals int) {
	exponent := math.Floor(math.Log10((high-low)/float64(t.wanted))) - 1
	if t.whole {
		exponent = max(exponent, 0)
	}
	for ; ; exponent++ {
		for _, digits := range []float64{1, 2, 2.5, 5} {
			step = digits * math.Pow(10, exponent)
			decimals = max(0, -int(exponent))
			if digits == 2.5 {
				decimals = max(0, 1-int(exponent))
			}
			if t.whole && step != math.Trunc(step) {
				continue
			}
			if math.Floor(high/step)-math.Ceil(low/step) < float64(t.wanted) {
				return step, decimals
			}
		}
	}
}
