package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// operand is a part of an expression that is still to be translated, and the type of what it becomes.
type operand struct {
	at    ast.Node
	lower func() ast.Expr
	typ   types.Type
}

// operandOf is e as an operand of type t.
func (f *function) operandOf(e ast.Expr, t types.Type) operand {
	return operand{e, func() ast.Expr { return f.exprTo(e, t) }, t}
}

// plainOperand is e as an operand of its own type.
func (f *function) plainOperand(e ast.Expr) operand {
	return operand{e, func() ast.Expr { return f.operandValue(e) }, f.typeOf(e)}
}

// operands translates the operands of an expression so that they are evaluated as the compiler does it: calls first,
// from left to right, and what only reads memory after them. Statements that an operand needs are emitted, and calls
// that must come before them, or before which something would be read too early, are kept in variables.
func (f *function) operands(list ...operand) []ast.Expr {
	n := len(list)
	values := make([]ast.Expr, n)
	before := make([][]ast.Stmt, n)
	keep := make([]bool, n)
	reads := false
	for i, o := range list {
		before[i] = f.collect(func() { values[i] = o.lower() })
		keep[i] = reads && f.calls(values[i])
		reads = reads || f.readsMemory(values[i])
	}
	later := false
	for i := n - 1; i >= 0; i-- {
		keep[i] = keep[i] || later && f.calls(values[i])
		later = later || keep[i] || len(before[i]) > 0
	}
	for i, o := range list {
		f.emit(before[i]...)
		if keep[i] {
			values[i] = f.temp(o.at, values[i], o.typ)
		}
	}
	return values
}

// collect returns the statements that g emits.
func (f *function) collect(g func()) []ast.Stmt {
	around := f.list
	f.list = nil
	g()
	made := f.list
	f.list = around
	return made
}

func (f *function) emit(list ...ast.Stmt) { f.list = append(f.list, list...) }

// calls reports whether evaluating a core expression calls a function.
func (f *function) calls(x ast.Expr) bool {
	return contains(x, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		return ok && !f.l.conversions[c]
	})
}

// readsMemory reports whether a core expression reads more than core variables and constants.
func (f *function) readsMemory(x ast.Expr) bool {
	return contains(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StarExpr, *ast.IndexExpr, *ast.SliceExpr:
			return true
		case *ast.SelectorExpr:
			return !isPoolRef(n)
		}
		return false
	})
}

// mayPanic reports whether evaluating a core expression may panic.
func mayPanic(x ast.Expr) bool {
	return contains(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StarExpr, *ast.IndexExpr, *ast.SliceExpr:
			return true
		case *ast.BinaryExpr:
			return n.Op == token.QUO || n.Op == token.REM
		case *ast.SelectorExpr:
			return !isPoolRef(n)
		}
		return false
	})
}

// contains reports whether there is a certain node in a core expression.
func contains(x ast.Expr, is func(ast.Node) bool) (found bool) {
	ast.Inspect(x, func(n ast.Node) bool {
		found = found || n != nil && is(n)
		return !found
	})
	return found
}

// simple reports whether a core expression can be evaluated twice, or later, with the same result: a constant, or a
// variable that lowering made and assigns once.
func (f *function) simple(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return isTemp(x.Name)
	case *ast.SelectorExpr:
		return isPoolRef(x)
	}
	return false
}

// fixed makes a core expression simple.
func (f *function) fixed(at ast.Node, x ast.Expr, t types.Type) ast.Expr {
	if f.simple(x) {
		return x
	}
	return f.temp(at, x, t)
}

// isTemp reports whether lowering made the core variable: it has no name in the source.
func isTemp(name string) bool { return strings.HasPrefix(name, "·") }
