package assist

import (
	"fmt"
	"go/constant"
	"go/types"
	"strings"
)

// qualify names packages in types as cells do.
func qualify(p *types.Package) string {
	if p.Path() == "main" {
		return ""
	}
	return p.Name()
}

// kindOfObject is the kind of an object in completions.
func kindOfObject(obj types.Object) string {
	switch obj := obj.(type) {
	case *types.PkgName:
		return "package"
	case *types.TypeName:
		return "type"
	case *types.Const, *types.Nil:
		return "const"
	case *types.Func:
		if obj.Signature().Recv() != nil {
			return "method"
		}
		return "func"
	case *types.Builtin:
		return "func"
	case *types.Label:
		return "label"
	case *types.Var:
		if obj.IsField() {
			return "field"
		}
	}
	return "var"
}

// detail is what is shown beside a completion: a signature, a type, a value.
func detail(obj types.Object) string {
	switch obj := obj.(type) {
	case *types.PkgName:
		return obj.Imported().Path()
	case *types.Func:
		return "func" + signature(obj.Signature())
	case *types.Builtin:
		return strings.Replace(builtins[obj.Name()], "func "+obj.Name(), "func", 1)
	case *types.Const:
		return types.TypeString(obj.Type(), qualify) + " = " + short(obj.Val())
	case *types.TypeName:
		return underlying(obj)
	case *types.Nil:
		return "untyped nil"
	case *types.Label:
		return ""
	}
	return types.TypeString(obj.Type(), qualify)
}

// underlying tells in a word what a type is.
func underlying(obj *types.TypeName) string {
	if obj.IsAlias() {
		if a, ok := obj.Type().(*types.Alias); ok {
			return "= " + types.TypeString(a.Rhs(), qualify)
		}
		return ""
	}
	switch u := obj.Type().Underlying().(type) {
	case *types.Struct:
		return "struct"
	case *types.Interface:
		return "interface"
	case *types.Basic:
		if u.Name() == obj.Name() {
			return ""
		}
	}
	return types.TypeString(obj.Type().Underlying(), qualify)
}

// short is the value of a constant on a line.
func short(v constant.Value) string {
	if v.Kind() == constant.Int || v.Kind() == constant.String {
		return v.String() // which shortens strings
	}
	text := v.String()
	if len(text) > 40 {
		text = text[:40] + "…"
	}
	return text
}

// signature writes parameters and results as one would in a declaration: (s, sep string) []string.
func signature(sig *types.Signature) string {
	var b strings.Builder
	if list := sig.TypeParams(); list.Len() > 0 {
		b.WriteString("[")
		for i := range list.Len() {
			if i > 0 {
				b.WriteString(", ")
			}
			p := list.At(i)
			b.WriteString(p.Obj().Name())
			if i == list.Len()-1 || !types.Identical(p.Constraint(), list.At(i+1).Constraint()) {
				b.WriteString(" " + types.TypeString(p.Constraint(), qualify))
			}
		}
		b.WriteString("]")
	}
	b.WriteString("(" + strings.Join(parameters(sig), ", ") + ")")
	switch results := tuple(sig.Results(), false); {
	case len(results) == 1 && sig.Results().At(0).Name() == "":
		b.WriteString(" " + results[0])
	case len(results) > 0:
		b.WriteString(" (" + strings.Join(results, ", ") + ")")
	}
	return b.String()
}

// parameters lists the parameters, those with the type of the next one by name alone.
func parameters(sig *types.Signature) []string { return tuple(sig.Params(), sig.Variadic()) }

func tuple(vars *types.Tuple, variadic bool) []string {
	list := make([]string, vars.Len())
	for i := range list {
		p := vars.At(i)
		name := p.Name()
		next := i + 1
		if name != "" && next < vars.Len() && vars.At(next).Name() != "" && types.Identical(p.Type(), vars.At(next).Type()) &&
			(!variadic || next < vars.Len()-1) {
			list[i] = name
			continue
		}
		if name != "" {
			name += " "
		}
		list[i] = name + parameterType(p.Type(), variadic && next == vars.Len())
	}
	return list
}

func parameterType(t types.Type, variadic bool) string {
	if s, ok := t.(*types.Slice); ok && variadic {
		return "..." + types.TypeString(s.Elem(), qualify)
	}
	return types.TypeString(t, qualify)
}

