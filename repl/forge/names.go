package forge

import (
	"fmt"
	"go/token"
	"go/types"
	"sort"
	"strconv"
	"strings"
)

// typeString writes t as the compiler does for type descriptors: link strings
// (cmd/compile's fmtTypeID) name packages by their paths and stand between
// the brackets of instantiated types, the others (fmtTypeIDName) name
// packages by their names.
func (w *World) typeString(t types.Type, link bool) string {
	p := printer{w: w, link: link}
	p.typ(t)
	return p.String()
}

type printer struct {
	strings.Builder
	w    *World
	link bool
}

func (p *printer) printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

func (p *printer) typ(t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		p.WriteString(basicName(t))
	case *types.Named:
		p.named(t)
	case *types.Pointer:
		p.WriteByte('*')
		p.typ(t.Elem())
	case *types.Slice:
		p.WriteString("[]")
		p.typ(t.Elem())
	case *types.Array:
		p.printf("[%d]", t.Len())
		p.typ(t.Elem())
	case *types.Map:
		p.WriteString("map[")
		p.typ(t.Key())
		p.WriteByte(']')
		p.typ(t.Elem())
	case *types.Chan:
		p.channel(t)
	case *types.Signature:
		p.WriteString("func")
		p.signature(t)
	case *types.Struct:
		p.structure(t)
	case *types.Interface:
		p.iface(t)
	default:
		fail("%v is not the type of a value", t)
	}
}

func basicName(t *types.Basic) string {
	if t.Kind() == types.UnsafePointer {
		return "unsafe.Pointer"
	}
	return types.Typ[t.Kind()].Name() // byte and rune by the names of what they are
}

func (p *printer) channel(t *types.Chan) {
	elem, _ := types.Unalias(t.Elem()).(*types.Chan)
	switch {
	case t.Dir() == types.SendOnly:
		p.WriteString("chan<- ")
	case t.Dir() == types.RecvOnly:
		p.WriteString("<-chan ")
	case elem != nil && elem.Dir() == types.RecvOnly:
		p.WriteString("chan (")
		defer p.WriteByte(')')
	default:
		p.WriteString("chan ")
	}
	p.typ(t.Elem())
}

func (p *printer) signature(t *types.Signature) {
	p.WriteByte('(')
	p.tuple(t.Params(), t.Variadic())
	p.WriteByte(')')
	switch n := t.Results().Len(); {
	case n == 1:
		p.WriteByte(' ')
		p.typ(t.Results().At(0).Type())
	case n > 1:
		p.WriteString(" (")
		p.tuple(t.Results(), false)
		p.WriteByte(')')
	}
}

func (p *printer) tuple(vars *types.Tuple, variadic bool) {
	for i := range vars.Len() {
		if i > 0 {
			p.WriteString(", ")
		}
		t := vars.At(i).Type()
		if slice, ok := types.Unalias(t).(*types.Slice); ok && variadic && i == vars.Len()-1 {
			p.WriteString("...")
			t = slice.Elem()
		}
		p.typ(t)
	}
}

func (p *printer) structure(t *types.Struct) {
	p.WriteString("struct {")
	for i := range t.NumFields() {
		if i > 0 {
			p.WriteByte(';')
		}
		p.WriteByte(' ')
		p.field(t.Field(i))
		if tag := t.Tag(i); tag != "" {
			p.WriteString(" " + strconv.Quote(tag))
		}
	}
	if t.NumFields() > 0 {
		p.WriteByte(' ')
	}
	p.WriteByte('}')
}

// field writes a field. Link strings tell an embedded field whose name is not
// that of its type (an alias, or a predeclared type) as "name = type".
func (p *printer) field(f *types.Var) {
	name := f.Name()
	if p.link && !f.Exported() {
		name = linkPath(f.Pkg()) + "." + name
	}
	switch {
	case !f.Embedded():
		p.WriteString(name + " ")
	case p.link && !namedAs(f):
		p.WriteString(name + " = ")
	}
	p.typ(f.Type())
}

// namedAs tells whether the embedded field f has the very name of its type.
func namedAs(f *types.Var) bool {
	t := types.Unalias(f.Type())
	if ptr, ok := t.(*types.Pointer); ok {
		t = types.Unalias(ptr.Elem())
	}
	n, ok := t.(*types.Named)
	return ok && n.Obj().Name() == f.Name() && (f.Exported() || n.Obj().Pkg() == f.Pkg())
}

