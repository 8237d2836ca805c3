package main

import (
	"fmt"
	"strings"
)

// expr makes an expression of a type. It has that type wherever it stands.
func (g *generator) expr(t *typ, depth int) string {
	if depth <= 0 {
		return g.leaf(t)
	}
	if g.chance(12) {
		if s := g.produced(t, depth); s != "" {
			return s
		}
	}
	if (g.mode == panicking || g.mode == open) && g.chance(40) {
		if s := g.risk(t, depth); s != "" {
			return s
		}
	}
	switch t.kind {
	case kBool:
		return g.boolExpr(t, depth)
	case kInt, kUint:
		return g.intExpr(t, depth)
	case kFloat:
		return g.floatExpr(t, depth)
	case kComplex:
		return g.complexExpr(t, depth)
	case kString:
		return g.stringExpr(t, depth)
	case kSlice:
		return g.sliceExpr(t, depth)
	}
	if g.chance(40) {
		return g.leaf(t)
	}
	return g.literal(t, depth-1)
}

// leaf is a variable or a literal.
func (g *generator) leaf(t *typ) string {
	if g.chance(75) {
		if s := g.path(t); s != "" {
			return s
		}
	}
	return g.literal(t, 0)
}

// operand is an expression that is not constant, so that no arithmetic on it overflows in the compiler's eyes.
func (g *generator) operand(t *typ, depth int) string {
	if g.chance(50) {
		if s := g.path(t); s != "" {
			return s
		}
	}
	return "id(" + g.expr(t, depth-1) + ")"
}

// path is a variable of a type, or a part of one.
func (g *generator) path(t *typ) string {
	var found []string
	for _, v := range g.variables(func(*variable) bool { return true }) {
		g.parts(v.name, v.typ, 2, func(path string, part *typ, _ bool) {
			if part == t {
				found = append(found, path)
			}
		})
	}
	if len(found) == 0 {
		return ""
	}
	return found[g.IntN(len(found))]
}

// parts visits a variable and what is in it: fields, elements of arrays, what pointers point to. Pointers in variables
// are not nil, those further in may be.
func (g *generator) parts(path string, t *typ, depth int, visit func(path string, t *typ, deref bool)) {
	visit(path, t, false)
	if depth == 0 {
		return
	}
	switch t.kind {
	case kStruct:
		for _, f := range t.fields {
			if f.name == "_" {
				continue
			}
			g.parts(path+"."+f.name, f.typ, depth-1, visit)
			if f.embedded && f.typ.kind == kStruct {
				for _, inner := range f.typ.fields { // promoted
					if inner.name != "_" {
						visit(path+"."+inner.name, inner.typ, false)
					}
				}
			}
		}
	case kArray:
		g.parts(fmt.Sprintf("%s[%d]", path, g.IntN(t.n)), t.elem, depth-1, visit)
	case kPtr:
		if strings.ContainsAny(path, ".[") {
			return
		}
		visit("(*"+path+")", t.elem, true)
		if t.elem.kind == kStruct {
			for _, f := range t.elem.fields {
				if f.name != "_" {
					visit(path+"."+f.name, f.typ, true)
				}
			}
		}
	}
}

// produced is an expression of any type by a call, a closure or an index.
func (g *generator) produced(t *typ, depth int) string {
	calls := g.mode == calling || g.mode == open
	switch g.IntN(7) {
	case 0:
		if calls {
			return g.call(t, depth)
		}
	case 1:
		if calls {
			return g.methodCall(t, depth)
		}
	case 2:
		if calls {
			return fmt.Sprintf("func() %s {\nfmt.Println(%q)\nreturn %s\n}()", t.text, g.local("lit"), g.expr(t, depth-1))
		}
	case 3:
		return fmt.Sprintf("func(x %s) %s { return x }(%s)", t.text, t.text, g.expr(t, depth-1))
	case 4:
		n := 1 + g.IntN(3)
		return fmt.Sprintf("%s[%s]", g.literal(g.arrayOf(n, t), depth-1), g.index(n, depth-1))
	case 5:
		return fmt.Sprintf("(%s)", g.expr(t, depth-1))
	case 6:
		if t.kind != kIface {
			return fmt.Sprintf("any(%s).(%s)", g.expr(t, depth-1), t.text)
		}
	}
	return ""
}

