package export

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"kairos/stdlib/symbols/typedata"
)

var (
	// numbered is a line with which Program begins a part of a cell.
	numbered = regexp.MustCompile(`(?m)^\t?// %% ([0-9]+)`)
	// heading is what follows // %%.
	heading = regexp.MustCompile(`^([0-9]+)?(?:[ \t]+|$)?(.*)$`)
	// separator begins a cell in a file of cells that is no program.
	separator = regexp.MustCompile(`(?m)^//[ \t]*%%.*$`)
)

func atoi(digits string) int { n, _ := strconv.Atoi(digits); return n }

func isLetter(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// Cells returns the cells of a program of one file: those that Program made it of, or else the imports, the declarations,
// and the paragraphs of main. A file of statements with lines // %% between them is taken apart there. The error tells
// where the program is wrong.
func Cells(src string) ([]string, error) {
	f, err := parseFile(src)
	switch {
	case err != nil && separator.MatchString(src):
		return atSeparators(src), nil
	case err != nil:
		return nil, fmt.Errorf("export: read program: %w", err)
	case f.Name.Name != "main":
		return nil, fmt.Errorf("export: read program: %s: it is of package %s: only programs, of package main, can become cells",
			f.fset.Position(f.Name.Pos()), f.Name.Name)
	}
	parts, exact := f.parts(), true
	if parts == nil {
		parts, exact = f.script(), false
	}
	return f.finish(parts, exact), nil
}

// atSeparators takes a file apart at its lines // %%. Those with a heading stay.
func atSeparators(src string) (cells []string) {
	begin := 0
	cut := func(end int) {
		text := strings.Trim(src[begin:end], "\n")
		if m := marker.FindStringSubmatch(text); m != nil {
			text = headed(heading.FindStringSubmatch(strings.TrimSpace(m[1]))[2], strings.Trim(text[len(m[0]):], "\n"))
		}
		if strings.TrimSpace(text) != "" {
			cells = append(cells, text)
		}
		begin = end
	}
	for _, at := range separator.FindAllStringIndex(src, -1) {
		cut(at[0])
	}
	cut(len(src))
	return cells
}

func headed(title, text string) string {
	if title == "" {
		return text
	}
	return "// %% " + title + "\n" + text
}

// file is a program to be taken apart.
type file struct {
	*ast.File
	fset *token.FileSet
	src  string
	main *ast.FuncDecl
}

func parseFile(src string) (*file, error) {
	f := &file{fset: token.NewFileSet(), src: src}
	var err error
	if f.File, err = parser.ParseFile(f.fset, "", src, parser.ParseComments|parser.SkipObjectResolution); err != nil {
		return nil, err
	}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "main" {
			f.main = fn
		}
	}
	return f, nil
}

// offset returns where a position lies, whatever line directives say.
func (f *file) offset(pos token.Pos) int { return f.fset.File(f.FileStart).Offset(pos) }

// span returns where a declaration begins, with its comment, and ends, with the comment in its line.
func (f *file) span(n ast.Node) (from, to int) {
	from, to = f.offset(n.Pos()), f.offset(n.End())
	switch d := n.(type) {
	case *ast.FuncDecl:
		if d.Doc != nil {
			from = f.offset(d.Doc.Pos())
		}
	case *ast.GenDecl:
		if d.Doc != nil {
			from = f.offset(d.Doc.Pos())
		}
	}
	return from, to + len(lineComment.FindString(f.src[to:]))
}

// part is a cell of a program.
type part struct {
	number      int
	title       string
	decls, main string
}

// parts returns the cells of a program that says where they begin, or nil.
func (f *file) parts() (parts []*part) {
	byNumber := map[int]*part{}
	add := func(c *ast.Comment) *part {
		m := heading.FindStringSubmatch(strings.TrimSpace(marker.FindStringSubmatch(c.Text)[1]))
		n := atoi(m[1])
		pt := byNumber[n]
		if pt == nil || n == 0 {
			pt = &part{number: n, title: m[2]}
			parts = append(parts, pt)
		}
		byNumber[n] = pt
		return pt
	}
	above, below := f.markers()
	if len(above)+len(below) == 0 {
		return nil
	}
	first := f.offset(f.Name.End())
	if rest := f.above(first, above, 0); strings.TrimSpace(rest) != "" {
		parts = append(parts, &part{decls: rest})
	}
	for i, c := range above {
		add(c).decls = f.above(f.offset(c.End()), above, i+1)
	}
	if f.main != nil {
		f.below(below, add, &parts)
	}
	slices.SortStableFunc(parts, func(x, y *part) int { return cmp.Compare(x.number, y.number) })
	return parts
}

