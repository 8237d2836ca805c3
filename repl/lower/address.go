package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// address translates &e.
func (f *function) address(e ast.Expr) ast.Expr {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return f.newComposite(e, f.typeOf(e))
	case *ast.Ident:
		obj := f.info.ObjectOf(e)
		if f.isCompiled(obj) {
			return addressOf(e.Pos(), f.l.symbol(e, obj))
		}
		return f.lookup(e, obj).pointer(e.Pos())
	case *ast.StarExpr:
		p := f.fixed(e, f.expr(e.X), f.typeOf(e.X))
		f.emit(f.ifNil(e, p))
		return p
	case *ast.SelectorExpr:
		if f.isQualified(e) {
			return addressOf(e.Pos(), f.qualified(e))
		}
		sel := f.selection(e)
		return addressOf(e.Pos(), f.fieldPlace(e, e.X, sel.recv, sel.index))
	case *ast.IndexExpr:
		parts := f.operands(f.inMemory(e.X), f.keyOperand(e))
		return addressOf(e.Pos(), index(e.Lbrack, parts[0], parts[1]))
	}
	fault(e, "the address of %T", e)
	return nil
}

// inMemory is what is indexed for an address, or sliced: of an array its place in memory.
func (f *function) inMemory(e ast.Expr) operand {
	return operand{e, func() ast.Expr {
		if _, isArray := coreType(f.typeOf(e)).(*types.Array); isArray {
			return star(e.Pos(), f.address(e))
		}
		return f.indexed(e, f.operandValue(e))
	}, f.typeOf(e)}
}

// ifNil panics if the core expression p is nil.
func (f *function) ifNil(at ast.Node, p ast.Expr) ast.Stmt {
	return &ast.IfStmt{
		Cond: binary(at.Pos(), p, token.EQL, ident(at.Pos(), "nil")),
		Body: block(at.Pos(), []ast.Stmt{exprStmt(f.runtimeCall(at, "PanicNil"))}),
	}
}

// fieldPlace translates the field at the end of a way of fields from x, of type t, so that its address can be taken.
func (f *function) fieldPlace(at ast.Node, x ast.Expr, t types.Type, path []int) ast.Expr {
	if throughPointer(t, path) {
		return f.fields(at, f.operandValue(x), t, path)
	}
	return f.fields(at, star(x.Pos(), f.address(x)), t, path)
}
