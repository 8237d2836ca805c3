package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A switch becomes a chain of if and else. Where one clause falls through into the next, the chain only finds the clause
// to begin with, and the bodies follow one another.

func (f *function) switchStmt(s *ast.SwitchStmt, label types.Object) {
	if s.Init != nil {
		f.stmt(s.Init)
	}
	t := &target{label: label}
	list := f.collect(func() { f.within(t, func() { f.clauses(s, f.tag(s)) }) })
	f.once(t, list)
}

// once emits statements that break can leave: with a label, they are the body of a loop that runs once.
func (f *function) once(t *target, list []ast.Stmt) {
	if t.name == "" {
		f.emit(list...)
		return
	}
	list = append(list, breakTo(f.labelName(t)))
	f.labeledLoop(t, &ast.ForStmt{Cond: f.always(), Body: block(token.NoPos, list)})
}

// tag evaluates what a switch compares, and returns the translation of a comparison with it.
func (f *function) tag(s *ast.SwitchStmt) func(e ast.Expr) ast.Expr {
	if s.Tag == nil {
		return f.holds
	}
	t := types.Default(f.typeOf(s.Tag))
	tag := f.temp(s.Tag, f.exprTo(s.Tag, t), t)
	return func(e ast.Expr) ast.Expr {
		et := f.typeOf(e)
		if f.isNil(e) {
			return binary(e.Pos(), tag, token.EQL, ident(e.Pos(), "nil"))
		}
		common := t
		if types.IsInterface(et) && !types.IsInterface(t) || !types.AssignableTo(et, t) {
			common = et
		}
		return f.equal(e, f.convert(e, tag, t, common), token.EQL, f.exprTo(e, common), common)
	}
}

// holds translates a condition, which may be a boolean in an interface.
func (f *function) holds(e ast.Expr) ast.Expr {
	t := f.typeOf(e)
	if !types.IsInterface(t) {
		return f.exprTo(e, types.Typ[types.Bool])
	}
	yes := f.convert(e, ident(e.Pos(), "true"), types.Typ[types.Bool], t)
	return f.equal(e, yes, token.EQL, f.expr(e), t)
}

func (f *function) clauses(s *ast.SwitchStmt, matches func(ast.Expr) ast.Expr) {
	var list []*ast.CaseClause
	falls := false
	for _, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		list = append(list, c)
		falls = falls || fallsThrough(c)
	}
	condition := func(c *ast.CaseClause) ast.Expr { return f.anyOf(c.List, matches) }
	if !falls {
		f.chain(list, condition, func(i int) { f.stmts(list[i].Body) })
		return
	}
	which := ident(token.NoPos, f.l.newName("which"))
	f.core(which.Name, ident(token.NoPos, "int"))
	f.emit(assign(token.NoPos, which, intLit(token.NoPos, len(list))))
	f.chain(list, condition, func(i int) { f.emit(assign(token.NoPos, which, intLit(token.NoPos, i))) })
	for i, c := range list {
		body := f.nested(c, func() {
			if !fallsThrough(c) {
				f.stmts(c.Body)
				return
			}
			f.stmts(c.Body[:len(c.Body)-1])
			f.emit(assign(token.NoPos, which, intLit(token.NoPos, i+1)))
		})
		f.emit(&ast.IfStmt{Cond: binary(token.NoPos, which, token.EQL, intLit(token.NoPos, i)), Body: body})
	}
}

func fallsThrough(c *ast.CaseClause) bool {
	if len(c.Body) == 0 {
		return false
	}
	b, ok := c.Body[len(c.Body)-1].(*ast.BranchStmt)
	return ok && b.Tok == token.FALLTHROUGH
}

// anyOf is the condition that one of the expressions matches; they are looked at from left to right until one does.
func (f *function) anyOf(list []ast.Expr, matches func(ast.Expr) ast.Expr) ast.Expr {
	cond := matches(list[0])
	for _, e := range list[1:] {
		var next ast.Expr
		before := f.collect(func() { next = matches(e) })
		if len(before) == 0 && !f.calls(next) && !f.calls(cond) {
			cond = binary(e.Pos(), cond, token.LOR, next)
			continue
		}
		cond = f.temp(e, cond, types.Typ[types.Bool])
		f.emit(&ast.IfStmt{Cond: not(cond), Body: block(e.Pos(), append(before, assign(e.Pos(), cond, next)))})
	}
	return cond
}

// chain emits if and else for clauses, the default clause last.
func (f *function) chain(list []*ast.CaseClause, condition func(*ast.CaseClause) ast.Expr, body func(i int)) {
	fallback := -1
	var order []int
	for i, c := range list {
		if c.List == nil {
			fallback = i
		} else {
			order = append(order, i)
		}
	}
	var from func(order []int)
	from = func(order []int) {
		if len(order) == 0 {
			if fallback >= 0 {
				body(fallback)
			}
			return
		}
		c := list[order[0]]
		cond := condition(c)
		out := &ast.IfStmt{If: c.Pos(), Cond: cond, Body: f.nested(c, func() { body(order[0]) })}
		out.Else = elseOf(f.nested(c, func() { from(order[1:]) }))
		f.emit(out)
	}
	from(order)
}

func (f *function) typeSwitch(s *ast.TypeSwitchStmt, label types.Object) {
	if s.Init != nil {
		f.stmt(s.Init)
	}
	var e ast.Expr
	switch a := s.Assign.(type) {
	case *ast.ExprStmt:
		e = a.X
	case *ast.AssignStmt:
		e = a.Rhs[0]
	}
	e = ast.Unparen(e).(*ast.TypeAssertExpr).X
	xt := f.typeOf(e)
	x := f.temp(e, f.expr(e), xt)
	t := &target{label: label}
	var list []*ast.CaseClause
	for _, c := range s.Body.List {
		list = append(list, c.(*ast.CaseClause))
	}
	values := map[*ast.CaseClause]ast.Expr{} // what a clause of one type gets
	condition := func(c *ast.CaseClause) ast.Expr {
		if obj := f.info.Implicits[c]; obj != nil && len(c.List) == 1 && !f.isNil(c.List[0]) {
			v, ok := f.assertOK(c.List[0], x)
			values[c] = v
			return ok
		}
		return f.anyOf(c.List, func(e ast.Expr) ast.Expr {
			if f.isNil(e) {
				return binary(e.Pos(), x, token.EQL, ident(e.Pos(), "nil"))
			}
			return call(e.Pos(), f.typeHelper(e, "Is", f.typeOf(e)), x)
		})
	}
	stmts := f.collect(func() {
		f.within(t, func() {
			f.chain(list, condition, func(i int) {
				c := list[i]
				if obj := f.info.Implicits[c]; obj != nil {
					value := values[c]
					if value == nil {
						value = x
					}
					f.define(c, obj, value)
				}
				f.stmts(c.Body)
			})
		})
	})
	f.once(t, stmts)
}

// assertOK asserts that the core value x has the type e, into variables.
func (f *function) assertOK(e ast.Expr, x ast.Expr) (value, ok ast.Expr) {
	t := f.typeOf(e)
	value, ok = ident(e.Pos(), f.l.newName("")), ident(e.Pos(), f.l.newName("ok"))
	f.core(value.(*ast.Ident).Name, f.typeExpr(e, t))
	f.core(ok.(*ast.Ident).Name, ident(token.NoPos, "bool"))
	f.emit(assignAll(e.Pos(), []ast.Expr{value, ok}, call(e.Pos(), f.typeHelper(e, "AssertOK", t), x)))
	return value, ok
}
