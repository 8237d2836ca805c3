package model

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"kairos/stdlib/internal/simd"
)

// GradNorm returns the Euclidean norm of the gathered gradients of all
// parameters together, 0 without gradients. It is the same on any number of
// cores.
func (m *Model) GradNorm() float64 {
	defer runtime.KeepAlive(m)
	parts := m.gradParts()
	sums := make([]float64, len(parts))
	inParallel(len(parts), func(i int) { sums[i] = simd.SumSquares(parts[i]) })
	var sum float64
	for _, s := range sums {
		sum += s
	}
	return math.Sqrt(sum)
}

// ScaleGrad multiplies the gathered gradients by factor, such as the largest
// norm that is wanted over the norm there is.
func (m *Model) ScaleGrad(factor float64) {
	defer runtime.KeepAlive(m)
	parts := m.gradParts()
	inParallel(len(parts), func(i int) { simd.Scale(parts[i], parts[i], factor) })
}

// partSize is how many numbers of a parameter a core works on at a time.
const partSize = 1 << 18

// gradParts are the gradients, cut into pieces that cores can share.
func (m *Model) gradParts() [][]float32 {
	var parts [][]float32
	for _, p := range m.weights.params {
		if !p.gathered {
			continue
		}
		for g := p.grad.Floats(); len(g) > 0; {
			n := min(partSize, len(g))
			parts = append(parts, g[:n])
			g = g[n:]
		}
	}
	return parts
}

// inParallel calls f with 0 to n-1, on all cores.
func inParallel(n int, f func(i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	group.Wait()
}
