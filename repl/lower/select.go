package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
)

// selectStmt translates a select statement: package rt waits, and says which case went ahead.
func (f *function) selectStmt(s *ast.SelectStmt, label types.Object) {
	sel := ident(s.Pos(), f.l.newName("select"))
	f.core(sel.Name, f.l.reflectTypeExpr(reflect.PointerTo(f.l.Runtime["Select"].Type().Elem())))
	f.emit(assign(s.Pos(), sel, f.fixedCall(s, "NewSelect")))
	var list []*ast.CommClause
	wait := "Wait"
	for _, c := range s.Body.List {
		c := c.(*ast.CommClause)
		list = append(list, c)
		if c.Comm == nil {
			wait = "Try"
		} else {
			f.addCase(sel, c)
		}
	}
	which := f.temp(s, call(s.Pos(), selectField(s.Pos(), sel, wait)), types.Typ[types.Int])
	t := &target{label: label}
	stmts := f.collect(func() { f.within(t, func() { f.cases(list, sel, which) }) })
	f.once(t, stmts)
}

// addCase evaluates the operands of a case.
func (f *function) addCase(sel ast.Expr, c *ast.CommClause) {
	if send, ok := c.Comm.(*ast.SendStmt); ok {
		elem := coreType(f.typeOf(send.Chan)).(*types.Chan).Elem()
		xy := f.operands(f.plainOperand(send.Chan), f.operandOf(send.Value, elem))
		f.emit(exprStmt(call(send.Pos(), selectField(send.Pos(), sel, "Send"), xy...)))
		return
	}
	ch := received(c).X
	f.emit(exprStmt(call(ch.Pos(), selectField(ch.Pos(), sel, "Recv"), f.operandValue(ch))))
}

// received is the receive operation of a case.
func received(c *ast.CommClause) *ast.UnaryExpr {
	var e ast.Expr
	switch comm := c.Comm.(type) {
	case *ast.ExprStmt:
		e = comm.X
	case *ast.AssignStmt:
		e = comm.Rhs[0]
	}
	return ast.Unparen(e).(*ast.UnaryExpr)
}

// cases emits the clauses, each under the condition that it is the one.
func (f *function) cases(list []*ast.CommClause, sel, which ast.Expr) {
	var fallback *ast.CommClause
	var chain func(list []*ast.CommClause, n int)
	chain = func(list []*ast.CommClause, n int) {
		if len(list) == 0 {
			if fallback != nil {
				f.stmts(fallback.Body)
			}
			return
		}
		c := list[0]
		if c.Comm == nil {
			fallback = c
			chain(list[1:], n)
			return
		}
		out := &ast.IfStmt{If: c.Pos(), Cond: binary(c.Pos(), which, token.EQL, intLit(c.Pos(), n))}
		out.Body = f.nested(c, func() {
			f.takeReceived(sel, c)
			f.stmts(c.Body)
		})
		out.Else = elseOf(f.nested(c, func() { chain(list[1:], n+1) }))
		f.emit(out)
	}
	chain(list, 0)
}

// takeReceived assigns what a case received.
func (f *function) takeReceived(sel ast.Expr, c *ast.CommClause) {
	a, ok := c.Comm.(*ast.AssignStmt)
	if !ok {
		return
	}
	elem := coreType(f.typeOf(received(c).X)).(*types.Chan).Elem()
	values := []ast.Expr{call(a.Pos(), f.elemHelper(a, "Got", elem), sel)}
	ts := []types.Type{elem, types.Typ[types.Bool]}
	if len(a.Lhs) == 2 {
		values[0] = f.temp(a, values[0], elem)
		values = append(values, f.temp(a, call(a.Pos(), selectField(a.Pos(), sel, "OK")), ts[1]))
	}
	for i, left := range a.Lhs {
		if a.Tok == token.DEFINE {
			f.setDefined(left, values[i], ts[i])
			continue
		}
		if !isBlank(left) {
			f.emit(assign(left.Pos(), f.place(left), f.convert(left, values[i], ts[i], f.typeOf(left))))
		}
	}
}

func (f *function) elemHelper(at ast.Node, kind string, t types.Type) ast.Expr {
	return f.typeHelper(at, kind, t)
}
