package engine

import (
	"reflect"
	"unsafe"
)

// Calls of compiled functions with few parameters and results, without package reflect. Such a function is called as
// one of a type that passes the same in the same registers: kinds stand for all types that do.

// caller calls the function fn with what a and b point to, and puts the results where out and more point.
type caller func(fn, a, b, out, more unsafe.Pointer)

// direct makes of a call, whose exec is there already, one that does without package reflect where it can: where
// arguments and results are what the function has, and need no conversion.
func (g *generator) direct(n *node, typ reflect.Type, value getter, args []getter) {
	if n.action != aCall || typ.IsVariadic() || len(args) != len(n.child)-1 || len(args) > 2 || typ.NumOut() > 2 {
		return
	}
	call, places, ok := callerOf(typ), [2]operandPlace{}, true
	for i := range typ.NumOut() {
		ok = ok && places[i].ofResult(n, i, typ.Out(i))
	}
	if call == nil || !ok {
		return
	}
	var in [2]operandPlace
	for i, arg := range args {
		in[i] = placed(arg, n.child[1+i], typ.In(i))
	}
	next, otherwise, general := execOf(n.tnext), execOf(n.fnext), n.exec
	branches := n.fnext != nil
	e, pos := g.engine, positionOf(n)
	n.exec = func(f *frame) bltn {
		fn := function(value(f))
		if fn == nil {
			return general(f)
		}
		a, b, to, more := in[0].of(f), in[1].of(f), places[0].of(f), places[1].of(f)
		if a == nil || b == nil || to == nil || more == nil {
			return general(f)
		}
		call(fn, a, b, to, more)
		if e.overflowed.Load() {
			e.overflow(f, pos)
			return nil
		}
		if branches && !*(*bool)(to) {
			return otherwise
		}
		return next
	}
}

// function is the pointer in the value of a compiled function. It is nil for all others.
func function(fn reflect.Value) unsafe.Pointer {
	v := (*value)(unsafe.Pointer(&fn))
	p := v.ptr
	if v.flag&flagMethod != 0 || p == nil {
		return nil
	}
	if v.flag&flagIndir != 0 {
		p = *(*unsafe.Pointer)(p)
	}
	if p == nil || closureOf(fn) != nil {
		return nil
	}
	return p
}

// operandPlace finds where a value of a certain type lies.
type operandPlace struct {
	get getter // nil if there is no such value
	typ unsafe.Pointer
}

// of returns where the value lies, or nil if it is of another type.
func (p *operandPlace) of(f *frame) unsafe.Pointer {
	if p.get == nil {
		return unsafe.Pointer(&nothing)
	}
	got := p.get(f)
	v := (*value)(unsafe.Pointer(&got))
	if v.typ != p.typ || v.flag&flagIndir == 0 {
		return nil
	}
	return v.ptr
}

// placed finds the place of an argument. Constants get one.
func placed(arg getter, n *node, t reflect.Type) operandPlace {
	p := operandPlace{arg, descriptor(t)}
	if n.rval.IsValid() {
		if v := arg(nil); v.IsValid() && v.Type() == t {
			c := reflect.New(t).Elem()
			c.Set(v)
			p.get = func(*frame) reflect.Value { return c }
		}
	}
	return p
}

// ofResult finds where the i-th result of a call goes. It returns false if that is no variable.
func (p *operandPlace) ofResult(n *node, i int, t reflect.Type) bool {
	p.typ = descriptor(t)
	switch n.anc.action {
	case aAssignX:
		dest := n.anc.child[i]
		if dest.ident == "_" || isMapEntry(dest) {
			return false
		}
		p.get = genValue(dest)
	case aReturn:
		p.get = slot(0, childPos(n)+i)
	default:
		p.get = slot(n.level, n.findex+i)
	}
	return true
}

// descriptor is the address of a type's description.
func descriptor(t reflect.Type) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1] }

// callerOf returns how to call functions of a type, or nil if there is no way. With two results, the second of which is most
// often a bool or an error, there is at most one parameter.
func callerOf(t reflect.Type) caller {
	var in [2]reflect.Kind
	for i := range t.NumIn() {
		in[i] = class(t.In(i))
		if in[i] == reflect.Invalid {
			return nil
		}
	}
	kinds := in[:t.NumIn()]
	if t.NumOut() == 0 {
		return returning[struct{}](kinds)
	}
	if t.NumOut() == 2 {
		switch class(t.Out(1)) {
		case reflect.Uint8:
			return returningTwo[uint8](class(t.Out(0)), kinds)
		case reflect.Interface:
			return returningTwo[any](class(t.Out(0)), kinds)
		}
		return nil
	}
	switch class(t.Out(0)) {
	case reflect.Uint8:
		return returning[uint8](kinds)
	case reflect.Uint32:
		return returning[uint32](kinds)
	case reflect.Uint64:
		return returning[uint64](kinds)
	case reflect.Float64:
		return returning[float64](kinds)
	case reflect.UnsafePointer:
		return returning[unsafe.Pointer](kinds)
	case reflect.String:
		return returning[string](kinds)
	case reflect.Slice:
		return returning[[]byte](kinds)
	case reflect.Interface:
		return returning[any](kinds)
	}
	return nil
}

