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
	case check.TopLevel(obj):
		v = f.lookup(at, obj)
	case v == nil:
		v = f.declare(at, obj)
	}
	f.renew(at, v)
	f.emit(assign(at.Pos(), v.ref(at.Pos()), value))
}

// defineAll translates left := right and var left = right, where some of the left may be there already.
func (f *function) defineAll(at ast.Node, left, right []ast.Expr) {
	if len(left) == 1 {
		t := f.leftType(left[0], right[0])
		f.setDefined(left[0], f.exprTo(right[0], t), t)
		return
	}
	values, ts := f.parallel(left, right)
	for i := range left {
		f.setDefined(left[i], values[i], ts[i])
	}
}

// parallel evaluates the right side of a parallel assignment, so that the variables it was read from can change.
func (f *function) parallel(left, right []ast.Expr) (values []ast.Expr, ts []types.Type) {
	if len(left) != len(right) {
		return f.multi(right[0])
	}
	var list []operand
	for i := range left {
		t := f.leftType(left[i], right[i])
		ts, list = append(ts, t), append(list, f.operandOf(right[i], t))
	}
	values = f.operands(list...)
	for i, x := range values {
		values[i] = f.fixed(right[i], x, ts[i])
	}
	return values, ts
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
	values, ts := f.parallel(left, right)
	for i := range left {
		f.setPlace(left[i], places[i], values[i], ts[i])
	}
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

// opAssign translates left op= right.
func (f *function) opAssign(at ast.Node, left ast.Expr, op token.Token, right ast.Expr) {
	t := f.typeOf(left)
	y := operand{right, func() ast.Expr { return f.exprTo(right, t) }, t}
	if op == token.SHL || op == token.SHR {
		y = f.shiftCount(right)
	}
	var value, place ast.Expr
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