func (p *printer) iface(t *types.Interface) {
	ms := interfaceMethods(t)
	if len(ms) == 0 {
		p.WriteString("interface {}")
		return
	}
	p.WriteString("interface {")
	for i, m := range ms {
		if i > 0 {
			p.WriteByte(';')
		}
		p.WriteByte(' ')
		if !m.Exported() {
			p.pkg(m.Pkg())
		}
		p.WriteString(m.Name())
		p.signature(m.Signature())
	}
	p.WriteString(" }")
}

func (p *printer) pkg(pkg *types.Package) {
	if p.link {
		p.WriteString(linkPath(pkg) + ".")
	} else {
		p.WriteString(pkg.Name() + ".")
	}
}

func (p *printer) named(t *types.Named) {
	obj := t.Obj()
	if obj.Pkg() != nil {
		p.pkg(obj.Pkg())
	}
	p.WriteString(p.w.typeName(t))
	if p.link {
		p.WriteString(p.w.localSuffix(obj))
	}
}

// typeName is the name of t in its package: with the type arguments, if any.
func (w *World) typeName(t *types.Named) string {
	if t.TypeArgs().Len() < t.TypeParams().Len() {
		fail("generic type %v is not instantiated", t)
	}
	if t.TypeArgs().Len() == 0 {
		return t.Obj().Name()
	}
	var args []string
	for a := range t.TypeArgs().Types() {
		args = append(args, w.typeString(a, true))
	}
	return t.Obj().Name() + "[" + strings.Join(args, ",") + "]"
}

// packagePath is the path of pkg as descriptors have it.
func packagePath(pkg *types.Package) string {
	if pkg.Name() == "main" {
		return "main"
	}
	return pkg.Path()
}

// linkPath is the path as symbols of the linker spell it (objabi.PathToPrefix).
func linkPath(pkg *types.Package) string {
	path := packagePath(pkg)
	slash := strings.LastIndexByte(path, '/')
	var b strings.Builder
	for i := range len(path) {
		if c := path[i]; c <= ' ' || i > slash && c == '.' || c == '%' || c == '"' || c >= 0x7F {
			fmt.Fprintf(&b, "%%%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// localSuffix is what tells apart types that functions of a package declare
// by one name: their number in the order of the source.
func (w *World) localSuffix(obj *types.TypeName) string {
	pkg := obj.Pkg()
	if pkg == nil || obj.Parent() == nil || obj.Parent() == pkg.Scope() {
		return ""
	}
	numbers, ok := w.locals[pkg]
	if !ok {
		numbers = numberLocals(pkg)
		w.locals[pkg] = numbers
	}
	if n := numbers[obj]; n > 0 {
		return "·" + strconv.Itoa(n)
	}
	return ""
}

func numberLocals(pkg *types.Package) map[*types.TypeName]int {
	var objs []*types.TypeName
	var walk func(s *types.Scope)
	walk = func(s *types.Scope) {
		for _, name := range s.Names() {
			if obj, ok := s.Lookup(name).(*types.TypeName); ok && s != pkg.Scope() && obj.Pkg() == pkg && !obj.IsAlias() {
				if _, ok := obj.Type().(*types.Named); ok {
					objs = append(objs, obj)
				}
			}
		}
		for child := range s.Children() {
			walk(child)
		}
	}
	walk(pkg.Scope())
	sort.Slice(objs, func(i, j int) bool { return objs[i].Pos() < objs[j].Pos() })
	numbers := map[*types.TypeName]int{}
	for i, obj := range objs {
		numbers[obj] = i + 1
	}
	return numbers
}

// interfaceMethods are the methods of t in the order of descriptors.
func interfaceMethods(t *types.Interface) []*types.Func {
	var ms []*types.Func
	for m := range t.Methods() {
		ms = append(ms, m)
	}
	sort.Slice(ms, func(i, j int) bool { return methodLess(ms[i], ms[j]) })
	return ms
}

// methodLess orders methods as cmd/compile's types.CompareSyms.
func methodLess(a, b *types.Func) bool {
	if a.Exported() != b.Exported() {
		return a.Exported()
	}
	if a.Name() != b.Name() {
		return a.Name() < b.Name()
	}
	return !a.Exported() && a.Pkg().Path() < b.Pkg().Path()
}

// methodName is the name of a method as descriptors have it.
func methodName(f *types.Func) name {
	n := name{text: f.Name(), exported: token.IsExported(f.Name())}
	if !n.exported {
		n.pkg = packagePath(f.Pkg())
	}
	return n
}
