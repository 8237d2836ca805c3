package forge

import (
	"go/types"
	"reflect"
	"strings"
	"sync"
	"unsafe"
)

// Some types that package reflect does not make may be in the binary: then
// the forged type has to be that one, for compiled code to know it.

// known are those types by their strings: interfaces without a name, structs
// without a name that embed, and instances of generic types.
var known = sync.OnceValue(func() map[string][]*rtype {
	s := scan{seen: map[*rtype]bool{}, found: map[string][]*rtype{}}
	sections, offsets := typelinks()
	for i, section := range sections {
		for _, off := range offsets[i] {
			s.visit((*rtype)(unsafe.Add(section, off)))
		}
	}
	return s.found
})

// typelinks lists the descriptors in the binary of types that are built up
// from others.
//
//go:linkname typelinks reflect.typelinks
func typelinks() (sections []unsafe.Pointer, offsets [][]int32)

// scan walks the descriptors that others refer to.
type scan struct {
	seen  map[*rtype]bool
	found map[string][]*rtype
}

func (s *scan) visit(t *rtype) {
	if s.seen[t] {
		return
	}
	s.seen[t] = true
	r := t.typ()
	if wanted(r) {
		s.found[r.String()] = append(s.found[r.String()], t)
	}
	switch r.Kind() {
	case reflect.Map:
		s.visit(raw(r.Key()))
		s.visit(raw(r.Elem()))
	case reflect.Array, reflect.Chan, reflect.Pointer, reflect.Slice:
		s.visit(raw(r.Elem()))
	case reflect.Func:
		for _, p := range (*funcType)(unsafe.Pointer(t)).params() {
			s.visit(p)
		}
	case reflect.Struct:
		for _, f := range (*structType)(unsafe.Pointer(t)).fields {
			s.visit(f.typ)
		}
	}
}

func wanted(r reflect.Type) bool {
	if name := r.Name(); name != "" {
		return strings.HasSuffix(name, "]")
	}
	return r.Kind() == reflect.Interface && r.NumMethod() > 0 || r.Kind() == reflect.Struct && embeds(r)
}

func embeds(r reflect.Type) bool {
	for f := range r.Fields() {
		if f.Anonymous {
			return true
		}
	}
	return false
}

// inBinary finds t among the known types.
func (w *World) inBinary(t types.Type) (reflect.Type, bool) {
	s := search{w: w, seen: map[types.Type]bool{}, named: true}
	if s.finds(t) {
		return nil, false
	}
	for _, candidate := range known()[w.typeString(t, false)] {
		if r := candidate.typ(); w.isType(t, r) {
			return r, true
		}
	}
	return nil, false
}

// isType tells whether r, which has the string of t, is its type: packages of
// one name make that uncertain.
func (w *World) isType(t types.Type, r reflect.Type) bool {
	switch t := t.(type) {
	case *types.Named:
		return r.PkgPath() == packagePath(t.Obj().Pkg())
	case *types.Struct:
		for i, f := range (*structType)(unsafe.Pointer(raw(r))).fields {
			if v := t.Field(i); f.typ.typ() != w.get(v.Type(), trueView) || v.Name() != r.Field(i).Name || !v.Exported() && r.Field(i).PkgPath != packagePath(v.Pkg()) {
				return false
			}
		}
		return true
	case *types.Interface:
		for i, m := range interfaceMethods(t) {
			if c := r.Method(i); c.Type != w.get(m.Type(), trueView) || !m.Exported() && c.PkgPath != packagePath(m.Pkg()) {
				return false
			}
		}
		return true
	}
	return false
}
