package main

import "fmt"

// risk is an expression that may panic.
func (g *generator) risk(t *typ, depth int) string {
	if g.mode == panicking {
		g.mode = plain // once
		defer func() { g.mode = panicking }()
	}
	switch g.IntN(8) {
	case 0:
		if t.integer() {
			return fmt.Sprintf("(%s %s %s)", g.operand(t, depth), choose(g, "/", "%"), g.operand(t, depth-1))
		}
	case 1:
		if t.integer() {
			return fmt.Sprintf("(%s %s %s)", g.operand(t, depth), choose(g, "<<", ">>"), g.operand(g.pick("signed"), depth-1))
		}
	case 2:
		s := g.sliceOf(t)
		return fmt.Sprintf("%s[%s]", g.expr(s, depth-1), g.operand(g.pick("int"), depth-1))
	case 3:
		a := g.arrayOf(1+g.IntN(3), t)
		return fmt.Sprintf("%s[%s]", g.literal(a, depth-1), g.operand(g.pick("int"), depth-1))
	case 4:
		return fmt.Sprintf("any(%s).(%s)", g.expr(choose(g, t, g.pick("flat")), depth-1), t.text)
	case 5:
		return fmt.Sprintf("(*(%s)(%s))", g.ptrTo(t).text, choose(g, "nil", g.expr(g.ptrTo(t), depth-1)))
	case 6:
		if t.kind == kSlice || t.kind == kString {
			n := func() string { return g.operand(choose(g, tInt, g.pick("int")), depth-1) }
			if t.kind == kSlice && g.chance(30) {
				return fmt.Sprintf("%s[%s:%s:%s]", g.operand(t, depth), n(), n(), n())
			}
			return fmt.Sprintf("%s[%s:%s]", g.operand(t, depth), choose(g, "", n()), choose(g, "", n()))
		}
		if t.kind == kArray {
			return fmt.Sprintf("%s(%s)", t.text, g.expr(g.sliceOf(t.elem), depth-1))
		}
	case 7:
		if t.text == "uint8" {
			return fmt.Sprintf("%s[%s]", g.expr(tString, depth-1), g.operand(g.pick("int"), depth-1))
		}
		m := g.mapOf(g.keyType(), t)
		return fmt.Sprintf("%s[%s]", g.expr(m, depth-1), g.expr(m.key, depth-1))
	}
	return ""
}
