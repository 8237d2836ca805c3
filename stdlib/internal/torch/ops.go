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
	"golang.org/x/sys/cpu"
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
	if b == (Tensor{}) && x.IsFloat32() && x.Shape()[0] <= few {
		return s.FewRows(x, w)
	}
	return s.result("linear", func(out *libtch.Ctensor) { libtch.AtgLinear(out, x.c, w.c, b.c) })
}

// Add is a + b, broadcast.
func (s *Scope) Add(a, b Tensor) Tensor {
	return s.result("add", func(out *libtch.Ctensor) { libtch.AtgAdd(out, a.c, b.c) })
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

// Gelu is the exact (erf) GELU.
func (s *Scope) Gelu(a Tensor) Tensor {
	return s.result("gelu", func(out *libtch.Ctensor) { libtch.AtgGelu(out, a.c, "none") })
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

// Empty makes a float32 tensor of any content.
func (s *Scope) Empty(shape ...int64) Tensor {
	return s.result("empty", func(out *libtch.Ctensor) { libtch.AtgEmpty(out, shape, len(shape), kindFloat, onCPU) })
}

// Zeros makes a float32 tensor of zeros.
func (s *Scope) Zeros(shape ...int64) Tensor {
	return s.result("zeros", func(out *libtch.Ctensor) { libtch.AtgZeros(out, shape, len(shape), kindFloat, onCPU) })
}

// CopyInto writes the values of from, of the same shape, into a tensor or view.
func (s *Scope) CopyInto(into, from Tensor) {
	libtch.AtCopy_(into.c, from.c)
	check("copy_")
}

// multipliesBFloat16 tells whether the processor multiplies matrices of bfloat16. On others libtorch does it number by number.
var multipliesBFloat16 = cpu.X86.HasAMXBF16 || cpu.X86.HasAVX512BF16

// BFloat16 rounds a to bfloat16, for products. Where the processor does not multiply such matrices, the rounded numbers are
// returned in float32, so that products take no longer than those of other matrices and differ only in not being rounded.
func (s *Scope) BFloat16(a Tensor) Tensor {
	rounded := s.as(a, kindBFloat16)
	if multipliesBFloat16 {
		return rounded
	}
	wide := s.Float32(rounded)
	s.Drop(rounded)
	return wide
}

// Float32 widens a to float32.
func (s *Scope) Float32(a Tensor) Tensor { return s.as(a, kindFloat) }

func (s *Scope) as(a Tensor, kind int32) Tensor {
	return s.result("to", func(out *libtch.Ctensor) { libtch.AtgToDtype(out, a.c, kind, 0, 0) })
}

// MatMul is the product of matrices, or of the matrices in two tensors of more dimensions.
func (s *Scope) MatMul(a, b Tensor) Tensor {
	return s.result("matmul", func(out *libtch.Ctensor) { libtch.AtgMatmul(out, a.c, b.c) })
}

// SetProduct writes the product of two matrices into a third.
func (s *Scope) SetProduct(into, a, b Tensor) {
	s.result("mm", func(out *libtch.Ctensor) { libtch.AtgMmOut(out, into.c, a.c, b.c) })
}

// AddProduct adds the product of two matrices to a third.
func (s *Scope) AddProduct(into, a, b Tensor) {
	s.result("addmm_", func(out *libtch.Ctensor) { libtch.AtgAddmm_(out, into.c, a.c, b.c) })
}

// SumOver adds up dimension dim, which disappears.
func (s *Scope) SumOver(a Tensor, dim int64) Tensor {
	return s.result("sum", func(out *libtch.Ctensor) { libtch.AtgSumDimIntlist(out, a.c, []int64{dim}, 1, 0, kindFloat) })
}

// Softmax is softmax over the last dimension.
func (s *Scope) Softmax(a Tensor) Tensor {
	return s.result("softmax", func(out *libtch.Ctensor) { libtch.AtgSoftmax(out, a.c, -1, kindFloat) })
}

// Attention is softmax(q·kᵀ/√d)·v for q, k and v of shape [batch, heads, length, d], each position attending to those up
// to itself when causal is set. Logsum is what AttentionBackward needs besides.
func (s *Scope) Attention(q, k, v Tensor, causal bool) (out, logsum Tensor) {
	var made [2]unsafe.Pointer
	text := C.kairos_attention(&made[0], &made[1], q.ptr(), k.ptr(), v.ptr(), C.int(btoi(causal)))
	checkText("attention", text)
	return s.ownPtr(made[0]), s.ownPtr(made[1])
}

// AttentionBackward returns the gradients of q, k and v, given that of out.
func (s *Scope) AttentionBackward(dout, q, k, v, out, logsum Tensor, causal bool) (dq, dk, dv Tensor) {
	var made [3]unsafe.Pointer
	text := C.kairos_attention_backward(&made[0], &made[1], &made[2], dout.ptr(), q.ptr(), k.ptr(), v.ptr(), out.ptr(), logsum.ptr(),
		C.int(btoi(causal)))
	checkText("attention backward", text)
	return s.ownPtr(made[0]), s.ownPtr(made[1]), s.ownPtr(made[2])
}

func (t Tensor) ptr() unsafe.Pointer { return unsafe.Pointer(t.c) }

func (s *Scope) ownPtr(p unsafe.Pointer) Tensor { return s.own(Tensor{libtch.Ctensor(p)}) }
