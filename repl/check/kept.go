package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// Keep declares the variable of the value of a cell: _3 of cell 3, which statements of later cells can also call _ until
// there is another. It returns nil for a type that no variable has.
func (c *Cells) Keep(number int, t types.Type) *types.Var {
	if t = types.Default(t); t == types.Typ[types.UntypedNil] {
		return nil
	}
	v := types.NewVar(token.NoPos, c.pkg, fmt.Sprintf("_%d", number), t)
	v.SetKind(types.PackageVar)
	c.names[v.Name()] = v
	c.last = v.Name()
	return v
}

// Forget takes back what Keep declared, unless a cell has declared the name since.
func (c *Cells) Forget(v *types.Var) {
	if c.names[v.Name()] == v {
		delete(c.names, v.Name())
	}
}

// Last is the name of the last value, or "".
func (c *Cells) Last() string { return c.last }

// nameLast has the cell's statements call the last value by its name, where they read it as _.
func (s *syntax) nameLast(last string) {
	if last == "" || !s.idents["_"] {
		return
	}
	s.idents[last] = true
	for _, stmt := range s.stmts {
		written := map[*ast.Ident]bool{}
		ast.Inspect(stmt, func(n ast.Node) bool {
			for _, id := range blanks(n) {
				written[id] = true
			}
			if id, ok := n.(*ast.Ident); ok && id.Name == "_" && !written[id] {
				id.Name = last
			}
			return true
		})
	}
}

// blanks returns the identifiers that a node declares or assigns to, directly.
func blanks(n ast.Node) (ids []*ast.Ident) {
	var to []ast.Expr
	switch n := n.(type) {
	case *ast.AssignStmt:
		to = n.Lhs
	case *ast.RangeStmt:
		to = []ast.Expr{n.Key, n.Value}
	case *ast.ValueSpec:
		ids = n.Names
	case *ast.Field:
		ids = n.Names
	case *ast.TypeSpec:
		ids = []*ast.Ident{n.Name}
	case *ast.SelectorExpr:
		ids = []*ast.Ident{n.Sel}
	case *ast.LabeledStmt:
		ids = []*ast.Ident{n.Label}
	case *ast.BranchStmt:
		ids = []*ast.Ident{n.Label}
	}
	for _, e := range to {
		if id, ok := e.(*ast.Ident); ok {
			ids = append(ids, id)
		}
	}
	return ids
}
