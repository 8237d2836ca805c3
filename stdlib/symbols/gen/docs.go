package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// builtin describes what the language predeclares. It is documented with the standard library.
const builtin = "builtin"

// archiveDocs packs the doc comments of the packages of g, in the form of package docs.
func archiveDocs(g group, pkgs []*types.Package) ([]byte, error) {
	args := []string{"-json=ImportPath,Dir,GoFiles,CgoFiles"}
	for _, p := range pkgs {
		args = append(args, p.Path())
	}
	if slices.Contains(g.patterns, "std") {
		args = append(args, builtin)
	}
	lines, err := goList(g, args)
	if err != nil {
		return nil, err
	}
	contents := map[string][]byte{}
	for d := json.NewDecoder(strings.NewReader(strings.Join(lines, "\n"))); ; {
		var p sources
		if err := d.Decode(&p); err == io.EOF {
			return archive(contents)
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if contents[p.ImportPath], err = p.comments(); err != nil {
			return nil, err
		}
	}
}

// sources is what go list says of a package.
type sources struct {
	ImportPath, Dir   string
	GoFiles, CgoFiles []string
}

func (p sources) comments() ([]byte, error) {
	c := collector{fset: token.NewFileSet(), lines: !isOwn(p.ImportPath), unexported: p.ImportPath == builtin}
	for _, name := range slices.Sorted(slices.Values(append(p.GoFiles, p.CgoFiles...))) {
		if err := c.file(filepath.Join(p.Dir, name)); err != nil {
			return nil, err
		}
	}
	return c.encode(), nil
}

// collector gathers the comments of one package.
type collector struct {
	fset       *token.FileSet
	lines      bool // say in which line a name is declared; for packages of kairos the data would age with every edit
	unexported bool
	pkg        []string
	records    []record
}

type record struct{ name, position, text string }

func (c *collector) file(path string) error {
	f, err := parser.ParseFile(c.fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	if text := f.Doc.Text(); text != "" {
		c.pkg = append(c.pkg, text)
	}
	for _, decl := range f.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			c.function(d)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				c.spec(d, spec)
			}
		}
	}
	return nil
}

func (c *collector) function(d *ast.FuncDecl) {
	name := d.Name.Name
	if d.Recv != nil {
		name = receiver(d.Recv.List[0].Type) + "." + name
	}
	c.add(name, d.Name, d.Doc)
}

// receiver returns the name of a method's type.
func receiver(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.StarExpr:
		return receiver(x.X)
	case *ast.ParenExpr:
		return receiver(x.X)
	case *ast.IndexExpr:
		return receiver(x.X)
	case *ast.IndexListExpr:
		return receiver(x.X)
	}
	return ""
}

// spec adds what a declaration of types, constants or variables declares. The comment before a group belongs to each
// of its members that has none.
func (c *collector) spec(d *ast.GenDecl, spec ast.Spec) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		c.add(s.Name.Name, s.Name, s.Doc, s.Comment, d.Doc)
		c.members(s)
	case *ast.ValueSpec:
		for _, id := range s.Names {
			c.add(id.Name, id, s.Doc, s.Comment, d.Doc)
		}
	}
}

// members adds the fields of a struct and the methods of an interface.
func (c *collector) members(s *ast.TypeSpec) {
	var list *ast.FieldList
	switch t := s.Type.(type) {
	case *ast.StructType:
		list = t.Fields
	case *ast.InterfaceType:
		list = t.Methods
	}
	if list == nil {
		return
	}
	for _, field := range list.List {
		for _, id := range field.Names {
			c.add(s.Name.Name+"."+id.Name, id, field.Doc, field.Comment)
		}
	}
}

// add records the first of the comments that there is, unless the name is of no use outside the package.
func (c *collector) add(name string, id *ast.Ident, comments ...*ast.CommentGroup) {
	if !id.IsExported() && !c.unexported {
		return
	}
	pos := c.fset.Position(id.Pos())
	r := record{name: name, position: filepath.Base(pos.Filename)}
	if c.lines {
		r.position = fmt.Sprintf("%s:%d", r.position, pos.Line)
	}
	for _, comment := range comments {
		if r.text = strings.TrimSpace(comment.Text()); r.text != "" {
			break
		}
	}
	c.records = append(c.records, r)
}

// encode writes the comments as package docs reads them.
func (c *collector) encode() []byte {
	all := append(c.records, record{text: strings.TrimSpace(strings.Join(c.pkg, "\n"))})
	slices.SortStableFunc(all, func(a, b record) int { return cmp.Compare(a.name, b.name) })
	var b []byte
	for _, r := range all {
		b = append(b, r.name+"\x00"+r.position+"\x00"+r.text+"\x01"...)
	}
	return b
}