// declarationOf writes an object as it would be declared, names of packages with it.
func declarationOf(obj types.Object) string {
	name := obj.Name()
	if obj.Pkg() != nil && obj.Parent() == obj.Pkg().Scope() && qualify(obj.Pkg()) != "" {
		name = qualify(obj.Pkg()) + "." + name
	}
	switch obj := obj.(type) {
	case *types.PkgName:
		return fmt.Sprintf("package %s // import %q", obj.Imported().Name(), obj.Imported().Path())
	case *types.Func:
		if recv := obj.Signature().Recv(); recv != nil {
			of := strings.TrimSpace(recv.Name() + " " + types.TypeString(recv.Type(), qualify))
			return fmt.Sprintf("func (%s) %s%s", of, name, signature(obj.Signature()))
		}
		return "func " + name + signature(obj.Signature())
	case *types.Builtin:
		return builtins[obj.Name()]
	case *types.Const:
		if b, ok := obj.Type().(*types.Basic); !ok || b.Info()&types.IsUntyped == 0 {
			name += " " + types.TypeString(obj.Type(), qualify)
		}
		return fmt.Sprintf("const %s = %s", name, short(obj.Val()))
	case *types.TypeName:
		return typeDeclaration(name, obj)
	case *types.Nil:
		return "nil"
	case *types.Label:
		return "label " + name
	case *types.Var:
		if obj.IsField() {
			return fmt.Sprintf("field %s %s", name, types.TypeString(obj.Type(), qualify))
		}
	}
	return fmt.Sprintf("var %s %s", name, types.TypeString(obj.Type(), qualify))
}

// typeDeclaration writes a type with the fields and methods that cells can use.
func typeDeclaration(name string, obj *types.TypeName) string {
	if obj.IsAlias() {
		return "type " + name + " " + underlying(obj)
	}
	if named, ok := obj.Type().(*types.Named); ok {
		if list := named.TypeParams(); list.Len() > 0 {
			text := types.TypeString(named, qualify)
			name += text[strings.Index(text, "["):]
		}
	}
	var lines []string
	hidden := ""
	add := func(member types.Object, line string) {
		if member.Exported() || member.Pkg() != nil && qualify(member.Pkg()) == "" {
			lines = append(lines, line)
		} else {
			hidden = "// and what is not exported"
		}
	}
	switch u := obj.Type().Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			line := f.Name() + " " + types.TypeString(f.Type(), qualify)
			if f.Embedded() {
				line = types.TypeString(f.Type(), qualify)
			}
			add(f, line)
		}
		return block("type "+name+" struct", lines, hidden)
	case *types.Interface:
		for e := range u.EmbeddedTypes() {
			lines = append(lines, types.TypeString(e, qualify))
		}
		for m := range u.ExplicitMethods() {
			add(m, m.Name()+signature(m.Signature()))
		}
		return block("type "+name+" interface", lines, hidden)
	case *types.Basic:
		if u.Name() == obj.Name() {
			return "type " + name
		}
	}
	return "type " + name + " " + types.TypeString(obj.Type().Underlying(), qualify)
}

func block(head string, lines []string, last string) string {
	if last != "" {
		lines = append(lines, last)
	}
	if len(lines) == 0 {
		return head + "{}"
	}
	return head + " {\n\t" + strings.Join(lines, "\n\t") + "\n}"
}

// builtinParameters lists the parameters of a builtin function.
func builtinParameters(name string) []string {
	_, rest, _ := strings.Cut(builtins[name], "(")
	list, _, _ := strings.Cut(rest, ")")
	if list == "" {
		return nil
	}
	return strings.Split(list, ", ")
}

// builtins are the signatures of the builtin functions.
var builtins = map[string]string{
	"append":  "func append(slice []T, elems ...T) []T",
	"cap":     "func cap(v T) int",
	"clear":   "func clear(t T)",
	"close":   "func close(c chan<- T)",
	"complex": "func complex(r, i T) C",
	"copy":    "func copy(dst, src []T) int",
	"delete":  "func delete(m map[K]V, key K)",
	"imag":    "func imag(c C) T",
	"len":     "func len(v T) int",
	"make":    "func make(t T, size ...int) T",
	"max":     "func max(x T, y ...T) T",
	"min":     "func min(x T, y ...T) T",
	"new":     "func new(v T) *T",
	"panic":   "func panic(v any)",
	"print":   "func print(args ...T)",
	"println": "func println(args ...T)",
	"real":    "func real(c C) T",
	"recover": "func recover() any",
}
