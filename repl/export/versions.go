package export

import (
	"go/types"
	"maps"
	"slices"
)

// slot is the functions, or the methods, that took each other's place: of one name and signature. Who called the first
// calls the later ones once they are there.
type slot struct {
	members []*decl
	entity  *entity // the variable that holds the function of the time, if one is needed
}

func (s *slot) fn(i int) *types.Func { return s.members[i].fn }

// at returns which member is called during a cell: the last that was there.
func (s *slot) at(cell int) int {
	n := 0
	for i, m := range s.members {
		if m.cell <= cell {
			n = i
		}
	}
	return n
}

// versions decides what each use of a function means that was declared more than once, and leaves out what is dead.
func (p *program) versions() {
	p.findCopies()
	p.makeSlots()
	if len(p.slots) > 0 || p.hasLateMethods() {
		p.findTimes()
	}
	for _, d := range p.decls {
		s := p.slots[declared(d)]
		switch {
		case s == nil || s.members[0] != d:
		case d.recv != nil:
			p.chooseMethod(s)
		default:
			p.chooseFunction(s)
		}
	}
	p.refuseLateMethods()
	p.bury()
}

// declared returns the function of a declaration, if it is one.
func declared(d *decl) object {
	if d.fn == nil {
		return nil
	}
	return d.fn
}

// makeSlots finds the functions that replaced others.
func (p *program) makeSlots() {
	p.slots = map[object]*slot{}
	for _, d := range p.decls {
		if d.fn == nil || d.copied || p.slots[d.fn] != nil {
			continue
		}
		s := &slot{members: []*decl{d}}
		for m := d; ; {
			next, ok := p.replaced[m.fn].(*types.Func)
			if !ok || !types.Identical(m.fn.Type(), next.Type()) || m.fn.Signature().TypeParams().Len() > 0 {
				break
			}
			m = p.declOf[next]
			s.members = append(s.members, m)
		}
		if len(s.members) > 1 {
			for _, m := range s.members {
				p.slots[m.fn] = s
			}
		}
	}
}

// findTimes finds during which cells each declaration may be executed or, for a type, values of it may exist.
func (p *program) findTimes() {
	p.findAsked()
	for _, d := range p.decls {
		d.times = make([]bool, len(p.cells))
	}
	for changed := true; changed; {
		changed = false
		for _, u := range p.sites {
			if !u.definition && p.spread(u) {
				changed = true
			}
		}
		for _, d := range p.decls {
			if d.recv != nil && p.asked[d.fn.Name()] && p.declOf[d.recv] != nil {
				changed = d.add(p, p.declOf[d.recv].times) || changed
			}
		}
	}
}

// spread adds the times of a use to what is used, and reports whether that is news.
func (p *program) spread(u *site) (news bool) {
	times := p.timesOf(u)
	if d := p.declOf[u.obj]; d != nil {
		news = d.add(p, times)
	}
	p.typesIn(u.obj.Type(), func(t object) {
		if d := p.declOf[t]; d != nil {
			news = d.add(p, onwards(times)) || news
		}
	})
	return news
}

// timesOf returns during which cells a use may be executed.
func (p *program) timesOf(u *site) []bool {
	times := make([]bool, len(p.cells))
	if u.owner == nil {
		times[u.cell] = true
	} else {
		copy(times, u.owner.times)
	}
	if u.late {
		return onwards(times)
	}
	return times
}

// onwards returns all cells from the first in times.
func onwards(times []bool) []bool {
	all := slices.Clone(times)
	for i := range all {
		all[i] = all[i] || i > 0 && all[i-1]
	}
	return all
}

// add adds times to those of a declaration. A function that was replaced is not executed from then on, and the one that
// replaced it is.
func (d *decl) add(p *program, times []bool) (news bool) {
	s := p.slots[declared(d)]
	for cell, is := range times {
		m := d
		if s != nil && is {
			m = s.members[s.at(cell)]
		}
		if is && !m.times[cell] && cell >= m.cell {
			m.times[cell], news = true, true
		}
	}
	return news
}

// chooseFunction settles what the uses of functions mean that took each other's place.
func (p *program) chooseFunction(s *slot) {
	var several *site
	var uses []*site
	for _, u := range p.sites {
		if u.definition || p.slots[u.obj] != s {
			continue
		}
		uses = append(uses, u)
		found := s.during(p.timesOf(u), u)
		u.target = s.fn(found[len(found)-1])
		if len(found) > 1 && !p.Last {
			several = u
			if u.value {
				p.fail(u.cell, u.id.Name, "it keeps the function %s, which cell %d redefines, and calls it before and after that: "+
					"export the cells from there on, or rename one of the functions", u.id.Name, p.number(s.members[found[1]].cell))
			}
		}
	}
	if several == nil {
		return
	}
	s.entity = &entity{obj: s.fn(len(s.members) - 1), base: s.fn(0).Name(), cell: s.members[0].cell}
	for _, u := range uses {
		u.target = nil
	}
}

