package simd

import (
	"math"
	"slices"

	"golang.org/x/sys/cpu"
)

var (
	hasAVX2   = cpu.X86.HasAVX2 && cpu.X86.HasFMA
	hasAVX512 = hasAVX2 && cpu.X86.HasAVX512F
)

// kernels returns what this machine can run, the fastest first.
func kernels() []kernel {
	list := []kernel{portable()}
	if hasAVX2 {
		list = append([]kernel{{"avx2", 6, 16, dotAVX2, squaresAVX2}}, list...)
	}
	if hasAVX512 {
		list = append([]kernel{{"avx512", 14, 32, dotAVX512, squaresAVX512}}, list...)
	}
	return list
}

//go:noescape
func dotAVX512(k int, a *float32, lda int, b, c *float32, ldc int)

//go:noescape
func squaresAVX512(k int, a *float32, lda int, b, c *float32, ldc int)

//go:noescape
func dotAVX2(k int, a *float32, lda int, b, c *float32, ldc int)

//go:noescape
func squaresAVX2(k int, a *float32, lda int, b, c *float32, ldc int)

// sumSquares adds the squares of x to sums as far as whole groups of lanes go.
func sumSquares(x []float32, sums *[lanes]float64) (done int) {
	n := len(x) / lanes
	if n == 0 || !hasAVX2 {
		return 0
	}
	sumSquaresAVX2(n, &x[0], sums)
	return n * lanes
}

// sumSquaresAVX2 adds n times 16 elements.
//
//go:noescape
func sumSquaresAVX2(n int, x *float32, sums *[lanes]float64)

// minSum adds x to sums, and finds the least, as far as whole groups of lanes go.
func minSum(x []float32, sums *[lanes]float64) (done int, least float32) {
	n := len(x) / lanes
	if n == 0 || !hasAVX2 {
		return 0, float32(math.Inf(1))
	}
	var mins [8]float32
	minSumAVX2(n, &x[0], sums, &mins)
	return n * lanes, slices.Min(mins[:])
}

// minSumAVX2 adds n ≥ 1 times 16 elements, and finds the least of every eighth.
//
//go:noescape
func minSumAVX2(n int, x *float32, sums *[lanes]float64, mins *[8]float32)

// scale scales x as far as whole groups of eight go.
func scale(dst, x []float32, factor float64) (done int) {
	n := len(x) / 8
	if n == 0 || !hasAVX2 {
		return 0
	}
	scaleAVX2(n, &dst[0], &x[0], factor)
	return n * 8
}

// scaleAVX2 scales n times 8 elements.
//
//go:noescape
func scaleAVX2(n int, dst, x *float32, factor float64)

// within compares as far as whole groups of sixteen go. rest is 0 if these are finite, else NaN.
func within(hits []byte, x, limits []float32, opposite bool) (done int, rest float32) {
	n := len(x) / 16
	if n == 0 || !hasAVX2 {
		return 0, 0
	}
	var sign uint32
	if opposite {
		sign = 1 << 31
	}
	hits = hits[:2*n]
	return n * 16, withinAVX2(n, &hits[0], &x[0], &limits[0], sign)
}

// withinAVX2 compares n times 16 elements.
//
//go:noescape
func withinAVX2(n int, hits *byte, x, limits *float32, sign uint32) float32
