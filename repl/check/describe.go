package check

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"
)

// finish describes a cell that is right.
func (a *attempt) finish() {
	a.renameVars()
	for id, obj := range a.cell.Info.Defs {
		if obj == nil || obj.Name() == "_" || obj.Name() == "init" || !a.declares(obj) {
			continue
		}
		a.cell.declared[id.Name] = obj
	}
	if a.asFile {
		a.initStmts()
	}
	a.setValue()
	a.listImports()
	a.listUses()
	a.listReplaced()
}

// declares reports whether obj is a name that the cell itself declares.
func (a *attempt) declares(obj types.Object) bool {
	return a.session.pkg.Scope().Lookup(obj.Name()) == obj
}

// renameVars puts the session's variables in the place of the local ones.
func (a *attempt) renameVars() {
	for _, m := range []map[*ast.Ident]types.Object{a.cell.Info.Defs, a.cell.Info.Uses} {
		for id, obj := range m {
			if v := a.vars[obj]; v != nil {
				m[id] = v
			}
		}
	}
}

// setValue finds the value of a cell. An untyped constant gets the type it has as a value.
func (a *attempt) setValue() {
	n := len(a.cell.Stmts)
	if n == 0 {
		return
	}
	e, ok := a.cell.Stmts[n-1].(*ast.ExprStmt)
	if !ok {
		return
	}
	tv := a.cell.Info.Types[e.X]
	if tv.IsVoid() {
		return
	}
	tv.Type = types.Default(tv.Type)
	a.cell.Info.Types[e.X] = tv
	a.cell.Value = e.X
}

// listUses finds for each function what of the session it depends on.
func (a *attempt) listUses() {
	for _, decl := range a.decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		seen := map[types.Object]bool{}
		ast.Inspect(f, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			obj := a.cell.Info.Uses[id]
			if fn, ok := obj.(*types.Func); ok {
				obj = fn.Origin()
			}
			if obj != nil && obj.Pkg() == a.session.pkg && !seen[obj] && TopLevel(obj) {
				seen[obj] = true
				a.cell.Uses[f] = append(a.cell.Uses[f], obj)
			}
			return true
		})
	}
}

// listReplaced finds what earlier objects are declared anew; addMethods listed methods.
func (a *attempt) listReplaced() {
	for name, obj := range a.cell.declared {
		old := a.session.names[name]
		if old == nil || old.Pkg() != a.session.pkg {
			continue
		}
		was, ok := old.(*types.PkgName)
		if is, too := obj.(*types.PkgName); ok && too && was.Imported() == is.Imported() {
			continue
		}
		a.cell.Replaced = append(a.cell.Replaced, Replacement{old, obj})
	}
	slices.SortFunc(a.cell.Replaced, func(x, y Replacement) int {
		return cmp.Or(cmp.Compare(x.New.Pos(), y.New.Pos()), cmp.Compare(x.New.Name(), y.New.Name()))
	})
}
