package main

import (
	"fmt"
	"go/types"
	"strings"
)

// wrapper adds the struct by which a type of interpreted code satisfies a compiled interface: IValue holds the value,
// and a function field per method calls the interpreted one. Yaegi looks for it under the interface's name with an
// underscore before it, and for each method under the field W + its name. A method that mentions a type of an internal
// package cannot be written down here; such an interface gets no wrapper.
func (f *file) wrapper(name string, iface *types.Interface) {
	if mentionsInternal(iface) {
		return
	}
	typ := "_" + pathToName.Replace(f.pkg.Path()) + "_" + name
	f.entry("_"+name, "reflect.ValueOf((*%s)(nil))", typ)
	var fields, methods strings.Builder
	for m := range iface.Methods() {
		if !m.Exported() {
			continue
		}
		params, args := f.parameters(m.Signature())
		results := f.results(m.Signature())
		fmt.Fprintf(&fields, "\tW%s func(%s) %s\n", m.Name(), params, results)
		fmt.Fprintf(&methods, "\nfunc (w %s) %s(%s) %s {\n", typ, m.Name(), params, results)
		if m.Name() == "String" { // fmt may print a wrapper that yaegi has not filled yet
			methods.WriteString("\tif w.WString == nil {\n\t\treturn \"\"\n\t}\n")
		}
		if results != "" {
			methods.WriteString("\treturn ")
		}
		fmt.Fprintf(&methods, "w.W%s(%s)\n}\n", m.Name(), args)
	}
	fmt.Fprintf(&f.wrappers, "\ntype %s struct {\n\tIValue any\n%s}\n%s", typ, fields.String(), methods.String())
}

// parameters writes a parameter list and the arguments that pass it on.
func (f *file) parameters(sig *types.Signature) (params, args string) {
	var ps, as []string
	for i := range sig.Params().Len() {
		name := fmt.Sprintf("a%d", i)
		typ := sig.Params().At(i).Type()
		if sig.Variadic() && i == sig.Params().Len()-1 {
			ps = append(ps, name+" ..."+types.TypeString(typ.(*types.Slice).Elem(), f.qualify))
			as = append(as, name+"...")
			continue
		}
		ps = append(ps, name+" "+types.TypeString(typ, f.qualify))
		as = append(as, name)
	}
	return strings.Join(ps, ", "), strings.Join(as, ", ")
}

// results writes a result list, parenthesised if it has several members.
func (f *file) results(sig *types.Signature) string {
	var rs []string
	for v := range sig.Results().Variables() {
		rs = append(rs, types.TypeString(v.Type(), f.qualify))
	}
	if len(rs) > 1 {
		return "(" + strings.Join(rs, ", ") + ")"
	}
	return strings.Join(rs, "")
}

// mentionsInternal reports whether a method's signature names a type that this module may not import.
func mentionsInternal(iface *types.Interface) bool {
	found := false
	look := func(p *types.Package) string {
		found = found || strings.Contains("/"+p.Path()+"/", "/internal/")
		return p.Name()
	}
	for m := range iface.Methods() {
		if m.Exported() {
			types.TypeString(m.Type(), look)
		}
	}
	return found
}
