package export

import "go/types"

// findCopies takes functions that were declared again as they are, when their cell was evaluated once more, for one.
func (p *program) findCopies() {
	before := map[object]object{}
	for old, now := range p.replaced {
		before[now] = old
	}
	for again := true; again; {
		again = false
		for _, d := range p.decls {
			if d.fn == nil || d.copied {
				continue
			}
			if old, ok := before[d.fn].(*types.Func); ok && p.isCopy(d, p.declOf[old]) {
				p.dropCopy(d, p.declOf[old])
				again = true
			}
		}
	}
}

// isCopy reports whether d does what old does: it has its text, and each name in it means the same.
func (p *program) isCopy(d, old *decl) bool {
	if old == nil || !types.Identical(d.fn.Type(), old.fn.Type()) || len(d.uses) != len(old.uses) || p.textOf(d) != p.textOf(old) {
		return false
	}
	for i, u := range d.uses {
		was := old.uses[i]
		if p.canonical(u.obj) != p.canonical(was.obj) && !(u.obj == d.fn && was.obj == old.fn) {
			return false
		}
	}
	return true
}

// textOf returns the source of a declaration without comments before it.
func (p *program) textOf(d *decl) string {
	s := p.cells[d.cell]
	return s.text[s.offset(d.node.Pos()):s.offset(d.node.End())]
}

// canonical returns the import that an object is, or the object.
func (p *program) canonical(obj object) any {
	if e := p.entities[obj]; e != nil {
		return e
	}
	return obj
}

// dropCopy leaves out d, so that old goes on.
func (p *program) dropCopy(d, old *decl) {
	d.copied, d.dead = true, true
	p.declOf[d.fn] = old
	delete(p.replaced, old.fn)
	if next := p.replaced[d.fn]; next != nil {
		p.replaced[old.fn] = next
	}
	for _, u := range p.sites {
		if u.obj == d.fn && !u.definition {
			u.obj = old.fn
		}
	}
}
