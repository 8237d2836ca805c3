package simd

import "math"

// emulate returns x·y + z, rounded once.
//
// The product of two float32s is exact in float64. Their sum with a third may not be, and rounding
// it twice can go wrong; rounded to odd, as here, it cannot, for a float64 has more than two bits
// beyond the float32 (Boldo and Melquiond, Emulation of FMA and correctly rounded sums).
func emulate(x, y, z float32) float32 {
	a, b := float64(x)*float64(y), float64(z)
	sum := float64(a + b)
	back := sum - a
	rest := float64(a-(sum-back)) + float64(b-back) // what sum lacks, exactly
	if bits := math.Float64bits(sum); rest != 0 && bits&1 == 0 && rest-rest == 0 {
		if (rest > 0) == (sum > 0) {
			bits++
		} else {
			bits--
		}
		sum = math.Float64frombits(bits)
	}
	return float32(sum)
}
