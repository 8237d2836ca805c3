package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// hooks calls functions of ours while go/types checks a package: one when its scopes are made and nothing is checked,
// by an import that asks for a package here, and others between the bodies of functions, which it checks in order, by
// functions that ask here for the size of a marker.
type hooks struct {
	types.Sizes
	scoped  func()
	markers []types.Type
	bodies  []func()
}

// hookName begins names that no source can have.
const hookName = "·"

// newHooks inserts into the scope of pkg what the calls need.
func newHooks(pkg *types.Package, scoped func(), bodies ...func()) *hooks {
	h := &hooks{Sizes: sizes, scoped: scoped, bodies: bodies}
	pkg.Scope().Insert(types.NewPkgName(token.NoPos, pkg, hookName+"unsafe", types.Unsafe))
	for i := range bodies {
		name := hookName + strconv.Itoa(i)
		marker := types.NewNamed(types.NewTypeName(token.NoPos, pkg, name, nil), types.Typ[types.Bool], nil)
		h.markers = append(h.markers, marker)
		pkg.Scope().Insert(types.NewVar(token.NoPos, pkg, name, marker))
	}
	return h
}

// file returns the last file to check.
func (h *hooks) file() *ast.File {
	spec := &ast.ImportSpec{Path: &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(hookName)}}
	return &ast.File{Name: ast.NewIdent("main"), Decls: []ast.Decl{&ast.GenDecl{Tok: token.IMPORT, Specs: []ast.Spec{spec}}}}
}

// Import implements types.Importer.
func (h *hooks) Import(path string) (*types.Package, error) {
	h.scoped()
	p := types.NewPackage(path, path)
	p.MarkComplete()
	return p, nil
}

// call returns a function during whose check hook i of those between bodies is called.
func (h *hooks) call(i int) *ast.FuncDecl {
	return wrap(&ast.AssignStmt{
		Lhs: []ast.Expr{ast.NewIdent("_")}, Tok: token.ASSIGN,
		Rhs: []ast.Expr{&ast.CallExpr{
			Fun:  &ast.SelectorExpr{X: ast.NewIdent(hookName + "unsafe"), Sel: ast.NewIdent("Sizeof")},
			Args: []ast.Expr{ast.NewIdent(hookName + strconv.Itoa(i))},
		}},
	})
}

// Sizeof implements types.Sizes.
func (h *hooks) Sizeof(t types.Type) int64 {
	for i, m := range h.markers {
		if t == m {
			h.bodies[i]()
		}
	}
	return h.Sizes.Sizeof(t)
}

// forget removes from info what go/types found out about the calls in decls.
func (h *hooks) forget(info *types.Info, decls ...ast.Decl) {
	for _, d := range decls {
		ast.Inspect(d, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				delete(info.Types, e)
			}
			if id, ok := n.(*ast.Ident); ok {
				delete(info.Uses, id)
				delete(info.Defs, id)
			}
			return true
		})
	}
}
