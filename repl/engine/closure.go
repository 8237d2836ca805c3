package engine

import (
	"reflect"
	"unsafe"

	"kairos/repl/stop"
)

// closure is a function value of core.
type closure struct {
	code     *code
	captured *frame // in which it was made
}

// funcValue is a declared function as a value that compiled code can call.
func (c *code) funcValue() reflect.Value {
	if !c.value.IsValid() {
		c.value = c.closure(c.engine.globals)
	}
	return c.value
}

// closure makes a function value that compiled code can call.
func (c *code) closure(captured *frame) reflect.Value {
	return reflect.MakeFunc(c.typ, (&closure{c, captured}).call)
}

// call is how compiled code calls the closure.
func (c *closure) call(in []reflect.Value) []reflect.Value {
	f := c.code.layout.frame(c.captured)
	for i, v := range in {
		f.data[c.code.nret+i].Set(v)
	}
	unwind(c.code.run(f))
	return f.data[:c.code.nret]
}

// unwind takes to compiled code what unwinds core.
func unwind(t any) {
	switch t {
	case nil:
	case any(stop.Interrupted{}):
		stop.Unwind()
	default:
		panic(t)
	}
}

// closureOf returns the closure in a function value, if it is one of core's: then a call need not go through package
// reflect and back. It knows how the functions of reflect.MakeFunc and method values
// lie in memory; selfTest checks that.
func closureOf(fn reflect.Value) *closure {
	v := (*value)(unsafe.Pointer(&fn))
	p := v.ptr
	if v.flag&flagIndir != 0 {
		p = *(*unsafe.Pointer)(p)
	}
	if p == nil || v.flag&flagMethod != 0 || *(*uintptr)(p) != madeCode {
		return nil
	}
	method := (*made)(p).method
	if method.code != callCode {
		return nil
	}
	return method.recv
}

// value has the layout of reflect.Value.
type value struct {
	typ, ptr unsafe.Pointer
	flag     uintptr
}

const (
	flagIndir  = 1 << 7 // ptr points to the value
	flagMethod = 1 << 9
)

// made is what the pointer in a function value of reflect.MakeFunc points to.
type made struct {
	code   uintptr
	_      [4]uintptr
	method *methodValue
}

// methodValue is a method value of *closure.
type methodValue struct {
	code uintptr
	recv *closure
}

// madeCode and callCode are the code of all functions of reflect.MakeFunc, and of method values of closure.call.
var madeCode, callCode = func() (uintptr, uintptr) {
	call := (&closure{}).call
	fn := reflect.MakeFunc(reflect.TypeFor[func()](), call)
	return fn.Pointer(), **(**uintptr)(unsafe.Pointer(&call))
}()

// Replace gives a declared function the code of another of the same type, for all that call it from now on. Both are
// given as values.
func (e *Engine) Replace(old, with reflect.Value) {
	o, w := closureOf(old).code, closureOf(with).code
	value := o.value
	*o = *w
	o.value = value
}
