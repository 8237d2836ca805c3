package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// A switch becomes a chain of if and else. Where one clause falls through into the next, the chain only finds the clause
// to begin with, and the bodies follow one another.

func (f *function) switchStmt(s *ast.SwitchStmt, label types.Object) {
	if s.Init != nil {
		f.stmt(s.Init)
	}
	f.once(label, func() { f.clauses(s, f.tag(s)) })
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

// clauses emits the clauses of a switch.
func (f *function) clauses(s *ast.SwitchStmt, matches func(ast.Expr) ast.Expr) {
	falls := slices.ContainsFunc(s.Body.List, fallsThrough)
	which := ident(token.NoPos, "")
	if falls {
		which = f.newVar(token.NoPos, "which", ident(token.NoPos, "int"))
		f.emit(setWhich(which, len(s.Body.List)))
	}
	var list []clause
	for i, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		k := clause{at: c, body: func() { f.stmts(c.Body) }}
		if falls {
			k.body = func() { f.emit(setWhich(which, i)) }
		}
		if c.List != nil {
			k.condition = func() ast.Expr { return f.anyOf(c.List, matches) }
		}
		list = append(list, k)
	}
	f.chain(list)
	if falls {
		f.bodies(s, which)
	}
}

// bodies emits the bodies of clauses of which some fall through.
func (f *function) bodies(s *ast.SwitchStmt, which *ast.Ident) {
	for i, c := range s.Body.List {
		body := f.nested(c, func() {
			list := c.(*ast.CaseClause).Body
			if !fallsThrough(c) {
				f.stmts(list)
				return
			}
			f.stmts(list[:len(list)-1])
			f.emit(setWhich(which, i+1))
		})
		f.emit(&ast.IfStmt{Cond: binary(token.NoPos, which, token.EQL, intLit(token.NoPos, i)), Body: body})
	}
}

func setWhich(which *ast.Ident, i int) ast.Stmt {
	return assign(token.NoPos, which, intLit(token.NoPos, i))
}

func fallsThrough(s ast.Stmt) bool {
	c := s.(*ast.CaseClause)
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

// clause is one of a switch or select. The default clause has no condition.
type clause struct {
	at        ast.Node
	condition func() ast.Expr
	body      func()
}

// chain emits if and else for clauses, the default clause last.
func (f *function) chain(list []clause) {
	isDefault := func(c clause) bool { return c.condition == nil }
	if i := slices.IndexFunc(list, isDefault); i >= 0 {
		list = append(slices.Delete(slices.Clone(list), i, i+1), list[i])
	}
	f.chainFrom(list)
}

// chainFrom is chain for clauses in order.
func (f *function) chainFrom(list []clause) {
	if len(list) == 0 {
		return
	}
	c := list[0]
	if c.condition == nil {
		c.body()
		return
	}
	out := &ast.IfStmt{If: c.at.Pos(), Cond: c.condition(), Body: f.nested(c.at, c.body)}
	out.Else = elseOf(f.nested(c.at, func() { f.chainFrom(list[1:]) }))
	f.emit(out)
}

func (f *function) typeSwitch(s *ast.TypeSwitchStmt, label types.Object) {
	if s.Init != nil {
		f.stmt(s.Init)
	}
	e := switched(s)
	x := f.temp(e, f.expr(e), f.typeOf(e))
	var list []clause
	for _, c := range s.Body.List {
		list = append(list, f.typeClause(c.(*ast.CaseClause), x))
	}
	f.once(label, func() { f.chain(list) })
}

// switched is the expression whose type a type switch looks at.
func switched(s *ast.TypeSwitchStmt) ast.Expr {
	var e ast.Expr
	switch a := s.Assign.(type) {
	case *ast.ExprStmt:
		e = a.X
	case *ast.AssignStmt:
		e = a.Rhs[0]
	}
	return ast.Unparen(e).(*ast.TypeAssertExpr).X
}

// typeClause is a clause of a type switch on the core value x. A variable declared by the switch is one of each clause:
// of the type it names, if it names one, and else of that of x.
func (f *function) typeClause(c *ast.CaseClause, x ast.Expr) clause {
	value, obj := x, f.info.Implicits[c]
	out := clause{at: c, body: func() {
		if obj != nil {
			f.define(c, obj, value)
		}
		f.stmts(c.Body)
	}}
	switch {
	case c.List == nil:
	case obj != nil && len(c.List) == 1 && !f.isNil(c.List[0]):
		out.condition = func() (ok ast.Expr) {
			value, ok = f.assertOK(c.List[0], x)
			return ok
		}
	default:
		out.condition = func() ast.Expr {
			return f.anyOf(c.List, func(e ast.Expr) ast.Expr { return f.isOf(e, x) })
		}
	}
	return out
}

// isOf is the condition that the core value x has the type e, or is nil.
func (f *function) isOf(e, x ast.Expr) ast.Expr {
	if f.isNil(e) {
		return binary(e.Pos(), x, token.EQL, ident(e.Pos(), "nil"))
	}
	return call(e.Pos(), f.typeHelper(e, "Is", f.typeOf(e)), x)
}

// assertOK asserts that the core value x has the type e, into variables.
func (f *function) assertOK(e ast.Expr, x ast.Expr) (value, ok ast.Expr) {
	t := f.typeOf(e)
	value = f.newVar(e.Pos(), "", f.typeExpr(e, t))
	ok = f.newVar(e.Pos(), "ok", ident(token.NoPos, "bool"))
	f.emit(assignAll(e.Pos(), []ast.Expr{value, ok}, call(e.Pos(), f.typeHelper(e, "AssertOK", t), x)))
	return value, ok
}
