package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// attempt is one way to check a cell with go/types, as two files of the session's package.
//
// One file has the declarations. The other has a function of the statements, whose local variables are those that the
// cell defines, so that the rules for statements hold. What earlier cells declared stands in the scopes of the files,
// where imports stand in other programs. The checker is interrupted between the statements and the bodies of functions,
// to show these the variables.
type attempt struct {
	session *Cells
	*syntax
	cell   *Cell
	asFile bool // variables are those of a file
	wrong  []Error

	stmtFile, declFile *ast.File
	shown              map[string]types.Object     // what it does not declare, by name
	ambiguous          map[string]string           // names that several packages fit
	vars               map[types.Object]*types.Var // of the session, for the local ones
}

// try checks a cell. Variables are defined by its statements, or are those of a file.
func (c *Cells) try(s *syntax, asFile bool) (*Cell, []Error) {
	a := &attempt{
		session: c, syntax: s, asFile: asFile,
		shown:     map[string]types.Object{},
		vars:      map[types.Object]*types.Var{},
		ambiguous: map[string]string{},
		cell: &Cell{
			Name: s.name, Source: s.src, Fset: c.fset, Info: newInfo(), Pkg: c.pkg, Decls: s.decls, Stmts: s.stmts,
			Suppressed: s.quiet, Uses: map[*ast.FuncDecl][]types.Object{},
			declared: map[string]types.Object{}, lines: strings.Split(s.src, "\n"),
		},
	}
	a.declFile = &ast.File{Name: ast.NewIdent("main"), Decls: s.decls}
	if asFile {
		a.cell.Stmts = nil
		a.declFile.Decls = slices.Concat(s.decls, varDecls(s.stmts))
	}
	a.callMain()
	c.emptyScope()
	a.findNames()
	a.run()
	a.conflicts()
	if len(a.wrong) > 0 {
		return nil, a.wrong
	}
	a.finish()
	return a.cell, nil
}

// varDecls returns the declarations of variables among stmts.
func varDecls(stmts []ast.Stmt) (decls []ast.Decl) {
	for _, s := range stmts {
		decls = append(decls, s.(*ast.DeclStmt).Decl)
	}
	return decls
}

// callMain adds a call of main to a cell that declares it and does nothing.
func (a *attempt) callMain() {
	if !onlyVars(a.cell.Stmts) || !declaresMain(a.decls) {
		return
	}
	call := &ast.CallExpr{Fun: ast.NewIdent("main")}
	a.cell.Stmts = append(slices.Clip(a.cell.Stmts), &ast.ExprStmt{X: call})
}

// findNames finds what the cell can mean of what it does not declare: imports, and of earlier cells all names that
// occur in it.
func (a *attempt) findNames() {
	a.importAll()
	declares := a.declaredNames()
	for name := range a.idents {
		if declares[name] || a.shown[name] != nil {
			continue
		}
		if obj := a.session.names[name]; obj != nil {
			a.shown[name] = obj
		} else if types.Universe.Lookup(name) == nil {
			a.supplyImport(name)
		}
	}
}

// showNames inserts them into the scopes of the files. Where a statement defines a name anew, the functions of the cell
// do not see the earlier object; the statements before do.
func (a *attempt) showNames() {
	defines := map[string]bool{}
	for _, id := range a.definitions() {
		defines[id.Name] = true
	}
	for name, obj := range a.shown {
		a.cell.Info.Scopes[a.stmtFile].Insert(obj)
		if !defines[name] {
			a.cell.Info.Scopes[a.declFile].Insert(obj)
		}
	}
}

// declaredNames returns the names of functions, types and constants, and the variables of a file.
func (a *attempt) declaredNames() map[string]bool {
	names := map[string]bool{}
	for _, decl := range a.declFile.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name != "init" {
				names[d.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					names[s.Name.Name] = true
				case *ast.ValueSpec:
					for _, id := range s.Names {
						names[id.Name] = true
					}
				}
			}
		}
	}
	delete(names, "_")
	return names
}

