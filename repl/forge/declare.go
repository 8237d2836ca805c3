package forge

import (
	"go/types"
	"hash/fnv"
	"reflect"
	"unsafe"
)

// declared is a type in the making: a named type, an interface, or a struct
// that package reflect cannot make.
type declared struct {
	w     *World
	v     view
	named *types.Named // nil if the type has no name
	under types.Type
	text  string // what String returns
	typ   *rtype
	table *methodTable // nil if there are no methods, and cannot be
}

// key is the type as the caches know it.
func (d *declared) key() types.Type {
	if d.named != nil {
		return d.named
	}
	return d.under
}

// declare makes the descriptors of a type and its pointer type with all that
// does not depend on the types it refers to; pending completes them.
func (w *World) declare(under types.Type, named *types.Named, v view) reflect.Type {
	if err := w.sound(); err != nil {
		fail("%w", err)
	}
	d := &declared{w: w, v: v, named: named, under: under}
	key := d.key()
	d.text = w.typeString(key, false)
	if v == trueView && (named == nil || w.own[named.Obj().Pkg()] || w.Bound != nil && w.Bound(named)) {
		d.table = w.newMethodTable(d)
	}
	d.allocate()
	r := d.typ.typ()
	w.remember(key, v, r)
	if d.table != nil {
		w.tables[r] = d.table
	}
	d.shape()
	w.pending = append(w.pending, d.complete)
	return r
}

// allocate makes the head of the descriptor, and the pointer type.
func (d *declared) allocate() {
	d.typ = d.descriptor(kindOf(d.under), d.paramCount(), d.text)
	if d.named != nil {
		d.typ.tflag |= flagNamed
	} else if d.table == nil {
		return
	}
	p := d.descriptor(reflect.Pointer, 0, "*"+d.text)
	inherit(p, raw(reflect.TypeFor[*byte]()))
	(*ptrType)(unsafe.Pointer(p)).elem = d.typ
	d.typ.ptrToThis = p.off()
}

// pointer is the descriptor of the pointer type.
func (d *declared) pointer() *rtype { return raw(reflect.PointerTo(d.typ.typ())) }

// descriptor makes a descriptor without methods, but with room for two lists of
// them: the next is written beside the one in use.
func (d *declared) descriptor(kind reflect.Kind, params int, text string) *rtype {
	size := kindSize(kind)
	var u uncommon
	moff := unsafe.Sizeof(u) + uintptr(params)*wordSize
	t := (*rtype)(memory(size + moff + 2*d.table.size()))
	t.kind = uint8(kind)
	t.hash = hashOf(text)
	t.str = name{text: text, exported: true}.off()
	if d.named == nil && d.table == nil {
		return t
	}
	t.tflag = flagUncommon
	u.moff = uint32(moff)
	if pkg := d.pkg(); pkg != nil {
		u.pkgPath = name{text: packagePath(pkg)}.off()
	}
	*t.uncommon() = u
	return t
}

// pkg is the package that the type or its unexported names belong to.
func (d *declared) pkg() *types.Package {
	if d.named != nil {
		return d.named.Obj().Pkg()
	}
	switch t := d.under.(type) {
	case *types.Struct:
		for f := range t.Fields() {
			if !f.Exported() {
				return f.Pkg()
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if !m.Exported() {
				return m.Pkg()
			}
		}
	}
	return nil
}

func hashOf(text string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(text))
	return h.Sum32()
}

func kindOf(under types.Type) reflect.Kind {
	switch t := under.(type) {
	case *types.Basic:
		if r, ok := basics[t.Kind()]; ok {
			return r.Kind()
		}
	case *types.Pointer:
		return reflect.Pointer
	case *types.Slice:
		return reflect.Slice
	case *types.Array:
		return reflect.Array
	case *types.Map:
		return reflect.Map
	case *types.Chan:
		return reflect.Chan
	case *types.Signature:
		return reflect.Func
	case *types.Struct:
		return reflect.Struct
	case *types.Interface:
		if t.IsMethodSet() {
			return reflect.Interface
		}
		fail("interface %v is a constraint", t)
	}
	fail("%v is not the type of a value", under)
	return reflect.Invalid
}

