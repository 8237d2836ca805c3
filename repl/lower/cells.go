package lower

import (
	"go/ast"
	"go/types"
	"reflect"

	"kairos/repl/check"
	"kairos/repl/forge"
)

// Cell translates a cell.
func (l *Lowering) Cell(c *check.Cell) (*Unit, error) {
	l.info = c.Info
	l.Own(c.Pkg)
	l.grow(c.Decls)
	l.replace(c.Replaced)
	l.declarations(c.Decls, c.Info)
	unit := &Unit{}
	steps := []func(*function){func(f *function) { f.cellBody(unit, c, c.Stmts[:c.Init]) }}
	steps = append(steps, l.initFunctions(c.Decls)...)
	steps = append(steps, func(f *function) { f.cellBody(unit, c, c.Stmts[c.Init:]) })
	l.guard(func() { l.entry(unit, steps) })
	return unit, l.finish(unit)
}

// cellBody translates statements of a cell. The value of the last of the cell is kept for the unit.
func (f *function) cellBody(unit *Unit, c *check.Cell, stmts []ast.Stmt) {
	if len(stmts) == 0 {
		return
	}
	body := &ast.BlockStmt{Lbrace: stmts[0].Pos(), List: stmts, Rbrace: stmts[len(stmts)-1].End()}
	f.look(body)
	run := func(g *function) {
		for _, s := range stmts {
			if x, ok := s.(*ast.ExprStmt); ok && c.Value != nil && x.X == c.Value {
				g.keepValues(unit, c.Value)
			} else {
				g.stmt(s)
			}
		}
	}
	if !f.scan.defers[body] {
		run(f)
		return
	}
	inner := f.withFrame(nullary)
	run(inner)
	f.runBody(body, inner)
}

// keepValues puts the value of a cell, or its values, where the session finds them.
func (f *function) keepValues(unit *Unit, e ast.Expr) {
	if tuple, ok := f.info.TypeOf(e).(*types.Tuple); ok {
		values, ts := f.multi(e)
		for i := range tuple.Len() {
			f.keepCellValue(unit, e, values[i], ts[i])
		}
		return
	}
	t := types.Default(f.typeOf(e))
	f.keepCellValue(unit, e, f.exprTo(e, t), t)
}

func (f *function) keepCellValue(unit *Unit, at ast.Node, x ast.Expr, t types.Type) {
	p := reflect.New(f.l.openType(at, t))
	unit.Values = append(unit.Values, forge.As(p.Elem(), f.l.trueType(at, t)))
	unit.places = append(unit.places, p)
	f.emit(assign(at.Pos(), star(at.Pos(), poolRef(at.Pos(), f.l.pool.unitEntry("P", p))), x))
}

// Keep makes v the variable of the one value of a cell.
func (l *Lowering) Keep(v *types.Var, u *Unit) { l.globals[v] = u.places[0] }

// Forget gives up a variable of Keep. What was translated before goes on to use it.
func (l *Lowering) Forget(v *types.Var) { delete(l.globals, v) }

// Value returns a variable of the session, of its true type, if anything was translated that uses it.
func (l *Lowering) Value(v *types.Var) (reflect.Value, bool) {
	p, ok := l.globals[v]
	if !ok {
		return p, false
	}
	return forge.As(p.Elem(), l.trueType(nowhere, v.Type())), true
}

// grow gives types of earlier cells the methods that a cell declares for them, and takes back those of a cell that was
// discarded.
func (l *Lowering) grow(decls []ast.Decl) {
	grown, at := l.outgrown, ast.Node(nowhere)
	l.outgrown = nil
	for _, d := range decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Recv == nil || fn.Name.Name == "_" {
			continue
		}
		obj := l.info.Defs[fn.Name].(*types.Func)
		t := receiverOf(obj)
		l.undone = append(l.undone, func() { l.outgrown = append(l.outgrown, t) })
		grown, at = append(grown, t), fn.Name
		if l.isRegistered(t) {
			l.queue = append(l.queue, func() { l.bind(t, obj) })
		}
	}
	l.guard(func() {
		if err := l.world.Grow(grown...); err != nil {
			no(at, "%v", err)
		}
	})
}
