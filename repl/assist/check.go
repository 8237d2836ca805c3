package assist

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// view is a cell as far as it can be checked.
type view struct {
	*tree
	engine *Engine
	pkg    *types.Package
	info   *types.Info
	body   *ast.FuncType                 // of the function that the statements are put into
	file   *types.Scope                  // of the declarations; it has variables that statements define as well
	vars   map[types.Object]types.Object // the variables there, to those of the statements
}

// sizes are those of the machines that kairos runs on.
var sizes = types.SizesFor("gc", "amd64")

// interruption is a name that means nothing, and an import path.
const interruption = "interruptionǃ"

// check type-checks the cell of t with what earlier cells declared. What is wrong is passed over. The names are those that
// occur in the cell, with what follows them after a dot.
//
// As when a cell runs, the statements are one function, and the variables that they define are visible to the functions
// of the cell. So the checker is given two files, and is interrupted twice: by an import when it has the scopes of the
// files, to show it what earlier cells declared, and between the statements and the functions.
func (e *Engine) check(t *tree, names map[string][]member) *view {
	v := &view{
		tree: t, engine: e, pkg: types.NewPackage("main", "main"), vars: map[types.Object]types.Object{},
		info: &types.Info{
			Types:      map[ast.Expr]types.TypeAndValue{},
			Defs:       map[*ast.Ident]types.Object{},
			Uses:       map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
			Scopes:     map[ast.Node]*types.Scope{},
		},
		body: &ast.FuncType{Params: &ast.FieldList{}},
	}
	if last := e.Session.Last(); last != "" && v.nameLast(last) {
		names[last] = nil
	}
	v.run(names)
	return v
}

// nameLast gives the last value its name where something of it is asked for, and reports whether it did.
func (v *view) nameLast(last string) (found bool) {
	for _, stmt := range v.stmts {
		ast.Inspect(stmt, func(n ast.Node) bool {
			var of []ast.Expr
			switch n := n.(type) {
			case *ast.SelectorExpr:
				of = []ast.Expr{n.X}
			case *ast.IndexExpr:
				of = []ast.Expr{n.X}
			case *ast.CallExpr:
				of = n.Args
			}
			for _, x := range of {
				if id, ok := x.(*ast.Ident); ok && id.Name == "_" {
					id.Name, found = last, true
				}
			}
			return true
		})
	}
	return found
}

func (v *view) run(names map[string][]member) {
	defer func() { _ = recover() }() // the checker may stumble over what did not parse; what it found before stands
	stmts := append(v.stmts[:len(v.stmts):len(v.stmts)], &ast.ExprStmt{X: ast.NewIdent(interruption)})
	stmtFile := &ast.File{Name: ast.NewIdent("main"), Decls: []ast.Decl{
		&ast.FuncDecl{Name: ast.NewIdent("_"), Type: v.body, Body: &ast.BlockStmt{List: stmts}},
	}}
	declFile := &ast.File{Name: ast.NewIdent("main"), Decls: append(v.decls[:len(v.decls):len(v.decls)], &ast.GenDecl{
		Tok: token.IMPORT, Specs: []ast.Spec{&ast.ImportSpec{
			Name: ast.NewIdent("_"), Path: &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(interruption)},
		}},
	})}
	conf := types.Config{
		Sizes: sizes,
		Importer: importer(func() {
			v.file = v.info.Scopes[declFile]
			v.show(names, v.info.Scopes[stmtFile])
		}),
		Error: func(err error) {
			var e types.Error
			if errors.As(err, &e) && e.Msg == "undefined: "+interruption {
				v.promote()
			}
		},
	}
	_ = types.NewChecker(&conf, v.fset, v.pkg, v.info).Files([]*ast.File{stmtFile, declFile})
}

// importer is called in place of importing.
type importer func()

// Import implements types.Importer.
func (f importer) Import(string) (*types.Package, error) {
	f()
	return types.Unsafe, nil
}