// during returns which members a use means during some cells, in order.
func (s *slot) during(times []bool, u *site) (found []int) {
	for cell, is := range times {
		if n := s.at(cell); is && cell >= s.members[0].cell && !slices.Contains(found, n) {
			found = append(found, n)
		}
	}
	if len(found) == 0 {
		found = []int{len(s.members) - 1}
	}
	return found
}

// chooseMethod settles which of the methods that took each other's place is the program's. There can be one only.
func (p *program) chooseMethod(s *slot) {
	used := make([]bool, len(p.cells))
	for _, m := range s.members {
		for i, is := range m.times {
			used[i] = used[i] || is
		}
	}
	found := s.during(used, nil)
	if len(found) > 1 && !p.Last {
		m := s.members[found[1]]
		p.fail(m.cell, m.fn.Name(), "it redefines the method %s.%s, which cells before it use: export the cells from there on, "+
			"with the one that declares %s, or rename one of the methods", m.recv.Name(), m.fn.Name(), m.recv.Name())
	}
	for i, m := range s.members {
		m.dead = i != found[len(found)-1]
	}
}

// bury leaves out declarations that were declared anew and that nothing uses any more.
func (p *program) bury() {
	live := map[*decl]bool{}
	var visit func(d *decl)
	use := func(u *site) {
		if s := p.slots[u.obj]; s != nil && s.entity != nil {
			for _, m := range s.members {
				visit(m)
			}
			return
		}
		visit(p.declOf[u.meant()])
	}
	visit = func(d *decl) {
		if d == nil || live[d] {
			return
		}
		live[d] = true
		for _, u := range d.uses {
			use(u)
		}
		for t := range d.types {
			visit(p.declOf[t])
		}
	}
	for _, d := range p.decls {
		if !p.isOld(d) && !d.dead {
			visit(d)
		}
	}
	for _, u := range p.sites {
		if u.owner == nil {
			use(u)
			p.typesIn(u.obj.Type(), func(t object) { visit(p.declOf[t]) })
		}
	}
	p.liven(live, visit)
	for _, d := range p.decls {
		d.dead = d.dead || !live[d]
	}
}

// liven visits the methods of types that are alive.
func (p *program) liven(live map[*decl]bool, visit func(*decl)) {
	for again := true; again; {
		again = false
		for _, d := range p.decls {
			if d.recv != nil && !d.dead && !live[d] && live[p.declOf[d.recv]] {
				visit(d)
				again = true
			}
		}
	}
}

// meant returns the object that a use means.
func (u *site) meant() object {
	if u.target != nil {
		return u.target
	}
	return u.obj
}

// isOld reports whether everything that d declares was declared anew, or is a method of such a type.
func (p *program) isOld(d *decl) bool {
	if d.recv != nil {
		return p.replaced[d.recv] != nil
	}
	for _, obj := range d.objects {
		if p.replaced[obj] == nil {
			return false
		}
	}
	return len(d.objects) > 0
}

// wellKnown are the methods that packages ask values for that are given to them as any.
var wellKnown = map[string]bool{
	"String": true, "Error": true, "GoString": true, "Format": true, "Unwrap": true, "Is": true, "As": true,
	"MarshalJSON": true, "UnmarshalJSON": true, "MarshalText": true, "UnmarshalText": true, "MarshalBinary": true,
	"UnmarshalBinary": true, "MarshalXML": true, "UnmarshalXML": true, "GobEncode": true, "GobDecode": true,
	"LogValue": true, "Scan": true, "Value": true, "WriteTo": true, "ReadFrom": true, "WriteString": true, "Flush": true,
	"HTML": true, "PNG": true, "SVG": true, "Markdown": true, "LaTeX": true, "JSON": true,
}

// findAsked finds the methods of all interfaces that the cells name.
func (p *program) findAsked() {
	p.asked = maps.Clone(wellKnown)
	for _, s := range p.cells {
		for _, tv := range s.cell.Info.Types {
			if !tv.IsType() {
				continue
			}
			if i, ok := tv.Type.Underlying().(*types.Interface); ok {
				for m := range i.Methods() {
					p.asked[m.Name()] = true
				}
			}
		}
	}
}
