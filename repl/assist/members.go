package assist

import (
	"go/ast"
	"go/types"
	"slices"
)

// members lists what can follow x and a dot.
func (v *view) members(x ast.Expr) []candidate {
	if id, ok := x.(*ast.Ident); ok {
		if p, ok := v.info.Uses[id].(*types.PkgName); ok {
			return v.exported(p.Imported())
		}
	}
	tv, ok := v.info.Types[x]
	if !ok || tv.Type == nil {
		return nil
	}
	if tv.IsType() {
		return v.methods(tv.Type)
	}
	list := v.fields(tv.Type)
	if _, isPointer := tv.Type.Underlying().(*types.Pointer); tv.Addressable() && !isPointer && !types.IsInterface(tv.Type) {
		return append(list, v.methods(types.NewPointer(tv.Type))...)
	}
	return append(list, v.methods(tv.Type)...)
}

// exported lists what a package exports.
func (v *view) exported(pkg *types.Package) (list []candidate) {
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() {
			list = append(list, candidate{obj: obj})
		}
	}
	return list
}

func (v *view) methods(t types.Type) (list []candidate) {
	for m := range types.NewMethodSet(t).Methods() {
		if v.sees(m.Obj()) {
			list = append(list, candidate{obj: m.Obj(), kind: "method", depth: len(m.Index())})
		}
	}
	return list
}

// fields lists the fields of t or what it points to, promoted ones too.
func (v *view) fields(t types.Type) (list []candidate) {
	seen := map[types.Type]bool{}
	var walk func(types.Type)
	walk = func(of types.Type) {
		s, ok := structOf(of)
		if !ok || seen[s] {
			return
		}
		seen[s] = true
		for f := range s.Fields() {
			obj, index, _ := types.LookupFieldOrMethod(t, true, v.pkg, f.Name())
			if obj == f && v.sees(f) { // not hidden by another
				list = append(list, candidate{obj: f, kind: "field", depth: len(index)})
			}
			if f.Embedded() {
				walk(f.Type())
			}
		}
	}
	walk(t)
	return list
}

// sees reports whether cells may use a field or method.
func (v *view) sees(obj types.Object) bool {
	return obj.Exported() || obj.Name() != "_" && obj.Pkg() != nil && obj.Pkg().Path() == v.pkg.Path()
}

// structOf returns the struct that t is or points to.
func structOf(t types.Type) (*types.Struct, bool) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	return s, ok
}

// keys lists the fields that a struct literal can still name, and whether something else may stand in their place.
func (v *view) keys(lit *ast.CompositeLit) (list []candidate, values bool) {
	t := v.info.Types[lit].Type
	if t == nil {
		return nil, true
	}
	s, ok := structOf(t)
	if !ok {
		return nil, true
	}
	var used []string
	for _, elt := range lit.Elts {
		if pair, ok := elt.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok {
				used = append(used, key.Name)
			}
		}
	}
	for f := range s.Fields() {
		if v.sees(f) && !slices.Contains(used, f.Name()) {
			list = append(list, candidate{obj: f, kind: "field"})
		}
	}
	return list, len(used) == 0
}
