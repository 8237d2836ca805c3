package main

import (
	"fmt"
	"strings"
)

// value makes an expression for a statement, and chooses first what it may do.
func (g *generator) value(t *typ) string {
	switch {
	case g.program.loose:
		g.mode = open
	default:
		g.mode = choose(g, plain, plain, calling, calling)
	}
	defer func() { g.mode = plain }()
	return g.expr(t, 1+g.IntN(3))
}

// block makes statements that see what is around them, with an effect of their own.
func (g *generator) block(n int) string {
	g.push()
	g.depth++
	defer func() { g.pop(); g.depth-- }()
	var list []string
	for range n {
		list = append(list, g.stmt())
	}
	return strings.Join(list, "\n")
}

func (g *generator) stmt() string {
	g.left--
	if g.depth < 3 && g.left > 0 {
		if g.chance(22) {
			return g.feature()
		}
		if s := g.compound(); s != "" {
			return s
		}
	}
	for {
		if s := g.simple(); s != "" {
			return s
		}
	}
}

// simple makes a statement without statements in it, if what it needs is in scope.
func (g *generator) simple() string {
	switch g.IntN(14) {
	case 0, 1, 2:
		return g.declare()
	case 3, 4, 5:
		return g.assign()
	case 6:
		return g.opAssign()
	case 7:
		return g.swap()
	case 8:
		return g.print()
	case 9:
		return g.callStmt()
	case 10:
		return g.appendStmt()
	case 11:
		return g.panicky()
	case 12:
		return g.mapStmt()
	case 13:
		return g.copyStmt()
	}
	return ""
}

func (g *generator) declare() string {
	t := g.anyType(2)
	if g.chance(15) && len(g.ifaces) > 0 {
		t = g.ifaces[g.IntN(len(g.ifaces))]
	}
	if g.chance(20) {
		n, u := g.value(t), g.anyType(1)
		m := g.value(u)
		a, b := g.local("v"), g.local("v")
		g.define(a, t)
		g.define(b, u)
		return fmt.Sprintf("%s, %s := %s, %s\n_, _ = %s, %s", a, b, n, m, a, b)
	}
	name := g.local("v")
	if g.chance(12) { // shadowing
		if list := g.variables(func(v *variable) bool { return v.typ == t && !v.fixed }); len(list) > 0 && g.depth > 0 && !g.inScope(list[0]) {
			x := g.value(t)
			g.define(list[0].name, t)
			return fmt.Sprintf("%s := %s\n_ = %s", list[0].name, x, list[0].name)
		}
	}
	s := ""
	switch g.IntN(4) {
	case 0:
		s = fmt.Sprintf("var %s %s = %s", name, t.text, g.value(t))
	case 1:
		if t.kind != kPtr && t.kind != kFunc && t.kind != kMap && t.kind != kIface {
			s = fmt.Sprintf("var %s %s", name, t.text)
			break
		}
		fallthrough
	default:
		s = fmt.Sprintf("%s := %s", name, g.value(t))
	}
	g.define(name, t)
	return fmt.Sprintf("%s\n_ = %s", s, name)
}

// inScope reports whether a variable is of the innermost block.
func (g *generator) inScope(v *variable) bool {
	for _, o := range g.scopes[len(g.scopes)-1] {
		if o.name == v.name {
			return true
		}
	}
	return false
}

// place chooses something that can be assigned to.
func (g *generator) place(ok func(*typ) bool) (string, *typ) {
	var paths []string
	var ts []*typ
	for _, v := range g.variables(func(v *variable) bool { return !v.fixed }) {
		g.parts(v.name, v.typ, 2, func(path string, t *typ, _ bool) {
			if ok(t) {
				paths, ts = append(paths, path), append(ts, t)
			}
		})
	}
	if len(paths) == 0 {
		return "", nil
	}
	i := g.IntN(len(paths))
	return paths[i], ts[i]
}

func anything(*typ) bool { return true }

func (g *generator) assign() string {
	place, t := g.place(anything)
	if t == nil {
		return ""
	}
	return fmt.Sprintf("%s = %s", place, g.value(t))
}

func (g *generator) opAssign() string {
	place, t := g.place(func(t *typ) bool { return t.numeric() || t.kind == kString })
	switch {
	case t == nil:
		return ""
	case t.kind == kString:
		return fmt.Sprintf("if len(%s) < 20 {\n%s += cut(%s)\n}", place, place, g.value(t))
	case g.chance(30):
		return place + choose(g, "++", "--")
	case t.integer() && g.chance(50):
		return choose(g,
			fmt.Sprintf("%s %s= %s", place, choose(g, "&", "|", "^", "&^"), g.value(t)),
			fmt.Sprintf("%s %s= %s & 9", place, choose(g, "<<", ">>"), g.wrapped(g.pick("int"))),
			fmt.Sprintf("%s %s= %s | 1", place, choose(g, "/", "%"), g.value(t)))
	}
	return fmt.Sprintf("%s %s= %s", place, choose(g, "+", "-", "*"), g.value(t))
}

func (g *generator) wrapped(t *typ) string { return "id(" + g.value(t) + ")" }

func (g *generator) swap() string {
	a, t := g.place(anything)
	if t == nil {
		return ""
	}
	b, _ := g.place(func(u *typ) bool { return u == t })
	if g.chance(50) {
		return fmt.Sprintf("%s, %s = %s, %s", a, b, b, a)
	}
	return fmt.Sprintf("%s, %s = %s, %s", a, b, g.value(t), b)
}

