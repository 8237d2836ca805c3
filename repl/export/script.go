package export

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// group is declarations that make one cell: those of a name, with its methods, or several that need each other.
type group struct {
	names []string
	texts []string
	needs map[string]bool
}

// script returns a program that somebody wrote as cells: what it is about, its declarations, each after those it needs,
// the functions named init, and the paragraphs of main.
func (f *file) script() (parts []*part) {
	if f.Doc != nil {
		if text := strings.TrimSpace(f.Doc.Text()); text != "" {
			cell := Cell{Markdown, text}
			title, body, _ := strings.Cut(strings.TrimPrefix(cell.Text(), "// %% "), "\n")
			parts = append(parts, &part{title: title, main: body})
		}
	}
	groups, inits := f.groups()
	for _, g := range inOrder(groups) {
		parts = append(parts, &part{decls: strings.Join(g.texts, "\n\n")})
	}
	for _, text := range inits {
		parts = append(parts, &part{decls: text})
	}
	if f.main == nil {
		return parts
	}
	if f.isOne() {
		from, to := f.span(f.main)
		return append(parts, &part{decls: f.src[from:to]})
	}
	for _, p := range f.paragraphs() {
		parts = append(parts, &part{main: unindented(f.src[p[0]:p[1]])})
	}
	return parts
}

// groups returns the declarations but for imports, main, and functions named init.
func (f *file) groups() (groups []*group, inits []string) {
	byName := map[string]*group{}
	for _, d := range f.Decls {
		from, to := f.span(d)
		text := f.src[from:to]
		names, of := declaredNames(d)
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT || d == f.main {
			continue
		}
		if slices.Contains(names, "init") {
			inits = append(inits, text)
			continue
		}
		g := byName[of]
		if g == nil || of == "" {
			g = &group{needs: map[string]bool{}}
			groups = append(groups, g)
		}
		if of != "" {
			byName[of] = g
		}
		for _, name := range names {
			if old := byName[name]; old != nil && old != g { // methods came before their type
				g.texts, g.needs = old.texts, old.needs
				groups = slices.DeleteFunc(groups, func(x *group) bool { return x == old })
			}
			byName[name] = g
			g.names = append(g.names, name)
		}
		g.texts = append(g.texts, text)
		for _, l := range tokens(text) {
			if l.tok == token.IDENT {
				g.needs[l.lit] = true
			}
		}
	}
	return groups, inits
}

// declaredNames returns what d declares, and for a method the type that it is of.
func declaredNames(d ast.Decl) (names []string, of string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil && len(d.Recv.List) > 0 {
			return nil, receiverName(d.Recv.List[0].Type)
		}
		return []string{d.Name.Name}, ""
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, spec.Name.Name)
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					names = append(names, id.Name)
				}
			}
		}
	}
	return names, ""
}

func receiverName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiverName(e.X)
	case *ast.ParenExpr:
		return receiverName(e.X)
	case *ast.IndexExpr:
		return receiverName(e.X)
	case *ast.IndexListExpr:
		return receiverName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// inOrder returns groups so that each comes after those it needs, and otherwise as they are. Those that need each other
// become one.
func inOrder(groups []*group) (ordered []*group) {
	byName := map[string]*group{}
	for _, g := range groups {
		for _, name := range g.names {
			if name != "_" {
				byName[name] = g
			}
		}
	}
	o := &orderer{groups: groups, byName: byName, index: map[*group]int{}, low: map[*group]int{}}
	for _, g := range groups {
		if o.index[g] == 0 {
			o.visit(g)
		}
	}
	return o.ordered
}

// orderer finds strongly connected components: R. Tarjan, Depth-first search and linear graph algorithms (1972).
type orderer struct {
	groups     []*group
	byName     map[string]*group
	index, low map[*group]int // index from 1
	stack      []*group
	ordered    []*group
}

func (o *orderer) visit(g *group) {
	o.index[g] = len(o.index) + 1
	o.low[g] = o.index[g]
	o.stack = append(o.stack, g)
	for _, need := range o.needed(g) {
		if o.index[need] == 0 {
			o.visit(need)
			o.low[g] = min(o.low[g], o.low[need])
		} else if slices.Contains(o.stack, need) {
			o.low[g] = min(o.low[g], o.index[need])
		}
	}
	if o.low[g] != o.index[g] {
		return
	}
	i := slices.Index(o.stack, g)
	members := slices.Clone(o.stack[i:])
	o.stack = o.stack[:i]
	one := &group{}
	for _, member := range o.groups { // as they stand
		if slices.Contains(members, member) {
			one.texts = append(one.texts, member.texts...)
		}
	}
	o.ordered = append(o.ordered, one)
}

// needed returns the groups that g needs, in order.
func (o *orderer) needed(g *group) (list []*group) {
	for _, other := range o.groups {
		if other != g && slices.ContainsFunc(other.names, func(name string) bool { return g.needs[name] && o.byName[name] == other }) {
			list = append(list, other)
		}
	}
	return list
}

// isOne reports whether main cannot be taken apart: it returns early, or jumps.
func (f *file) isOne() (one bool) {
	for _, s := range f.main.Body.List {
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ReturnStmt:
				one = true
			case *ast.BranchStmt:
				one = one || n.Tok == token.GOTO
			}
			_, literal := n.(*ast.FuncLit)
			return !literal
		})
	}
	return one
}

// paragraphs returns where the parts of main lie that have blank lines between them. What follows a defer statement stays
// with it, as the deferred call is to come last.
func (f *file) paragraphs() (list [][2]int) {
	body := f.main.Body
	from := f.offset(body.Lbrace) + 1
	for i, s := range body.List {
		end := f.offset(s.End())
		end += len(lineComment.FindString(f.src[end:]))
		if i+1 == len(body.List) || defers(body.List[:i+1]) {
			continue
		}
		between := f.src[end:f.offset(body.List[i+1].Pos())]
		if blank := strings.Index(between, "\n\n"); blank >= 0 {
			list = append(list, [2]int{from, end + blank})
			from = end + blank
		}
	}
	return append(list, [2]int{from, f.offset(body.Rbrace)})
}
