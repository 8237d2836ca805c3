package forge

import (
	"reflect"
	"slices"
	"sync"
	"unsafe"
)

// nilReceiver is the panic of a value method called with a nil pointer.
type nilReceiver string

func (e nilReceiver) Error() string { return string(e) }

// RuntimeError marks the panic as one of the runtime's.
func (nilReceiver) RuntimeError() {}

// viaPointer makes the closure of a method called with a recv out of that of
// the method called with a pointer.
func viaPointer(recv, sig reflect.Type, closure unsafe.Pointer) unsafe.Pointer {
	f := sync.OnceValue(func() reflect.Value { // few are ever called
		return funcOf(withReceiver(sig, reflect.PointerTo(recv)), closure)
	})
	return closureOfValue(reflect.MakeFunc(withReceiver(sig, recv), func(args []reflect.Value) []reflect.Value {
		p := reflect.New(recv)
		p.Elem().Set(args[0])
		args[0] = p
		return call(f(), args)
	}))
}

// viaValue makes the closure of a method called with a pointer to recv out of
// that of the method called with the value.
func viaValue(recv, sig reflect.Type, body reflect.Value, null unsafe.Pointer) unsafe.Pointer {
	run := madeBy(body)
	return closureOfValue(reflect.MakeFunc(withReceiver(sig, reflect.PointerTo(recv)), func(args []reflect.Value) []reflect.Value {
		if args[0].IsNil() {
			(*(*func())(unsafe.Pointer(&null)))()
		}
		v := reflect.New(recv).Elem()
		v.Set(args[0].Elem())
		(*value)(unsafe.Pointer(&v)).flag &^= flagAddressable
		args[0] = v
		return run(args)
	}))
}

func call(f reflect.Value, args []reflect.Value) []reflect.Value {
	if f.Type().IsVariadic() {
		return f.CallSlice(args)
	}
	return f.Call(args)
}

// madeFunc mirrors package reflect's makeFuncImpl.
type madeFunc struct {
	code   uintptr
	_      unsafe.Pointer
	argLen uintptr
	regs   [2]byte
	typ    *funcType
	fn     func([]reflect.Value) []reflect.Value
}

var madeCode = sync.OnceValue(func() uintptr {
	return reflect.MakeFunc(reflect.TypeFor[func()](), func([]reflect.Value) []reflect.Value { return nil }).Pointer()
})

// madeBy is the function behind one that reflect.MakeFunc made, to call it
// without passing its arguments through registers and back.
func madeBy(f reflect.Value) func([]reflect.Value) []reflect.Value {
	if closure := closureOfValue(f); *(*uintptr)(closure) == madeCode() {
		if made := (*madeFunc)(closure); sameParams(made.typ, f.Type()) { // As may have changed them
			return made.fn
		}
	}
	return func(args []reflect.Value) []reflect.Value { return call(f, args) }
}

func sameParams(t *funcType, u reflect.Type) bool {
	return slices.Equal(t.params(), (*funcType)(unsafe.Pointer(raw(u))).params())
}

// oneRegister tells whether a value of type t is passed in one integer
// register and takes no other, like a pointer to it; and its size.
func oneRegister(t *rtype) (uintptr, bool) {
	for {
		switch k := reflect.Kind(t.kind); k {
		case reflect.Array:
			a := (*arrayType)(unsafe.Pointer(t))
			if a.len != 1 {
				return 0, false
			}
			t = a.elem
		case reflect.Struct:
			s := (*structType)(unsafe.Pointer(t))
			if len(s.fields) != 1 || isBlank(s.fields[0].name) {
				return 0, false
			}
			t = s.fields[0].typ
		default:
			word := k >= reflect.Bool && k <= reflect.Uintptr || t.tflag&flagDirect != 0
			return t.size, word
		}
	}
}