// markers returns the lines // %% between declarations, and those between the statements of main.
func (f *file) markers() (above, below []*ast.Comment) {
	for _, group := range f.Comments {
		for _, c := range group.List {
			if !marker.MatchString(c.Text) {
				continue
			}
			i := slices.IndexFunc(f.Decls, func(d ast.Decl) bool { return d.Pos() <= c.Pos() && c.Pos() < d.End() })
			switch {
			case i < 0:
				above = append(above, c)
			case f.Decls[i] == f.main && !slices.ContainsFunc(f.main.Body.List, func(s ast.Stmt) bool {
				return s.Pos() <= c.Pos() && c.Pos() < s.End()
			}):
				below = append(below, c)
			}
		}
	}
	return above, below
}

// above returns the declarations from an offset to the next marker, without imports and main.
func (f *file) above(from int, markers []*ast.Comment, next int) string {
	to := len(f.src)
	if next < len(markers) {
		to = f.offset(markers[next].Pos())
	}
	text := ""
	for _, d := range f.Decls {
		begin, end := f.span(d)
		at := f.offset(d.Pos())
		if g, ok := d.(*ast.GenDecl); (ok && g.Tok == token.IMPORT || d == f.main) && from <= at && at < to {
			text += f.src[from:max(begin, from)] // a marker can be the last line of its comment
			from = end
		}
	}
	return strings.Trim(text+f.src[min(from, to):to], "\n")
}

// below takes main apart.
func (f *file) below(markers []*ast.Comment, add func(*ast.Comment) *part, parts *[]*part) {
	body := f.main.Body
	from := f.offset(body.Lbrace) + 1
	pt := &part{} // what comes before the first marker
	for i := 0; i <= len(markers); i++ {
		to := f.offset(body.Rbrace)
		if i < len(markers) {
			to = f.offset(markers[i].Pos())
		}
		pt.main = unindented(f.src[from:to])
		if i == 0 && pt.main != "" {
			*parts = append(*parts, pt)
		}
		if i < len(markers) {
			pt, from = add(markers[i]), f.offset(markers[i].End())
		}
	}
}

// unindented formats statements as they stand at the top level.
func unindented(text string) string {
	text = strings.TrimRight(strings.TrimLeft(text, " \t\n"), " \t\n")
	if out, err := format.Source([]byte(text)); err == nil {
		return strings.Trim(string(out), "\n")
	}
	return text
}

// finish returns the text of each part, with its imports and its value.
func (f *file) finish(parts []*part, exact bool) []string {
	bodies := make([]string, len(parts))
	for i, pt := range parts {
		bodies[i] = joined("\n\n", pt.decls, pt.main)
	}
	imports := f.importsOf(bodies)
	v := newValuer(exact)
	for i := range bodies {
		bodies[i] = v.settle(imports[i], bodies[i])
	}
	imports = f.importsOf(bodies) // without that of package cell, perhaps
	var cells []string
	for i, pt := range parts {
		if text := headed(pt.title, joined("\n\n", imports[i], bodies[i])); strings.TrimSpace(text) != "" {
			cells = append(cells, text)
		}
	}
	return cells
}

// joined joins those that are not empty.
func joined(between string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), between)
}

// importsOf gives each import to the first cell that uses it, and those without a name to the first.
func (f *file) importsOf(bodies []string) []string {
	specs := make([][]string, len(bodies))
	importer := typedata.NewImporter()
	for _, spec := range f.Imports {
		at, _ := strconv.Unquote(spec.Path.Value)
		name := path.Base(at)
		if pkg, err := importer.Import(at); err == nil {
			name = pkg.Name()
		}
		line := spec.Path.Value
		if spec.Name != nil {
			name = spec.Name.Name
			line = name + " " + line
		}
		i := slices.IndexFunc(bodies, func(body string) bool { return selects(body, name) })
		if name == "_" || name == "." {
			i = min(0, len(bodies)-1)
		}
		if i >= 0 {
			specs[i] = append(specs[i], line)
		}
	}
	imports := make([]string, len(bodies))
	for i, lines := range specs {
		switch len(lines) {
		case 0:
		case 1:
			imports[i] = "import " + lines[0]
		default:
			imports[i] = "import (\n\t" + strings.Join(lines, "\n\t") + "\n)"
		}
	}
	return imports
}

// selects reports whether text has name with a dot after it.
func selects(text, name string) bool {
	all := tokens(text)
	for i, l := range all {
		if l.tok == token.IDENT && l.lit == name && i+1 < len(all) && all[i+1].tok == token.PERIOD && (i == 0 || all[i-1].tok != token.PERIOD) {
			return true
		}
	}
	return false
}
