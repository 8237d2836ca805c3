package export

import (
	"fmt"
	"go/types"
	"strings"
)

// eachPackage calls f with the packages whose names a type is written with.
func (p *program) eachPackage(t types.Type, f func(*types.Package)) {
	types.TypeString(t, func(pkg *types.Package) string {
		if pkg != p.session.Package() {
			f(pkg)
		}
		return ""
	})
}

// typeText writes the type of a variable of a cell as the program has it.
func (p *program) typeText(e *entity) string {
	w := &typeWriter{program: p}
	w.write(e.obj.Type())
	if w.hidden != "" {
		p.fail(e.cell, e.base, "%s is needed by other parts of the program, but its type %s has no name outside of where it is declared: "+
			"declare %s with a type that has one", e.base, w.hidden, e.base)
	}
	return w.String()
}

// typeWriter writes types with the names that they have in the program.
type typeWriter struct {
	strings.Builder
	program *program
	hidden  string // a type that cannot be written
}

func (w *typeWriter) write(t types.Type) {
	switch t := t.(type) {
	case *types.Alias:
		w.named(t.Obj(), t.TypeArgs())
	case *types.Named:
		w.named(t.Obj(), t.TypeArgs())
	case *types.Pointer:
		w.parts("*", t.Elem())
	case *types.Slice:
		w.parts("[]", t.Elem())
	case *types.Array:
		w.parts(fmt.Sprintf("[%d]", t.Len()), t.Elem())
	case *types.Map:
		w.parts("map[", t.Key(), "]", t.Elem())
	case *types.Chan:
		w.channel(t)
	case *types.Signature:
		w.parts("func")
		w.signature(t)
	case *types.Struct:
		w.structure(t)
	default:
		w.WriteString(types.TypeString(t, w.qualifier))
	}
}

// parts writes strings and types.
func (w *typeWriter) parts(list ...any) {
	for _, part := range list {
		switch part := part.(type) {
		case string:
			w.WriteString(part)
		case types.Type:
			w.write(part)
		}
	}
}

func (w *typeWriter) qualifier(pkg *types.Package) string {
	if pkg == w.program.session.Package() {
		return ""
	}
	e := w.program.importPath(pkg.Path(), pkg.Name())
	e.used = true
	return e.name
}

func (w *typeWriter) named(obj *types.TypeName, args *types.TypeList) {
	switch {
	case obj.Pkg() == nil:
		w.WriteString(obj.Name())
	case obj.Pkg() == w.program.session.Package():
		if e := w.program.entities[obj]; e != nil {
			w.WriteString(e.name)
		} else {
			w.hidden = obj.Name()
		}
	case !obj.Exported():
		w.hidden = obj.Pkg().Name() + "." + obj.Name()
	default:
		w.WriteString(w.qualifier(obj.Pkg()) + "." + obj.Name())
	}
	for i := range args.Len() {
		w.parts([]string{"[", ", "}[min(i, 1)], args.At(i))
	}
	if args.Len() > 0 {
		w.WriteByte(']')
	}
}

func (w *typeWriter) channel(t *types.Chan) {
	switch t.Dir() {
	case types.SendOnly:
		w.parts("chan<- ", t.Elem())
	case types.RecvOnly:
		w.parts("<-chan ", t.Elem())
	default:
		if inner, ok := t.Elem().(*types.Chan); ok && inner.Dir() == types.RecvOnly {
			w.parts("chan (", t.Elem(), ")")
			return
		}
		w.parts("chan ", t.Elem())
	}
}

func (w *typeWriter) signature(t *types.Signature) {
	w.tuple(t.Params(), t.Variadic())
	switch n := t.Results().Len(); {
	case n == 1 && t.Results().At(0).Name() == "":
		w.parts(" ", t.Results().At(0).Type())
	case n > 0:
		w.WriteByte(' ')
		w.tuple(t.Results(), false)
	}
}

func (w *typeWriter) tuple(t *types.Tuple, variadic bool) {
	w.WriteByte('(')
	for i := range t.Len() {
		v := t.At(i)
		if i > 0 {
			w.WriteString(", ")
		}
		if v.Name() != "" {
			w.WriteString(v.Name() + " ")
		}
		if s, ok := v.Type().(*types.Slice); ok && variadic && i == t.Len()-1 {
			w.parts("...", s.Elem())
		} else {
			w.write(v.Type())
		}
	}
	w.WriteByte(')')
}

func (w *typeWriter) structure(t *types.Struct) {
	w.WriteString("struct{")
	for i := range t.NumFields() {
		f := t.Field(i)
		if i > 0 {
			w.WriteString("; ")
		}
		if !f.Embedded() {
			w.WriteString(f.Name() + " ")
		}
		w.write(f.Type())
		if tag := t.Tag(i); tag != "" {
			fmt.Fprintf(w, " %q", tag)
		}
	}
	w.WriteByte('}')
}

// zero writes the zero value of a type.
func (p *program) zero(e *entity) string {
	switch t := e.obj.Type().Underlying().(type) {
	case *types.Basic:
		switch info := t.Info(); {
		case info&types.IsString != 0:
			return `""`
		case info&types.IsBoolean != 0:
			return "false"
		case info&types.IsNumeric != 0:
			return "0"
		}
	case *types.Struct, *types.Array:
		return p.typeText(e) + "{}"
	}
	return "nil"
}
