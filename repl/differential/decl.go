package main

import (
	"fmt"
	"strings"
)

// declarations makes the types, functions and variables of a program.
func (g *generator) declarations() {
	for range 1 + g.IntN(2) {
		g.hidden(g.basicType)
	}
	for range 1 + g.IntN(3) {
		g.hidden(g.structType)
	}
	if g.chance(40) {
		g.hidden(g.compositeType)
	}
	for range 1 + g.IntN(3) {
		g.hidden(g.function)
	}
	for range g.IntN(3) {
		g.hidden(g.global)
	}
}

// toplevel adds a declaration to the program.
func (g *generator) toplevel(format string, args ...any) {
	g.program.decls = append(g.program.decls, fmt.Sprintf(format, args...))
}

func (g *generator) newNamed(t typ) *typ {
	t.named = true
	n := &t
	g.types[t.text] = n
	g.named = append(g.named, n)
	return n
}

func (g *generator) basicType() {
	under := basics[g.IntN(len(basics))]
	name := g.top("B")
	g.toplevel("type %s %s", name, under.text)
	t := g.newNamed(typ{text: name, kind: under.kind, bits: under.bits})
	g.methods(t)
}

func (g *generator) compositeType() {
	var under *typ
	switch g.IntN(3) {
	case 0:
		under = g.sliceOf(g.pick("flat"))
	case 1:
		under = g.arrayOf(1+g.IntN(3), g.pick("flat"))
	case 2:
		under = g.mapOf(g.keyType(), g.pick("flat"))
	}
	name := g.top("C")
	g.toplevel("type %s %s", name, under.text)
	t := *under
	t.text = name
	g.methods(g.newNamed(t))
}

func (g *generator) structType() {
	name := g.top("S")
	var fields []field
	var lines []string
	for range 1 + g.IntN(4) {
		f := field{name: g.local(choose(g, "F", "f")), typ: g.anyType(2)}
		if g.chance(70) {
			f.typ = g.pick("flat")
		}
		switch {
		case g.chance(8):
			f.name = "_"
		case g.chance(20) && len(g.named) > 0:
			f.typ = g.named[g.IntN(len(g.named))]
			f.name, f.embedded = f.typ.text, true
			if hasField(fields, f.name) {
				continue
			}
			fields, lines = append(fields, f), append(lines, f.name)
			continue
		}
		fields, lines = append(fields, f), append(lines, f.name+" "+f.typ.text+choose(g, "", "", " `json:\"tag"+f.name[len(f.name)-1:]+",omitempty\"`"))
	}
	g.toplevel("type %s struct {\n%s\n}", name, strings.Join(lines, "\n"))
	g.methods(g.newNamed(typ{text: name, kind: kStruct, fields: fields}))
}

func hasField(fields []field, name string) bool {
	for _, f := range fields {
		if f.name == name {
			return true
		}
	}
	return false
}

// methods gives a type methods, and sometimes declares an interface that it and others implement.
func (g *generator) methods(t *typ) {
	for range g.IntN(3) {
		m := &method{name: g.local(choose(g, "M", "m")), result: g.pick("flat"), ptr: g.chance(40)}
		if g.chance(60) {
			m.param = g.pick("flat")
		}
		g.method(t, m)
	}
	if g.chance(25) {
		g.special(t)
	}
	if g.chance(40) && len(t.methods) > 0 {
		g.iface(t)
	}
}

func (g *generator) method(t *typ, m *method) {
	g.scopes[0] = nil
	recv, param := t.text, ""
	g.push()
	if m.ptr {
		recv = "*" + recv
		g.define("r", g.ptrTo(t))
	} else {
		g.define("r", t)
	}
	if m.param != nil {
		param = "p " + m.param.text
		g.define("p", m.param)
	}
	body := ""
	if t.flat() && g.chance(60) {
		body = g.flatStmt()
	}
	g.toplevel("func (r %s) %s(%s) %s {\nfmt.Println(%q)\n%sreturn %s\n}", recv, m.name, param, m.result.text, t.text+"."+m.name, body, g.expr(m.result, 2))
	g.pop()
	t.methods = append(t.methods, m)
}

// flatStmt assigns to a part of the receiver or to a parameter.
func (g *generator) flatStmt() string {
	place, t := g.place(anything)
	if t == nil {
		return ""
	}
	return fmt.Sprintf("%s = %s\n", place, g.expr(t, 2))
}

// special gives a type a method that fmt looks for.
func (g *generator) special(t *typ) {
	t.special = true
	recv := "r " + choose(g, "", "", "*") + t.text
	switch g.IntN(4) {
	case 0:
		g.toplevel("func (%s) String() string { return %q }", recv, "string of "+t.text)
	case 1:
		g.toplevel("func (%s) Error() string { return %q }", recv, "error of "+t.text)
	case 2:
		g.toplevel("func (%s) GoString() string { return %q }", recv, "go string of "+t.text)
	case 3:
		g.toplevel("func (%s) Format(f fmt.State, verb rune) {\nw, ok := f.Width()\nfmt.Fprintf(f, \"<%%c %%d %%t %%t>\", verb, w, ok, f.Flag('+'))\n}", recv)
	}
}

// iface declares an interface with a method of the type, which another type gets too.
func (g *generator) iface(t *typ) {
	m := t.methods[g.IntN(len(t.methods))]
	name := g.top("I")
	g.toplevel("type %s interface {\n%s%s\n}", name, m.name, strings.TrimPrefix(m.signature(), "func"))
	i := &typ{text: name, kind: kIface, impls: []*typ{t}, methods: []*method{m}, named: true}
	if other := g.named[g.IntN(len(g.named))]; other != t && other.kind != kIface && len(other.methods) == 0 {
		again := *m
		again.ptr = g.chance(50)
		g.method(other, &again)
		i.impls = append(i.impls, other)
	}
	g.ifaces = append(g.ifaces, i)
}

// function declares a function that reads its parameters, prints and returns.
func (g *generator) function() {
	f := &function{name: g.top("fn"), result: g.pick("flat")}
	var params []string
	for range g.IntN(3) {
		t := g.pick("flat")
		name := g.local("p")
		g.define(name, t)
		f.params = append(f.params, t)
		params = append(params, name+" "+t.text)
	}
	body := ""
	if g.chance(60) {
		g.left, g.depth = 3, 2
		body = g.block(1+g.IntN(2)) + "\n"
		g.depth = 0
	}
	r := g.local("r")
	g.toplevel("func %s(%s) (%s %s) {\nfmt.Println(%q)\n%s%s = %s\nreturn\n}", f.name, strings.Join(params, ", "), r, f.result.text, f.name, body, r, g.expr(f.result, 2))
	g.funcs = append(g.funcs, f)
}

// global declares a package-level variable, which is initialized by a call.
func (g *generator) global() {
	t := g.pick("print")
	g.mode = plain
	name, note := g.top("g"), g.top("note")
	g.toplevel("var %s %s = %s(%s)", name, t.text, note, g.expr(t, 2))
	g.toplevel("func %s(x %s) %s {\nnoteInit(%q, x)\nreturn x\n}", note, t.text, t.text, g.program.name())
	g.program.body = append(g.program.body, fmt.Sprintf("show(%q, %s)", name, name))
}
