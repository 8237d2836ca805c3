package torch

// The operations: each is libtorch's of the same name, on the scope's own
// result. A failure panics with *Error, which Do returns.

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"strings"
	"unsafe"

	"github.com/sugarme/gotch/libtch"
)

// check panics with libtorch's pending error of this thread, if there is one.
func check(op string) {
	checkText(op, (*C.char)(unsafe.Pointer(libtch.GetAndResetLastErr())))
}

func checkText(op string, text *C.char) {
	if text == nil {
		return
	}
	defer C.free(unsafe.Pointer(text))
	line, _, _ := strings.Cut(C.GoString(text), "\n") // a C++ stack follows
	panic(&Error{op, line})
}

// result runs one binding that stores a single tensor and gives it to s.
func (s *Scope) result(op string, call func(out *libtch.Ctensor)) Tensor {
	var out libtch.Ctensor
	call(&out)
	check(op)
	return s.own(Tensor{out})
}

// scalar runs f with a native scalar and frees it.
func scalar(v float64, f func(libtch.Cscalar)) {
	c := libtch.AtsFloat(v)
	defer libtch.AtsFree(c)
	f(c)
}

// Linear is x·wᵀ + b for x of shape [n, in], w of [out, in] and b of [out] (or the zero Tensor for none).
func (s *Scope) Linear(x, w, b Tensor) Tensor {
	return s.result("linear", func(out *libtch.Ctensor) { libtch.AtgLinear(out, x.c, w.c, b.c) })
}

// Add is a + b, broadcast.
func (s *Scope) Add(a, b Tensor) Tensor {
	return s.result("add", func(out *libtch.Ctensor) { libtch.AtgAdd(out, a.c, b.c) })
}

// AddScalar is a + v.
func (s *Scope) AddScalar(a Tensor, v float64) Tensor {
	return s.result("add", func(out *libtch.Ctensor) {
		scalar(v, func(c libtch.Cscalar) { libtch.AtgAddScalar(out, a.c, c) })
	})
}

// Mul is the elementwise product, broadcast.
func (s *Scope) Mul(a, b Tensor) Tensor {
	return s.result("mul", func(out *libtch.Ctensor) { libtch.AtgMul(out, a.c, b.c) })
}

// MulScalar is a·v.
func (s *Scope) MulScalar(a Tensor, v float64) Tensor {
	return s.result("mul", func(out *libtch.Ctensor) {
		scalar(v, func(c libtch.Cscalar) { libtch.AtgMulScalar(out, a.c, c) })
	})
}

// AddInto adds b to a in place.
func (s *Scope) AddInto(a, b Tensor) {
	s.result("add_", func(out *libtch.Ctensor) { libtch.AtgAdd_(out, a.c, b.c) })
}

// Neg is −a.
func (s *Scope) Neg(a Tensor) Tensor {
	return s.result("neg", func(out *libtch.Ctensor) { libtch.AtgNeg(out, a.c) })
}

// Square is a².
func (s *Scope) Square(a Tensor) Tensor {
	return s.result("square", func(out *libtch.Ctensor) { libtch.AtgSquare(out, a.c) })
}

// Rsqrt is 1/√a.
func (s *Scope) Rsqrt(a Tensor) Tensor {
	return s.result("rsqrt", func(out *libtch.Ctensor) { libtch.AtgRsqrt(out, a.c) })
}

// Silu is a·sigmoid(a).
func (s *Scope) Silu(a Tensor) Tensor {
	return s.result("silu", func(out *libtch.Ctensor) { libtch.AtgSilu(out, a.c) })
}

// Gelu is the exact (erf) GELU.
func (s *Scope) Gelu(a Tensor) Tensor {
	return s.result("gelu", func(out *libtch.Ctensor) { libtch.AtgGelu(out, a.c, "none") })
}

// Mean is the mean over dimension dim, which stays with size 1.
func (s *Scope) Mean(a Tensor, dim int64) Tensor {
	return s.result("mean", func(out *libtch.Ctensor) { libtch.AtgMeanDim(out, a.c, []int64{dim}, 1, 1, kindFloat) })
}

// LayerNorm normalises the last dimension, of the size of w and b.
func (s *Scope) LayerNorm(x, w, b Tensor, eps float64) Tensor {
	return s.result("layer_norm", func(out *libtch.Ctensor) {
		libtch.AtgLayerNorm(out, x.c, w.Shape(), 1, w.c, b.c, eps, 0)
	})
}

