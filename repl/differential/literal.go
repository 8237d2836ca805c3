package main

import (
	"fmt"
	"strings"
)

// literal is a literal of a type, or what comes next to it.
func (g *generator) literal(t *typ, depth int) string {
	switch t.kind {
	case kBool:
		return typed(t, tBool, choose(g, "true", "false"))
	case kInt, kUint:
		return typed(t, tInt, g.integer(t))
	case kFloat:
		return typed(t, basic("float64"), choose(g, "0.0", "1.5", "-2.25", "3e2", "0.1", "1e-3", "7.0", "0x1p-2"))
	case kComplex:
		return typed(t, basic("complex128"), choose(g, "1i", "(2 - 3i)", "(0.5 + 0.25i)", "(-1 + 0i)"))
	case kString:
		return typed(t, tString, choose(g, `""`, `"a"`, `"go"`, `"héé"`, `"x\ny"`, "`raw`", `"日本"`, `"\x00\xff"`, `" s "`, `"key"`))
	case kStruct:
		return g.structLiteral(t, depth)
	case kArray:
		return fmt.Sprintf("%s{%s}", t.text, g.elements(t.elem, g.IntN(t.n+1), depth))
	case kSlice:
		return g.sliceLiteral(t, depth)
	case kMap:
		return g.mapLiteral(t, depth)
	case kPtr:
		return g.pointerLiteral(t, depth)
	case kFunc:
		return g.funcLiteral(t, depth)
	case kIface:
		return fmt.Sprintf("%s(%s)", t.text, g.implementer(t, depth))
	}
	panic("differential: no literal of " + t.text)
}

// typed converts a constant, unless it has that type by itself.
func typed(t, def *typ, s string) string {
	if t == def {
		return s
	}
	return t.text + "(" + s + ")"
}

func (g *generator) integer(t *typ) string {
	if t.text == "int32" && g.chance(40) {
		return choose(g, "'a'", "'é'", `'\n'`, "'世'")
	}
	list := []string{"0", "1", "2", "3", "7", "10", "0x2a", "0b101", "0o17", "100", "1<<6"}
	if t.kind == kInt {
		list = append(list, "-1", "-2", "-5", "-100", fmt.Sprintf("-1<<%d", t.bits-1), fmt.Sprintf("1<<%d-1", t.bits-1))
	} else {
		list = append(list, "200", fmt.Sprintf("1<<%d-1", t.bits), fmt.Sprintf("1<<%d", t.bits-1))
	}
	s := list[g.IntN(len(list))]
	if strings.HasPrefix(s, "-") {
		return "(" + s + ")"
	}
	return s
}

func (g *generator) elements(t *typ, n, depth int) string {
	var list []string
	for range n {
		list = append(list, g.expr(t, depth-1))
	}
	return strings.Join(list, ", ")
}

func (g *generator) structLiteral(t *typ, depth int) string {
	var list []string
	blank := false
	for _, f := range t.fields {
		blank = blank || f.name == "_"
	}
	keyed := blank || g.chance(60)
	for _, f := range t.fields {
		switch {
		case !keyed:
			list = append(list, g.expr(f.typ, depth-1))
		case f.name != "_" && g.chance(75):
			list = append(list, f.name+": "+g.expr(f.typ, depth-1))
		}
	}
	return fmt.Sprintf("%s{%s}", t.text, strings.Join(list, ", "))
}

func (g *generator) sliceLiteral(t *typ, depth int) string {
	switch g.IntN(8) {
	case 0:
		return fmt.Sprintf("%s(nil)", convertible(t))
	case 1:
		return fmt.Sprintf("make(%s, %d, %d)", t.text, g.IntN(3), 3+g.IntN(3))
	case 2:
		return fmt.Sprintf("%s{%d: %s}", t.text, 1+g.IntN(3), g.expr(t.elem, depth-1))
	}
	return fmt.Sprintf("%s{%s}", t.text, g.elements(t.elem, 1+g.IntN(3), depth))
}

func (g *generator) mapLiteral(t *typ, depth int) string {
	if g.chance(15) {
		return fmt.Sprintf("make(%s)", t.text)
	}
	// keys that are not constant cannot be found to be twice the same
	var list []string
	for range g.IntN(3) {
		list = append(list, fmt.Sprintf("%s: %s", g.operand(t.key, depth-1), g.expr(t.elem, depth-1)))
	}
	return fmt.Sprintf("%s{%s}", t.text, strings.Join(list, ", "))
}

func (g *generator) pointerLiteral(t *typ, depth int) string {
	e := t.elem
	switch {
	case e.kind == kStruct || e.kind == kArray:
		return "&" + g.literal(e, depth)
	case g.chance(50):
		return fmt.Sprintf("new(%s)", g.expr(e, depth-1))
	}
	return fmt.Sprintf("func() %s { v := %s; return &v }()", t.text, g.expr(e, depth-1))
}

func (g *generator) funcLiteral(t *typ, depth int) string {
	g.push()
	defer g.pop()
	mode := g.mode
	g.mode = plain
	defer func() { g.mode = mode }()
	var params []string
	for _, p := range t.params {
		name := g.local("a")
		params = append(params, name+" "+p.text)
		g.define(name, p)
	}
	return fmt.Sprintf("func(%s) %s { return %s }", strings.Join(params, ", "), t.results[0].text, g.expr(t.results[0], depth-1))
}

// implementer is a value that implements an interface.
func (g *generator) implementer(t *typ, depth int) string {
	impl := t.impls[g.IntN(len(t.impls))]
	if impl.ptrMethods() {
		return g.literal(g.ptrTo(impl), depth)
	}
	return g.expr(impl, depth-1)
}

func (t *typ) ptrMethods() bool {
	for _, m := range t.methods {
		if m.ptr {
			return true
		}
	}
	return false
}
