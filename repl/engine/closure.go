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

// closure makes a function value that compiled code can call: through package reflect, unless the function is passed at
// most a pointer, as deferred functions and goroutines are.
func (c *code) closure(captured *frame) (v reflect.Value) {
	if c.shape == anyShape {
		return reflect.MakeFunc(c.typ, (&closure{c, captured}).call)
	}
	made := &struct {
		methodValue
		closure
	}{closure: closure{c, captured}}
	made.methodValue = methodValue{shapeCode[c.shape], &made.closure}
	*(*value)(unsafe.Pointer(&v)) = value{descriptor(c.typ), unsafe.Pointer(made), uintptr(reflect.Func)}
	return v
}

// shape is how a function can be called.
type shape uint8

const (
	anyShape shape = iota
	noParameter
	onePointer // of a type that is passed as one
)

func shapeOf(t reflect.Type) shape {
	switch {
	case t.NumOut() == 0 && t.NumIn() == 0:
		return noParameter
	case t.NumOut() == 0 && t.NumIn() == 1 && class(t.In(0)) == reflect.UnsafePointer:
		return onePointer
	}
	return anyShape
}

// callBare is how compiled code calls a closure without parameters.
func (c *closure) callBare() { c.returnNothing(c.code.frame(c.captured)) }

// callPointer is how compiled code calls a closure with a pointer.
func (c *closure) callPointer(p unsafe.Pointer) {
	f := c.code.frame(c.captured)
	*(*unsafe.Pointer)((*value)(unsafe.Pointer(&f.data[0])).ptr) = p
	c.returnNothing(f)
}

func (c *closure) returnNothing(f *frame) {
	unwind(c.code.run(f))
	c.code.release(f)
}

// call is how compiled code calls any other closure.
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

// closureOf returns the closure in a function value, if it is one of core's: then a call need not go through compiled code
// and back. It knows how the functions of reflect.MakeFunc and method values lie in memory; selfTest checks that.
func closureOf(fn reflect.Value) *closure {
	v := (*value)(unsafe.Pointer(&fn))
	p := v.ptr
	if v.flag&flagIndir != 0 {
		p = *(*unsafe.Pointer)(p)
	}
	if p == nil || v.flag&flagMethod != 0 {
		return nil
	}
	switch *(*uintptr)(p) {
	case shapeCode[noParameter], shapeCode[onePointer]:
		return (*methodValue)(p).recv
	case madeCode:
		if method := (*made)(p).method; method.code == callCode {
			return method.recv
		}
	}
	return nil
}

// value has the layout of reflect.Value.
type value struct {
	typ, ptr unsafe.Pointer
	flag     uintptr
}

const (
	flagIndir  = 1 << 7 // ptr points to the value
	flagAddr   = 1 << 8
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

// madeCode is the code of all functions of reflect.MakeFunc; the others are those of method values of *closure.
var madeCode, callCode, shapeCode = func() (made, call uintptr, shapes [3]uintptr) {
	c := &closure{}
	made = reflect.MakeFunc(reflect.TypeFor[func()](), c.call).Pointer()
	return made, entry(c.call), [...]uintptr{noParameter: entry(c.callBare), onePointer: entry(c.callPointer)}
}()

// Replace gives a declared function the code of another of the same type, for all that call it from now on. Both are
// given as values.
func (e *Engine) Replace(old, with reflect.Value) {
	o, w := closureOf(old).code, closureOf(with).code
	value := o.value
	*o = *w
	o.value = value
}
