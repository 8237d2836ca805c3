//go:build !amd64

package simd

import "math"

func kernels() []kernel { return []kernel{portable()} }

func sumSquares(x []float32, sums *[lanes]float64) (done int) { return 0 }

func minSum(x []float32, sums *[lanes]float64) (done int, least float32) {
	return 0, float32(math.Inf(1))
}

func scale(dst, x []float32, factor float64) (done int) { return 0 }

func within(hits []byte, x, limits []float32, opposite bool) (done int, rest float32) { return 0, 0 }