// show declares in the scopes of the files what the names of the cell mean that it does not declare itself: its imports,
// objects of earlier cells, and packages that need no import. To the functions a name that a statement defines means that.
func (v *view) show(names map[string][]member, stmts *types.Scope) {
	declared, defined := v.declared(), v.defined()
	insert := func(obj types.Object) {
		stmts.Insert(obj)
		if !defined[obj.Name()] {
			v.file.Insert(obj)
		}
	}
	v.importAll(insert)
	for name, members := range names {
		if declared[name] || stmts.Lookup(name) != nil {
			continue
		}
		switch obj := v.engine.Session.Lookup(name).(type) {
		case nil:
			if len(members) == 0 || types.Universe.Lookup(name) != nil {
				break
			}
			if pkg := v.engine.packageFor(name, members); pkg != nil {
				insert(v.importAs(name, pkg))
			}
		case *types.PkgName:
			insert(v.importAs(name, obj.Imported()))
		default:
			insert(obj)
		}
	}
}

// importAll inserts what the cell imports.
func (v *view) importAll(insert func(types.Object)) {
	for _, spec := range v.imports {
		at, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		pkg, err := v.engine.Importer.Import(at)
		if err != nil {
			continue
		}
		name := pkg.Name()
		if spec.Name != nil {
			name = spec.Name.Name
		}
		switch name {
		case "_":
		case ".":
			for _, name := range pkg.Scope().Names() {
				if obj := pkg.Scope().Lookup(name); obj.Exported() {
					insert(obj)
				}
			}
		default:
			insert(v.importAs(name, pkg))
		}
	}
}

func (v *view) importAs(name string, pkg *types.Package) *types.PkgName {
	return types.NewPkgName(token.NoPos, v.pkg, name, pkg)
}

// declared returns the names of functions, types and constants of the cell.
func (v *view) declared() map[string]bool {
	names := map[string]bool{}
	for _, decl := range v.decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name != nil {
				names[d.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				for _, id := range specNames(spec) {
					names[id.Name] = true
				}
			}
		}
	}
	return names
}

func specNames(spec ast.Spec) []*ast.Ident {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		return []*ast.Ident{s.Name}
	case *ast.ValueSpec:
		return s.Names
	}
	return nil
}

// defined returns the names of the variables that the statements define.
func (v *view) defined() map[string]bool {
	names := map[string]bool{}
	for _, stmt := range v.stmts {
		for _, id := range definitions(stmt) {
			names[id.Name] = true
		}
	}
	return names
}

// promote shows the variables that the statements define to the functions of the cell.
func (v *view) promote() {
	for _, stmt := range v.stmts {
		for _, id := range definitions(stmt) {
			local, ok := v.info.Defs[id].(*types.Var)
			if !ok || local.Name() == "_" {
				continue
			}
			global := types.NewVar(local.Pos(), v.pkg, local.Name(), local.Type())
			v.file.Insert(global)
			v.vars[global] = local
		}
	}
}

// definitions returns the identifiers that a statement may define.
func definitions(stmt ast.Stmt) (ids []*ast.Ident) {
	switch s := stmt.(type) {
	case *ast.LabeledStmt:
		return definitions(s.Stmt)
	case *ast.AssignStmt:
		for _, e := range s.Lhs {
			if id, ok := e.(*ast.Ident); ok && s.Tok == token.DEFINE {
				ids = append(ids, id)
			}
		}
	case *ast.DeclStmt:
		if d, ok := s.Decl.(*ast.GenDecl); ok && d.Tok == token.VAR {
			for _, spec := range d.Specs {
				ids = append(ids, specNames(spec)...)
			}
		}
	}
	return ids
}

// scope returns the innermost scope around the cursor.
func (v *view) scope() *types.Scope {
	for i := len(v.path) - 1; i >= 0; i-- {
		n := v.path[i]
		switch f := n.(type) {
		case *ast.FuncDecl:
			n = f.Type
		case *ast.FuncLit:
			n = f.Type
		}
		if s := v.info.Scopes[n]; s != nil {
			return s
		}
	}
	if s := v.info.Scopes[v.body]; s != nil && !v.inDecl {
		return s
	}
	if v.file != nil {
		return v.file
	}
	return v.pkg.Scope()
}
