package forge

import (
	"go/types"
	"reflect"
	"unsafe"
)

var basics = map[types.BasicKind]reflect.Type{
	types.Bool:          reflect.TypeFor[bool](),
	types.Int:           reflect.TypeFor[int](),
	types.Int8:          reflect.TypeFor[int8](),
	types.Int16:         reflect.TypeFor[int16](),
	types.Int32:         reflect.TypeFor[int32](),
	types.Int64:         reflect.TypeFor[int64](),
	types.Uint:          reflect.TypeFor[uint](),
	types.Uint8:         reflect.TypeFor[uint8](),
	types.Uint16:        reflect.TypeFor[uint16](),
	types.Uint32:        reflect.TypeFor[uint32](),
	types.Uint64:        reflect.TypeFor[uint64](),
	types.Uintptr:       reflect.TypeFor[uintptr](),
	types.Float32:       reflect.TypeFor[float32](),
	types.Float64:       reflect.TypeFor[float64](),
	types.Complex64:     reflect.TypeFor[complex64](),
	types.Complex128:    reflect.TypeFor[complex128](),
	types.String:        reflect.TypeFor[string](),
	types.UnsafePointer: reflect.TypeFor[unsafe.Pointer](),
}

var (
	anyType   = reflect.TypeFor[any]()
	errorType = reflect.TypeFor[error]()
)

var chanDirs = map[types.ChanDir]reflect.ChanDir{
	types.SendRecv: reflect.BothDir,
	types.SendOnly: reflect.SendDir,
	types.RecvOnly: reflect.RecvDir,
}

// make makes the type of a t that no cache knows. Only named types can lead
// back to themselves, and those are declared first and completed later.
func (w *World) make(t types.Type, v view) reflect.Type {
	switch t := t.(type) {
	case *types.Basic:
		if r, ok := basics[t.Kind()]; ok {
			return r
		}
	case *types.Named:
		return w.named(t, v)
	case *types.Pointer:
		return reflect.PointerTo(w.get(t.Elem(), v))
	case *types.Slice:
		return reflect.SliceOf(w.get(t.Elem(), v))
	case *types.Array:
		return reflect.ArrayOf(arrayLen(t), w.get(t.Elem(), v))
	case *types.Map:
		return reflect.MapOf(w.get(t.Key(), v), w.get(t.Elem(), v))
	case *types.Chan:
		return reflect.ChanOf(chanDirs[t.Dir()], w.get(t.Elem(), v))
	case *types.Signature:
		return w.signature(t, v, nil)
	case *types.Struct:
		if standard(t, v, w) {
			return w.standardStruct(t, func(f types.Type) reflect.Type { return w.get(f, v) })
		}
		return w.unnamed(t, v)
	case *types.Interface:
		if !t.IsMethodSet() {
			fail("interface %v is a constraint", t)
		}
		if t.Empty() {
			return anyType
		}
		return w.unnamed(t, v)
	}
	fail("%v is not the type of a value", t)
	return nil
}

// unnamed is a struct or interface that package reflect does not make.
func (w *World) unnamed(t types.Type, v view) reflect.Type {
	if r, ok := w.inBinary(t); ok {
		return r
	}
	return w.declare(t, nil, v)
}

func arrayLen(t *types.Array) int {
	if t.Len() < 0 {
		fail("array %v has no length", t)
	}
	return int(t.Len())
}

// signature makes a func type, with a receiver as first parameter if recv is
// not nil.
func (w *World) signature(t *types.Signature, v view, recv reflect.Type) reflect.Type {
	if t.TypeParams().Len() > 0 {
		fail("generic function %v is not instantiated", t)
	}
	var in, out []reflect.Type
	if recv != nil {
		in = append(in, recv)
	}
	for p := range t.Params().Variables() {
		in = append(in, w.get(p.Type(), v))
	}
	for r := range t.Results().Variables() {
		out = append(out, w.get(r.Type(), v))
	}
	return reflect.FuncOf(in, out, t.Variadic())
}

func (w *World) named(t *types.Named, v view) reflect.Type {
	obj := t.Obj()
	switch {
	case obj.Pkg() == nil && obj.Name() == "error":
		return errorType
	case obj.Pkg() == nil:
		fail("%v is not the type of a value", t)
	case w.own[obj.Pkg()]:
		return w.declare(t.Underlying(), t, v)
	case t.TypeArgs().Len() > 0:
		return w.instance(t, v)
	}
	r, ok := w.compiled(obj.Pkg().Path(), obj.Name())
	if !ok || obj.Parent() != obj.Pkg().Scope() {
		fail("type %v is not known", t)
	}
	return r
}

// instance is an instance of a generic type of a compiled package.
func (w *World) instance(t *types.Named, v view) reflect.Type {
	bound := w.Bound != nil && w.Bound(t)
	if r, ok := w.inBinary(t); ok && !bound {
		return r
	}
	if _, ok := t.Underlying().(*types.Struct); ok && !bound {
		fail("type %v is not known", t)
	}
	return w.declare(t.Underlying(), t, v)
}

// standard tells whether reflect.StructOf makes t as the compiler does.
func standard(t *types.Struct, v view, w *World) bool {
	for f := range t.Fields() {
		if f.Embedded() || f.Name() == "_" || v == openView && !f.Exported() && w.own[f.Pkg()] {
			return false
		}
	}
	return true
}

func (w *World) standardStruct(t *types.Struct, field func(types.Type) reflect.Type) reflect.Type {
	var fields []reflect.StructField
	for i := range t.NumFields() {
		f := t.Field(i)
		sf := reflect.StructField{Name: f.Name(), Type: field(f.Type()), Tag: reflect.StructTag(t.Tag(i))}
		if !f.Exported() {
			sf.PkgPath = packagePath(f.Pkg())
		}
		fields = append(fields, sf)
	}
	return reflect.StructOf(fields)
}

// shape returns a type with the layout, kind and equality of t that can be
// made without the types that t refers to.
func (w *World) shape(t types.Type, v view) *rtype {
	t = types.Unalias(t)
	switch t := t.(type) {
	case *types.Pointer:
		return raw(reflect.TypeFor[*byte]())
	case *types.Slice:
		return raw(reflect.TypeFor[[]byte]())
	case *types.Map:
		return raw(reflect.TypeFor[map[byte]byte]())
	case *types.Chan:
		return raw(reflect.TypeFor[chan byte]())
	case *types.Signature:
		return raw(reflect.TypeFor[func()]())
	case *types.Interface:
		if t.Empty() {
			return raw(anyType)
		}
		return raw(errorType)
	case *types.Array:
		return raw(reflect.ArrayOf(arrayLen(t), w.shape(t.Elem(), v).typ()))
	case *types.Struct:
		if standard(t, v, w) {
			return raw(w.standardStruct(t, func(f types.Type) reflect.Type { return w.shape(f, v).typ() }))
		}
	}
	r := raw(w.get(t, v))
	if r.align == 0 {
		fail("type %v contains itself", t)
	}
	return r
}