// index is an int below n.
func (g *generator) index(n, depth int) string {
	if depth <= 0 || g.chance(40) {
		return fmt.Sprint(g.IntN(n))
	}
	return fmt.Sprintf("wrap(%s, %d)", g.expr(g.pick("int"), depth-1), n)
}

// call calls a declared function of that result.
func (g *generator) call(t *typ, depth int) string {
	var fit []*function
	for _, f := range g.funcs {
		if f.result == t {
			fit = append(fit, f)
		}
	}
	if len(fit) == 0 {
		return ""
	}
	f := fit[g.IntN(len(fit))]
	return fmt.Sprintf("%s(%s)", f.name, g.args(f.params, depth-1))
}

func (g *generator) args(params []*typ, depth int) string {
	var list []string
	for _, p := range params {
		list = append(list, g.expr(p, depth))
	}
	return strings.Join(list, ", ")
}

// methodCall calls a method with a value receiver, in one of the ways Go has.
func (g *generator) methodCall(t *typ, depth int) string {
	recv, m := g.methodReturning(t)
	if m == nil {
		return ""
	}
	arg := ""
	if m.param != nil {
		arg = g.expr(m.param, depth-1)
	}
	x := g.expr(recv, depth-1)
	switch g.IntN(4) {
	case 0:
		return fmt.Sprintf("%s.%s(%s)", recv.text, m.name, strings.TrimSuffix(x+", "+arg, ", "))
	case 1:
		return fmt.Sprintf("(%s).%s(%s)", x, m.name, arg)
	case 2:
		return fmt.Sprintf("func(f %s) %s { return f(%s) }((%s).%s)", m.signature(), t.text, arg, x, m.name)
	}
	return fmt.Sprintf("any(%s).(interface { %s%s }).%s(%s)", x, m.name, strings.TrimPrefix(m.signature(), "func"), m.name, arg)
}

func (g *generator) methodReturning(t *typ) (*typ, *method) {
	for range 10 {
		if len(g.named) == 0 {
			return nil, nil
		}
		recv := g.named[g.IntN(len(g.named))]
		for _, m := range recv.methods {
			if m.result == t && !m.ptr && recv.flat() {
				return recv, m
			}
		}
	}
	return nil, nil
}

func (m *method) signature() string {
	if m.param == nil {
		return "func() " + m.result.text
	}
	return "func(" + m.param.text + ") " + m.result.text
}

func (g *generator) boolExpr(t *typ, depth int) string {
	s := ""
	switch g.IntN(6) {
	case 0:
		s = fmt.Sprintf("%s %s %s", g.operand(t, depth), choose(g, "&&", "||"), g.expr(t, depth-1))
		return "(" + s + ")"
	case 1:
		return "!" + g.operand(t, depth)
	case 2:
		u := g.pick("ordered")
		s = fmt.Sprintf("%s %s %s", g.operand(u, depth), choose(g, "<", "<=", ">", ">=", "==", "!="), g.expr(u, depth-1))
	case 3:
		u := g.pick("comparable")
		s = fmt.Sprintf("%s %s %s", g.operand(u, depth), choose(g, "==", "!="), g.operand(u, depth-1))
	case 4:
		u := g.pick("comparable")
		s = fmt.Sprintf("any(%s) %s any(%s)", g.expr(u, depth-1), choose(g, "==", "!="), g.expr(u, depth-1))
	case 5:
		u, w := g.pick("comparable"), g.pick("comparable")
		s = fmt.Sprintf("any(%s) == any(%s)", g.expr(u, depth-1), g.expr(w, depth-1))
	}
	return fmt.Sprintf("%s(%s)", t.text, s)
}

func (g *generator) intExpr(t *typ, depth int) string {
	x := g.operand(t, depth)
	switch g.IntN(9) {
	case 0, 1:
		return fmt.Sprintf("(%s %s %s)", x, choose(g, "+", "-", "*", "&", "|", "^", "&^"), g.expr(t, depth-1))
	case 2:
		return fmt.Sprintf("(%s %s (%s | 1))", x, choose(g, "/", "%"), g.expr(t, depth-1))
	case 3:
		return fmt.Sprintf("(%s %s (%s & %d))", x, choose(g, "<<", ">>"), g.operand(g.pick("int"), depth-1), 3+g.IntN(60))
	case 4:
		return choose(g, "-", "^", "+") + x
	case 5:
		u := g.pick("int")
		return fmt.Sprintf("%s(%s)", t.text, g.operand(u, depth))
	case 6:
		return fmt.Sprintf("%s(clamp(float64(%s)))", t.text, g.operand(g.pick("float"), depth))
	case 7:
		u := choose(g, g.pick("string"), g.sliceOf(g.pick("flat")), g.mapOf(g.keyType(), tInt))
		return fmt.Sprintf("%s(len(%s))", t.text, g.expr(u, depth-1))
	}
	return fmt.Sprintf("%s(%s, %s)", choose(g, "min", "max"), x, g.expr(t, depth-1))
}

