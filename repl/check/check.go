// Package check finds every error in a program or a cell before any of it runs, by the rules of the Go compiler:
// go/parser and go/types, with the types of imported packages from typedata, so that no Go toolchain is needed.
//
//	Script    parses and checks a program of one file, given as text
//	Files     reads, parses and checks a program as go run takes it: files or a directory, with the packages it imports
//	Program   what is known about a program that is right
//	Cells     all that the cells of a session declared, against which it checks the next
//	Cell      what is known about a cell that is right
//	Complete  tells whether a cell can be run, or more of it has to come
//	Errors    what is wrong, in the words and the order of go run
//
// A cell is any mix, in any order, of imports, declarations and statements, by Go's rules but for these:
//
//   - Variables that statements define at the top level are those of the session: the functions of the cell, wherever they
//     stand, and later cells see them. The statements themselves see them from there on, as in a function.
//   - What earlier cells declared can be declared anew, as anything. What was declared before goes on to mean the old, and a
//     statement that defines a variable anew can use the old one's value.
//   - A type of an earlier cell can get more methods, and others of the same signature, unless it is generic.
//   - Imports can be left out where the name and what is used of it tell the package. Variables and imports need not be used.
//   - The last statement can be any expression. There is no return outside of functions.
//   - A file can be pasted: a cell that declares main and does nothing is run as a program.
//
// The wording is that of go/types, which is the compiler's own but for a few messages (on labels, and on the position
// of a missing argument); syntax errors have go/parser's.
//
// Imports are compiled packages that typedata knows, and for Files packages of the module that the files lie in. Other
// modules, vendored packages, cgo and assembly are left out.
package check

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"regexp"
	"slices"

	"kairos/stdlib/symbols/typedata"
)

// goVersion is the language version of programs, unless their go.mod asks for an older one.
const goVersion = "go1.26"

// Program is all packages of a program that are not compiled, with their types.
type Program struct {
	Fset     *token.FileSet
	Info     *types.Info // of all packages, except for InitOrder
	Packages []*Package  // in the order in which Go initialises them; the last is package main
}

// Main returns the package that has the function main.
func (p *Program) Main() *Package { return p.Packages[len(p.Packages)-1] }

// Package is one package from source. Its language version is that of Types, and per file in Program.Info.FileVersions.
type Package struct {
	Types     *types.Package
	Files     []*ast.File
	InitOrder []*types.Initializer
}

// Script parses and checks the source of a program of one file into fset. Errors name the file as name says. The error
// is an Errors.
func Script(fset *token.FileSet, name string, src []byte) (*Program, error) {
	l := newLoader(fset, nil)
	return l.program(&unit{path: commandLine, version: goVersion, sources: []source{{name, src}}})
}

func newInfo() *types.Info {
	return &types.Info{
		Types:        map[ast.Expr]types.TypeAndValue{},
		Instances:    map[*ast.Ident]types.Instance{},
		Defs:         map[*ast.Ident]types.Object{},
		Uses:         map[*ast.Ident]types.Object{},
		Implicits:    map[ast.Node]types.Object{},
		Selections:   map[*ast.SelectorExpr]*types.Selection{},
		Scopes:       map[ast.Node]*types.Scope{},
		FileVersions: map[*ast.File]string{},
	}
}

// checker checks the packages of one program, each after those it imports.
type checker struct {
	fset     *token.FileSet
	info     *types.Info
	compiled *typedata.Importer
	done     map[string]*types.Package
}

// Import returns a package of the program itself, or else a compiled one.
func (c *checker) Import(path string) (*types.Package, error) {
	if p := c.done[path]; p != nil {
		return p, nil
	}
	return c.compiled.Import(path)
}

// check parses and checks one package.
func (c *checker) check(u *unit) (*Package, error) {
	files, list := u.parse(c.fset)
	if len(list) > 0 {
		return nil, compileErrors(u.path, list)
	}
	conf := types.Config{
		GoVersion: u.version,
		Importer:  c,
		Sizes:     sizes,
		Error: func(err error) {
			e := typeError(err)
			if needsVersion.MatchString(e.Msg) {
				e.Msg += fmt.Sprintf(" (-lang was set to %s; check go.mod)", u.version)
			}
			list = append(list, e)
		},
	}
	pkg, _ := conf.Check(u.typesPath(), c.fset, files, c.info)
	if len(list) == 0 {
		list = withoutBody(c.fset, files)
	}
	if len(list) > 0 {
		return nil, compileErrors(u.path, list)
	}
	c.done[u.path] = pkg
	return &Package{pkg, files, slices.Clone(c.info.InitOrder)}, nil
}

// needsVersion is how go/types speaks of what the language of an older go.mod lacks.
var needsVersion = regexp.MustCompile(`requires go1\.[0-9]+ or later$`)

// sizes are those of the machines that kairos runs on.
var sizes = types.SizesFor("gc", "amd64")

// parse parses all files of a package.
func (u *unit) parse(fset *token.FileSet) (files []*ast.File, list []Error) {
	for _, s := range u.sources {
		file, err := parser.ParseFile(fset, s.name, s.text, parser.SkipObjectResolution)
		if err != nil {
			list = append(list, parseErrors(err, "syntax error: ")...)
		}
		files = append(files, file)
	}
	return files, list
}

// withoutBody finds the functions that go/types takes for external ones.
func withoutBody(fset *token.FileSet, files []*ast.File) (list []Error) {
	for _, file := range files {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Body == nil {
				list = append(list, Error{Pos: fset.Position(f.Name.Pos()), Msg: "missing function body"})
			}
		}
	}
	return list
}

// parseErrors lists what go/parser found, with prefix before each message.
func parseErrors(err error, prefix string) []Error {
	var found scanner.ErrorList
	if !errors.As(err, &found) {
		return []Error{{Msg: err.Error()}}
	}
	var list []Error
	for _, e := range found {
		list = append(list, Error{Pos: e.Pos, Msg: prefix + e.Msg})
	}
	return list
}

func typeError(err error) Error {
	var e types.Error
	if !errors.As(err, &e) {
		return Error{Msg: err.Error()}
	}
	return Error{Pos: e.Fset.Position(e.Pos), Msg: e.Msg}
}

// mainless is what the linker says of a package main that lacks its function.
func mainless(u *unit) error {
	return Errors{Header: fmt.Sprintf("# %s", u.path), List: []Error{{
		Msg: "runtime.main_main·f: function main is undeclared in the main package",
	}}}
}
