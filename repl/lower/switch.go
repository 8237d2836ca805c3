package lower

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ast/astutil"
)

// condition joins the conditions of a clause, of which yaegi looks at one.
//
//	switch { case a, b: … }    switch { case a || b: … }
func (l *lowering) condition(c *astutil.Cursor) bool {
	stmt, ok := c.Node().(*ast.SwitchStmt)
	if !ok || stmt.Tag != nil {
		return true
	}
	for _, clause := range stmt.Body.List {
		list := &clause.(*ast.CaseClause).List
		for len(*list) > 1 {
			x, y := (*list)[0], (*list)[1]
			joined := &ast.BinaryExpr{X: paren(x), OpPos: y.Pos(), Op: token.LOR, Y: paren(y)}
			*list = append([]ast.Expr{joined}, (*list)[2:]...)
		}
	}
	return true
}

func paren(e ast.Expr) ast.Expr { return &ast.ParenExpr{Lparen: e.Pos(), X: e, Rparen: e.End()} }
