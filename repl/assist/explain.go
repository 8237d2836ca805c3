package assist

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"kairos/stdlib/symbols/docs"
)

// describe tells what a name means.
func (q *question) describe(v *view, id *ast.Ident) (Info, bool) {
	obj := v.object(id)
	if obj == nil {
		return Info{}, false
	}
	if local := v.vars[obj]; local != nil {
		obj = local
	}
	info := Info{Name: obj.Name(), Kind: kindOfObject(obj), Declaration: declarationOf(obj)}
	switch obj := obj.(type) {
	case *types.PkgName:
		info.Doc = docs.Lookup(obj.Imported().Path(), "")
		info.Where = obj.Imported().Path()
		info.Members = contents(obj.Imported())
		return info, true
	case *types.TypeName:
		info.Members = methods(obj)
	case *types.Func:
		info.Type = detail(obj)
	case *types.Var, *types.Const:
		info.Type = types.TypeString(obj.Type(), qualify)
	}
	switch {
	case obj.Pkg() == nil:
		info.Doc, info.Where = docs.Lookup("builtin", obj.Name()), "builtin"
	case obj.Pkg().Path() != "main":
		path, key := obj.Pkg().Path(), v.key(obj, id)
		info.Doc = docs.Lookup(path, key)
		if of, _, ok := strings.Cut(key, "."); ok && info.Kind == "method" && info.Doc == "" {
			info.Doc = docs.Lookup(path, of) // where interfaces say what their only method does
		}
		info.Where = cmp.Or(docs.Position(path, key), path)
	default:
		q.global = obj == q.engine.Session.Lookup(obj.Name())
		q.declared(v, obj, &info)
	}
	return info, true
}

// declared fills in what is written where a cell declares obj.
func (q *question) declared(v *view, obj types.Object, info *Info) {
	if offset := v.offset(obj.Pos()); v.declaresHere(obj) && offset >= 0 {
		line, column := position(q.src.text, offset)
		info.Where = fmt.Sprintf("this cell:%d:%d", line, column)
		info.Doc, info.Source = q.src.declaration(offset)
		return
	}
	pos := q.engine.Fset.Position(obj.Pos())
	if !pos.IsValid() {
		return
	}
	info.Where = pos.String()
	if q.engine.Source == nil {
		return
	}
	text := strings.ReplaceAll(q.engine.Source(pos.Filename), "\r", " ")
	if offset := offsetOf(text, pos); offset >= 0 {
		info.Doc, info.Source = newSource(text).declaration(offset)
	}
}

// declaresHere reports whether the cell itself declares obj.
func (v *view) declaresHere(obj types.Object) bool {
	for _, def := range v.info.Defs {
		if def == obj {
			return true
		}
	}
	return false
}

func position(text string, offset int) (line, column int) {
	before := text[:min(offset, len(text))]
	return 1 + strings.Count(before, "\n"), len(before) - strings.LastIndexByte(before, '\n')
}

// offsetOf returns the offset of a position in the text of a cell, or -1.
func offsetOf(text string, pos token.Position) int {
	offset := 0
	for range pos.Line - 1 {
		i := strings.IndexByte(text[offset:], '\n')
		if i < 0 {
			return -1
		}
		offset += i + 1
	}
	if offset += pos.Column - 1; offset > len(text) {
		return -1
	}
	return offset
}

// key is the name under which package docs knows an object of a compiled package, whose use is id.
func (v *view) key(obj types.Object, id *ast.Ident) string {
	switch obj := obj.(type) {
	case *types.Func:
		if recv := obj.Signature().Recv(); recv != nil {
			return typeName(recv.Type()) + "." + obj.Name()
		}
	case *types.Var:
		if obj.IsField() {
			return v.owner(obj, id) + "." + obj.Name()
		}
	}
	return obj.Name()
}

// typeName returns the name of t or what it points to.
func typeName(t types.Type) string {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

// owner returns the name of the type that declares a field.
func (v *view) owner(field *types.Var, id *ast.Ident) string {
	for sel, s := range v.info.Selections {
		if sel.Sel != id {
			continue
		}
		t := s.Recv()
		for _, i := range s.Index()[:len(s.Index())-1] {
			if st, ok := structOf(t); ok {
				t = st.Field(i).Type()
			}
		}
		return typeName(t)
	}
	for x, tv := range v.info.Types {
		if lit, ok := x.(*ast.CompositeLit); ok && lit.Pos() <= id.Pos() && id.Pos() < lit.End() {
			if s, ok := structOf(tv.Type); ok && hasField(s, field) {
				return typeName(tv.Type)
			}
		}
	}
	return ""
}

func hasField(s *types.Struct, field *types.Var) bool {
	for f := range s.Fields() {
		if f == field {
			return true
		}
	}
	return false
}

// contents lists what a package exports.
func contents(pkg *types.Package) (list []string) {
	for _, name := range pkg.Scope().Names() {
		switch obj := pkg.Scope().Lookup(name).(type) {
		case *types.TypeName:
			if obj.Exported() {
				list = append(list, strings.TrimSpace("type "+name+" "+firstLine(underlying(obj))))
			}
		default:
			if obj.Exported() {
				list = append(list, strings.Replace(declarationOf(obj), pkg.Name()+"."+name, name, 1))
			}
		}
	}
	return list
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// methods lists the methods of a type and of pointers to it.
func methods(obj *types.TypeName) (list []string) {
	t := obj.Type()
	if types.IsInterface(t) {
		return nil
	}
	for m := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		if m.Obj().Exported() || qualify(m.Obj().Pkg()) == "" {
			list = append(list, declarationOf(m.Obj()))
		}
	}
	return list
}
