package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"maps"
	"slices"
	"strings"

	"kairos/stdlib/symbols/typedata"
)

// CellsConfig is what cells can do beyond Go.
type CellsConfig struct {
	// Packages are the import paths that cells may leave out, where the name of the package and what is used of it tell
	// which is meant. The default is none.
	Packages []string
	// Importer reads the types of compiled packages. The default is a new one.
	Importer *typedata.Importer
}

// Cells is all that earlier cells of a session declared. It is not for use by several goroutines at once.
type Cells struct {
	fset     *token.FileSet
	compiled *typedata.Importer
	packages map[string][]string // import paths by package name
	context  *types.Context
	pkg      *types.Package
	names    map[string]types.Object
	renewed  map[string]bool // types declared more than once
	last     string          // the name of the last value, if there is one
	pending  []methodSet     // as they were before the cell checked last
}

// NewCells returns the state of a session in which nothing is declared. Cells are parsed into fset.
func NewCells(fset *token.FileSet, cfg CellsConfig) *Cells {
	c := &Cells{
		fset:     fset,
		compiled: cfg.Importer,
		packages: map[string][]string{},
		context:  types.NewContext(),
		pkg:      types.NewPackage("main", "main"),
		names:    map[string]types.Object{},
		renewed:  map[string]bool{},
	}
	if c.compiled == nil {
		c.compiled = typedata.NewImporter()
	}
	for _, path := range cfg.Packages {
		name := packageName(path)
		c.packages[name] = append(c.packages[name], path)
	}
	return c
}

// emptyScope makes room for what the next cell declares. The scope must stay the parent of all that is declared in it,
// for go/types to know objects of the top level.
func (c *Cells) emptyScope() {
	*c.pkg.Scope() = *types.NewScope(types.Universe, token.NoPos, token.NoPos, "session")
	c.pkg.SetImports(nil)
}

// Package returns the package of all cells. Its scope is the parent of all that they declare, but has only the names of
// the last: see Lookup.
func (c *Cells) Package() *types.Package { return c.pkg }

// Lookup returns what a name at the top level of a cell means, or nil if no cell declared it.
func (c *Cells) Lookup(name string) types.Object { return c.names[name] }

// All iterates over all names that cells declared, in order, without the values that were kept.
func (c *Cells) All() iter.Seq2[string, types.Object] {
	return func(yield func(string, types.Object) bool) {
		for _, name := range slices.Sorted(maps.Keys(c.names)) {
			if obj := c.names[name]; obj.Pos().IsValid() && !yield(name, obj) {
				return
			}
		}
	}
}

// TopLevel reports whether obj is a variable, a constant, a type, a function or a method of a cell or of a package, and
// no local one.
func TopLevel(obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.Func:
		return obj.Pkg() != nil
	case *types.Var:
		return obj.Kind() == types.PackageVar
	case *types.Const, *types.TypeName:
		return obj.Pkg() != nil && obj.Parent() != nil && obj.Parent().Parent() == types.Universe
	}
	return false
}

// Cell is a cell that is right.
type Cell struct {
	Name, Source string
	Fset         *token.FileSet
	Info         *types.Info
	Pkg          *types.Package // Cells.Package
	// Imports are its imports, and those that it left out.
	Imports []*types.PkgName
	// Decls are its functions, methods, types and constants.
	Decls []ast.Decl
	// Stmts are what the cell does, in order. A := or var among them defines variables of the session. The last is a call
	// of main that the cell did not write, if it declares main and has no statements of its own but var.
	Stmts []ast.Stmt
	// Init is how many of Stmts come before the functions named init among Decls are called: the variables of a cell that is
	// read as a file, or none.
	Init int
	// Vars are the variables of the session that Stmts define, in order.
	Vars []*types.Var
	// Value is the last statement, if it is an expression with one value or, where its type is a types.Tuple, several.
	Value ast.Expr
	// Suppressed tells that the cell ends with a semicolon.
	Suppressed bool
	// Uses lists for each function what it uses of this cell and of earlier ones, in order of first use.
	Uses map[*ast.FuncDecl][]types.Object
	// Replaced lists what of earlier cells it declares anew.
	Replaced []Replacement

	declared map[string]types.Object
	lines    []string
}

// Replacement is a name or a method that has been declared anew. What was compiled before means the old object.
type Replacement struct {
	Old, New types.Object
}

// Error returns an Error at pos that shows the line.
func (cell *Cell) Error(pos token.Pos, format string, args ...any) Error {
	return withLine(Error{Pos: cell.Fset.Position(pos), Msg: fmt.Sprintf(format, args...)}, cell.Name, cell.lines)
}

// withLine fills in the line that e is about, if it is one of the cell's.
func withLine(e Error, name string, lines []string) Error {
	if n := e.Pos.Line; e.Pos.Filename == name && n >= 1 && n <= len(lines) {
		e.Line = lines[n-1]
	}
	return e
}

// Check parses and checks a cell, whose positions read as name says, against all that earlier cells declared. The
// error is an Errors. Nothing is declared yet, but for one thing: methods of earlier types are in place until the next
// Check, which takes them back unless the cell has been declared.
func (c *Cells) Check(name, src string) (*Cell, error) {
	c.undo()
	s := parseCell(c.fset, name, src)
	s.nameLast(c.last)
	cell, wrong := c.check(s)
	if len(wrong) == 0 {
		return cell, nil
	}
	c.undo()
	s.forget()
	lines := strings.Split(src, "\n")
	list := cellErrors(wrong)
	for i := range list {
		list[i] = withLine(list[i], name, lines)
	}
	return nil, Errors{List: list}
}

// check reads a cell as what is done in order, or as a file, in which variables are initialised as they need each
// other: if it looks like a file, or has nothing but declarations and makes sense in no other way.
func (c *Cells) check(s *syntax) (*Cell, []Error) {
	if len(s.wrong) > 0 {
		return nil, s.wrong
	}
	vars := onlyVars(s.stmts)
	if vars && (s.clause || declaresMain(s.decls)) {
		return c.try(s, true)
	}
	cell, wrong := c.try(s, false)
	if len(wrong) > 0 && vars && len(s.stmts) > 0 {
		c.undo()
		if cell, wrong := c.try(s, true); len(wrong) == 0 {
			return cell, nil
		}
	}
	return cell, wrong
}

// onlyVars reports whether stmts do nothing but declare variables.
func onlyVars(stmts []ast.Stmt) bool {
	return !slices.ContainsFunc(stmts, func(s ast.Stmt) bool {
		_, ok := s.(*ast.DeclStmt)
		return !ok
	})
}

// declaresMain reports whether there is a function main.
func declaresMain(decls []ast.Decl) bool {
	return slices.ContainsFunc(decls, func(d ast.Decl) bool {
		f, ok := d.(*ast.FuncDecl)
		return ok && f.Recv == nil && f.Name.Name == "main"
	})
}

// Declare makes what the cell checked last declares visible to later ones.
func (c *Cells) Declare(cell *Cell) {
	c.pending = nil
	for name, obj := range cell.declared {
		if _, ok := c.names[name].(*types.TypeName); ok {
			c.renewed[name] = true
		}
		c.names[name] = obj
	}
}