func (g *generator) floatExpr(t *typ, depth int) string {
	x := g.operand(t, depth)
	switch g.IntN(6) {
	case 0, 1:
		return fmt.Sprintf("(%s %s %s)", x, choose(g, "+", "-", "*"), g.operand(t, depth-1))
	case 2:
		return fmt.Sprintf("(%s / (%s + 1.5))", x, g.operand(t, depth-1))
	case 3:
		return "-" + x
	case 4:
		return fmt.Sprintf("%s(%s)", t.text, g.operand(choose(g, g.pick("int"), g.pick("float")), depth))
	}
	return fmt.Sprintf("%s(%s(%s))", t.text, choose(g, "real", "imag"), g.operand(g.pick("complex"), depth-1))
}

func (g *generator) complexExpr(t *typ, depth int) string {
	x := g.operand(t, depth)
	switch g.IntN(4) {
	case 0, 1:
		return fmt.Sprintf("(%s %s %s)", x, choose(g, "+", "-", "*"), g.operand(t, depth-1))
	case 2:
		f := basic("float64")
		if t.bits == 64 {
			f = basic("float32")
		}
		return fmt.Sprintf("%s(complex(%s, %s))", t.text, g.expr(f, depth-1), g.operand(f, depth-1))
	}
	return "-" + x
}

func (g *generator) stringExpr(t *typ, depth int) string {
	switch g.IntN(8) {
	case 0, 1:
		return fmt.Sprintf("cut(%s + %s)", g.operand(t, depth), g.expr(t, depth-1))
	case 2:
		return fmt.Sprintf("%s(fmt.Sprint(%s))", t.text, g.args([]*typ{g.pick("flat"), g.pick("flat")}, depth-1))
	case 3:
		return fmt.Sprintf("%s(fmt.Sprintf(%q, %s))", t.text, g.verbs(2), g.args([]*typ{g.pick("flat"), g.pick("flat")}, depth-1))
	case 4:
		return fmt.Sprintf("%s(%s(%s))", t.text, choose(g, "strings.ToUpper", "strings.TrimSpace", "strconv.Quote"), "string("+g.operand(t, depth)+")")
	case 5:
		return fmt.Sprintf("%s(%s)", t.text, g.expr(choose(g, g.sliceOf(basic("uint8")), g.sliceOf(basic("int32"))), depth-1))
	case 6:
		return fmt.Sprintf("%s(rune(%s))", t.text, g.operand(basic("uint8"), depth))
	}
	return fmt.Sprintf("%s(%s)", t.text, g.operand(g.pick("string"), depth))
}

// verbs is a format for n values, right for them or not.
func (g *generator) verbs(n int) string {
	var list []string
	for range n {
		list = append(list, choose(g, "%v", "%+v", "%#v", "%T", "%d", "%s", "%q", "%x", "%08.3f", "%g", "%t", "%U", "%5v|", "%-8v|", "%c", "%b", "%o", "%e", "%6.2v"))
	}
	return strings.Join(list, " ")
}

func (g *generator) sliceExpr(t *typ, depth int) string {
	switch g.IntN(5) {
	case 0:
		return fmt.Sprintf("append(%s, %s)", g.literal(t, depth-1), g.expr(t.elem, depth-1))
	case 1:
		return fmt.Sprintf("append(%s(nil), %s...)", convertible(t), g.expr(t, depth-1))
	case 2:
		return fmt.Sprintf("%s[%s]", g.literal(t, depth-1), choose(g, ":", "0:", ":0"))
	case 3:
		if t.elem.text == "uint8" || t.elem.text == "int32" {
			return fmt.Sprintf("%s(%s)", convertible(t), g.expr(g.pick("string"), depth-1))
		}
	}
	return g.leaf(t)
}

// convertible is a type as a conversion writes it.
func convertible(t *typ) string {
	if t.kind == kPtr || t.kind == kFunc {
		return "(" + t.text + ")"
	}
	return t.text
}
