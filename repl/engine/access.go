package engine

import (
	"reflect"
	"unsafe"
)

// Access to parts of values. A node that selects a field, an element or what a pointer points to does not copy it: its
// value in the frame is moved to where the part lies, which may then be assigned to. Yaegi does the same through package
// reflect; here it is an addition.

// part makes the exec of a node whose value is part of another. Find returns where that lies.
func (g *generator) part(n *node, find func(*frame) unsafe.Pointer) {
	i, next := n.findex, execOf(n.tnext)
	if n.fnext == nil {
		n.exec = func(f *frame) bltn {
			f.put(i, find(f))
			return next
		}
		return
	}
	otherwise := execOf(n.fnext)
	n.exec = func(f *frame) bltn {
		f.put(i, find(f))
		if f.data[i].Bool() {
			return next
		}
		return otherwise
	}
}

// deref is *p.
func (g *generator) deref(n *node) {
	pointer := genValue(n.child[0])
	g.part(n, func(f *frame) unsafe.Pointer { return notNil(pointer(f)) })
}

// field is x.f, where x is a struct or a pointer to one.
func (g *generator) field(n *node) {
	whole, typ, place := genValue(n.child[0]), typeOf(n.child[0].typ), placeOf
	if typ.Kind() == reflect.Pointer {
		typ, place = typ.Elem(), notNil
	}
	offset, ok := offsetOf(typ, n.val.([]int))
	if !ok {
		n.gen(n)
		return
	}
	g.part(n, func(f *frame) unsafe.Pointer { return unsafe.Add(place(whole(f)), offset) })
}

// offsetOf finds a field by its index, unless the way leads through a pointer.
func offsetOf(t reflect.Type, index []int) (offset uintptr, ok bool) {
	for _, i := range index {
		if t.Kind() != reflect.Struct {
			return 0, false
		}
		f := t.Field(i)
		offset, t = offset+f.Offset, f.Type
	}
	return offset, true
}

// notNil returns what a pointer points to.
func notNil(v reflect.Value) unsafe.Pointer {
	p := v.UnsafePointer()
	if p == nil {
		panic(nilDereference())
	}
	return p
}

// placeOf returns where a value in a frame lies.
func placeOf(v reflect.Value) unsafe.Pointer { return (*value)(unsafe.Pointer(&v)).ptr }

// index is a[i], where a is a slice, an array or a string.
func (g *generator) index(n *node) {
	typ := typeOf(n.child[0].typ)
	whole, at, fail := genValue(n.child[0]), index(n.child[1]), repeatIndex(n)
	switch typ.Kind() {
	case reflect.Slice:
		size := typ.Elem().Size()
		g.part(n, func(f *frame) unsafe.Pointer {
			a, i := whole(f), at(f)
			if uint(i) >= uint(a.Len()) {
				fail(f)
			}
			return unsafe.Add(a.UnsafePointer(), uintptr(i)*size)
		})
	case reflect.Array:
		size, length := typ.Elem().Size(), typ.Len()
		g.part(n, func(f *frame) unsafe.Pointer {
			i := at(f)
			if uint(i) >= uint(length) {
				fail(f)
			}
			return unsafe.Add(placeOf(whole(f)), uintptr(i)*size)
		})
	default:
		n.gen(n)
	}
}

// index says how to get the value of an index.
func index(n *node) func(*frame) int {
	if n.rval.IsValid() {
		convertLiteralValue(n, reflect.TypeFor[int]())
		i := int(n.rval.Int())
		return func(*frame) int { return i }
	}
	value := genValue(n)
	if isSigned(typeOf(n.typ)) {
		return func(f *frame) int { return int(value(f).Int()) }
	}
	return func(f *frame) int { return int(value(f).Uint()) }
}

// memory makes values of a type that lie somewhere, and can be assigned to.
type memory value // but for where

func memoryOf(t reflect.Type) memory {
	return memory{typ: descriptor(t), flag: uintptr(t.Kind()) | flagIndir | flagAddr}
}

// at is the value that lies at p.
func (m memory) at(p unsafe.Pointer) (v reflect.Value) {
	m.ptr = p
	*(*memory)(unsafe.Pointer(&v)) = m
	return v
}
