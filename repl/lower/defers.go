package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// deferred evaluates what a defer statement must evaluate at once: yaegi looks at the variables in a deferred call when
// the call is made.
//
//	defer v.f(x, g(y))    t1 := v; t2 := x; t3 := g(y); defer t1.f(t2, t3)
func (l *lowering) deferred(c *astutil.Cursor) bool {
	stmt, ok := c.Node().(*ast.DeferStmt)
	if !ok {
		return true
	}
	keep := func(e *ast.Expr) {
		if !l.isFixed(*e) {
			variable, define := l.keep(*e)
			c.InsertBefore(define)
			*e = variable
		}
	}
	switch fun := ast.Unparen(stmt.Call.Fun).(type) {
	case *ast.SelectorExpr:
		if s := l.Info.Selections[fun]; s != nil && s.Kind() == types.MethodVal {
			if l.takesAddress(s, fun.X) {
				typ := types.NewPointer(l.Info.TypeOf(fun.X))
				fun.X = &ast.UnaryExpr{OpPos: fun.Pos(), Op: token.AND, X: fun.X}
				l.Info.Types[fun.X] = types.TypeAndValue{Type: typ}
			}
			variable, define := l.keep(fun.X)
			c.InsertBefore(define)
			fun.X = variable
		} else if s != nil {
			keep(&stmt.Call.Fun)
		}
	case *ast.Ident:
		if _, isVar := l.Info.Uses[fun].(*types.Var); isVar {
			keep(&stmt.Call.Fun)
		}
	case *ast.FuncLit:
	default:
		keep(&stmt.Call.Fun)
	}
	for i := range stmt.Call.Args {
		keep(&stmt.Call.Args[i])
	}
	return true
}

// takesAddress reports whether a call of the method s takes the address of its operand x.
func (l *lowering) takesAddress(s *types.Selection, x ast.Expr) bool {
	recv := s.Obj().(*types.Func).Signature().Recv().Type()
	_, wantsPointer := recv.(*types.Pointer)
	_, isPointer := l.Info.TypeOf(x).Underlying().(*types.Pointer)
	return wantsPointer && !isPointer
}
