package main

import "fmt"

// compound makes a statement with others in it.
func (g *generator) compound() string {
	switch g.IntN(30) {
	case 0, 1:
		return fmt.Sprintf("if (%s) {\n%s\n} else {\n%s\n}", g.value(tBool), g.block(1+g.IntN(3)), g.block(1))
	case 2:
		return g.ifInit()
	case 3, 4:
		return g.forLoop()
	case 5, 6:
		return g.rangeLoop()
	case 7:
		return g.switchStmt()
	case 8:
		return g.typeSwitch()
	case 9:
		return fmt.Sprintf("{\n%s\n}", g.block(1+g.IntN(3)))
	case 10:
		return g.closure()
	case 11:
		return g.deferring()
	case 12:
		return fmt.Sprintf("try(func() {\n%s\n%s\n})", g.block(1+g.IntN(3)), g.panicky())
	}
	return ""
}

func (g *generator) ifInit() string {
	t := g.pick("comparable")
	x := g.value(t)
	name := g.local("v")
	g.push()
	defer g.pop()
	g.define(name, t)
	return fmt.Sprintf("if %s := (%s); (%s == %s) {\n%s\n} else if (%s) {\n%s\n}", name, x, name, g.operand(t, 1), g.block(2), g.value(tBool), g.block(1))
}

func (g *generator) forLoop() string {
	name, label := g.local("i"), g.local("L")
	g.push()
	defer g.pop()
	g.define(name, tInt).fixed = true
	g.loops++
	body := g.block(1 + g.IntN(3))
	g.loops--
	jump := ""
	if g.chance(40) {
		jump = fmt.Sprintf("if (%s) {\n%s %s\n}\n", g.expr(tBool, 1), choose(g, "break", "continue"), label)
	}
	head := choose(g, fmt.Sprintf("for %s := 0; %s < %d; %s++", name, name, 2+g.IntN(3), name), fmt.Sprintf("for %s := range %d", name, 1+g.IntN(3)),
		fmt.Sprintf("for %s := 3; %s > 0; %s--", name, name, name))
	if jump != "" {
		head = label + ":\n" + head
	}
	return fmt.Sprintf("%s {\n%s%s\n_ = %s\n}", head, jump, body, name)
}

func (g *generator) rangeLoop() string {
	var t *typ
	switch g.IntN(4) {
	case 0:
		t = g.sliceOf(g.anyType(1))
	case 1:
		t = g.arrayOf(1+g.IntN(3), g.anyType(1))
	case 2:
		t = g.pick("string")
	case 3:
		t = g.mapOf(g.keyType(), g.anyType(1))
	}
	x := g.value(t)
	k, v := g.local("k"), g.local("e")
	g.push()
	defer g.pop()
	m := g.local("m")
	switch t.kind {
	case kMap:
		g.define(m, t).fixed = true
		g.define(k, t.key)
		return fmt.Sprintf("%s := %s\nfor _, %s := range keys(%s) {\n%s\n_ = %s\n}", m, x, k, m, g.block(2), k)
	case kString:
		g.define(k, tInt).fixed = true
		g.define(v, basic("int32"))
		return fmt.Sprintf("for %s, %s := range cut(%s) {\n%s\n_, _ = %s, %s\n}", k, v, x, g.block(1), k, v)
	}
	g.define(k, tInt).fixed = true
	g.define(v, t.elem)
	return fmt.Sprintf("for %s, %s := range %s {\n%s\n_, _ = %s, %s\n}", k, v, g.composite(x), g.block(2), k, v)
}

// composite puts what could be a composite literal where a block follows in parentheses.
func (g *generator) composite(x string) string { return "(" + x + ")" }

func (g *generator) switchStmt() string {
	if g.chance(40) {
		return fmt.Sprintf("switch {\ncase %s:\n%s\n%scase %s:\n%s\ndefault:\n%s\n}", g.value(tBool), g.block(1), g.fall(), g.value(tBool), g.block(1), g.block(1))
	}
	t := g.pick("comparable")
	return fmt.Sprintf("switch %s {\ncase %s, %s:\n%s\n%scase %s:\n%s\ndefault:\n%s\n}",
		g.composite(g.value(t)), g.operand(t, 2), g.operand(t, 1), g.block(1), g.fall(), g.operand(t, 1), g.block(1), g.block(1))
}

func (g *generator) fall() string { return choose(g, "", "", "fallthrough\n") }

func (g *generator) typeSwitch() string {
	a, b := g.pick("print"), g.pick("print")
	for a == b {
		b = g.pick("print")
	}
	x := g.value(choose(g, a, b, g.pick("print")))
	name := g.local("x")
	branch := func(t *typ) string {
		g.push()
		defer g.pop()
		g.define(name, t)
		return g.block(1)
	}
	return fmt.Sprintf("switch %s := (any(%s)).(type) {\ncase %s:\n%s\n_ = %s\ncase %s:\n%s\n_ = %s\ncase nil:\ndefault:\nfmt.Printf(\"%%T %%v\\n\", %s, %s)\n}",
		name, x, a.text, branch(a), name, b.text, branch(b), name, name, name)
}

// closure defines a function that changes what is around it.
func (g *generator) closure() string {
	param, result := g.pick("flat"), g.pick("flat")
	name, arg := g.local("f"), g.local("a")
	g.push()
	g.define(arg, param)
	loops := g.loops
	g.loops = 0
	body := g.block(1 + g.IntN(2))
	ret := g.expr(result, 2)
	g.loops = loops
	g.pop()
	s := fmt.Sprintf("%s := func(%s %s) %s {\n%s\nreturn %s\n}\n_ = %s", name, arg, param.text, result.text, body, ret, name)
	g.define(name, g.funcOf(result, param)).fixed = true
	return s
}

// deferring calls a function that defers, and may panic and recover.
func (g *generator) deferring() string {
	t := g.pick("print")
	r := g.local("r")
	g.push()
	defer g.pop()
	g.define(r, t)
	end := "return " + g.expr(t, 2)
	if g.chance(40) {
		end = fmt.Sprintf("panic(%s)", g.expr(g.pick("print"), 1))
	}
	return fmt.Sprintf("fmt.Println(func() (%s %s) {\ndefer func() {\nif e := recover(); e != nil {\ncaught(e)\n}\n%s\n}()\n%s\ndefer fmt.Println(\"deferred\", %s)\n%s\n}())",
		r, t.text, g.block(1), g.block(2), g.expr(g.pick("print"), 1), end)
}
