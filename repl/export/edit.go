package export

import (
	"cmp"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// edit replaces a part of a cell's text. One of nothing inserts text before what follows, or after what comes before.
type edit struct {
	start, end int
	text       string
	after      bool
}

// within reports whether an edit is of the text between two offsets.
func (e edit) within(from, to int) bool {
	if e.start == e.end && (e.after && e.start == from || !e.after && e.end == to) {
		return false
	}
	return from <= e.start && e.end <= to
}

// edit prepares the edits of all cells: names, definitions, and values.
func (p *program) edit() {
	p.rename()
	for _, s := range p.cells {
		p.initialise(s)
		for _, stmt := range s.cell.Stmts[s.cell.Init:] {
			p.define(s, stmt)
		}
		p.end(s)
	}
}

// rename edits the names that changed, and notes which imports are used.
func (p *program) rename() {
	for _, at := range slices.Concat(p.sites, p.labels) {
		if at.owner != nil && at.owner.dead {
			continue
		}
		name := p.nameOf(at)
		if e := p.entities[at.obj]; e != nil && e.path != "" {
			e.used = true
		}
		if name != at.id.Name {
			s := p.cells[at.cell]
			from := s.offset(at.id.Pos())
			s.edits = append(s.edits, edit{start: from, end: from + len(at.id.Name), text: name})
		}
	}
}

// render returns a part of a cell's text with the edits made.
func (p *program) render(s *source, from, to int) string {
	var b strings.Builder
	list, done := slices.Clone(s.edits), from
	slices.SortStableFunc(list, func(x, y edit) int { return cmp.Or(x.start-y.start, x.end-y.end) })
	for _, e := range list {
		if !e.within(from, to) || e.start < done {
			continue
		}
		b.WriteString(s.text[done:e.start])
		b.WriteString(e.text)
		done = e.end
	}
	b.WriteString(s.text[done:to])
	return b.String()
}

// substitute replaces a part of the text, and the edits of it.
func (s *source) substitute(from, to int, text string) {
	s.edits = slices.DeleteFunc(s.edits, func(e edit) bool { return from <= e.start && e.end <= to })
	s.edits = append(s.edits, edit{start: from, end: to, text: text})
}

// isHere reports whether a variable is declared where the statements of the cell are.
func (s *source) isHere(e *entity) bool { return !e.pkg && e.inner == s.wrapped }

// names are the variables of a definition.
type names struct {
	fresh   []*entity // to be declared here
	others  []*entity // declared somewhere else
	known   []*entity // declared here before
	defined []*entity // fresh ones and all others that it defines anew
}

// sort sorts the variables that a statement defines or assigns to.
func (p *program) sort(s *source, ids []*ast.Ident) (n names) {
	for _, id := range ids {
		obj := s.cell.Info.Defs[id]
		defined := obj != nil
		if obj == nil {
			obj = s.cell.Info.Uses[id]
		}
		e := p.entities[obj]
		if e == nil || id.Name == "_" {
			continue
		}
		if defined {
			n.defined = append(n.defined, e)
		}
		switch {
		case !s.isHere(e):
			n.others = append(n.others, e)
		case defined && e.counted == 0:
			n.fresh = append(n.fresh, e)
		default:
			n.known = append(n.known, e)
		}
	}
	return n
}

// define edits a statement that defines variables of the session.
func (p *program) define(s *source, stmt ast.Stmt) {
	for {
		l, ok := stmt.(*ast.LabeledStmt)
		if !ok {
			break
		}
		stmt = l.Stmt
	}
	switch stmt := stmt.(type) {
	case *ast.AssignStmt:
		if stmt.Tok == token.DEFINE {
			p.defineShort(s, stmt)
		}
	case *ast.DeclStmt:
		p.defineVar(s, stmt)
	}
}

// defineShort edits a := that not all of the program's variables can keep.
func (p *program) defineShort(s *source, stmt *ast.AssignStmt) {
	var ids []*ast.Ident
	for _, e := range stmt.Lhs {
		if id, ok := e.(*ast.Ident); ok {
			ids = append(ids, id)
		}
	}
	n := p.sort(s, ids)
	p.count(s, n.defined)
	if len(n.others) == 0 && len(n.fresh) > 0 {
		return
	}
	at, tok := s.offset(stmt.Pos()), s.offset(stmt.TokPos)
	if it := s.itemAt(at); len(stmt.Lhs) == 1 && at == it.first && p.moves(s, stmt, n.defined) && p.isStatic(s, stmt.Rhs[0]) {
		it.moved = true
		s.edits = append(s.edits, edit{start: at, end: at, text: "var "})
		s.pkgVars = slices.DeleteFunc(s.pkgVars, func(e *entity) bool { return e == n.defined[0] })
	}
	s.edits = append(s.edits, edit{start: tok, end: tok + len(":="), text: "="})
	for _, e := range n.fresh {
		s.edits = append(s.edits, edit{start: at, end: at, text: "var " + e.name + " " + p.typeText(e) + "\n"})
	}
}

// count notes that variables are defined, and where those have to be declared that the cell itself does not.
func (p *program) count(s *source, defined []*entity) {
	for _, e := range defined {
		if e.counted == 0 && e.pkg {
			s.pkgVars = append(s.pkgVars, e)
		} else if e.counted == 0 && !s.isHere(e) {
			s.hoisted = append(s.hoisted, e)
		}
		e.counted++
	}
}

// defineVar edits a var declaration. One that only declares variables of the package goes there as it is.
func (p *program) defineVar(s *source, stmt *ast.DeclStmt) {
	decl := stmt.Decl.(*ast.GenDecl)
	stays, moves := true, true
	for _, spec := range decl.Specs {
		spec := spec.(*ast.ValueSpec)
		n := p.sort(s, spec.Names)
		stays = stays && len(n.fresh) == len(n.defined)
		for _, e := range n.defined {
			moves = moves && e.pkg && e.counted == 0
		}
		moves = moves && (len(spec.Values) == 0 || len(spec.Values) == len(spec.Names)) && len(n.defined) == len(spec.Names)
		for _, v := range spec.Values {
			moves = moves && p.isStatic(s, v) && !p.callsBefore(s, stmt)
		}
	}
	it := s.itemAt(s.offset(decl.Pos()))
	if moves && s.offset(decl.Pos()) == it.first {
		it.moved = true
	}
	var lines []string
	for _, spec := range decl.Specs {
		lines = append(lines, p.specLines(s, spec.(*ast.ValueSpec), it.moved)...)
	}
	if !stays && !it.moved {
		s.substitute(s.offset(decl.Pos()), s.offset(decl.End()), strings.Join(lines, "\n"))
	}
}

// specLines returns the statements that do what a part of a var declaration does, and counts what it defines.
func (p *program) specLines(s *source, spec *ast.ValueSpec, moved bool) (lines []string) {
	n := p.sort(s, spec.Names)
	again := map[*entity]bool{}
	for _, e := range n.defined {
		again[e] = e.counted > 0
	}
	if moved {
		for _, e := range n.defined {
			e.counted++
		}
		return nil
	}
	p.count(s, n.defined)
	if len(n.others) == 0 && len(n.known) == 0 {
		return []string{"var " + p.specText(s, spec)}
	}
	for _, e := range n.fresh {
		lines = append(lines, "var "+e.name+" "+p.typeText(e))
	}
	if len(spec.Values) > 0 {
		first, last := spec.Names[0], spec.Names[len(spec.Names)-1]
		return append(lines, p.render(s, s.offset(first.Pos()), s.offset(last.End()))+" = "+p.values(s, spec))
	}
	for _, e := range n.defined {
		if again[e] {
			lines = append(lines, e.name+" = "+p.zero(e))
		}
	}
	return lines
}

func (p *program) values(s *source, spec *ast.ValueSpec) string {
	last := spec.Values[len(spec.Values)-1]
	return p.render(s, s.offset(spec.Values[0].Pos()), s.offset(last.End()))
}

// specText returns a part of a var declaration, whose pieces may come from several places.
func (p *program) specText(s *source, spec *ast.ValueSpec) string {
	text := p.render(s, s.offset(spec.Names[0].Pos()), s.offset(spec.Names[len(spec.Names)-1].End()))
	if spec.Type != nil {
		text += " " + p.render(s, s.offset(spec.Type.Pos()), s.offset(spec.Type.End()))
	}
	if len(spec.Values) > 0 {
		text += " = " + p.values(s, spec)
	}
	return text
}

// initialise has the variables of a cell that was read as a file get their values in the order of a file.
func (p *program) initialise(s *source) {
	if s.cell.Init == 0 {
		return
	}
	var lines []string
	for _, stmt := range s.cell.Stmts[:s.cell.Init] {
		for _, spec := range stmt.(*ast.DeclStmt).Decl.(*ast.GenDecl).Specs {
			lines = append(lines, p.specLines(s, spec.(*ast.ValueSpec), false)...)
		}
	}
	s.initial = strings.Join(lines, "\n")
	for _, it := range s.items {
		it.dropped = it.dropped || it.tok == token.VAR
	}
}
