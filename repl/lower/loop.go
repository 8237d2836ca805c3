package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

var one = constant.MakeInt64(1)

// always is a core condition that holds. Yaegi's loops are interrupted where they look at it.
func (f *function) always() ast.Expr {
	if f.alwaysName == "" {
		f.alwaysName = f.newVar(token.NoPos, "always", ident(token.NoPos, "bool")).Name
		f.start = append(f.start, assign(token.NoPos, ident(token.NoPos, f.alwaysName), ident(token.NoPos, "true")))
	}
	return ident(token.NoPos, f.alwaysName)
}

// forStmt translates a loop of three parts. Its variables are new in each iteration.
func (f *function) forStmt(s *ast.ForStmt, label types.Object) {
	if s.Init != nil {
		f.stmt(s.Init)
	}
	t := &target{label: label, isLoop: true}
	var cond ast.Expr
	condStmts := f.collect(func() { cond = f.condition(s.Cond) })
	post := f.collect(func() {
		f.renewLoopVariables(s)
		if s.Post != nil {
			f.stmt(s.Post)
		}
	})
	body := f.nested(s.Body, func() { f.within(t, func() { f.block(s.Body) }) })
	if len(condStmts) == 0 && len(post) <= 1 {
		loop := &ast.ForStmt{For: s.For, Cond: cond, Body: body}
		if len(post) == 1 {
			loop.Post = post[0]
		}
		if len(post) == 0 || canBePost(post[0]) {
			f.labeledLoop(t, loop)
			return
		}
	}
	if s.Cond != nil {
		condStmts = append(condStmts, f.exit(t, cond))
	}
	f.steppedFor(s, t, condStmts, post, body)
}

// steppedFor emits a loop whose condition or post statement needs statements: they stand at the start of its body.
func (f *function) steppedFor(s *ast.ForStmt, t *target, before, post []ast.Stmt, body *ast.BlockStmt) {
	first := f.newVar(token.NoPos, "first", ident(token.NoPos, "bool"))
	f.emit(assign(token.NoPos, first, ident(token.NoPos, "true")))
	again := &ast.IfStmt{Cond: first, Body: block(token.NoPos, []ast.Stmt{assign(token.NoPos, first, ident(token.NoPos, "false"))})}
	if len(post) > 0 {
		again.Else = block(token.NoPos, post)
	}
	list := slices.Concat([]ast.Stmt{again}, before, body.List)
	f.labeledLoop(t, &ast.ForStmt{For: s.For, Cond: f.always(), Body: block(s.Body.Pos(), list)})
}

// exit leaves a loop unless its condition holds.
func (f *function) exit(t *target, cond ast.Expr) ast.Stmt {
	return &ast.IfStmt{Cond: not(cond), Body: block(token.NoPos, []ast.Stmt{breakTo(f.labelName(t))})}
}

// canBePost reports whether a core loop can have s as its post statement.
func canBePost(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.AssignStmt, *ast.IncDecStmt, *ast.ExprStmt:
		return true
	}
	return false
}

// condition translates the condition of a loop. Yaegi wants one that it does not know.
func (f *function) condition(e ast.Expr) ast.Expr {
	if e == nil {
		return f.always()
	}
	switch tv := f.info.Types[e]; {
	case tv.Value == nil:
		return f.expr(e)
	case isTrue(tv):
		return f.always()
	}
	return not(f.always())
}

func isTrue(tv types.TypeAndValue) bool { return constant.BoolVal(tv.Value) }

// renewLoopVariables gives the next iteration variables of its own, with the values of this one's.
func (f *function) renewLoopVariables(s *ast.ForStmt) {
	init, ok := s.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE {
		return
	}
	for _, e := range init.Lhs {
		obj := f.info.Defs[e.(*ast.Ident)]
		if obj == nil || !f.scan.shared[obj] {
			continue
		}
		v := f.vars[obj]
		value := f.temp(nowhere, v.ref(token.NoPos), v.typ)
		f.renew(nowhere, v)
		f.emit(assign(token.NoPos, v.ref(token.NoPos), value))
	}
}
