package export

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// write puts the program together.
func (p *program) write() string {
	p.edit()
	decls, mains := make([]string, len(p.cells)), make([]string, len(p.cells))
	for i, s := range p.cells {
		mains[i] = p.statements(s)
	}
	for i := range p.cells {
		decls[i] = p.declarations(i)
	}
	var above, below strings.Builder
	number := 0
	for i, s := range p.cells {
		if decls[i] == "" && mains[i] == "" && s.title == "" {
			continue
		}
		number++
		mark := strings.TrimSpace(fmt.Sprintf("// %%%% %d %s", number, s.title))
		if decls[i] != "" {
			fmt.Fprintf(&above, "%s\n\n%s\n\n", mark, decls[i])
		}
		if mains[i] != "" || decls[i] == "" {
			fmt.Fprintf(&below, "%s\n%s\n\n", mark, mains[i])
		}
	}
	return "package main\n\n" + p.importDecl() + above.String() + "func main() {\n" + strings.TrimRight(below.String(), "\n") + "\n}\n"
}

// importDecl returns the imports that are used, those of the standard library first.
func (p *program) importDecl() string {
	var std, others []string
	for _, e := range p.importList() {
		if !e.used {
			continue
		}
		line := fmt.Sprintf("%q", e.path)
		if e.name != e.base || e.obj != nil && e.name != p.packageName(e) {
			line = e.name + " " + line
		}
		if first, _, _ := strings.Cut(e.path, "/"); first == "kairos" || strings.Contains(first, ".") {
			others = append(others, line)
		} else {
			std = append(std, line)
		}
	}
	switch all := slices.Concat(std, others); {
	case len(all) == 0:
		return ""
	case len(all) == 1:
		return "import " + all[0] + "\n\n"
	case len(std) > 0 && len(others) > 0:
		std = append(std, "")
	}
	return "import (\n" + strings.Join(slices.Concat(std, others), "\n") + "\n)\n\n"
}

// packageName is the name of an imported package itself.
func (p *program) packageName(e *entity) string {
	pkg, err := p.Importer.Import(e.path)
	if err != nil {
		return ""
	}
	return pkg.Name()
}

// chunk is a declaration that stands among those of a cell.
type chunk struct {
	cell, start int
	text        string
}

// declarations returns what stands at package level for a cell.
func (p *program) declarations(cell int) string {
	var chunks []chunk
	add := func(s *source, it *item) {
		chunks = append(chunks, chunk{s.index, it.start, strings.TrimSpace(it.lead + p.render(s, it.start, it.end))})
	}
	for _, d := range p.decls {
		if !d.dead && d.home == cell {
			add(p.cells[d.cell], d.item)
		}
	}
	s := p.cells[cell]
	for _, it := range s.items {
		if it.moved {
			add(s, it)
		}
	}
	slices.SortFunc(chunks, func(x, y chunk) int { return cmp.Or(x.cell-y.cell, x.start-y.start) })
	var texts []string
	if vars := p.varDecl(s); vars != "" {
		texts = append(texts, vars)
	}
	for _, c := range chunks {
		texts = append(texts, c.text)
	}
	return strings.Join(texts, "\n\n")
}

// varDecl declares the variables of the package that the statements of a cell define.
func (p *program) varDecl(s *source) string {
	var lines []string
	for _, e := range s.pkgVars {
		lines = append(lines, e.name+" "+p.typeText(e))
	}
	for _, slot := range p.slotsOf(s) {
		if slot.members[0].cell == s.index && slot.entity.pkg {
			lines = append(lines, slot.entity.name+" "+p.typeText(slot.entity))
		}
	}
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return "var " + lines[0]
	}
	return "var (\n" + strings.Join(lines, "\n") + "\n)"
}

// slotsOf returns the slots in whose variables functions of the cell are put.
func (p *program) slotsOf(s *source) (list []*slot) {
	for _, d := range p.decls {
		if slot := p.slots[declared(d)]; d.cell == s.index && slot != nil && slot.entity != nil {
			list = append(list, slot)
		}
	}
	return list
}

// statements returns what stands in main for a cell.
func (p *program) statements(s *source) string {
	var first, b strings.Builder
	for _, slot := range p.slotsOf(s) {
		i := slices.IndexFunc(slot.members, func(m *decl) bool { return m.cell == s.index })
		if i == 0 && !slot.entity.pkg {
			fmt.Fprintf(&first, "var %s %s\n", slot.entity.name, p.typeText(slot.entity))
		}
		fmt.Fprintf(&first, "%s = %s\n", slot.entity.name, p.entities[slot.fn(i)].name)
	}
	if s.initial != "" {
		b.WriteString(s.initial + "\n")
	}
	own := p.ownText(s)
	initials := p.initCalls(s)
	if s.cell.Init > 0 { // its variables come first
		b.WriteString(own + initials)
	} else {
		b.WriteString(initials + own)
	}
	if n := len(s.cell.Stmts); n > 0 && !has(s.cell.Stmts[n-1]) {
		b.WriteString("\n" + p.entityNamed(s, "main").name + "()\n")
	}
	text := strings.Trim(b.String(), "\n")
	if s.wrapped {
		for _, e := range s.hoisted {
			fmt.Fprintf(&first, "var %s %s\n", e.name, p.typeText(e))
		}
		text = "func() {\n" + text + "\n}()"
	}
	return strings.Trim(first.String()+text, "\n")
}

// ownText returns the statements of the cell itself. Comments before something that stands elsewhere go with what follows.
func (p *program) ownText(s *source) string {
	var b strings.Builder
	lead := ""
	for _, it := range s.items {
		switch {
		case it.tok == token.IMPORT || it.tok == token.PACKAGE || it.dropped:
			if comment := strings.TrimSpace(s.text[it.start:it.first]); comment != "" {
				lead += comment + "\n"
			}
		case !it.moved && (it.tok == token.ILLEGAL || it.tok == token.VAR):
			text := p.render(s, it.start, it.end)
			if b.Len() > 0 && !strings.Contains(s.text[it.start:max(it.first, it.start)], "\n") {
				b.WriteByte('\n')
			}
			b.WriteString(lead + text)
			lead = ""
		default:
			it.lead, lead = lead, ""
		}
	}
	if lead != "" {
		b.WriteString("\n" + lead)
	}
	return b.String()
}

// initCalls calls the functions named init of a cell, which are no such functions in the program.
func (p *program) initCalls(s *source) string {
	var b strings.Builder
	for _, d := range p.decls {
		if f, ok := d.node.(*ast.FuncDecl); ok && d.cell == s.index && f.Recv == nil && f.Name.Name == "init" {
			b.WriteString(p.entities[s.cell.Info.Defs[f.Name]].name + "()\n")
		}
	}
	return b.String()
}

// entityNamed returns the entity of a function that the cell declares.
func (p *program) entityNamed(s *source, name string) *entity {
	for _, d := range p.decls {
		if f, ok := d.node.(*ast.FuncDecl); ok && d.cell == s.index && f.Recv == nil && f.Name.Name == name {
			return p.entities[s.cell.Info.Defs[f.Name]]
		}
	}
	return nil
}
