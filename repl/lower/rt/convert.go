package rt

import (
	"reflect"
	"runtime"
)

// MakeConvert makes func(From) To, the conversion To(x) between types that do not merely see the same memory differently.
func MakeConvert(from, to reflect.Type) reflect.Value {
	if f := numeric(from.Kind(), to.Kind()); f != nil {
		return retyped(f, signature(types(from), types(to)))
	}
	return makeFunc(types(from), types(to), func(in []reflect.Value) []reflect.Value {
		return one(converted(in[0], to))
	})
}

// converted converts as reflect does, but also a string to slices of named bytes or runes and back, and panics as the
// runtime does if a slice is too short for an array.
func converted(v reflect.Value, to reflect.Type) reflect.Value {
	from := v.Type()
	switch {
	case from.Kind() == reflect.Slice && v.Len() < arrayLength(to):
		panic(bounds(arrayLength(to), v.Len(), boundsConvert))
	case from.Kind() == reflect.String && to.Kind() == reflect.Slice:
		return sameMemory(v.Convert(unnamed(to)), to)
	case from.Kind() == reflect.Slice && to.Kind() == reflect.String:
		return sameMemory(v, unnamed(from)).Convert(to)
	}
	return v.Convert(to)
}

// unnamed returns []byte or []rune.
func unnamed(slice reflect.Type) reflect.Type {
	if slice.Elem().Kind() == reflect.Uint8 {
		return reflect.TypeFor[[]byte]()
	}
	return reflect.TypeFor[[]rune]()
}

// sameMemory returns v as a value of another type of its layout.
func sameMemory(v reflect.Value, t reflect.Type) reflect.Value {
	variable := reflect.New(v.Type())
	variable.Elem().Set(v)
	return reflect.NewAt(t, variable.UnsafePointer()).Elem()
}

// arrayLength returns the length of an array type or of that a pointer type points to, or -1.
func arrayLength(t reflect.Type) int {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() == reflect.Array {
		return t.Len()
	}
	return -1
}

// IndexError is the runtime's error for the index i of something of length n.
func IndexError(i, n int) error { return bounds(i, n, boundsIndex) }

// boundsError has the layout of runtime.boundsError.
type boundsError struct {
	x      int64
	y      int
	signed bool
	code   uint8
}

// Values of boundsError.code.
const (
	boundsIndex   = 0
	boundsConvert = 8
)

// bounds makes an error of the runtime.
func bounds(x, y int, code uint8) runtime.Error {
	err := reflect.New(runtimeBounds)
	*(*boundsError)(err.UnsafePointer()) = boundsError{int64(x), y, true, code}
	return err.Elem().Interface().(runtime.Error)
}

// runtimeBounds is the type runtime.boundsError.
var runtimeBounds = func() (t reflect.Type) {
	defer func() { t = reflect.TypeOf(recover()) }()
	var none []int
	_ = none[len(none)]
	return nil
}()
