package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"kairos/repl/check"
)

func (f *function) assignStmt(s *ast.AssignStmt) {
	switch s.Tok {
	case token.DEFINE:
		f.defineAll(s, s.Lhs, s.Rhs)
	case token.ASSIGN:
		f.assignAll(s, s.Lhs, s.Rhs)
	default:
		op := operators[strings.TrimSuffix(s.Tok.String(), "=")]
		f.opAssign(s, s.Lhs[0], op, s.Rhs[0])
	}
}

var operators = map[string]token.Token{
	"+": token.ADD, "-": token.SUB, "*": token.MUL, "/": token.QUO, "%": token.REM,
	"&": token.AND, "|": token.OR, "^": token.XOR, "&^": token.AND_NOT, "<<": token.SHL, ">>": token.SHR,
}

// define makes a new variable with a value.
func (f *function) define(at ast.Node, obj types.Object, value ast.Expr) {
	v := f.vars[obj]
	switch {
	case f.isPackageLevel(obj):
		v = f.lookup(at, obj)
	case v == nil:
		v = f.declare(at, obj)
	}
	f.renew(at, v)
	f.emit(assign(at.Pos(), v.ref(at.Pos()), value))
}

// defineAll translates left := right and var left = right, where some of the left may be there already.
func (f *function) defineAll(at ast.Node, left, right []ast.Expr) {
	if len(left) == len(right) {
		if len(left) == 1 {
			t := f.leftType(left[0], right[0])
			x := f.exprTo(right[0], t)
			f.setDefined(left[0], x, t)
			return
		}
		values := make([]ast.Expr, len(left))
		ts := make([]types.Type, len(left))
		var list []operand
		for i := range left {
			ts[i] = f.leftType(left[i], right[i])
			list = append(list, f.operandOf(right[i], ts[i]))
		}
		for i, x := range f.operands(list...) {
			values[i] = f.keepValue(right[i], x, ts[i])
		}
		for i := range left {
			f.setDefined(left[i], values[i], ts[i])
		}
		return
	}
	values, ts := f.multi(right[0])
	for i := range left {
		f.setDefined(left[i], values[i], ts[i])
	}
}

// keepValue keeps a value of a parallel assignment, so that the variables it was read from can change.
func (f *function) keepValue(at ast.Node, x ast.Expr, t types.Type) ast.Expr {
	if f.simple(x) {
		return x
	}
	return f.temp(at, x, t)
}

// leftType is the type of what stands on the left, or of the right where that is the blank identifier.
func (f *function) leftType(left, right ast.Expr) types.Type {
	if id, ok := ast.Unparen(left).(*ast.Ident); ok {
		if obj := f.info.Defs[id]; obj != nil {
			return f.subst(obj.Type())
		}
		if id.Name == "_" {
			return types.Default(f.typeOf(right))
		}
	}
	return f.typeOf(left)
}

// setDefined assigns a core value of type t to what stands on the left of := or in a var declaration.
func (f *function) setDefined(left ast.Expr, x ast.Expr, t types.Type) {
	id := left.(*ast.Ident)
	obj := f.info.Defs[id]
	switch {
	case id.Name == "_":
		f.discardCore(id, x, t)
	case obj != nil:
		f.define(id, obj, f.convert(id, x, t, f.subst(obj.Type())))
	default:
		obj = f.info.Uses[id]
		f.emit(assign(id.Pos(), f.lookup(id, obj).ref(id.Pos()), f.convert(id, x, t, f.subst(obj.Type()))))
	}
}

func (f *function) isPackageLevel(obj types.Object) bool {
	return check.TopLevel(obj)
}

// discardCore evaluates a core expression whose value nobody uses.
func (f *function) discardCore(at ast.Node, x ast.Expr, t types.Type) {
	if f.calls(x) || mayPanic(x) {
		f.emit(assign(x.Pos(), f.blankFor(at, t), x))
	}
}

// assignAll translates left = right.
func (f *function) assignAll(at ast.Node, left, right []ast.Expr) {
	if len(left) == 1 {
		f.assignOne(at, left[0], right[0])
		return
	}
	fixAll := false
	for _, e := range left {
		_, isName := ast.Unparen(e).(*ast.Ident)
		fixAll = fixAll || isName
	}
	places := make([]ast.Expr, len(left))
	for i, e := range left {
		if !isBlank(e) {
			places[i] = f.fixedPlace(e, fixAll)
		}
	}
	if len(left) != len(right) {
		values, ts := f.multi(right[0])
		for i := range left {
			f.setPlace(left[i], places[i], values[i], ts[i])
		}
		return
	}
	var list []operand
	ts := make([]types.Type, len(left))
	for i := range left {
		ts[i] = f.leftType(left[i], right[i])
		list = append(list, f.operandOf(right[i], ts[i]))
	}
	values := f.operands(list...)
	for i := range values {
		values[i] = f.keepValue(right[i], values[i], ts[i])
	}
	for i := range left {
		f.setPlace(left[i], places[i], values[i], ts[i])
	}
}

func isBlank(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && id.Name == "_"
}

func (f *function) setPlace(left, place, x ast.Expr, t types.Type) {
	if place == nil {
		f.discardCore(left, x, t)
		return
	}
	f.emit(assign(left.Pos(), place, f.convert(left, x, t, f.typeOf(left))))
}

