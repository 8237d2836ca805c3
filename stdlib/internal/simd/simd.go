// Package simd has the few loops over float32s that everything else waits for, in assembly where the
// machine has AVX2 and FMA, and in Go everywhere.
//
//	Packed      vectors laid out for the product with others: dot products and squared distances of all pairs
//	SumSquares  the square of a vector's length
//	MinSum      the least value and the sum of all
//	Scale       a vector times a number
//	Within      which values are at most their limits
//
// Every result is defined to the last bit, the same on all machines: an element of a product is one
// chain of fused multiply-adds in the order of the vectors' elements, whatever tile of the matrix it
// falls into. It depends on its two vectors and on nothing else.
package simd

// Sums are in float64: of every sixteenth element first, and then of these sums, by halves.
const lanes = 16

// SumSquares returns the sum of the squares of x, in float64.
func SumSquares(x []float32) float64 {
	var sums [lanes]float64
	done := sumSquares(x, &sums)
	for i, v := range x[done:] {
		sums[i%lanes] += float64(v) * float64(v) // exact products: fused or not is the same
	}
	return total(&sums)
}

func total(sums *[lanes]float64) float64 {
	for n := lanes / 2; n > 0; n /= 2 {
		for i := range n {
			sums[i] += sums[i+n]
		}
	}
	return sums[0]
}

// MinSum returns the least of x, +Inf for none, and the sum of all in float64. Where one is NaN or
// infinite, so is the sum, and the least says nothing.
func MinSum(x []float32) (least float32, sum float64) {
	var sums [lanes]float64
	done, least := minSum(x, &sums)
	for i, v := range x[done:] {
		sums[i%lanes] += float64(v)
		least = min(least, v)
	}
	return least + 0, total(&sums) // + 0 makes −0 equal to 0: which of both is the least is left open above
}

// Scale sets dst to x times factor, each product computed in float64 and rounded once. dst must be
// as long as x.
func Scale(dst, x []float32, factor float64) {
	dst = dst[:len(x)]
	for i := scale(dst, x, factor); i < len(x); i++ {
		dst[i] = float32(float64(x[i]) * factor)
	}
}

// Within sets bit j%8 of hits[j/8] for every x[j] that is at most limits[j], or, where opposite, whose
// opposite number is, and clears all other bits of hits. It reports whether all of x are finite; if
// not, hits say nothing. hits must have a bit for each x, and limits be as long as x and hold no
// NaN.
func Within(hits []byte, x, limits []float32, opposite bool) (finite bool) {
	limits = limits[:len(x)]
	done, rest := within(hits, x, limits, opposite)
	clear(hits[done/8:])
	for j := done; j < len(x); j++ {
		v := x[j]
		rest += v - v // NaN when v is NaN or infinite
		if opposite {
			v = -v
		}
		if v <= limits[j] {
			hits[j/8] |= 1 << (j % 8)
		}
	}
	return rest == 0
}
