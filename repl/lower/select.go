package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// selectStmt translates a select statement: package rt waits, and says which case went ahead.
func (f *function) selectStmt(s *ast.SelectStmt, label types.Object) {
	sel := f.newVar(s.Pos(), "select", f.runtimePointer("Select"))
	f.emit(assign(s.Pos(), sel, f.runtimeCall(s, "NewSelect")))
	wait := "Wait"
	for _, c := range s.Body.List {
		if c := c.(*ast.CommClause); c.Comm == nil {
			wait = "Try"
		} else {
			f.addCase(sel, c)
		}
	}
	which := f.temp(s, call(s.Pos(), selectField(s.Pos(), sel, wait)), types.Typ[types.Int])
	f.once(label, func() { f.chain(f.cases(s, sel, which)) })
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

// cases are the clauses, each under the condition that it is the one.
func (f *function) cases(s *ast.SelectStmt, sel, which ast.Expr) (list []clause) {
	n := 0
	for _, c := range s.Body.List {
		c := c.(*ast.CommClause)
		if c.Comm == nil {
			list = append(list, clause{at: c, body: func() { f.stmts(c.Body) }})
			continue
		}
		cond := binary(c.Pos(), which, token.EQL, intLit(c.Pos(), n))
		list = append(list, clause{at: c, condition: func() ast.Expr { return cond }, body: func() {
			f.takeReceived(sel, c)
			f.stmts(c.Body)
		}})
		n++
	}
	return list
}

// takeReceived assigns what a case received.
func (f *function) takeReceived(sel ast.Expr, c *ast.CommClause) {
	a, ok := c.Comm.(*ast.AssignStmt)
	if !ok {
		return
	}
	elem := coreType(f.typeOf(received(c).X)).(*types.Chan).Elem()
	values := []ast.Expr{call(a.Pos(), f.typeHelper(a, "Got", elem), sel)}
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
