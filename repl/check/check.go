// Package check finds every error in a program before any of it runs, by the rules of the Go compiler: go/parser and
// go/types, with the types of imported packages from typedata, so that no Go toolchain is needed.
//
//	Script    parses and checks a saved file, as go run would
//	Program   what is known about a program that is right
//	Errors    what is wrong, in the words and the order of go run
//
// The wording is that of go/types, which is the compiler's own but for a few messages (on labels, and on the position
// of a missing argument); syntax errors have go/parser's. Checking of single cells is not here yet.
package check

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"kairos/stdlib/symbols/typedata"
)

// goVersion is the language version of scripts.
const goVersion = "go1.26"

// Program is a parsed file with its types.
type Program struct {
	Fset *token.FileSet
	File *ast.File
	Info *types.Info
}

// Script parses and checks the source of a program of one file into fset. Errors name the file as name says. The error
// is an Errors.
func Script(fset *token.FileSet, name string, src []byte) (*Program, error) {
	if err := checkHeader(name, src); err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, compileErrors(parseErrors(err, "syntax error: "))
	}
	p := &Program{Fset: fset, File: file, Info: newInfo()}
	var list []Error
	conf := types.Config{
		GoVersion: goVersion,
		Importer:  typedata.NewImporter(),
		Sizes:     types.SizesFor("gc", "amd64"),
		Error:     func(err error) { list = append(list, typeError(err)) },
	}
	pkg, _ := conf.Check("main", fset, []*ast.File{file}, p.Info)
	if len(list) > 0 {
		return nil, compileErrors(list)
	}
	if _, ok := pkg.Scope().Lookup("main").(*types.Func); !ok {
		return nil, Errors{Header: commandLine, List: []Error{{
			Msg: "runtime.main_main·f: function main is undeclared in the main package",
		}}}
	}
	return p, nil
}

func newInfo() *types.Info {
	return &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Instances:  map[*ast.Ident]types.Instance{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Implicits:  map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes:     map[ast.Node]*types.Scope{},
	}
}

// checkHeader finds what the go command itself reports, before it compiles: a file whose package clause or imports do
// not parse, imports that cannot be had, and a package that is not main. These errors have no heading, and do not show
// the ./ that the compiler puts before a file name.
func checkHeader(name string, src []byte) error {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, strings.TrimPrefix(name, "./"), src, parser.ImportsOnly)
	if err != nil {
		return Errors{List: parseErrors(err, "")}
	}
	var list []Error
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err == nil && !typedata.Has(path) {
			list = append(list, Error{fset.Position(spec.Path.Pos()), noPackage(path)})
		}
	}
	if len(list) > 0 {
		return Errors{List: list}
	}
	if file.Name.Name != "main" {
		return Errors{List: []Error{{Msg: "package command-line-arguments is not a main package"}}}
	}
	return nil
}

func noPackage(path string) string {
	if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") || first == "kairos" {
		return fmt.Sprintf("no package %s here: a script can import the standard library, kairos/stdlib/… and parts of gonum.org/v1",
			path)
	}
	return fmt.Sprintf("package %s is not among those of the standard library that a script can import", path)
}

// parseErrors lists what go/parser found, with prefix before each message.
func parseErrors(err error, prefix string) []Error {
	var found scanner.ErrorList
	if !errors.As(err, &found) {
		return []Error{{Msg: err.Error()}}
	}
	var list []Error
	for _, e := range found {
		list = append(list, Error{e.Pos, prefix + e.Msg})
	}
	return list
}

func typeError(err error) Error {
	var e types.Error
	if !errors.As(err, &e) {
		return Error{Msg: err.Error()}
	}
	return Error{e.Fset.Position(e.Pos), e.Msg}
}
