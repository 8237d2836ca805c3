package rt

import (
	"reflect"
	"unsafe"

	"kairos/repl/stop"
)

// shaped makes functions for types that are passed alike. They are compiled, and so twice as fast as what
// reflect.MakeFunc makes. Types of structs and arrays have no shape.
type shaped interface {
	as(src, t reflect.Type) any
	asOK(t reflect.Type) any
	in(t reflect.Type) any
	send() any
	recv() any
	recvOK() any
}

// shape is that of T and of all types of its kind.
type shape[T any] struct {
	pointer bool // an interface holds a T itself, not a pointer to it
}

var shapes = map[reflect.Kind]shaped{
	reflect.Bool: shape[bool]{}, reflect.Int: shape[int]{}, reflect.Int8: shape[int8]{}, reflect.Int16: shape[int16]{},
	reflect.Int32: shape[int32]{}, reflect.Int64: shape[int64]{}, reflect.Uint: shape[uint]{}, reflect.Uint8: shape[uint8]{},
	reflect.Uint16: shape[uint16]{}, reflect.Uint32: shape[uint32]{}, reflect.Uint64: shape[uint64]{},
	reflect.Uintptr: shape[uintptr]{}, reflect.Float32: shape[float32]{}, reflect.Float64: shape[float64]{},
	reflect.Complex64: shape[complex64]{}, reflect.Complex128: shape[complex128]{}, reflect.String: shape[string]{},
	reflect.Slice: shape[[]byte]{}, reflect.Pointer: pointers, reflect.UnsafePointer: pointers, reflect.Map: pointers,
	reflect.Chan: pointers, reflect.Func: pointers,
}

var pointers = shape[unsafe.Pointer]{pointer: true}

// retyped returns the function f as one of type t, whose parameters and results have the same shapes, and so the same
// places in registers.
func retyped(f any, t reflect.Type) reflect.Value {
	if f == nil {
		panic("rt: make function: no kind for " + t.String())
	}
	closure := (*[2]unsafe.Pointer)(unsafe.Pointer(&f))[1]
	return reflect.NewAt(t, unsafe.Pointer(&closure)).Elem()
}

// unboxed returns the value in an interface.
func (s shape[T]) unboxed(x any) T {
	word := (*[2]unsafe.Pointer)(unsafe.Pointer(&x))[1]
	if s.pointer {
		return *(*T)(unsafe.Pointer(&word))
	}
	return *(*T)(word)
}

// boxed returns v in an interface, as a value of type t.
func (s shape[T]) boxed(v T, t unsafe.Pointer) (x any) {
	words := (*[2]unsafe.Pointer)(unsafe.Pointer(&x))
	if s.pointer {
		words[1] = *(*unsafe.Pointer)(unsafe.Pointer(&v))
	} else {
		words[1] = unsafe.Pointer(&v)
	}
	words[0] = t
	return x
}

func (s shape[T]) as(src, t reflect.Type) any {
	return func(x any) T {
		if reflect.TypeOf(x) != t {
			panic(assertionError(src, t, x))
		}
		return s.unboxed(x)
	}
}

func (s shape[T]) asOK(t reflect.Type) any {
	return func(x any) (v T, ok bool) {
		if reflect.TypeOf(x) == t {
			v, ok = s.unboxed(x), true
		}
		return v, ok
	}
}

func (s shape[T]) in(t reflect.Type) any {
	d := descriptor(t)
	return func(v T) any { return s.boxed(v, d) }
}

func (s shape[T]) send() any {
	return func(c chan<- T, v T) {
		select {
		case c <- v:
			return
		default:
		}
		select {
		case c <- v:
		case <-stop.Current().Done():
			stop.Check()
		}
	}
}

func (s shape[T]) recvOK() any {
	return func(c <-chan T) (v T, ok bool) { return receiveShaped(c) }
}

func (s shape[T]) recv() any {
	return func(c <-chan T) T {
		v, _ := receiveShaped(c)
		return v
	}
}

func receiveShaped[T any](c <-chan T) (v T, ok bool) {
	select {
	case v, ok = <-c:
		return v, ok
	default:
	}
	select {
	case v, ok = <-c:
	case <-stop.Current().Done():
		stop.Check()
	}
	return v, ok
}
