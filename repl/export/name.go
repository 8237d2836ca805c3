package export

import (
	"fmt"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Paths of packages that a program uses of its own accord.
const (
	cellPath = "kairos/stdlib/cell"
	fmtPath  = "fmt"
)

// name gives everything its name. Names of the top level are all different, and new ones are nowhere in the cells.
func (p *program) name() {
	for _, d := range p.decls {
		for _, obj := range d.objects {
			if !d.dead {
				p.entities[obj] = &entity{obj: obj, cell: d.cell, base: obj.Name()}
			}
		}
	}
	p.findEndings()
	p.findTypes()
	taken := map[string]bool{"main": true, "init": true, "any": true, "nil": true, "false": true}
	for name := range p.builtin {
		taken[name] = true
	}
	p.nameImports(taken)
	p.nameRest(taken)
	p.nameLabels()
}

// findTypes finds the imports of types that have to be written.
func (p *program) findTypes() {
	for _, s := range p.cells {
		for _, v := range s.cell.Vars {
			if e := p.entities[v]; e.pkg || s.wrapped && !e.inner {
				p.eachPackage(v.Type(), func(pkg *types.Package) { p.importPath(pkg.Path(), pkg.Name()) })
			}
		}
	}
}

// importPath returns the import of a package under any name.
func (p *program) importPath(at, name string) *entity {
	var best *entity
	for key, e := range p.imports {
		if key[1] == at && key[0] != "_" && key[0] != "." && (best == nil || e.base < best.base) {
			best = e
		}
	}
	if best == nil {
		best = &entity{base: name, path: at}
		p.imports[[2]string{name, at}] = best
	}
	return best
}

// importList returns all imports in the order of their paths and names.
func (p *program) importList() (list []*entity) {
	for _, e := range p.imports {
		list = append(list, e)
	}
	slices.SortFunc(list, func(x, y *entity) int {
		return strings.Compare(x.path+" "+x.base, y.path+" "+y.base)
	})
	return list
}

func (p *program) nameImports(taken map[string]bool) {
	for _, e := range p.importList() {
		switch {
		case e.base == "_" || e.base == ".":
			e.name = e.base
		case !taken[e.base]:
			e.name = e.base
		default:
			e.name = p.alias(e, taken)
		}
		taken[e.name] = true
	}
}

var majorVersion = regexp.MustCompile(`/v[0-9]+$`)

// alias makes a name of the last two elements of the path of an import.
func (p *program) alias(e *entity, taken map[string]bool) string {
	parent := path.Base(path.Dir(majorVersion.ReplaceAllString(e.path, "")))
	name := strings.Map(letters, parent) + e.base
	if taken[name] || p.words[name] {
		return p.fresh(name, taken)
	}
	return name
}

// letters keeps what can stand in a name.
func letters(r rune) rune {
	if unicode.IsLetter(r) {
		return r
	}
	return -1
}

// nameRest names what cells declare. Of several of a name the last one keeps it.
func (p *program) nameRest(taken map[string]bool) {
	seen := map[*entity]bool{}
	groups := map[string][]*entity{}
	var order []string
	add := func(e *entity) {
		if e == nil || seen[e] || e.path != "" {
			return
		}
		seen[e] = true
		if groups[e.base] == nil {
			order = append(order, e.base)
		}
		groups[e.base] = append(groups[e.base], e)
	}
	for _, s := range p.cells {
		for _, d := range p.decls {
			if d.cell != s.index {
				continue
			}
			for _, obj := range d.objects {
				if d.recv == nil {
					add(p.entities[obj])
				}
			}
		}
		for _, v := range s.cell.Vars {
			if !(s.named && s.isValueName(v)) {
				add(p.entities[v])
			}
		}
	}
	for _, base := range order {
		p.nameGroup(base, groups[base], taken)
	}
	for _, s := range p.cells { // the variables of slots
		if s.named {
			p.nameValue(s, taken)
		}
	}
}

// nameGroup names what has one name in the cells, in order.
func (p *program) nameGroup(base string, group []*entity, taken map[string]bool) {
	keeper := group[len(group)-1]
	if s := p.slots[keeper.obj]; s != nil && s.entity != nil {
		keeper = s.entity
	}
	if !taken[base] {
		keeper.name = base
		taken[base] = true
	}
	for _, e := range group {
		if e.name == "" {
			e.name = p.fresh(base, taken)
		}
		if s := p.slots[e.obj]; s != nil && s.entity != nil && s.entity.name == "" {
			s.entity.name = p.fresh(base, taken)
		}
	}
}

// nameValue names the variable of a value.
func (p *program) nameValue(s *source, taken map[string]bool) {
	for _, v := range s.cell.Vars {
		if e := p.entities[v]; s.isValueName(v) {
			e.name = fmt.Sprintf("out%d", p.number(s.index))
			if taken[e.name] || p.words[e.name] {
				e.name = p.fresh(e.name, taken)
			}
			taken[e.name] = true
		}
	}
}

// fresh makes a name that is nowhere yet.
func (p *program) fresh(base string, taken map[string]bool) string {
	if base != "" && unicode.IsDigit(rune(base[len(base)-1])) {
		base += "_"
	}
	for n := 1; ; n++ {
		name := fmt.Sprintf("%s%d", base, n)
		if !taken[name] && !p.words[name] && token.IsIdentifier(name) {
			taken[name] = true
			return name
		}
	}
}

// nameLabels gives labels of several cells different names.
func (p *program) nameLabels() {
	taken := map[string]bool{}
	for _, at := range p.labels {
		if !at.definition {
			continue
		}
		e := &entity{obj: at.obj, base: at.id.Name, name: at.id.Name}
		if taken[e.base] {
			e.name = p.fresh(e.base, taken)
		}
		taken[e.name] = true
		p.entities[at.obj] = e
	}
}

// nameOf returns the name that a site should have.
func (p *program) nameOf(at *site) string {
	if s := p.slots[at.obj]; s != nil && s.entity != nil && !at.definition {
		return s.entity.name
	}
	e := p.entities[at.meant()]
	if at.definition {
		e = p.entities[at.obj]
	}
	if e == nil || e.name == "" {
		return at.id.Name
	}
	return e.name
}
