package rt

import (
	"reflect"
	"runtime"
	"unsafe"
)

// MakeIs makes func(any) bool, which reports whether x.(t) succeeds: for an interface type whether the value in x
// implements it, else whether it is of that very type.
func MakeIs(t reflect.Type) reflect.Value {
	return reflect.ValueOf(is(t))
}

func is(t reflect.Type) func(any) bool {
	if t.Kind() == reflect.Interface {
		return func(x any) bool { return x != nil && reflect.TypeOf(x).Implements(t) }
	}
	return func(x any) bool { return reflect.TypeOf(x) == t }
}

// MakeAs makes func(any) O, which is x.(t) for x of the interface type src; open is how lowered code holds a t.
func MakeAs(src, t, open reflect.Type, cast Cast) reflect.Value {
	if s := shapes[t.Kind()]; s != nil {
		return retyped(s.as(src, t), signature(types(anyType), types(open)))
	}
	holds := is(t)
	return makeFunc(types(anyType), types(open), func(in []reflect.Value) []reflect.Value {
		if x := in[0].Interface(); !holds(x) {
			panic(assertionError(src, t, x))
		}
		return one(seenAs(cast, assigned(in[0].Elem(), t), open))
	})
}

// MakeAsOK makes func(any) (O, bool), which is v, ok := x.(t).
func MakeAsOK(t, open reflect.Type, cast Cast) reflect.Value {
	if s := shapes[t.Kind()]; s != nil {
		return retyped(s.asOK(t), signature(types(anyType), types(open, boolType)))
	}
	holds, zero := is(t), reflect.Zero(open)
	return makeFunc(types(anyType), types(open, boolType), func(in []reflect.Value) []reflect.Value {
		if !holds(in[0].Interface()) {
			return []reflect.Value{zero, falseValue}
		}
		return []reflect.Value{seenAs(cast, assigned(in[0].Elem(), t), open), trueValue}
	})
}

// assigned returns v as the value of a variable of type t, which it can be assigned to.
func assigned(v reflect.Value, t reflect.Type) reflect.Value {
	if v.Type() == t {
		return v
	}
	variable := reflect.New(t).Elem()
	variable.Set(v)
	return variable
}

// assertionError is what the runtime panics with when x, of the interface type src, is not a t.
func assertionError(src, t reflect.Type, x any) (err error) {
	if t.Kind() != reflect.Interface {
		e := &typeAssertionError{source: descriptor(src), asserted: descriptor(t)}
		if x != nil {
			e.concrete = descriptor(reflect.TypeOf(x))
		}
		return (*runtime.TypeAssertionError)(unsafe.Pointer(e))
	}
	defer func() { err = recover().(error) }()
	var missing [2]unsafe.Pointer
	ifaceE2I(descriptor(t), x, unsafe.Pointer(&missing))
	panic("rt: assert type: " + reflect.TypeOf(x).String() + " is " + t.String())
}

// typeAssertionError has the layout of runtime.TypeAssertionError.
type typeAssertionError struct {
	source, concrete, asserted unsafe.Pointer
	missingMethod              string
}

// descriptor returns the runtime's descriptor of a type.
func descriptor(t reflect.Type) unsafe.Pointer { return reflect.ValueOf(t).UnsafePointer() }

// ifaceE2I asserts that src implements the interface type t, or panics, and stores it as such.
//
//go:linkname ifaceE2I reflect.ifaceE2I
func ifaceE2I(t unsafe.Pointer, src any, dst unsafe.Pointer)
