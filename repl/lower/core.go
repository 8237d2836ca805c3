package lower

import (
	"go/ast"
	"go/token"
	"strconv"
)

// Nodes of core. Those with a position appear in stack traces.

func ident(at token.Pos, name string) *ast.Ident { return &ast.Ident{NamePos: at, Name: name} }

// poolName is how core files call the pool.
const poolName = "k·"

func poolRef(at token.Pos, name string) ast.Expr {
	return &ast.SelectorExpr{X: ident(at, poolName), Sel: ident(at, name)}
}

// isPoolRef reports whether a selector is an entry of the pool.
func isPoolRef(x *ast.SelectorExpr) bool {
	id, ok := x.X.(*ast.Ident)
	return ok && id.Name == poolName
}

func call(at token.Pos, fun ast.Expr, args ...ast.Expr) *ast.CallExpr {
	return &ast.CallExpr{Fun: fun, Lparen: at, Args: args, Rparen: at}
}

func star(at token.Pos, x ast.Expr) ast.Expr { return &ast.StarExpr{Star: at, X: x} }

func addressOf(at token.Pos, x ast.Expr) ast.Expr {
	if s, ok := x.(*ast.StarExpr); ok {
		return s.X
	}
	return &ast.UnaryExpr{OpPos: at, Op: token.AND, X: x}
}

func not(x ast.Expr) ast.Expr { return &ast.UnaryExpr{OpPos: x.Pos(), Op: token.NOT, X: paren(x)} }

func paren(x ast.Expr) ast.Expr {
	switch x.(type) {
	case *ast.BinaryExpr, *ast.StarExpr, *ast.UnaryExpr:
		return &ast.ParenExpr{Lparen: x.Pos(), X: x, Rparen: x.End()}
	}
	return x
}

func binary(at token.Pos, x ast.Expr, op token.Token, y ast.Expr) ast.Expr {
	return &ast.BinaryExpr{X: paren(x), OpPos: at, Op: op, Y: paren(y)}
}

func selectField(at token.Pos, x ast.Expr, name string) ast.Expr {
	return &ast.SelectorExpr{X: paren(x), Sel: ident(at, name)}
}

func index(at token.Pos, x, i ast.Expr) ast.Expr {
	return &ast.IndexExpr{X: paren(x), Lbrack: at, Index: i, Rbrack: at}
}

func intLit(at token.Pos, n int) ast.Expr {
	return &ast.BasicLit{ValuePos: at, Kind: token.INT, Value: strconv.Itoa(n)}
}

func assign(at token.Pos, left, right ast.Expr) ast.Stmt {
	return &ast.AssignStmt{Lhs: []ast.Expr{left}, TokPos: at, Tok: token.ASSIGN, Rhs: []ast.Expr{right}}
}

func assignAll(at token.Pos, left []ast.Expr, right ast.Expr) ast.Stmt {
	return &ast.AssignStmt{Lhs: left, TokPos: at, Tok: token.ASSIGN, Rhs: []ast.Expr{right}}
}

func exprStmt(x ast.Expr) ast.Stmt { return &ast.ExprStmt{X: x} }

func block(at token.Pos, list []ast.Stmt) *ast.BlockStmt {
	return &ast.BlockStmt{Lbrace: at, List: list, Rbrace: at}
}

func variable(name string, typ ast.Expr) ast.Stmt {
	return &ast.DeclStmt{Decl: &ast.GenDecl{Tok: token.VAR, Specs: []ast.Spec{
		&ast.ValueSpec{Names: []*ast.Ident{ident(token.NoPos, name)}, Type: typ},
	}}}
}

func param(name string, typ ast.Expr) *ast.Field {
	return &ast.Field{Names: []*ast.Ident{ident(token.NoPos, name)}, Type: typ}
}

func funcDecl(at token.Pos, name string, typ *ast.FuncType, body *ast.BlockStmt) *ast.FuncDecl {
	return &ast.FuncDecl{Name: ident(at, name), Type: typ, Body: body}
}

// posNode is a node that is nothing but a position.
type posNode token.Pos

func (p posNode) Pos() token.Pos { return token.Pos(p) }
func (p posNode) End() token.Pos { return token.Pos(p) }

// nowhere is the position of what the source does not have.
const nowhere = posNode(token.NoPos)
