package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
)

// assignment evaluates the right side of an assignment to several variables before any of them changes. Yaegi does so
// only for lists of variables and their elements.
//
//	a, b = f(b), a+1    t1 := f(b); t2 := a+1; a, b = t1, t2
//	m[k], p.x = f()     t1, t2 := f(); m[k], p.x = t1, t2
func (l *lowering) assignment(c *astutil.Cursor) bool {
	stmt, ok := c.Node().(*ast.AssignStmt)
	if !ok || len(stmt.Lhs) < 2 || c.Index() < 0 || l.definesOnly(stmt) {
		return true
	}
	switch {
	case len(stmt.Rhs) == 1 && slices.ContainsFunc(stmt.Lhs, isElement):
		var define ast.Stmt
		stmt.Rhs, define = l.keepAll(stmt.Rhs[0], stmt.Lhs)
		c.InsertBefore(define)
	case len(stmt.Rhs) > 1 && slices.ContainsFunc(stmt.Rhs, computes):
		for i, e := range stmt.Rhs {
			if !l.isFixed(e) {
				variable, define := l.keep(e)
				c.InsertBefore(define)
				stmt.Rhs[i] = variable
			}
		}
	}
	return true
}

// keepAll is keep for an expression with several values, to be assigned to left.
func (l *lowering) keepAll(e ast.Expr, left []ast.Expr) (uses []ast.Expr, define ast.Stmt) {
	all := &ast.AssignStmt{TokPos: e.Pos(), Tok: token.DEFINE, Rhs: []ast.Expr{e}}
	for range left {
		name := l.newName(e.Pos())
		all.Lhs = append(all.Lhs, name)
		uses = append(uses, ident(e.Pos(), name.Name))
	}
	return uses, all
}

// computes reports whether e is more than a variable or an element of one.
func computes(e ast.Expr) bool {
	switch ast.Unparen(e).(type) {
	case *ast.Ident, *ast.BasicLit, *ast.SelectorExpr, *ast.IndexExpr, *ast.StarExpr, *ast.FuncLit:
		return false
	}
	return true
}

// isElement reports whether e is something that is assigned to, but not a variable.
func isElement(e ast.Expr) bool {
	_, isName := ast.Unparen(e).(*ast.Ident)
	return !isName
}

// definesOnly reports whether stmt makes new variables and changes none.
func (l *lowering) definesOnly(stmt *ast.AssignStmt) bool {
	return stmt.Tok == token.DEFINE && !slices.ContainsFunc(stmt.Lhs, func(e ast.Expr) bool {
		id := e.(*ast.Ident)
		return id.Name != "_" && l.Info.Defs[id] == nil
	})
}

// refuseAssignment finds assignments to several variables that the pass assignment cannot mend: those outside a list of
// statements, where its variables have no place, and those where it would change the order of calls, or the element
// that is meant.
func (l *lowering) refuseAssignment(stmt *ast.AssignStmt, path []ast.Node) {
	for _, e := range stmt.Lhs {
		l.refuseImported(e)
	}
	if len(stmt.Lhs) < 2 || l.definesOnly(stmt) {
		return
	}
	if l.assignsToOperand(stmt) {
		l.no(stmt, "an assignment that changes both a variable and the entry it selects; write two assignments")
	}
	calls := slices.ContainsFunc(stmt.Rhs, callsOrSlices)
	switch path[len(path)-1].(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
		if calls && slices.ContainsFunc(stmt.Lhs, callsOrSlices) {
			l.no(stmt, "an assignment to several variables with calls on both sides; write one for each variable")
		}
	default:
		if calls && (len(stmt.Rhs) > 1 || slices.ContainsFunc(stmt.Lhs, isElement)) {
			l.no(stmt, "an assignment to several variables that calls or slices; write it in the body")
		}
	}
}

// refuseImported finds assignments to a variable of another package that the program also reads: it may read the value
// from before.
func (l *lowering) refuseImported(e ast.Expr) {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return
	}
	if v, ok := l.Info.Uses[sel.Sel].(*types.Var); ok && !v.IsField() && l.about.named[v] > 1 {
		l.no(e, "an assignment to %s.%s, which is used elsewhere; keep it in a variable of your own", v.Pkg().Name(), v.Name())
	}
}

// assignsToOperand reports whether stmt assigns to a variable that one of its own left sides uses to say which entry of
// a map is meant, as in i, m[i] = 1, 2.
func (l *lowering) assignsToOperand(stmt *ast.AssignStmt) bool {
	assigned := map[types.Object]bool{}
	for _, e := range stmt.Lhs {
		if obj := l.object(e); obj != nil {
			assigned[obj] = true
		}
	}
	return slices.ContainsFunc(stmt.Lhs, func(e ast.Expr) bool {
		index, ok := ast.Unparen(e).(*ast.IndexExpr)
		if !ok {
			return false
		}
		if _, isMap := l.Info.TypeOf(index.X).Underlying().(*types.Map); !isMap {
			return false
		}
		found := false
		ast.Inspect(index, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				found = found || assigned[l.Info.Uses[id]]
			}
			return true
		})
		return found
	})
}

func callsOrSlices(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.CallExpr, *ast.SliceExpr:
			found = true
		}
		return !found
	})
	return found
}
