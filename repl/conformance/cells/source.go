package cells

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/imports"
)

// source returns the program. It is written and checked twice: the first time variables are declared with their values, to
// learn their types.
func (p *program) source(importer types.Importer) (string, error) {
	src, err := p.write(func(v variable, name string) string { return v.typ })
	if err != nil {
		return "", err
	}
	pkg, info, body, err := check(importer, src)
	if err != nil {
		return "", err
	}
	p.findValues(info, body)
	for _, name := range pkg.Scope().Names() {
		if pkg.Scope().Lookup(name).Type() == types.Typ[types.Invalid] {
			return "", compiles(importer, src)
		}
	}
	src, err = p.write(func(v variable, name string) string {
		if v.typ != "" {
			return v.typ
		}
		return types.TypeString(pkg.Scope().Lookup(name).Type(), func(of *types.Package) string {
			if of == pkg {
				return ""
			}
			return of.Name()
		})
	})
	if err != nil {
		return "", err
	}
	return src, compiles(importer, src)
}

// write returns the program with the types for its variables; where there is none, it is told by the value.
func (p *program) write(typeOf func(v variable, name string) string) (string, error) {
	var b strings.Builder
	b.WriteString("package main\n\n")
	for _, text := range p.imports {
		b.WriteString(text + "\n")
	}
	for _, text := range p.decls {
		b.WriteString(text + "\n\n")
	}
	for _, v := range p.vars {
		p.writeVar(&b, v, typeOf)
	}
	b.WriteString("func main() {\n")
	for i, statements := range p.cells {
		fmt.Fprintf(&b, "\t// %%%% %d\n", i+1)
		p.writeCell(&b, i+1, statements)
	}
	b.WriteString("}\n")
	src, err := imports.Process("main.go", []byte(b.String()), &imports.Options{Comments: true, TabIndent: true, TabWidth: 8})
	return string(src), err
}

func (p *program) writeVar(b *strings.Builder, v variable, typeOf func(v variable, name string) string) {
	if v.value != "" && v.typ == "" {
		all := true
		for _, name := range v.names {
			all = all && (name == "_" || typeOf(v, name) != "")
		}
		if !all {
			fmt.Fprintf(b, "var %s = %s\n", strings.Join(v.names, ", "), v.value)
			return
		}
	}
	for _, name := range v.names {
		if name != "_" {
			fmt.Fprintf(b, "var %s %s\n", name, typeOf(v, name))
		}
	}
}

func (p *program) writeCell(b *strings.Builder, number int, statements []string) {
	if p.panics[number] {
		fmt.Fprintf(b, "\tfunc() {\n\tdefer func() { println(%q, fmt.Sprint(recover())) }()\n", fmt.Sprintf("%d:", number))
		defer b.WriteString("\t}()\n")
	}
	for i, s := range statements {
		if i == len(statements)-1 && p.values[number] {
			s = fmt.Sprintf("fmt.Printf(%q, %d, %s)", ValueFormat, number, s)
		}
		fmt.Fprintf(b, "\t%s\n", s)
	}
}

// findValues looks for the cells that end with a value.
func (p *program) findValues(info *types.Info, body []ast.Stmt) {
	at := 0
	for i, statements := range p.cells {
		number := i + 1
		in := body[at:min(at+len(statements), len(body))]
		if p.panics[number] { // its statements are in a function
			at++
			continue
		}
		at += len(statements)
		if len(in) == 0 {
			continue
		}
		if last, ok := in[len(in)-1].(*ast.ExprStmt); ok && !info.Types[last.X].IsVoid() && !prints(last.X) {
			p.values[number] = true
		}
	}
}

// prints reports whether e is a call of fmt.Print or the like, whose results nobody wants to see.
func prints(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && id.Name == "fmt" && (strings.HasPrefix(sel.Sel.Name, "Print") || strings.HasPrefix(sel.Sel.Name, "Fprint"))
}

// check finds the types of a program that may yet be wrong, and the body of its main.
func check(importer types.Importer, src string) (*types.Package, *types.Info, []ast.Stmt, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "main.go", src, parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, nil, err
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	conf := types.Config{Importer: importer, Error: func(error) {}}
	pkg, _ := conf.Check("main", fset, []*ast.File{file}, info)
	main := file.Decls[len(file.Decls)-1].(*ast.FuncDecl)
	return pkg, info, main.Body.List, nil
}

// compiles returns everything that is wrong with a program.
func compiles(importer types.Importer, src string) error {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "main.go", src, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	var all []error
	conf := types.Config{Importer: importer, Error: func(err error) { all = append(all, err) }}
	conf.Check("main", fset, []*ast.File{file}, nil)
	return errors.Join(all...)
}