func (g *generator) print() string {
	if list := g.variables(func(v *variable) bool { return !v.typ.pointers() }); len(list) > 0 && g.chance(50) {
		return g.showVar(list[g.IntN(len(list))])
	}
	t, u := g.pick("print"), g.pick("print")
	return fmt.Sprintf("fmt.Printf(\"%s\\n\", %s, %s)", g.verbs(2), g.value(t), g.value(u))
}

// showVar prints a variable, or what it points to.
func (g *generator) showVar(v *variable) string {
	switch {
	case !v.typ.pointers():
		return fmt.Sprintf("show(%q, %s)", v.name, v.name)
	case v.typ.kind == kPtr && !v.typ.elem.pointers():
		return fmt.Sprintf("show(%q, *%s)", "*"+v.name, v.name)
	case v.typ.kind == kIface:
		return fmt.Sprintf("fmt.Printf(\"%%T\\n\", %s)", v.name)
	case v.typ.kind == kFunc && !v.typ.results[0].pointers():
		return fmt.Sprintf("show(%q, %s(%s))", v.name+"()", v.name, g.args(v.typ.params, 0))
	}
	return "_ = " + v.name
}

// callStmt calls a variable of a function type or a method, alone.
func (g *generator) callStmt() string {
	if list := g.variables(func(v *variable) bool { return v.typ.kind == kFunc }); len(list) > 0 && g.chance(50) {
		f := list[g.IntN(len(list))]
		name := g.local("v")
		s := fmt.Sprintf("%s := %s(%s)\n_ = %s", name, f.name, g.args(f.typ.params, 1), name)
		g.define(name, f.typ.results[0]).fixed = f.typ.results[0].kind == kFunc
		return s
	}
	list := g.variables(func(v *variable) bool {
		return len(v.typ.methods) > 0 || v.typ.kind == kPtr && len(v.typ.elem.methods) > 0
	})
	if len(list) == 0 {
		return ""
	}
	v := list[g.IntN(len(list))]
	t := v.typ
	if t.kind == kPtr {
		t = t.elem
	}
	m := t.methods[g.IntN(len(t.methods))]
	arg := ""
	if m.param != nil {
		arg = g.value(m.param)
	}
	switch {
	case g.chance(60) || v.fixed:
		return fmt.Sprintf("fmt.Println(%s.%s(%s))", v.name, m.name, arg)
	case m.ptr && v.typ.kind != kPtr && v.typ.kind != kIface:
		return fmt.Sprintf("fmt.Println((*%s).%s(%s))", t.text, m.name, strings.TrimSuffix("&"+v.name+", "+arg, ", "))
	}
	name := g.local("f")
	return fmt.Sprintf("%s := %s.%s\n%s\nfmt.Println(%s(%s))", name, v.name, m.name, g.simple(), name, arg)
}

func (g *generator) appendStmt() string {
	place, t := g.place(func(t *typ) bool { return t.kind == kSlice })
	if t == nil {
		return ""
	}
	switch g.IntN(4) {
	case 0:
		name := g.local("v")
		s := fmt.Sprintf("%s := append(%s[:len(%s)/2], %s)\n_ = %s", name, place, place, g.value(t.elem), name)
		g.define(name, t)
		return s
	case 1:
		name := g.local("v")
		s := fmt.Sprintf("%s := %s[:len(%s):len(%s)]\n_ = %s", name, place, place, place, name)
		g.define(name, t)
		return s
	case 2:
		return fmt.Sprintf("if len(%s) > 0 {\n%s[len(%s)-1] = %s\n}", place, place, place, g.value(t.elem))
	}
	return fmt.Sprintf("if len(%s) < 9 {\n%s = append(%s, %s)\n}", place, place, place, g.value(t.elem))
}

func (g *generator) copyStmt() string {
	place, t := g.place(func(t *typ) bool { return t.kind == kSlice })
	if t == nil {
		return ""
	}
	other, _ := g.place(func(u *typ) bool { return u == t })
	return choose(g,
		fmt.Sprintf("fmt.Println(copy(%s, %s))", place, other),
		fmt.Sprintf("fmt.Println(copy(%s, %s))", place, g.literal(t, 2)),
		fmt.Sprintf("clear(%s)", place))
}

func (g *generator) mapStmt() string {
	list := g.variables(func(v *variable) bool { return v.typ.kind == kMap })
	if len(list) == 0 {
		return ""
	}
	m := list[g.IntN(len(list))]
	k := g.value(m.typ.key)
	switch g.IntN(5) {
	case 0:
		return fmt.Sprintf("%s[%s] = %s", m.name, k, g.expr(m.typ.elem, 1))
	case 1:
		return fmt.Sprintf("delete(%s, %s)", m.name, k)
	case 2:
		v, ok := g.local("v"), g.local("ok")
		s := fmt.Sprintf("%s, %s := %s[%s]\n_, _ = %s, %s", v, ok, m.name, k, v, ok)
		g.define(ok, tBool)
		return s
	case 3:
		if m.typ.elem.numeric() {
			return fmt.Sprintf("%s[%s]%s", m.name, k, choose(g, "++", "--", " += "+g.expr(m.typ.elem, 1)))
		}
	}
	return fmt.Sprintf("fmt.Println(len(%s))", m.name)
}

// panicky makes a statement that may panic, mostly where the panic is recovered.
func (g *generator) panicky() string {
	place, t := g.place(anything)
	if t == nil {
		return ""
	}
	g.mode = panicking
	if g.program.loose {
		g.mode = open
	}
	x := g.risk(t, 2)
	for x == "" {
		x = g.risk(t, 2)
	}
	g.mode = plain
	s := fmt.Sprintf("%s = %s", place, x)
	if g.chance(3) {
		return s
	}
	return fmt.Sprintf("try(func() {\n%s\n})", s)
}
