package lower

import (
	"go/ast"
	"go/types"
)

// A keeper returns a core expression of type t that a place has a part, or one in its stead that stays what it is.
type keeper func(at ast.Expr, x ast.Expr, t types.Type) ast.Expr

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

// withoutCalls keeps what calls a function.
func (f *function) withoutCalls(at ast.Expr, x ast.Expr, t types.Type) ast.Expr {
	if f.calls(x) {
		return f.temp(at, x, t)
	}
	return x
}

// placeWith translates a place, and has keep look at each pointer, slice, map and index on the way.
func (f *function) placeWith(e ast.Expr, keep keeper) ast.Expr {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return f.identExpr(e)
	case *ast.StarExpr:
		return star(e.Pos(), paren(keep(e, f.expr(e.X), f.typeOf(e.X))))
	case *ast.SelectorExpr:
		if f.isQualified(e) {
			return f.qualified(e)
		}
		sel := f.selection(e)
		return f.fields(e, f.placeBase(e.X, keep), sel.recv, sel.index)
	case *ast.IndexExpr:
		base, key := f.indexedPlace(e, keep), f.keyOperand(e)
		return index(e.Lbrack, base, keep(e, key.lower(), key.typ))
	}
	fault(e, "an assignment to %T", e)
	return nil
}

func (f *function) indexedPlace(e *ast.IndexExpr, keep keeper) ast.Expr {
	if _, isArray := coreType(f.typeOf(e.X)).(*types.Array); isArray {
		return f.placeBase(e.X, keep)
	}
	return f.indexed(e.X, keep(e, f.expr(e.X), f.typeOf(e.X)))
}

// placeBase translates the operand of a field or array element that is assigned to.
func (f *function) placeBase(e ast.Expr, keep keeper) ast.Expr {
	if isPointerCore(f.typeOf(e)) {
		return keep(e, f.expr(e), f.typeOf(e))
	}
	return f.placeWith(e, keep)
}

// setPlace assigns a core value of type t to the place of left, which is nil for the blank identifier.
func (f *function) setPlace(left, place, x ast.Expr, t types.Type) {
	if place == nil {
		f.discardCore(left, x, t)
		return
	}
	f.emit(assign(left.Pos(), place, f.convert(left, x, t, f.typeOf(left))))
}

func isBlank(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && id.Name == "_"
}

func (f *function) isMapEntry(e ast.Expr) bool {
	x, ok := ast.Unparen(e).(*ast.IndexExpr)
	if !ok {
		return false
	}
	_, isMap := coreType(f.typeOf(x.X)).(*types.Map)
	return isMap
}
