package torch

// #include "kernels.h"
import "C"

import (
	"runtime"
	"sync"
	"unsafe"
)

// share splits n rows into one run of rows for each core and works them out side by side. The split depends on n and
// the number of cores alone, so that sums over runs repeat exactly. No run is shorter than least rows.
func share(n, least int, run func(k, lo, hi int)) (runs int) {
	runs = max(1, min(runtime.GOMAXPROCS(0), n/max(least, 1)))
	var wg sync.WaitGroup
	for k := 1; k < runs; k++ {
		wg.Go(func() { run(k, k*n/runs, (k+1)*n/runs) })
	}
	run(0, 0, n/runs)
	wg.Wait()
	return runs
}

// worth is how many numbers a core should get: fewer are done before another is awake.
const worth = 1 << 14

// RMSNorm is w·x/√(mean(x²)+eps) over the rows of x [n, width], for w of [width].
func (s *Scope) RMSNorm(x, w Tensor, eps float64) Tensor {
	n, width := matrixOf(x)
	y := s.Empty(int64(n), int64(width))
	from, to, scale := x.Floats(), y.Floats(), w.Floats()
	share(n, worth/width, func(_, lo, hi int) {
		C.kairos_rms_norm(floats(to[lo*width:]), floats(from[lo*width:]), floats(scale), C.ptrdiff_t(hi-lo), C.ptrdiff_t(width), C.float(eps))
	})
	return y
}

// RMSNormBackward adds the gradient of RMSNorm(x, w, eps) to dx [n, width], and to dw [width]
// unless that is nil, given dy.
func (s *Scope) RMSNormBackward(dx Tensor, dw []float32, dy, x, w Tensor, eps float64) {
	n, width := matrixOf(x)
	into, out, from, scale := dx.Floats(), dy.Floats(), x.Floats(), w.Floats()
	parts := make([]float32, runtime.GOMAXPROCS(0)*width)
	runs := share(n, worth/width, func(k, lo, hi int) {
		C.kairos_rms_norm_backward(floats(into[lo*width:]), floats(parts[k*width:]), floats(out[lo*width:]), floats(from[lo*width:]),
			floats(scale), C.ptrdiff_t(hi-lo), C.ptrdiff_t(width), C.float(eps))
	})
	if dw == nil {
		return
	}
	for k := range runs {
		for i, v := range parts[k*width : (k+1)*width] {
			dw[i] += v
		}
	}
}

// Angles turn the rotary pairs of the rows of a batch: cosines and sines, [rows, Half].
type Angles struct {
	Cos, Sin []float32
	Half     int
}

// Back returns the angles that undo these.
func (a Angles) Back() Angles {
	sin := make([]float32, len(a.Sin))
	for i, v := range a.Sin {
		sin[i] = -v
	}
	return Angles{a.Cos, sin, a.Half}
}

// Rotate turns the pairs (x[i], x[i+Half]) of every head of x [rows, heads, 2·Half] by the angles of its row, in place.
func (s *Scope) Rotate(x Tensor, a Angles) {
	values := x.Floats()
	n := len(a.Cos) / a.Half
	width := len(values) / n
	share(n, worth/width, func(_, lo, hi int) {
		C.kairos_rotate(floats(values[lo*width:]), floats(a.Cos[lo*a.Half:]), floats(a.Sin[lo*a.Half:]),
			C.ptrdiff_t(hi-lo), C.ptrdiff_t(width/(2*a.Half)), C.ptrdiff_t(a.Half))
	})
}

// SwiGLU is silu(gate)·up, elementwise.
func (s *Scope) SwiGLU(gate, up Tensor) Tensor {
	p := s.Empty(gate.Shape()...)
	to, g, u := p.Floats(), gate.Floats(), up.Floats()
	share(len(to), worth, func(_, lo, hi int) {
		C.kairos_swiglu(floats(to[lo:]), floats(g[lo:]), floats(u[lo:]), C.ptrdiff_t(hi-lo))
	})
	return p
}

// SwiGLUBackward works in place: of the gradient dp of p = SwiGLU(gate, up) it makes p itself, and of gate and up their
// gradients.
func (s *Scope) SwiGLUBackward(dp, gate, up Tensor) {
	d, g, u := dp.Floats(), gate.Floats(), up.Floats()
	share(len(d), worth, func(_, lo, hi int) {
		C.kairos_swiglu_backward(floats(d[lo:]), floats(g[lo:]), floats(u[lo:]), C.ptrdiff_t(hi-lo))
	})
}

// CrossEntropy returns −log softmax(logits)[target] of each row of logits [n, classes], and the column of its largest
// logit. With a scale that is not 0 logits become the gradient of scale times the sum of these, in place.
func (s *Scope) CrossEntropy(logits Tensor, targets []int64, scale float64) (loss []float32, best []int32) {
	n, width := matrixOf(logits)
	values := logits.Floats()
	loss, best = make([]float32, n), make([]int32, n)
	share(n, 1, func(_, lo, hi int) {
		C.kairos_cross_entropy(floats(values[lo*width:]), (*C.int64_t)(&targets[lo]), floats(loss[lo:]), (*C.int32_t)(&best[lo]),
			C.ptrdiff_t(hi-lo), C.ptrdiff_t(width), C.float(scale))
	})
	return loss, best
}

// few is how many rows a product has at most that is left to FewRows.
const few = 16

// FewRows is x·wᵀ for x of shape [n, in] and w of [out, in], of float32: quicker than libtorch's where n is small, as when
// texts are continued token by token.
func (s *Scope) FewRows(x, w Tensor) Tensor {
	n, in := matrixOf(x)
	outs, _ := matrixOf(w)
	eights := (n + 7) / 8
	rows := make([]float32, eights*8*in)
	copy(rows, x.Floats())
	y := make([]float32, eights*8*outs)
	weights := w.Floats()
	share(outs, worth/in, func(_, lo, hi int) {
		C.kairos_few_rows(floats(y[lo:]), floats(rows), floats(weights[lo*in:]), C.ptrdiff_t(eights), C.ptrdiff_t(hi-lo), C.ptrdiff_t(in),
			C.ptrdiff_t(outs))
	})
	return s.FloatsOf(y[:n*outs], int64(n), int64(outs))
}

// matrixOf returns how many rows a tensor of [n, width] has, and how wide they are.
func matrixOf(t Tensor) (n, width int) {
	shape := t.Shape()
	return int(shape[0]), int(shape[1])
}

func floats(v []float32) *C.float { return (*C.float)(unsafe.Pointer(unsafe.SliceData(v))) }
