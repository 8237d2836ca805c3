package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

func (f *function) unary(e *ast.UnaryExpr) ast.Expr {
	switch e.Op {
	case token.AND:
		return f.address(e.X)
	case token.ARROW:
		return f.receive(e)
	case token.ADD:
		return f.expr(e.X)
	}
	return &ast.UnaryExpr{OpPos: e.OpPos, Op: e.Op, X: paren(f.expr(e.X))}
}

func (f *function) binaryExpr(e *ast.BinaryExpr) ast.Expr {
	switch e.Op {
	case token.LAND, token.LOR:
		return f.logical(e)
	case token.EQL, token.NEQ:
		return f.compared(e, f.equality(e))
	case token.SHL, token.SHR:
		return f.shift(e, e.Op, e.X, e.Y, f.typeOf(e))
	}
	xt := f.typeOf(e.X)
	if isUntypedType(xt) {
		xt = f.typeOf(e.Y)
	}
	xy := f.operands(f.operandOf(e.X, xt), f.operandOf(e.Y, xt))
	x := f.arithmetic(e, xy[0], e.Op, xy[1], xt)
	switch e.Op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		return f.compared(e, x)
	}
	return x
}

// compared is the result of a comparison, of the type that it has where it stands.
func (f *function) compared(e *ast.BinaryExpr, x ast.Expr) ast.Expr {
	t := f.typeOf(e)
	if _, isBasic := types.Unalias(t).(*types.Basic); isBasic {
		return x
	}
	return f.l.conversion(e, f.typeExpr(e, t), x)
}

// arithmetic applies an operator to two core expressions of type t.
func (f *function) arithmetic(at ast.Node, x ast.Expr, op token.Token, y ast.Expr, t types.Type) ast.Expr {
	if kind := map[token.Token]string{token.MUL: "Mul", token.QUO: "Quo"}[op]; kind != "" && isComplex(t) {
		return call(at.Pos(), f.typeHelper(at, kind, t), x, y)
	}
	return binary(opPos(at), x, op, y)
}

func opPos(at ast.Node) token.Pos {
	switch at := at.(type) {
	case *ast.BinaryExpr:
		return at.OpPos
	case *ast.AssignStmt:
		return at.TokPos
	}
	return at.Pos()
}

// logical translates && and ||. The right side becomes a statement where it needs one, or calls.
func (f *function) logical(e *ast.BinaryExpr) ast.Expr {
	x := f.expr(e.X)
	var y ast.Expr
	before := f.collect(func() { y = f.expr(e.Y) })
	if len(before) == 0 && !f.calls(y) && !f.calls(x) {
		return binary(e.OpPos, x, e.Op, y)
	}
	t := f.typeOf(e)
	result := f.temp(e, x, t)
	cond := result
	if e.Op == token.LOR {
		cond = not(result)
	}
	f.emit(&ast.IfStmt{If: e.OpPos, Cond: cond, Body: block(e.OpPos, append(before, assign(e.OpPos, result, y)))})
	return result
}

// equality translates == and !=.
func (f *function) equality(e *ast.BinaryExpr) ast.Expr {
	xt, yt := f.typeOf(e.X), f.typeOf(e.Y)
	if isNilType(xt) || f.isNil(e.X) {
		return binary(e.OpPos, ident(e.X.Pos(), "nil"), e.Op, f.operandValue(e.Y))
	}
	if isNilType(yt) || f.isNil(e.Y) {
		return binary(e.OpPos, f.operandValue(e.X), e.Op, ident(e.Y.Pos(), "nil"))
	}
	xi, yi := types.IsInterface(xt), types.IsInterface(yt)
	t := xt
	switch {
	case yi && !xi:
		t = yt
	case isUntypedType(xt), !types.AssignableTo(yt, xt):
		t = yt
	}
	xy := f.operands(f.operandOf(e.X, t), f.operandOf(e.Y, t))
	return f.equal(e, xy[0], e.Op, xy[1], t)
}

// equal compares two core expressions of type t.
func (f *function) equal(at ast.Node, x ast.Expr, op token.Token, y ast.Expr, t types.Type) ast.Expr {
	var same ast.Expr
	switch coreType(t).(type) {
	case *types.Interface:
		same = f.runtimeCall(at, "Equal", x, y)
	case *types.Struct, *types.Array:
		same = call(at.Pos(), f.typeHelper(at, "Equal", t), x, y)
	default:
		return binary(opPos(at), x, op, y)
	}
	if op == token.NEQ {
		same = not(same)
	}
	return same
}

func (f *function) isNil(e ast.Expr) bool { return f.info.Types[e].IsNil() }

// shift translates a shift of a value of type t. The count becomes unsigned; a negative one panics.
func (f *function) shift(at ast.Node, op token.Token, xe, ye ast.Expr, t types.Type) ast.Expr {
	xy := f.operands(f.operandOf(xe, t), f.shiftCount(ye))
	return binary(opPos(at), xy[0], op, xy[1])
}

func (f *function) shiftCount(e ast.Expr) operand {
	t := f.typeOf(e)
	if tv := f.info.Types[e]; tv.Value != nil {
		return operand{e, func() ast.Expr { return f.l.constant(e, tv.Value, types.Typ[types.Uint]) }, types.Typ[types.Uint]}
	}
	if b, ok := coreType(t).(*types.Basic); ok && b.Info()&types.IsUnsigned == 0 {
		return operand{e, func() ast.Expr {
			n := f.fixed(e, f.l.conversion(e, ident(e.Pos(), "int64"), f.expr(e)), types.Typ[types.Int64])
			f.emit(&ast.IfStmt{Cond: binary(e.Pos(), n, token.LSS, intLit(e.Pos(), 0)), Body: block(e.Pos(), []ast.Stmt{
				exprStmt(f.runtimeCall(e, "PanicShift"))})})
			return f.l.conversion(e, ident(e.Pos(), "uint"), n)
		}, types.Typ[types.Uint]}
	}
	return operand{e, func() ast.Expr { return f.l.conversion(e, ident(e.Pos(), "uint64"), f.expr(e)) }, types.Typ[types.Uint64]}
}

func isComplex(t types.Type) bool {
	b, ok := coreType(t).(*types.Basic)
	return ok && b.Info()&types.IsComplex != 0
}
