package export

import (
	"go/ast"
	"go/token"
	"go/types"
)

// isLateMethod reports whether d is a method that its type did not have at first, and that replaced none.
func (p *program) isLateMethod(d *decl) bool {
	if d.recv == nil || d.copied || p.declOf[d.recv] == nil || d.cell == p.declOf[d.recv].cell {
		return false
	}
	s := p.slots[d.fn]
	return s == nil || s.members[0] == d
}

func (p *program) hasLateMethods() bool {
	for _, d := range p.decls {
		if p.isLateMethod(d) {
			return true
		}
	}
	return false
}

// refuseLateMethods refuses methods that a type got after something had looked whether it has them. In a program it has
// them from the beginning.
func (p *program) refuseLateMethods() {
	var asked map[object]map[string]int
	for _, d := range p.decls {
		if !p.isLateMethod(d) || p.Last {
			continue
		}
		if asked == nil {
			asked = p.whenAsked()
		}
		first, ok := asked[d.recv][d.fn.Name()]
		if wellKnown[d.fn.Name()] && !ok {
			first, ok = asked[d.recv][""]
		}
		if ok && first < d.cell {
			p.fail(d.cell, d.fn.Name(), "it gives %s the method %s after cell %d did without: export the cells from cell %d on, "+
				"with the one that declares %s", d.recv.Name(), d.fn.Name(), p.number(first), p.number(d.cell), d.recv.Name())
		}
	}
}

// whenAsked returns, for each type of the cells, the first cell during which a value of it is put into an interface,
// under the name "", and the first after that during which an interface is asked for a method.
func (p *program) whenAsked() map[object]map[string]int {
	asked := map[object]map[string]int{}
	at := func(t object, method string, cell int) {
		if asked[t] == nil {
			asked[t] = map[string]int{}
		}
		if first, ok := asked[t][method]; !ok || cell < first {
			asked[t][method] = cell
		}
	}
	methods := map[string]int{}
	p.eachNode(func(s *source, n ast.Node, cell int) {
		into(s.cell.Info, n, func(e ast.Expr) {
			p.containedIn(s.cell.Info.TypeOf(e), func(t object) { at(t, "", cell) })
		})
		for _, m := range askedBy(s.cell.Info, n) {
			if first, ok := methods[m]; !ok || cell < first {
				methods[m] = cell
			}
		}
	})
	for _, s := range p.cells {
		if s.value != nil {
			p.containedIn(s.cell.Info.TypeOf(s.value), func(t object) { at(t, "", s.index) })
		}
	}
	for t, when := range asked {
		for m, cell := range methods {
			at(t, m, max(cell, when[""]))
		}
	}
	return asked
}

// eachNode calls f with all nodes, and the first cell during which each may be executed. It leaves out what is not.
func (p *program) eachNode(f func(s *source, n ast.Node, cell int)) {
	each := func(s *source, root ast.Node, cell int) {
		ast.Inspect(root, func(n ast.Node) bool {
			if n != nil {
				f(s, n, cell)
			}
			return true
		})
	}
	for _, d := range p.decls {
		for cell, is := range d.times {
			if is {
				each(p.cells[d.cell], d.node, cell)
				break
			}
		}
	}
	for _, s := range p.cells {
		for _, stmt := range s.cell.Stmts {
			each(s, stmt, s.index)
		}
	}
}

// into calls f with the expressions that n puts into interfaces.
func into(info *types.Info, n ast.Node, f func(ast.Expr)) {
	check := func(to types.Type, e ast.Expr) {
		from := info.TypeOf(e)
		if to != nil && from != nil && types.IsInterface(to) && !types.IsInterface(from) {
			f(e)
		}
	}
	switch n := n.(type) {
	case *ast.CallExpr:
		intoCall(info, n, check)
	case *ast.AssignStmt:
		for i, e := range n.Rhs {
			if len(n.Lhs) == len(n.Rhs) && n.Tok == token.ASSIGN {
				check(info.TypeOf(n.Lhs[i]), e)
			}
		}
	case *ast.ValueSpec:
		for _, e := range n.Values {
			if n.Type != nil {
				check(info.TypeOf(n.Type), e)
			}
		}
	case *ast.SendStmt:
		if ch, ok := info.TypeOf(n.Chan).Underlying().(*types.Chan); ok {
			check(ch.Elem(), n.Value)
		}
	case *ast.CompositeLit:
		intoLiteral(info, n, check)
	}
}

func intoCall(info *types.Info, call *ast.CallExpr, check func(types.Type, ast.Expr)) {
	fun := info.Types[call.Fun]
	if fun.IsType() && len(call.Args) == 1 {
		check(fun.Type, call.Args[0])
		return
	}
	sig, ok := fun.Type.(*types.Signature)
	if !ok {
		return
	}
	for i, e := range call.Args {
		last := sig.Params().Len() - 1
		switch {
		case sig.Variadic() && i >= last && !call.Ellipsis.IsValid():
			if s, ok := sig.Params().At(last).Type().(*types.Slice); ok {
				check(s.Elem(), e)
			}
		case i <= last:
			check(sig.Params().At(i).Type(), e)
		}
	}
}

func intoLiteral(info *types.Info, lit *ast.CompositeLit, check func(types.Type, ast.Expr)) {
	for i, e := range lit.Elts {
		value := e
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			value = pair.Value
		}
		switch t := info.TypeOf(lit).Underlying().(type) {
		case *types.Struct:
			if value == e && i < t.NumFields() {
				check(t.Field(i).Type(), value)
			} else if pair, ok := e.(*ast.KeyValueExpr); ok {
				check(info.TypeOf(pair.Key), value)
			}
		case interface{ Elem() types.Type }:
			check(t.Elem(), value)
		}
	}
}

// askedBy returns the methods that n asks interfaces for.
func askedBy(info *types.Info, n ast.Node) (methods []string) {
	ask := func(e ast.Expr) {
		if tv := info.Types[e]; tv.IsType() {
			if i, ok := tv.Type.Underlying().(*types.Interface); ok {
				for m := range i.Methods() {
					methods = append(methods, m.Name())
				}
			}
		}
	}
	switch n := n.(type) {
	case *ast.TypeAssertExpr:
		if n.Type != nil {
			ask(n.Type)
		}
	case *ast.CaseClause:
		for _, e := range n.List {
			ask(e)
		}
	}
	return methods
}

// containedIn calls f with the types of cells that values of type t are made of, all the way down.
func (p *program) containedIn(t types.Type, f func(object)) {
	seen := map[object]bool{}
	var visit func(obj object)
	visit = func(obj object) {
		if seen[obj] {
			return
		}
		seen[obj] = true
		f(obj)
		p.typesIn(obj.Type().Underlying(), visit)
	}
	p.typesIn(t, visit)
}
