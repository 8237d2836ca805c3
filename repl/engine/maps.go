package engine

import (
	"reflect"
	"unsafe"
)

// Maps are read and written where they lie, by the functions that compiled code calls. Package reflect would copy what it
// finds to the heap.

//go:linkname mapAccess runtime.mapaccess2
func mapAccess(typ, m, key unsafe.Pointer) (elem unsafe.Pointer, ok bool)

//go:linkname mapAssign runtime.mapassign
func mapAssign(typ, m, key unsafe.Pointer) (elem unsafe.Pointer)

// mapEntry is an expression m[key].
type mapEntry struct {
	typ  reflect.Type
	raw  unsafe.Pointer // the type, for the runtime
	m    getter
	key  operandPlace
	elem memory
	zero reflect.Value
}

func mapEntryOf(n *node) *mapEntry {
	typ := typeOf(n.child[0].typ)
	key := placed(operand(n.child[1], typ.Key()), n.child[1], typ.Key())
	return newMapEntry(typ, genValue(n.child[0]), key)
}

func newMapEntry(typ reflect.Type, m getter, key operandPlace) *mapEntry {
	return &mapEntry{typ, descriptor(typ), m, key, memoryOf(typ.Elem()), reflect.Zero(typ.Elem())}
}

// get returns the value of the entry, which is good until the map changes, and whether there is one.
func (e *mapEntry) get(f *frame) (v reflect.Value, ok bool) {
	p, ok := mapAccess(e.raw, e.m(f).UnsafePointer(), e.keyIn(f))
	if !ok {
		return e.zero, false
	}
	return e.elem.at(p), true
}

// set gives the entry a value.
func (e *mapEntry) set(f *frame, v reflect.Value) {
	e.elem.at(mapAssign(e.raw, e.m(f).UnsafePointer(), e.keyIn(f))).Set(v)
}

// keyIn returns where the key lies.
func (e *mapEntry) keyIn(f *frame) unsafe.Pointer {
	if p := e.key.of(f); p != nil {
		return p
	}
	key := reflect.New(e.typ.Key())
	key.Elem().Set(e.key.get(f))
	return key.UnsafePointer()
}

// lookUp is m[key], and nothing where that is assigned to, which the assignment does.
func (g *generator) lookUp(n *node) {
	a := n.anc
	if a.action == aAssign && a.child[0] == n || a.action == aAssignX && a.child[len(a.child)-1] != n {
		g.nothing(n)
		return
	}
	entry, dest := mapEntryOf(n), genValue(n)
	next, otherwise, branches := execOf(n.tnext), execOf(n.fnext), n.fnext != nil
	n.exec = func(f *frame) bltn {
		v, _ := entry.get(f)
		dest(f).Set(v)
		if branches && !v.Bool() {
			return otherwise
		}
		return next
	}
}

// lookUpOk executes v, ok = m[key].
func (g *generator) lookUpOk(n *node) {
	entry, next := mapEntryOf(n), execOf(n.tnext)
	dest, ok := destination(n.anc.child[0]), destination(n.anc.child[1])
	n.exec = func(f *frame) bltn {
		v, found := entry.get(f)
		dest(f, v)
		ok(f, truth[found])
		return next
	}
}

var truth = map[bool]reflect.Value{false: reflect.ValueOf(false), true: reflect.ValueOf(true)}
