package export

import (
	"go/ast"
	"go/types"
)

// place settles which variables are those of the package, which variables of one name are one variable, and among whose
// declarations each declaration stands.
func (p *program) place() {
	for _, s := range p.cells {
		s.wrapped = defers(s.cell.Stmts)
		for _, v := range s.cell.Vars {
			p.entities[v] = &entity{obj: v, cell: s.index, base: v.Name()}
		}
	}
	p.promote()
	p.merge()
	p.confine()
	p.settle()
}

// defers reports whether statements defer a call to the end of what they stand in.
func defers(stmts []ast.Stmt) (found bool) {
	for _, stmt := range stmts {
		ast.Inspect(stmt, func(n ast.Node) bool {
			_, is := n.(*ast.DeferStmt)
			found = found || is
			_, literal := n.(*ast.FuncLit)
			return !literal
		})
	}
	return found
}

// promote makes variables of the package of those that declarations use.
func (p *program) promote() {
	for _, u := range p.sites {
		if u.owner == nil || u.owner.dead || u.definition {
			continue
		}
		if e := p.variable(u.obj); e != nil {
			e.pkg = true
		}
		if s := p.slots[u.obj]; s != nil && s.entity != nil {
			s.entity.pkg = true
		}
	}
}

// variable returns the entity of an object if it is a variable of the cells.
func (p *program) variable(obj object) *entity {
	if v, ok := obj.(*types.Var); ok && !v.IsField() {
		return p.entities[obj]
	}
	return nil
}

// merge makes one of variables that were declared again with the same type, where nothing can hold on to the old one.
func (p *program) merge() {
	held := map[object]bool{}
	for _, u := range p.sites {
		if u.late || u.addressed {
			held[u.obj] = true
		}
	}
	before := map[object]object{}
	for old, now := range p.replaced {
		before[now] = old
	}
	for _, s := range p.cells {
		for _, v := range s.cell.Vars {
			old := before[v]
			if old == nil {
				continue
			}
			e, mine := p.variable(old), p.entities[v]
			if e != nil && !e.pkg && !mine.pkg && !held[old] && types.Identical(old.Type(), v.Type()) {
				e.obj = v
				p.entities[v] = e
			}
		}
	}
}

// confine finds the variables of cells with a function around their statements that nothing else uses.
func (p *program) confine() {
	for _, s := range p.cells {
		for _, v := range s.cell.Vars {
			p.entities[v].inner = s.wrapped
		}
	}
	for _, u := range p.sites {
		if e := p.variable(u.obj); e != nil && (u.cell != e.cell || e.pkg) {
			e.inner = false
		}
	}
}

// settle finds the home of each declaration: its cell, or that of the function whose place it took, or else that of the
// last thing it needs.
func (p *program) settle() {
	for _, d := range p.decls {
		if s := p.slots[declared(d)]; s != nil && s.entity == nil && !d.dead && s.members[0].dead {
			if first := s.members[0].cell; p.needs(d) <= first {
				d.home = first
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, d := range p.decls {
			if n := p.needs(d); !d.dead && n > d.home {
				d.home, changed = n, true
			}
		}
	}
}

// needs returns the last cell that declares what d needs.
func (p *program) needs(d *decl) (cell int) {
	for _, u := range d.uses {
		if s := p.slots[u.obj]; s != nil && s.entity != nil {
			cell = max(cell, s.entity.cell)
		} else if of := p.declOf[u.meant()]; of != nil && of != d {
			cell = max(cell, of.home)
		} else if e := p.variable(u.obj); e != nil {
			cell = max(cell, e.cell)
		}
	}
	return cell
}
