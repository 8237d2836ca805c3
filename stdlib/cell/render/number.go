package render

import (
	"math"
	"reflect"
	"strconv"
	"strings"
)

// digits is how many significant digits of a float are shown inside of other values.
const digits = 6

// readable rounds x. Whole parts are kept, and trailing zeros are not.
func readable(x float64) string {
	const large = 15 // decimal digits that a float64 holds
	s := strconv.FormatFloat(x, 'e', digits-1, 64)
	mantissa, exponent, ok := strings.Cut(s, "e")
	if !ok { // NaN, Inf
		return s
	}
	e, _ := strconv.Atoi(exponent)
	switch {
	case x == 0:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case e < -4 || e >= large:
		return trimmed(mantissa) + "e" + exponent
	}
	return trimmed(strconv.FormatFloat(x, 'f', max(0, digits-1-e), 64))
}

// trimmed drops the zeros at the end of a fraction.
func trimmed(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// complexText is what %v writes, of readable parts.
func complexText(c complex128) string {
	im := readable(imag(c))
	if imag(c) >= 0 && !math.IsInf(imag(c), 0) || math.IsNaN(imag(c)) {
		im = "+" + im
	}
	return "(" + readable(real(c)) + im + "i)"
}

// isNumber tells whether values of the kind are columns of digits.
func isNumber(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Complex128 }

// isScalar tells whether values of the kind have no parts.
func isScalar(k reflect.Kind) bool { return isNumber(k) || k == reflect.Bool || k == reflect.String }

// split cuts a number where it is aligned with others: before its point or exponent.
func split(number string) (whole, rest string) {
	if i := strings.IndexAny(number, ".e"); i >= 0 && !strings.HasPrefix(number, "(") {
		return number[:i], number[i:]
	}
	return number, ""
}

// point is where the numbers of a column are aligned: columns before and after.
type point struct{ before, after int }

func (p *point) include(number string) {
	whole, rest := split(number)
	p.before, p.after = max(p.before, columns(whole)), max(p.after, columns(rest))
}

func (p point) width() int { return p.before + p.after }

// align pads a number to the width of its column.
func (p point) align(number string) string {
	whole, rest := split(number)
	return padLeft(whole, p.before) + pad(rest, p.after)
}
