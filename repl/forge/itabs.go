package forge

import (
	"errors"
	"reflect"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"unsafe"
)

// The runtime remembers how types implement interfaces, and which they do not.

// itab mirrors abi.ITab.
type itab struct {
	inter *interfaceType
	typ   *rtype
	hash  uint32
	fun   [1]uintptr // of each method of the interface; the first is 0 if the type does not implement it
}

// itabHead mirrors the beginning of runtime.itabTableType; the entries follow.
type itabHead struct{ size, count uintptr }

func (h *itabHead) entries() []*itab {
	return unsafe.Slice((**itab)(unsafe.Add(unsafe.Pointer(h), unsafe.Sizeof(*h))), h.size)
}

// refill makes anew the entries of the runtime's table for types that have
// changed: they may implement interfaces that they did not, or by methods
// other than those they had.
func refill(changed map[*rtype]bool) {
	table := itabTable()
	if table == nil {
		return // SelfTest told
	}
	entries := (*itabHead)(atomic.LoadPointer(table)).entries()
	for i := range entries {
		m := (*itab)(atomic.LoadPointer((*unsafe.Pointer)(unsafe.Pointer(&entries[i]))))
		if m != nil && changed[m.typ] {
			m.fill()
		}
	}
}

// fill does what the runtime does for a new entry. Entries of either outcome
// have room for all methods.
func (m *itab) fill() {
	fun := unsafe.Slice(&m.fun[0], len(m.inter.methods))
	var first uintptr
	for i, im := range m.inter.methods {
		code := m.inter.implementation(im, m.typ)
		switch {
		case code == nil:
			return
		case i == 0:
			first = uintptr(code)
		default:
			atomic.StoreUintptr(&fun[i], uintptr(code))
		}
	}
	atomic.StoreUintptr(&fun[0], first)
}

// implementation is the code of a type's method for a method of an interface.
func (it *interfaceType) implementation(im imethod, t *rtype) unsafe.Pointer {
	text, pkg := decodeName((*byte)(resolveNameOff(unsafe.Pointer(it), im.name)))
	if pkg == "" {
		pkg, _ = decodeName(it.pkgPath)
	}
	want := resolveTypeOff(unsafe.Pointer(it), im.typ)
	u := t.uncommon()
	for _, m := range u.methods() {
		name := (*byte)(resolveNameOff(unsafe.Pointer(t), m.name))
		own, from := decodeName(name)
		if from == "" {
			from, _ = decodeName((*byte)(resolveNameOff(unsafe.Pointer(t), u.pkgPath)))
		}
		if own == text && (*name&1 != 0 || from == pkg) && resolveTypeOff(unsafe.Pointer(t), m.mtyp) == want {
			return resolveTextOff(unsafe.Pointer(t), m.ifn)
		}
	}
	return nil
}

// itabTable is the address of runtime.itabTable, or nil if it cannot be found.
// The linker does not tell it, but the code of getitab has it.
var itabTable = sync.OnceValue(func() (found *unsafe.Pointer) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { _ = recover() }() // what looks like an address may be none
	get := getitab
	code := **(**unsafe.Pointer)(unsafe.Pointer(&get))
	for at := range 256 {
		if p := dataAddress(unsafe.Add(code, at)); p != nil && isItabTable(p) {
			return p
		}
	}
	return nil
})

// getitab is not called: only its code is looked at.
//
//go:linkname getitab runtime.getitab
func getitab(inter, typ unsafe.Pointer, canfail bool) unsafe.Pointer

// isItabTable looks up a pair of types as the runtime does.
func isItabTable(p *unsafe.Pointer) bool {
	var known error = unboundError("")
	want := *(**itab)(unsafe.Pointer(&known))
	h := (*itabHead)(*p)
	if h == nil || h.size == 0 || h.size&(h.size-1) != 0 || h.count > h.size {
		return false
	}
	at := uintptr(want.inter.hash ^ want.typ.hash)
	for i := uintptr(1); i <= h.size; i++ {
		switch h.entries()[at&(h.size-1)] {
		case want:
			return want.typ == raw(reflect.TypeOf(known))
		case nil:
			return false
		}
		at += i
	}
	return false
}

// aligned is p if a word can be there.
func aligned(p unsafe.Pointer) *unsafe.Pointer {
	if uintptr(p)%wordSize != 0 {
		return nil
	}
	return (*unsafe.Pointer)(p)
}

// datum is a variable that the linker puts among the data with pointers.
var datum = &emptyCache

func checkItabs() error {
	if slotCount > 0 && itabTable() == nil {
		return errors.New("the runtime's table of interface methods is not where it should be")
	}
	in := func(p unsafe.Pointer, from, to uintptr) bool { return uintptr(p) >= from && uintptr(p) < to }
	m := lastModule
	if !in(unsafe.Pointer(&datum), m.data, m.edata) || !in(unsafe.Pointer(raw(reflect.TypeFor[sample]())), m.types, m.etypes) {
		return errors.New("the data of the binary are not where they should be")
	}
	return nil
}