func (d *declared) paramCount() int {
	if sig, ok := d.under.(*types.Signature); ok {
		return sig.Params().Len() + sig.Results().Len()
	}
	return 0
}

// inherit gives t the layout of u, and what u refers to.
func inherit(t, u *rtype) {
	t.size, t.ptrBytes, t.kind = u.size, u.ptrBytes, u.kind
	t.align, t.fieldAlign = u.align, u.fieldAlign
	t.equal, t.gcData = u.equal, u.gcData
	t.tflag |= u.tflag & (flagRegular | flagMaskOnDemand | flagDirect)
	refer(t, u)
}

// refer gives t what u, of the same kind, refers to.
func refer(t, u *rtype) {
	head := unsafe.Sizeof(rtype{})
	n := kindSize(reflect.Kind(u.kind)) - head
	copy(unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(t), head)), n), unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(u), head)), n))
}

// shape gives the descriptor its layout, with stand-ins for what it refers to.
func (d *declared) shape() {
	switch t := d.under.(type) {
	case *types.Struct:
		d.structShape(t)
	case *types.Interface:
		it := (*interfaceType)(unsafe.Pointer(d.typ))
		inherit(d.typ, d.w.shape(t, d.v))
		it.pkgPath, it.methods = nil, nil
	default:
		inherit(d.typ, d.w.shape(t, d.v))
	}
}

func (d *declared) structShape(t *types.Struct) {
	s := (*structType)(unsafe.Pointer(d.typ))
	if n := t.NumFields(); n > 0 {
		s.fields = unsafe.Slice((*structField)(memory(uintptr(n)*unsafe.Sizeof(structField{}))), n)
	}
	for i := range s.fields {
		f := t.Field(i)
		s.fields[i].name = name{
			text:     f.Name(),
			tag:      t.Tag(i),
			exported: f.Exported() || d.v == openView,
			embedded: f.Embedded(),
		}.bytes()
		s.fields[i].typ = d.w.shape(f.Type(), d.v)
		if !f.Exported() {
			s.pkgPath = name{text: packagePath(f.Pkg())}.bytes()
		}
	}
	s.layout(types.Comparable(t))
}

// complete puts the types that the type refers to in place of the stand-ins.
func (d *declared) complete() {
	switch t := d.under.(type) {
	case *types.Struct:
		s := (*structType)(unsafe.Pointer(d.typ))
		for i := range s.fields {
			s.fields[i].typ = raw(d.w.get(t.Field(i).Type(), d.v))
		}
	case *types.Interface:
		d.completeInterface(t)
	case *types.Signature:
		f, u := (*funcType)(unsafe.Pointer(d.typ)), (*funcType)(unsafe.Pointer(raw(d.w.get(t, d.v))))
		refer(d.typ, &u.rtype)
		copy(f.params(), u.params())
	default:
		refer(d.typ, raw(d.w.get(t, d.v)))
	}
	if d.table != nil {
		d.table.code()
		d.table.write()
	}
}

func (d *declared) completeInterface(t *types.Interface) {
	it := (*interfaceType)(unsafe.Pointer(d.typ))
	ms := interfaceMethods(t)
	if len(ms) == 0 {
		return
	}
	methods := unsafe.Slice((*imethod)(memory(uintptr(len(ms))*unsafe.Sizeof(imethod{}))), len(ms))
	for i, m := range ms {
		n := methodName(m)
		if d.v == openView {
			n = name{text: m.Name(), exported: true}
		}
		methods[i] = imethod{n.off(), raw(d.w.get(m.Type(), d.v)).off()}
	}
	if pkg := d.pkg(); pkg != nil {
		it.pkgPath = name{text: packagePath(pkg)}.bytes()
	}
	it.methods = methods
}