// class is the kind that stands for all types that are passed like t.
func class(t reflect.Type) reflect.Kind {
	switch k := t.Kind(); k {
	case reflect.Bool, reflect.Int8, reflect.Uint8:
		return reflect.Uint8
	case reflect.Int32, reflect.Uint32:
		return reflect.Uint32
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64, reflect.Uintptr:
		if t.Size() == 8 {
			return reflect.Uint64
		}
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return reflect.UnsafePointer
	case reflect.Float64, reflect.String, reflect.Slice, reflect.Interface:
		return k
	}
	return reflect.Invalid
}

func returning[R any](in []reflect.Kind) caller {
	switch {
	case len(in) == 0:
		return func(fn, _, _, out, _ unsafe.Pointer) { *(*R)(out) = (*(*func() R)(unsafe.Pointer(&fn)))() }
	case len(in) == 1:
		return one[R](in[0])
	}
	switch in[0] {
	case reflect.Uint64:
		return two[uint64, R](in[1])
	case reflect.Float64:
		return two[float64, R](in[1])
	case reflect.UnsafePointer:
		return two[unsafe.Pointer, R](in[1])
	case reflect.String:
		return two[string, R](in[1])
	case reflect.Slice:
		return two[[]byte, R](in[1])
	case reflect.Interface:
		return two[any, R](in[1])
	}
	return nil
}

func returningTwo[S any](out reflect.Kind, in []reflect.Kind) caller {
	switch out {
	case reflect.Uint8:
		return oneTwo[uint8, S](in)
	case reflect.Uint32:
		return oneTwo[uint32, S](in)
	case reflect.Uint64:
		return oneTwo[uint64, S](in)
	case reflect.Float64:
		return oneTwo[float64, S](in)
	case reflect.UnsafePointer:
		return oneTwo[unsafe.Pointer, S](in)
	case reflect.String:
		return oneTwo[string, S](in)
	case reflect.Slice:
		return oneTwo[[]byte, S](in)
	case reflect.Interface:
		return oneTwo[any, S](in)
	}
	return nil
}

func one[R any](in reflect.Kind) caller {
	switch in {
	case reflect.Uint8:
		return call1[uint8, R]
	case reflect.Uint32:
		return call1[uint32, R]
	case reflect.Uint64:
		return call1[uint64, R]
	case reflect.Float64:
		return call1[float64, R]
	case reflect.UnsafePointer:
		return call1[unsafe.Pointer, R]
	case reflect.String:
		return call1[string, R]
	case reflect.Slice:
		return call1[[]byte, R]
	case reflect.Interface:
		return call1[any, R]
	}
	return nil
}

func two[A, R any](in reflect.Kind) caller {
	switch in {
	case reflect.Uint64:
		return call2[A, uint64, R]
	case reflect.Float64:
		return call2[A, float64, R]
	case reflect.UnsafePointer:
		return call2[A, unsafe.Pointer, R]
	case reflect.String:
		return call2[A, string, R]
	case reflect.Slice:
		return call2[A, []byte, R]
	case reflect.Interface:
		return call2[A, any, R]
	}
	return nil
}

func oneTwo[R, S any](in []reflect.Kind) caller {
	if len(in) == 0 {
		return func(fn, _, _, out, more unsafe.Pointer) {
			*(*R)(out), *(*S)(more) = (*(*func() (R, S))(unsafe.Pointer(&fn)))()
		}
	}
	if len(in) > 1 {
		return nil
	}
	switch in[0] {
	case reflect.Uint8:
		return call1Two[uint8, R, S]
	case reflect.Uint32:
		return call1Two[uint32, R, S]
	case reflect.Uint64:
		return call1Two[uint64, R, S]
	case reflect.Float64:
		return call1Two[float64, R, S]
	case reflect.UnsafePointer:
		return call1Two[unsafe.Pointer, R, S]
	case reflect.String:
		return call1Two[string, R, S]
	case reflect.Slice:
		return call1Two[[]byte, R, S]
	case reflect.Interface:
		return call1Two[any, R, S]
	}
	return nil
}

func call1[A, R any](fn, a, _, out, _ unsafe.Pointer) {
	*(*R)(out) = (*(*func(A) R)(unsafe.Pointer(&fn)))(*(*A)(a))
}

func call2[A, B, R any](fn, a, b, out, _ unsafe.Pointer) {
	*(*R)(out) = (*(*func(A, B) R)(unsafe.Pointer(&fn)))(*(*A)(a), *(*B)(b))
}

func call1Two[A, R, S any](fn, a, _, out, more unsafe.Pointer) {
	*(*R)(out), *(*S)(more) = (*(*func(A) (R, S))(unsafe.Pointer(&fn)))(*(*A)(a))
}
