package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// initStmts makes statements of the variables of a cell that is read as a file: those without a value first, then the
// others in the order in which they need each other.
func (a *attempt) initStmts() {
	specs := map[types.Object]*ast.ValueSpec{}
	names := map[types.Object]*ast.Ident{}
	var stmts []ast.Stmt
	for _, decl := range varDecls(a.stmts) {
		for _, spec := range decl.(*ast.GenDecl).Specs {
			spec := spec.(*ast.ValueSpec)
			for _, id := range spec.Names {
				obj := a.cell.Info.Defs[id]
				specs[obj], names[obj] = spec, id
				if id.Name != "_" {
					a.cell.Vars = append(a.cell.Vars, obj.(*types.Var))
				}
			}
			if len(spec.Values) == 0 {
				stmts = append(stmts, varStmt(spec))
			}
		}
	}
	for _, init := range a.cell.Info.InitOrder {
		spec := &ast.ValueSpec{Type: specs[init.Lhs[0]].Type, Values: []ast.Expr{init.Rhs}}
		for _, v := range init.Lhs {
			spec.Names = append(spec.Names, names[v])
		}
		stmts = append(stmts, varStmt(spec))
	}
	a.cell.Init = len(stmts)
	a.cell.Stmts = slices.Concat(stmts, a.cell.Stmts)
}

func varStmt(spec *ast.ValueSpec) ast.Stmt {
	return &ast.DeclStmt{Decl: &ast.GenDecl{Tok: token.VAR, TokPos: spec.Pos(), Specs: []ast.Spec{spec}}}
}
