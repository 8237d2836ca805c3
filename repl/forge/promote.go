package forge

import (
	"encoding/binary"
	"go/types"
	"reflect"
	"unsafe"
)

// hop is a field on the way to a promoted method.
type hop struct {
	offset uintptr
	load   bool // go on from where the field points to
}

func (h hop) before(next unsafe.Pointer) unsafe.Pointer {
	if h.load {
		return loadAt(h.offset, next)
	}
	return addTo(h.offset, next)
}

// target is where the way to a promoted method ends.
type target struct {
	owner   types.Type // the type of the last field, without a pointer
	typ     *rtype     // its descriptor
	pointer bool       // the field is a pointer
}

// code is what a method of a target is called by.
type code struct {
	mtyp    *rtype
	pointer unsafe.Pointer // the closure for a pointer to the value
	direct  unsafe.Pointer // the closure for the value, if interfaces hold it as it is
	value   bool           // the method belongs to the value
}

// promote makes the code of a method promoted through the fields m.index. It
// returns nil for a method that cannot be had.
func (d *declared) promote(m *method) *rtype {
	hops, end := d.walk(m.index)
	c := d.w.targetCode(m.fn, end)
	if c.mtyp == nil {
		c.pointer = panicking(unboundError("forge: method " + d.text + "." + m.fn.Name() + " is not in the binary"))
		m.set(c.pointer, c.pointer)
		return nil
	}
	last := c.pointer
	if end.pointer && c.value {
		last = addTo(0, last) // a nil pointer faults here
	}
	setSlot(m.pointer, chain(hops, last))
	if !m.value {
		return c.mtyp
	}
	switch direct := d.typ.tflag&flagDirect != 0; {
	case direct && hops[0].load: // the value is the pointer
		setSlot(m.direct, chain(hops[1:], last))
	case direct && c.direct != nil: // the value is the embedded one
		setSlot(m.direct, c.direct)
	default:
		setSlot(m.direct, viaPointer(d.typ.typ(), c.mtyp.typ(), jumpTo(slotCode(m.pointer))))
	}
	return c.mtyp
}

func chain(hops []hop, last unsafe.Pointer) unsafe.Pointer {
	for i := len(hops) - 1; i >= 0; i-- {
		last = hops[i].before(last)
	}
	return last
}

// walk follows the fields of index; offsets that need no load add up.
func (d *declared) walk(index []int) ([]hop, target) {
	var hops []hop
	end := target{owner: d.under, typ: d.typ}
	offset := uintptr(0)
	for _, i := range index {
		offset += (*structType)(unsafe.Pointer(end.typ)).fields[i].offset
		end.owner = types.Unalias(end.owner.Underlying().(*types.Struct).Field(i).Type())
		p, ok := end.owner.(*types.Pointer)
		if end.pointer = ok; ok {
			hops = append(hops, hop{offset, true})
			offset = 0
			end.owner = types.Unalias(p.Elem())
		}
		end.typ = raw(d.w.get(end.owner, trueView))
	}
	if !end.pointer {
		hops = append(hops, hop{offset: offset})
	}
	return hops, end
}

// targetCode finds the code of method fn of the target.
func (w *World) targetCode(fn *types.Func, end target) code {
	if it, ok := end.owner.Underlying().(*types.Interface); ok {
		return w.interfaceCode(fn, it, (*interfaceType)(unsafe.Pointer(end.typ)))
	}
	if table := w.tables[end.typ.typ()]; table != nil {
		m := table.find(fn.Pkg(), fn.Name())
		if m == nil {
			fail("%v has not got the method %s yet", end.owner, fn.Name())
		}
		c := code{mtyp: raw(w.get(fn.Type(), trueView)), pointer: jumpTo(slotCode(m.pointer)), value: m.value}
		if m.value {
			c.direct = jumpTo(slotCode(m.direct))
		}
		return c
	}
	return w.compiledCode(fn, end.typ)
}

func (w *World) interfaceCode(fn *types.Func, t *types.Interface, it *interfaceType) code {
	ms := interfaceMethods(t)
	i := 0
	for ms[i].Id() != fn.Id() {
		i++
	}
	c := code{pointer: callInterface(0, i)}
	if len(it.methods) == len(ms) {
		c.mtyp = (*rtype)(resolveTypeOff(unsafe.Pointer(it), it.methods[i].typ))
	} else { // a forged type not yet complete
		c.mtyp = raw(w.get(fn.Type(), trueView))
	}
	return c
}

// compiledCode finds a method of a compiled type. The linker may have removed
// it; what no descriptor has, the program cannot call.
func (w *World) compiledCode(fn *types.Func, t *rtype) code {
	var c code
	pt := raw(reflect.PointerTo(t.typ()))
	own, pm := findMethod(t, fn), findMethod(pt, fn)
	if own != nil {
		c.value = true
		c.mtyp = (*rtype)(resolveTypeOff(unsafe.Pointer(t), own.mtyp))
		code := jumpTo(resolveTextOff(unsafe.Pointer(t), own.ifn))
		if t.tflag&flagDirect != 0 {
			c.direct = code
		} else {
			c.pointer = code
		}
	}
	if pm != nil {
		c.mtyp = (*rtype)(resolveTypeOff(unsafe.Pointer(pt), pm.mtyp))
		c.pointer = jumpTo(resolveTextOff(unsafe.Pointer(pt), pm.ifn))
	}
	if c.pointer == nil {
		c.mtyp = nil
	}
	return c
}

// findMethod looks up fn among the methods of a compiled type.
func findMethod(t *rtype, fn *types.Func) *cmethod {
	u := t.uncommon()
	if u == nil {
		return nil
	}
	for i, m := range u.methods() {
		text, pkg := decodeName((*byte)(resolveNameOff(unsafe.Pointer(t), m.name)))
		if pkg == "" {
			pkg, _ = decodeName((*byte)(resolveNameOff(unsafe.Pointer(t), u.pkgPath)))
		}
		if text == fn.Name() && (fn.Exported() || pkg == packagePath(fn.Pkg())) && m.mtyp != -1 && m.mtyp != 0 && m.ifn != -1 {
			return &u.methods()[i]
		}
	}
	return nil
}

// decodeName reads a name, and its package if it has one.
func decodeName(p *byte) (text, pkg string) {
	if p == nil {
		return "", ""
	}
	at := 1
	next := func() string {
		n, size := 0, 0
		for shift := 0; ; shift += 7 {
			b := *(*byte)(unsafe.Add(unsafe.Pointer(p), at+size))
			size++
			n |= int(b&0x7f) << shift
			if b&0x80 == 0 {
				break
			}
		}
		s := unsafe.String((*byte)(unsafe.Add(unsafe.Pointer(p), at+size)), n)
		at += size + n
		return s
	}
	text = next()
	if *p&(1<<1) != 0 {
		next()
	}
	if *p&(1<<2) != 0 {
		off := binary.NativeEndian.Uint32(unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(p), at)), 4))
		pkg, _ = decodeName((*byte)(resolveNameOff(unsafe.Pointer(p), int32(off))))
	}
	return text, pkg
}

//go:linkname resolveNameOff reflect.resolveNameOff
func resolveNameOff(base unsafe.Pointer, off int32) unsafe.Pointer

//go:linkname resolveTypeOff reflect.resolveTypeOff
func resolveTypeOff(base unsafe.Pointer, off int32) unsafe.Pointer

//go:linkname resolveTextOff reflect.resolveTextOff
func resolveTextOff(base unsafe.Pointer, off int32) unsafe.Pointer
