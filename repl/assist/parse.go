package assist

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
)

// placeholder stands for the name that is being written.
const placeholder = "cursorǃ"

// source is an unfinished cell, taken to pieces.
type source struct {
	text  string
	all   []lexeme // with comments
	items []item
}

func newSource(text string) *source {
	all := lex(text)
	return &source{text, all, split(all, len(text))}
}

// tree is a cell as far as it parses.
type tree struct {
	fset    *token.FileSet
	imports []*ast.ImportSpec
	decls   []ast.Decl // functions other than the one at the cursor have no bodies
	stmts   []ast.Stmt // as far as the one at the cursor, if that is in one
	inDecl  bool       // the cursor is in one of decls, or nowhere
	at      *ast.Ident // the name at the cursor; nil if it stands where none can
	origins []origin   // where the parsed texts stand in the cell
	path    []ast.Node // what it is in, from a declaration or statement on
}

// origin is where a text that was parsed stands in the cell.
type origin struct {
	base   token.Pos
	offset int
}

// offset returns the offset in the cell of what was parsed, or -1.
func (t *tree) offset(pos token.Pos) int {
	for _, o := range slices.Backward(t.origins) {
		if pos.IsValid() && o.base <= pos {
			return o.offset + int(pos-o.base)
		}
	}
	return -1
}

// parse parses the cell with a name at the offset start. In the statement or declaration that it is in, the name takes
// the place of all that follows, or if it is asked to keep that, it has to be there already.
func (s *source) parse(start int, name string, keep bool) *tree {
	t := &tree{fset: token.NewFileSet(), inDecl: true}
	found := false
	for i := 0; i < len(s.items); {
		it := s.items[i]
		switch {
		case !found && start < it.stop:
			found = true
			if it.start > start { // between two
				t.addCursor(s, item{start: start}, start, name, false)
				continue
			}
			t.addCursor(s, it, start, name, keep)
			i++
		default:
			n := s.run(i, start, found)
			if !found || t.inDecl || it.kind != statement {
				t.addRun(s, s.items[i:n])
			}
			i = n
		}
	}
	if !found {
		t.addCursor(s, item{start: start}, start, name, false)
	}
	return t
}

// run returns the end of the run of items like item i that are not at the cursor.
func (s *source) run(i, start int, found bool) int {
	n := i + 1
	for n < len(s.items) && s.items[n].kind == s.items[i].kind && (found || s.items[n].stop <= start) {
		n++
	}
	return n
}

// addRun adds items of a kind, parsed together or, if they do not parse, one by one.
func (t *tree) addRun(s *source, run []item) {
	kind := run[0].kind
	if kind == clause {
		return
	}
	p := t.read(kind, run[0].start, s.text[run[0].start:run[len(run)-1].end()])
	if p.errors > 0 && len(run) > 1 {
		for _, it := range run {
			t.addRun(s, []item{it})
		}
		return
	}
	for _, decl := range p.decls {
		if f, ok := decl.(*ast.FuncDecl); ok {
			f.Body = nil
		}
	}
	t.add(p)
}

func (t *tree) add(p parsed) {
	t.imports = append(t.imports, p.imports...)
	t.decls = append(t.decls, p.decls...)
	t.stmts = append(t.stmts, p.stmts...)
}

// addCursor adds the item with the name at the cursor.
func (t *tree) addCursor(s *source, it item, start int, name string, keep bool) {
	if keep {
		p := t.read(it.kind, it.start, s.text[it.start:it.end()])
		if p.errors == 0 && t.take(p, it.kind, start) {
			return
		}
	}
	var before []lexeme
	for _, l := range it.tokens {
		if l.end <= start {
			before = append(before, l)
		}
	}
	it.kind = statement
	if len(before) > 0 {
		it.kind = kindOf(before)
	}
	t.cut(it.kind, it.start, s.text[it.start:start]+name, closers(before), start)
}

// suffixes are tried after a name to make a statement of it: it is one already, it is among several variables, or it is
// where a body has to follow.
var suffixes = []string{"", "=0", "{}"}

// cut adds the text from offset begin of the cell on that ends with the name at offset at, made whole by what closes it.
func (t *tree) cut(kind kind, begin int, text, closers string, at int) {
	if kind == clause {
		return
	}
	var best parsed
	for i, suffix := range suffixes {
		p := t.read(kind, begin, text+suffix+closers)
		if p.ident(t, at) == nil {
			p.errors += len(text) // worse than all others
		}
		if i == 0 || p.errors < best.errors {
			best = p
		}
		if p.errors == 0 {
			break
		}
	}
	if !t.take(best, kind, at) {
		t.add(best)
		t.inDecl = kind != statement
	}
}

// take adds what was parsed if the name is there, at an offset of the cell.
func (t *tree) take(p parsed, kind kind, at int) bool {
	path := p.ident(t, at)
	if path == nil {
		return false
	}
	t.add(p)
	t.inDecl = kind != statement
	t.at = path[len(path)-1].(*ast.Ident)
	t.path = path[:len(path)-1]
	return true
}

// parsed is what the parser made of a text.
type parsed struct {
	imports []*ast.ImportSpec
	decls   []ast.Decl
	stmts   []ast.Stmt
	errors  int
}

// read parses a text that stands at an offset of the cell.
func (t *tree) read(kind kind, offset int, text string) (p parsed) {
	src := prefixes[kind] + text + "\n"
	if kind == statement {
		src += "}"
	}
	file, err := parser.ParseFile(t.fset, "", src, parser.AllErrors|parser.SkipObjectResolution)
	if err != nil {
		p.errors = 1
		var list scanner.ErrorList
		if errors.As(err, &list) {
			p.errors = len(list)
		}
	}
	if file == nil {
		return p
	}
	t.origins = append(t.origins, origin{file.FileStart, offset - len(prefixes[kind])})
	p.imports = file.Imports
	for i, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if i == 0 && kind == statement {
				if d.Body != nil {
					p.stmts = d.Body.List
				}
				continue
			}
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				continue
			}
		}
		p.decls = append(p.decls, decl)
	}
	return p
}

// ident returns the identifier at an offset of the cell, with the nodes around it before it, or nil.
func (p parsed) ident(t *tree, offset int) (path []ast.Node) {
	at := func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		return ok && t.offset(id.NamePos) == offset
	}
	for _, d := range p.decls {
		if path = find(d, at); path != nil {
			return path
		}
	}
	for _, s := range p.stmts {
		if path = find(s, at); path != nil {
			return path
		}
	}
	return nil
}

// find returns the path from root to the first node that fits.
func find(root ast.Node, fits func(ast.Node) bool) (path []ast.Node) {
	found := false
	ast.Inspect(root, func(n ast.Node) bool {
		switch {
		case found:
			return false
		case n == nil:
			path = path[:len(path)-1]
			return false
		}
		path = append(path, n)
		found = fits(n)
		return !found
	})
	if !found {
		return nil
	}
	return path
}
