package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// loop gives each iteration, and each clause, its own variables where something keeps them, and turns a range over an
// integer into counting.
//
//	for i := 0; i < n; i++ { go f(&i) }    for i := 0; i < n; i++ { i := i; go f(&i) }
//	for i := range n { … }                 for t1, t2 := 0, n; t1 < t2; t1++ { i := t1; … }
func (l *lowering) loop(c *astutil.Cursor) bool {
	switch n := c.Node().(type) {
	case *ast.ForStmt:
		if init, ok := n.Init.(*ast.AssignStmt); ok && init.Tok == token.DEFINE {
			l.renew(&n.Body.List, n.Body, init.Lhs...)
		}
	case *ast.RangeStmt:
		if basic, ok := l.Info.TypeOf(n.X).Underlying().(*types.Basic); ok && basic.Info()&types.IsInteger != 0 {
			c.Replace(l.count(n))
		} else if n.Tok == token.DEFINE {
			l.renew(&n.Body.List, n.Body, n.Key, n.Value)
		}
	case *ast.CommClause:
		if receive, ok := n.Comm.(*ast.AssignStmt); ok && receive.Tok == token.DEFINE {
			l.renew(&n.Body, n, receive.Lhs...)
		}
	case *ast.CaseClause:
		if obj := l.Info.Implicits[n]; obj != nil && l.captured(obj, n) {
			l.rename(n, obj)
		}
	}
	return true
}

// renew puts x := x before the statements for each variable x that something in scope keeps.
func (l *lowering) renew(statements *[]ast.Stmt, scope ast.Node, variables ...ast.Expr) {
	for _, v := range variables {
		if id, ok := v.(*ast.Ident); ok && id.Name != "_" && l.captured(l.Info.Defs[id], scope) {
			at := id.Pos()
			again := assign(at, token.DEFINE, ident(at, id.Name), ident(at, id.Name))
			*statements = append([]ast.Stmt{again}, *statements...)
		}
	}
}

// rename gives a clause of a type switch a new variable in place of the switch's.
func (l *lowering) rename(clause *ast.CaseClause, obj types.Object) {
	name := l.newName(clause.Pos())
	for _, stmt := range clause.Body {
		ast.Inspect(stmt, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && l.Info.Uses[id] == obj {
				id.Name = name.Name
			}
			return true
		})
	}
	again := assign(clause.Pos(), token.DEFINE, name, ident(clause.Pos(), obj.Name()))
	clause.Body = append([]ast.Stmt{again}, clause.Body...)
}

// count makes a counting loop of a range over an integer. The counter is hidden, since the body may change its own
// variable.
func (l *lowering) count(r *ast.RangeStmt) *ast.ForStmt {
	at := r.Pos()
	typ := types.Default(l.Info.TypeOf(r.X))
	if key, ok := r.Key.(*ast.Ident); ok && key.Name != "_" {
		typ = l.Info.TypeOf(key) // an untyped constant takes the type of the variable
	}
	convert := func(e ast.Expr) ast.Expr {
		return &ast.CallExpr{Fun: ident(at, typ.(*types.Basic).Name()), Lparen: at, Args: []ast.Expr{e}, Rparen: at}
	}
	i, n := l.newName(at).Name, l.newName(at).Name
	if r.Key != nil {
		set := assign(at, r.Tok, r.Key, ident(at, i))
		r.Body.List = append([]ast.Stmt{set}, r.Body.List...)
	}
	zero := &ast.BasicLit{ValuePos: at, Kind: token.INT, Value: "0"}
	return &ast.ForStmt{
		For: at,
		Init: &ast.AssignStmt{
			Lhs: []ast.Expr{ident(at, i), ident(at, n)}, TokPos: at, Tok: token.DEFINE,
			Rhs: []ast.Expr{convert(zero), convert(r.X)},
		},
		Cond: &ast.BinaryExpr{X: ident(at, i), OpPos: at, Op: token.LSS, Y: ident(at, n)},
		Post: &ast.IncDecStmt{X: ident(at, i), TokPos: at, Tok: token.INC},
		Body: r.Body,
	}
}
