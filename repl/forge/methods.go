package forge

import (
	"go/types"
	"slices"
	"sort"
	"unsafe"
)

// methodTable has the methods of a forged type T and of *T.
type methodTable struct {
	of      *declared // T
	room    int       // for methods in the descriptors
	methods []*method // those of *T in the order of descriptors
	past    []*method // no longer among them: calls may still come by their slots
}

type method struct {
	fn    *types.Func
	index []int  // the fields on the way to a promoted method
	value bool   // T has the method as well
	typ   *rtype // nil while the method has no code, and if it cannot be had

	// pointer is the slot of the code called with a *T; of T's code, which
	// is called with a T, if value is set.
	pointer, direct int
}

// spareMethods is the room for methods declared later.
const spareMethods = 32

// newMethodTable collects the methods of d and claims their slots. There is
// none for types that have no methods and cannot get any.
func (w *World) newMethodTable(d *declared) *methodTable {
	switch t := d.under.(type) {
	case *types.Interface, *types.Pointer:
		return nil
	case *types.Struct:
		if d.named == nil && !embedsAny(t) {
			return nil
		}
	}
	table := &methodTable{of: d}
	table.methods = w.methodsOf(d.key(), table)
	table.room = len(table.methods) + spareMethods
	return table
}

func embedsAny(t *types.Struct) bool {
	for f := range t.Fields() {
		if f.Embedded() {
			return true
		}
	}
	return false
}

// methodsOf lists the methods that t has now. Those that are as they were in
// the table keep their slots.
func (w *World) methodsOf(t types.Type, table *methodTable) []*method {
	var list []*method
	values := types.NewMethodSet(t)
	for sel := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		fn, index := sel.Obj().(*types.Func), sel.Index()
		m := &method{fn: fn, index: index[:len(index)-1], value: values.Lookup(fn.Pkg(), fn.Name()) != nil, pointer: -1, direct: -1}
		if before := table.find(fn.Pkg(), fn.Name()); before != nil && before.same(m) {
			m.typ, m.pointer, m.direct = before.typ, before.pointer, before.direct
		} else {
			w.claim(m)
		}
		list = append(list, m)
	}
	sort.Slice(list, func(i, j int) bool { return methodLess(list[i].fn, list[j].fn) })
	return list
}

// same tells whether the code of a method serves another of its name.
func (m *method) same(other *method) bool {
	return m.value == other.value && slices.Equal(m.index, other.index) && types.Identical(m.fn.Type(), other.fn.Type())
}

func (w *World) claim(m *method) {
	m.pointer = claimSlot()
	w.claimed = append(w.claimed, m)
	if m.value {
		m.direct = claimSlot()
	}
}

// size is that of a list of methods with its room.
func (table *methodTable) size() uintptr {
	if table == nil {
		return 0
	}
	return uintptr(table.room) * unsafe.Sizeof(cmethod{})
}

// release gives the slots back.
func (table *methodTable) release() {
	for _, m := range slices.Concat(table.methods, table.past) {
		m.release()
	}
}

func (m *method) release() {
	releaseSlot(m.pointer)
	if m.direct >= 0 {
		releaseSlot(m.direct)
	}
}

// find looks up a method of *T.
func (table *methodTable) find(pkg *types.Package, name string) *method {
	for _, m := range table.methods {
		if m.fn.Id() == types.Id(pkg, name) {
			return m
		}
	}
	return nil
}

// code gives code to the methods that have none.
func (table *methodTable) code() {
	for _, m := range table.methods {
		if m.typ == nil {
			m.typ = table.of.code(m)
		}
	}
}

// write puts the methods into the descriptors of T and *T.
func (table *methodTable) write() {
	var values, pointers []cmethod
	var exportedValues, exported int
	for _, m := range table.methods {
		if m.typ == nil {
			continue
		}
		c := cmethod{name: methodName(m.fn).off(), mtyp: m.typ.off()}
		c.ifn = addReflectOff(slotCode(m.pointer))
		c.tfn = c.ifn
		pointers = append(pointers, c)
		if m.fn.Exported() {
			exported++
		}
		if !m.value {
			continue
		}
		c.tfn = addReflectOff(slotCode(m.direct))
		if table.of.typ.tflag&flagDirect != 0 {
			c.ifn = c.tfn // interfaces hold the value itself
		}
		values = append(values, c)
		if m.fn.Exported() {
			exportedValues++
		}
	}
	table.enter(table.of.typ, values, exportedValues)
	table.enter(table.of.pointer(), pointers, exported)
}

// enter makes a list the methods of a descriptor. Those who read the list in
// use meanwhile find it whole.
func (table *methodTable) enter(t *rtype, list []cmethod, exported int) {
	u := t.uncommon()
	first := uint32(unsafe.Sizeof(*u))
	if t == table.of.typ {
		first += uint32(table.of.paramCount()) * uint32(wordSize)
	}
	moff := first
	if u.moff == first {
		moff += uint32(table.size())
	}
	copy(unsafe.Slice((*cmethod)(unsafe.Add(unsafe.Pointer(u), moff)), table.room), list)
	u.mcount = min(u.mcount, uint16(len(list)))
	u.xcount = min(u.xcount, uint16(exported))
	u.moff = moff
	u.mcount, u.xcount = uint16(len(list)), uint16(exported)
}

// code gives a promoted method its code, and a declared one a panic until it
// is bound. It returns the method's type.
func (d *declared) code(m *method) *rtype {
	if len(m.index) > 0 {
		return d.promote(m)
	}
	unbound := panicking(unboundError("forge: method " + d.text + "." + m.fn.Name() + " is not bound"))
	m.set(unbound, unbound)
	return raw(d.w.get(m.fn.Type(), trueView))
}

// set sets the code for pointers and, if there is such, for values.
func (m *method) set(pointer, direct unsafe.Pointer) {
	setSlot(m.pointer, pointer)
	if m.value {
		setSlot(m.direct, direct)
	}
}

// unboundError is the panic of a method that Bind has not given code.
type unboundError string

func (e unboundError) Error() string { return string(e) }
