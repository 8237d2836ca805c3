package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// later evaluates what a defer or go statement must evaluate at once: yaegi looks at the variables in a deferred call,
// and at the receiver of a call in a goroutine, when the call is made.
//
//	defer v.f(x, g(y))    t1 := v; t2 := x; t3 := g(y); defer t1.f(t2, t3)
//	go v.f(x)             t1 := v; t2 := x; go func() { t1.f(t2) }()
func (l *lowering) later(c *astutil.Cursor) bool {
	switch stmt := c.Node().(type) {
	case *ast.DeferStmt:
		if fun, ok := ast.Unparen(stmt.Call.Fun).(*ast.SelectorExpr); ok && l.isMethod(fun) {
			l.keepReceiver(c, fun)
		} else if l.isVariable(stmt.Call.Fun) {
			l.keepIn(c, &stmt.Call.Fun)
		}
		l.keepArguments(c, stmt.Call)
	case *ast.GoStmt:
		if fun, ok := ast.Unparen(stmt.Call.Fun).(*ast.SelectorExpr); ok && l.isMethod(fun) {
			l.keepReceiver(c, fun)
			l.keepArguments(c, stmt.Call)
			stmt.Call = inLiteral(stmt.Call)
		}
	}
	return true
}

func (l *lowering) isMethod(e *ast.SelectorExpr) bool {
	s := l.Info.Selections[e]
	return s != nil && s.Kind() == types.MethodVal
}

// isVariable reports whether the function that fun denotes may be another one later.
func (l *lowering) isVariable(fun ast.Expr) bool {
	switch fun := ast.Unparen(fun).(type) {
	case *ast.FuncLit:
		return false
	case *ast.Ident:
		_, isVar := l.Info.Uses[fun].(*types.Var)
		return isVar
	case *ast.SelectorExpr:
		_, isFunc := l.Info.Uses[fun.Sel].(*types.Func)
		return !isFunc
	}
	return true
}

// keepIn keeps *e in a variable made before the current statement, and puts the variable in its place.
func (l *lowering) keepIn(c *astutil.Cursor, e *ast.Expr) {
	if !l.isFixed(*e) {
		variable, define := l.keep(*e)
		c.InsertBefore(define)
		*e = variable
	}
}

func (l *lowering) keepArguments(c *astutil.Cursor, call *ast.CallExpr) {
	for i := range call.Args {
		l.keepIn(c, &call.Args[i])
	}
}

// keepReceiver keeps the operand of a method, or its address if that is what the method gets.
func (l *lowering) keepReceiver(c *astutil.Cursor, fun *ast.SelectorExpr) {
	if l.takesAddress(l.Info.Selections[fun], fun.X) {
		typ := types.NewPointer(l.Info.TypeOf(fun.X))
		fun.X = &ast.UnaryExpr{OpPos: fun.Pos(), Op: token.AND, X: fun.X}
		l.Info.Types[fun.X] = types.TypeAndValue{Type: typ}
	}
	l.keepIn(c, &fun.X)
}

// inLiteral makes a call of a function literal that makes the given call. The literal has no position, so that it is
// not seen in stack traces.
func inLiteral(call *ast.CallExpr) *ast.CallExpr {
	inner := *call
	literal := &ast.FuncLit{
		Type: &ast.FuncType{Params: &ast.FieldList{}},
		Body: &ast.BlockStmt{List: []ast.Stmt{&ast.ExprStmt{X: &inner}}},
	}
	return &ast.CallExpr{Fun: literal}
}

// takesAddress reports whether a call of the method s takes the address of its operand x.
func (l *lowering) takesAddress(s *types.Selection, x ast.Expr) bool {
	recv := s.Obj().(*types.Func).Signature().Recv().Type()
	_, wantsPointer := recv.(*types.Pointer)
	_, isPointer := l.Info.TypeOf(x).Underlying().(*types.Pointer)
	return wantsPointer && !isPointer
}