// Rows gathers rows of a [n, …] tensor: out[i] = a[index[i]].
func (s *Scope) Rows(a, index Tensor) Tensor {
	return s.result("index_select", func(out *libtch.Ctensor) { libtch.AtgIndexSelect(out, a.c, 0, index.c) })
}

// Embedding gathers rows of a table; its gradient is dense.
func (s *Scope) Embedding(table, index Tensor) Tensor {
	return s.result("embedding", func(out *libtch.Ctensor) { libtch.AtgEmbedding(out, table.c, index.c, -1, 0, 0) })
}

// Narrow is the view of length elements of dimension dim from start on.
func (s *Scope) Narrow(a Tensor, dim, start, length int64) Tensor {
	return s.result("narrow", func(out *libtch.Ctensor) { libtch.AtgNarrow(out, a.c, dim, start, length) })
}

// Reshape gives a another shape, copying only where it must.
func (s *Scope) Reshape(a Tensor, shape ...int64) Tensor {
	return s.result("reshape", func(out *libtch.Ctensor) { libtch.AtgReshape(out, a.c, shape, len(shape)) })
}

// Expand repeats dimensions of size 1 without copying.
func (s *Scope) Expand(a Tensor, shape ...int64) Tensor {
	return s.result("expand", func(out *libtch.Ctensor) { libtch.AtgExpand(out, a.c, shape, len(shape), 0) })
}

// Transpose swaps two dimensions.
func (s *Scope) Transpose(a Tensor, dim0, dim1 int64) Tensor {
	return s.result("transpose", func(out *libtch.Ctensor) { libtch.AtgTranspose(out, a.c, dim0, dim1) })
}

// Contiguous copies a into row-major memory unless it is there already.
func (s *Scope) Contiguous(a Tensor) Tensor {
	return s.result("contiguous", func(out *libtch.Ctensor) { libtch.AtgContiguous(out, a.c) })
}

// Cat joins tensors along dim.
func (s *Scope) Cat(parts []Tensor, dim int64) Tensor {
	if len(parts) == 1 {
		return parts[0]
	}
	raw := make([]libtch.Ctensor, len(parts))
	for i, p := range parts {
		raw[i] = p.c
	}
	return s.result("cat", func(out *libtch.Ctensor) { libtch.AtgCat(out, raw, len(raw), dim) })
}

// Attention is softmax(q·kᵀ/√d)·v for q, k and v of shape [batch, heads, length, d],
// each position attending to those up to itself when causal is set.
func (s *Scope) Attention(q, k, v Tensor, causal bool) Tensor {
	var out unsafe.Pointer
	text := C.kairos_attention(&out, unsafe.Pointer(q.c), unsafe.Pointer(k.c), unsafe.Pointer(v.c), C.int(btoi(causal)))
	checkText("scaled_dot_product_attention", text)
	return s.own(Tensor{libtch.Ctensor(out)})
}

// CrossEntropy is −log softmax(logits)[target] of each row: logits [n, classes], targets [n].
func (s *Scope) CrossEntropy(logits, targets Tensor) Tensor {
	const reductionNone = 0
	return s.result("cross_entropy_loss", func(out *libtch.Ctensor) {
		libtch.AtgCrossEntropyLoss(out, logits.c, targets.c, nil, reductionNone, -100, 0)
	})
}

// Backward returns the gradient of the sum of root with regard to each input, contiguous, in order.
func (s *Scope) Backward(root Tensor, inputs []Tensor) []Tensor {
	raw, out := make([]libtch.Ctensor, len(inputs)), make([]libtch.Ctensor, len(inputs))
	for i, t := range inputs {
		raw[i] = t.c
	}
	libtch.AtRunBackward(&root.c, 1, &raw[0], len(raw), &out[0], 0, 0)
	check("backward")
	grads := make([]Tensor, len(out))
	for i, c := range out {
		grads[i] = s.own(Tensor{c})
	}
	for i, g := range grads {
		if !libtch.AtIsContiguous(g.c) {
			grads[i] = s.Contiguous(g)
		}
	}
	return grads
}

// RequireGrad marks a leaf tensor as one whose gradient will be asked for.
func (t Tensor) RequireGrad() error {
	return Do(false, func(s *Scope) {
		s.result("set_requires_grad", func(out *libtch.Ctensor) { libtch.AtgSetRequiresGrad(out, t.c, 1) })
	})
}
