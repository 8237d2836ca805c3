package engine

import (
	"reflect"
	"unsafe"
)

// assign executes an assignment or definition of one value.
func (g *generator) assign(n *node) {
	if n.nleft != 1 {
		panic("core assigns one value at a time, or the results of a call")
	}
	dest, src, next := n.child[0], n.child[len(n.child)-1], execOf(n.tnext)
	set, value := destination(dest), converted(src, typeOf(dest.typ))
	n.exec = func(f *frame) bltn {
		set(f, value(f))
		return next
	}
}

// converted says how to get the value of a node whose type may still be that of an untyped expression.
func converted(n *node, t reflect.Type) getter {
	value := operand(n, t)
	if n.typ.untyped && !n.rval.IsValid() && t.Kind() != reflect.Interface {
		return func(f *frame) reflect.Value { return value(f).Convert(t) }
	}
	return value
}

// reset executes the declaration of variables without values. Nothing refers to their old ones: variables that are
// shared have boxes.
func (g *generator) reset(n *node) {
	next := execOf(n.tnext)
	var index []int
	for _, c := range n.child[:len(n.child)-1] {
		index = append(index, c.findex)
	}
	n.exec = func(f *frame) bltn {
		for _, i := range index {
			f.data[i].SetZero()
		}
		return next
	}
}

// appends executes append.
func (g *generator) appends(n *node) {
	typ := typeOf(n.child[1].typ)
	slice, dest, next := operand(n.child[1], typ), genValue(n), execOf(n.tnext)
	if n.action == aCallSlice {
		more := operand(n.child[2], typ)
		n.exec = func(f *frame) bltn {
			dest(f).Set(reflect.AppendSlice(slice(f), asSlice(more(f), typ)))
			return next
		}
		return
	}
	values := make([]getter, len(n.child)-2)
	for i := range values {
		values[i] = converted(n.child[2+i], typ.Elem())
	}
	n.exec = func(f *frame) bltn {
		more := make([]reflect.Value, len(values))
		for i, value := range values {
			more[i] = value(f)
		}
		dest(f).Set(reflect.Append(slice(f), more...))
		return next
	}
	if len(values) == 1 {
		n.exec = appendOne(typ, slice, values[0], dest, next, n.exec)
	}
}

// appendOne appends a value where there is room for it, without package reflect, which allocates.
func appendOne(typ reflect.Type, slice, value, dest getter, next, otherwise bltn) bltn {
	elem, size := memoryOf(typ.Elem()), typ.Elem().Size()
	return func(f *frame) bltn {
		s := *(*sliceHeader)(placeOf(slice(f)))
		if s.len == s.cap {
			return otherwise(f)
		}
		elem.at(unsafe.Add(s.array, uintptr(s.len)*size)).Set(value(f))
		s.len++
		*(*sliceHeader)(placeOf(dest(f))) = s
		return next
	}
}

// sliceHeader is what a slice is.
type sliceHeader struct {
	array    unsafe.Pointer
	len, cap int
}

// asSlice converts the second argument of append, which can be a string.
func asSlice(v reflect.Value, t reflect.Type) reflect.Value {
	if v.Kind() == reflect.String {
		return v.Convert(t)
	}
	return v
}