// run has go/types check the two files.
func (a *attempt) run() {
	hooks := newHooks(a.session.pkg, a.showNames, a.addMethods, a.promote)
	stmts := slices.Clone(a.cell.Stmts)
	if n := len(stmts); n > 0 {
		stmts[n-1] = asValue(stmts[n-1])
	}
	first, last := hooks.call(0), hooks.call(1)
	a.stmtFile = &ast.File{Name: ast.NewIdent("main"), Decls: []ast.Decl{first, wrap(stmts...), last}}
	conf := types.Config{
		GoVersion: goVersion, Context: a.session.context, Sizes: hooks, Importer: hooks, Error: a.report,
		DisableUnusedImportCheck: true, // of that of the hooks
	}
	files := []*ast.File{a.stmtFile, a.declFile, hooks.file()}
	types.NewChecker(&conf, a.fset, a.session.pkg, a.cell.Info).Files(files)
	hooks.forget(a.cell.Info, first, last)
	a.refuseReturns()
	if len(a.wrong) == 0 {
		a.wrong = withoutBody(a.fset, []*ast.File{a.declFile})
	}
	if len(a.wrong) > 1 { // a call of main follows from main
		a.wrong = slices.DeleteFunc(a.wrong, func(e Error) bool { return !e.Pos.IsValid() && e.Msg[0] != '\t' })
	}
}

// refuseReturns finds return statements that are in no function.
func (a *attempt) refuseReturns() {
	for _, stmt := range a.stmts {
		ast.Inspect(stmt, func(n ast.Node) bool {
			if r, ok := n.(*ast.ReturnStmt); ok {
				a.failAt(r.Pos(), "return is not in a function")
			}
			_, literal := n.(*ast.FuncLit)
			return !literal
		})
	}
}

// wrap makes a function of statements.
func wrap(stmts ...ast.Stmt) *ast.FuncDecl {
	return &ast.FuncDecl{Name: ast.NewIdent("_"), Type: &ast.FuncType{Params: &ast.FieldList{}}, Body: &ast.BlockStmt{List: stmts}}
}

// asValueText is what go/types adds to its messages on values in statements that asValue makes.
const asValueText = " in assignment to _ identifier"

// asValue makes of an expression at the end of a cell a statement that go/types accepts.
func asValue(s ast.Stmt) ast.Stmt {
	e, ok := s.(*ast.ExprStmt)
	if !ok {
		return s
	}
	if _, call := ast.Unparen(e.X).(*ast.CallExpr); call {
		return s // of no value, one or several
	}
	return &ast.AssignStmt{Lhs: []ast.Expr{ast.NewIdent("_")}, Tok: token.ASSIGN, TokPos: e.X.Pos(), Rhs: []ast.Expr{e.X}}
}

// promote makes the variables that the statements define, now that they are checked, variables of the package, which the
// functions of the cell see, whose bodies are not checked yet.
func (a *attempt) promote() {
	for _, id := range a.definitions() {
		local, ok := a.cell.Info.Defs[id].(*types.Var)
		if !ok || local.Name() == "_" {
			continue
		}
		v := types.NewVar(local.Pos(), a.session.pkg, local.Name(), local.Type())
		v.SetKind(types.PackageVar)
		a.vars[local] = v
		a.cell.Vars = append(a.cell.Vars, v)
		a.cell.declared[v.Name()] = v
		a.session.pkg.Scope().Insert(v)
	}
}

// definitions returns the identifiers that the statements may define, in order.
func (a *attempt) definitions() (ids []*ast.Ident) {
	for _, stmt := range a.cell.Stmts {
		for {
			l, ok := stmt.(*ast.LabeledStmt)
			if !ok {
				break
			}
			stmt = l.Stmt
		}
		switch s := stmt.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				for _, e := range s.Lhs {
					if id, ok := e.(*ast.Ident); ok {
						ids = append(ids, id)
					}
				}
			}
		case *ast.DeclStmt:
			for _, spec := range s.Decl.(*ast.GenDecl).Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					ids = append(ids, v.Names...)
				}
			}
		}
	}
	return ids
}
