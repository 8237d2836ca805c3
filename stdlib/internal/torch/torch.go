// Package torch is kairos' hold on libtorch, and the only importer of gotch.
//
// A [Tensor] is a handle on native memory. Handles live in a [Scope] and are
// freed with it; [Scope.Sub] nests one, so that a layer's temporaries end with
// the layer. What must outlive every scope (weights, optimiser state) is made
// by [FromFloats] or [Empty] and ended by [Tensor.Free]. Nothing waits for Go's
// collector.
//
// All native work runs on one locked operating-system thread, entered by [Do]:
// libtorch keeps its OpenMP team by thread, and a goroutine that wanders between
// threads would get a new team on each. Calls of Do therefore take turns.
// Nothing is recorded for gradients: the models that train know their own.
//
// The operations call gotch's C bindings (gotch/libtch) rather than its Tensor
// type, which allocates 100 KB of Go memory for every handle.
//
// What this package leaves out: devices other than the CPU, and types other
// than float32, int64, and bfloat16 within a computation.
package torch

import (
	"fmt"
	"runtime"
	"sync"
	"unsafe"

	"github.com/sugarme/gotch/libtch"
)

// Tensor is a handle on a native tensor.
type Tensor struct {
	c libtch.Ctensor
}

// Scope owns the tensors made through it.
type Scope struct {
	owned []Tensor
}

// Error is a failure reported by libtorch.
type Error struct {
	Op   string // the operation that failed
	Text string // libtorch's words
}

func (e *Error) Error() string { return fmt.Sprintf("torch: %s: %s", e.Op, e.Text) }

var (
	startThread sync.Once
	thread      chan func()
)

// onThread runs f on the torch thread and waits for it.
func onThread(f func()) {
	startThread.Do(func() {
		thread = make(chan func())
		go func() {
			runtime.LockOSThread()
			libtch.AtGradSetEnabled(0)
			for f := range thread {
				f()
			}
		}()
	})
	done := make(chan struct{})
	thread <- func() {
		defer close(done)
		f()
	}
	<-done
}

// Do runs f in a new scope on the torch thread and frees what the scope owns.
// An [Error] of an operation ends f and is returned. Do must not be called from
// within Do.
func Do(f func(s *Scope)) (err error) {
	var crash any
	onThread(func() {
		defer func() {
			switch r := recover().(type) {
			case nil:
			case *Error:
				err = r
			default:
				crash = r
			}
		}()
		Within(f)
	})
	if crash != nil {
		panic(crash)
	}
	return err
}

func (s *Scope) free() {
	for _, t := range s.owned {
		libtch.AtFree(t.c)
	}
	s.owned = nil
}

// Sub runs f in a scope of its own and hands the tensor it returns to s.
func (s *Scope) Sub(f func(s *Scope) Tensor) Tensor {
	var t Tensor
	Within(func(sub *Scope) { t = sub.Move(f(sub), s) })
	return t
}

// Within runs f in a scope of its own, within a Do.
func Within(f func(s *Scope)) {
	s := new(Scope)
	defer s.free()
	f(s)
}

// Keep takes t out of s: the caller frees it.
func (s *Scope) Keep(t Tensor) Tensor {
	for i := len(s.owned) - 1; i >= 0; i-- {
		if s.owned[i] == t {
			s.owned = append(s.owned[:i], s.owned[i+1:]...)
			return t
		}
	}
	panic("torch: Keep of a tensor that this scope does not own")
}

// Move gives a tensor of s to another scope.
func (s *Scope) Move(t Tensor, to *Scope) Tensor { return to.own(s.Keep(t)) }

// Drop frees a tensor of the scope before its end.
func (s *Scope) Drop(t Tensor) {
	t = s.Keep(t)
	t.Free()
}

func (s *Scope) own(t Tensor) Tensor {
	s.owned = append(s.owned, t)
	return t
}

// Free ends a tensor that no scope owns.
func (t *Tensor) Free() {
	if t.c != nil {
		libtch.AtFree(t.c)
		t.c = nil
	}
}

// Kinds of libtorch's scalar types.
const (
	kindInt64    = 4
	kindFloat    = 6
	kindBFloat16 = 15

	onCPU = -1 // gotch's number of the device
)

// FromFloats copies row-major values into a new tensor that no scope owns.
func FromFloats(values []float32, shape ...int64) (t Tensor, err error) {
	err = Do(func(s *Scope) {
		t = s.Keep(fromData(s, values, shape, kindFloat))
	})
	return t, err
}

// Empty makes a tensor of any content that no scope owns.
func Empty(shape ...int64) (t Tensor, err error) {
	err = Do(func(s *Scope) { t = s.Keep(s.Empty(shape...)) })
	return t, err
}

// Ints copies row-major values into a new tensor of the scope.
func (s *Scope) Ints(values []int64, shape ...int64) Tensor {
	return fromData(s, values, shape, kindInt64)
}

// FloatsOf copies row-major values into a new tensor of the scope.
func (s *Scope) FloatsOf(values []float32, shape ...int64) Tensor {
	return fromData(s, values, shape, kindFloat)
}

func fromData[T float32 | int64](s *Scope, values []T, shape []int64, kind int) Tensor {
	checkLen(len(values), shape)
	t := Tensor{libtch.AtTensorOfData(unsafe.Pointer(&values[0]), shape, uint(len(shape)), uint(unsafe.Sizeof(values[0])), kind)}
	check("tensor_of_data")
	return s.own(t)
}

func checkLen(n int, shape []int64) {
	want := int64(1)
	for _, d := range shape {
		want *= d
	}
	if int64(n) != want || len(shape) == 0 || n == 0 {
		panic(&Error{"tensor_of_data", fmt.Sprintf("%d values do not fill shape %v", n, shape)})
	}
}

// Shape returns the size of each dimension.
func (t Tensor) Shape() []int64 {
	shape := make([]int64, libtch.AtDim(t.c))
	if len(shape) > 0 {
		libtch.AtShape(t.c, unsafe.Pointer(&shape[0]))
	}
	return shape
}

// Len returns the number of elements.
func (t Tensor) Len() int {
	n := int64(1)
	for _, d := range t.Shape() {
		n *= d
	}
	return int(n)
}

// IsFloat32 tells whether the tensor is of float32.
func (t Tensor) IsFloat32() bool { return libtch.AtScalarType(t.c) == kindFloat }

// Floats returns the native memory of a contiguous float32 tensor as a slice,
// valid as long as the tensor is.
func (t Tensor) Floats() []float32 {
	if !libtch.AtIsContiguous(t.c) || libtch.AtScalarType(t.c) != kindFloat {
		panic("torch: Floats of a tensor that is not contiguous float32")
	}
	return unsafe.Slice((*float32)(libtch.AtDataPtr(t.c)), t.Len())
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