func (f *function) assignOne(at ast.Node, left, right ast.Expr) {
	if isBlank(left) {
		t := types.Default(f.typeOf(right))
		if isNilType(t) {
			return
		}
		f.discardCore(right, f.exprTo(right, t), t)
		return
	}
	place, t := f.place(left), f.typeOf(left)
	x := f.exprTo(right, t)
	if _, isName := place.(*ast.Ident); !isName && f.calls(x) { // calls come before what the left side reads
		x = f.temp(right, x, t)
	}
	f.emit(assign(opPos(at), place, x))
}

// place translates what can be assigned to. Calls in it are made first.
func (f *function) place(e ast.Expr) ast.Expr { return f.placeWith(e, f.withoutCalls) }

// fixedPlace is a place that stays the same while variables change: all of them, or those that are not names.
func (f *function) fixedPlace(e ast.Expr, all bool) ast.Expr {
	return f.placeWith(e, func(at ast.Expr, x ast.Expr, t types.Type) ast.Expr {
		_, isName := x.(*ast.Ident)
		if f.simple(x) || isName && !all {
			return x
		}
		return f.temp(at, x, t)
	})
}

func (f *function) withoutCalls(at ast.Expr, x ast.Expr, t types.Type) ast.Expr {
	if f.calls(x) {
		return f.temp(at, x, t)
	}
	return x
}

// placeWith translates a place, and has keep look at each pointer, slice, map and index on the way.
func (f *function) placeWith(e ast.Expr, keep func(at ast.Expr, x ast.Expr, t types.Type) ast.Expr) ast.Expr {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return f.identExpr(e)
	case *ast.StarExpr:
		return star(e.Pos(), paren(keep(e, f.expr(e.X), f.typeOf(e.X))))
	case *ast.SelectorExpr:
		if id, ok := e.X.(*ast.Ident); ok {
			if _, isPackage := f.info.Uses[id].(*types.PkgName); isPackage {
				return f.qualified(e)
			}
		}
		sel := f.selection(e)
		return f.fields(e, f.placeBase(e.X, keep), sel.recv, sel.index)
	case *ast.IndexExpr:
		t := coreType(f.typeOf(e.X))
		base, key := f.indexedPlace(e, t, keep), f.indexOperand(e.Index)
		if m, ok := t.(*types.Map); ok {
			key = f.operandOf(e.Index, m.Key())
		}
		return index(e.Lbrack, base, keep(e, key.lower(), key.typ))
	}
	no(e, "an assignment to this")
	return nil
}

func (f *function) indexedPlace(e *ast.IndexExpr, t types.Type, keep func(at ast.Expr, x ast.Expr, t types.Type) ast.Expr) ast.Expr {
	switch t.(type) {
	case *types.Array:
		return f.placeBase(e.X, keep)
	case *types.Pointer:
		return star(e.Pos(), paren(keep(e, f.expr(e.X), f.typeOf(e.X))))
	}
	return keep(e, f.expr(e.X), f.typeOf(e.X))
}

// placeBase translates the operand of a field or array element that is assigned to.
func (f *function) placeBase(e ast.Expr, keep func(at ast.Expr, x ast.Expr, t types.Type) ast.Expr) ast.Expr {
	if isPointerCore(f.typeOf(e)) {
		return keep(e, f.expr(e), f.typeOf(e))
	}
	return f.placeWith(e, keep)
}

// opAssign translates left op= right.
func (f *function) opAssign(at ast.Node, left ast.Expr, op token.Token, right ast.Expr) {
	t := f.typeOf(left)
	y := operand{right, func() ast.Expr { return f.exprTo(right, t) }, t}
	if op == token.SHL || op == token.SHR {
		y = f.shiftCount(right)
	}
	var value ast.Expr
	var place ast.Expr
	before := f.collect(func() { value = y.lower() })
	native := op != token.SHL && op != token.SHR && !isComplex(t)
	if len(before) > 0 || f.calls(value) || f.isMapEntry(left) && !native {
		place = f.fixedPlace(left, true)
	} else {
		place = f.place(left)
	}
	f.emit(before...)
	if f.calls(value) {
		value = f.temp(right, value, y.typ)
	}
	if !native {
		f.emit(assign(opPos(at), place, f.arithmetic(at, place, op, value, t)))
		return
	}
	tok := op + (token.ADD_ASSIGN - token.ADD)
	f.emit(&ast.AssignStmt{Lhs: []ast.Expr{place}, TokPos: opPos(at), Tok: tok, Rhs: []ast.Expr{value}})
}

func (f *function) isMapEntry(e ast.Expr) bool {
	x, ok := ast.Unparen(e).(*ast.IndexExpr)
	if !ok {
		return false
	}
	_, isMap := coreType(f.typeOf(x.X)).(*types.Map)
	return isMap
}

func (f *function) incDec(s *ast.IncDecStmt) {
	t := f.typeOf(s.X)
	place := f.place(s.X)
	if _, isName := place.(*ast.Ident); isName && isInt(t) {
		f.emit(&ast.IncDecStmt{X: place, TokPos: s.TokPos, Tok: s.Tok})
		return
	}
	tok := token.ADD_ASSIGN
	if s.Tok == token.DEC {
		tok = token.SUB_ASSIGN
	}
	f.emit(&ast.AssignStmt{Lhs: []ast.Expr{place}, TokPos: s.TokPos, Tok: tok, Rhs: []ast.Expr{f.l.constant(s, one, t)}})
}

func isInt(t types.Type) bool {
	b, ok := types.Unalias(t).(*types.Basic)
	return ok && b.Kind() == types.Int
}
