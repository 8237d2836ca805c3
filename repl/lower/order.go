package lower

import (
	"go/ast"
	"go/types"
	"strings"
)

// operand is a part of an expression that is still to be translated, and the type of what it becomes.
type operand struct {
	at    ast.Node
	lower func() ast.Expr
	typ   types.Type
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
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && !f.l.conversions[c] {
			found = true
		}
		return !found
	})
	return found
}

// readsMemory reports whether a core expression reads more than core variables and constants.
func (f *function) readsMemory(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StarExpr, *ast.IndexExpr, *ast.SliceExpr:
			found = true
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok && id.Name == poolName {
				return false
			}
			found = true
		}
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
		return f.isTemp(x.Name)
	case *ast.SelectorExpr:
		id, ok := x.X.(*ast.Ident)
		return ok && id.Name == poolName
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
func (f *function) isTemp(name string) bool { return strings.HasPrefix(name, "·") }
