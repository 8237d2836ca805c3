package lower

import (
	"go/ast"
	"go/types"
	"reflect"

	"kairos/repl/forge"
)

// exprTo translates an expression whose value becomes one of type t, as in an assignment.
func (f *function) exprTo(e ast.Expr, t types.Type) ast.Expr {
	t = f.subst(t)
	if f.isNil(e) {
		return f.zero(e, t)
	}
	tv := f.info.Types[e]
	from := f.subst(tv.Type)
	if tv.Value != nil {
		if isUntypedType(from) {
			from = types.Default(from)
			if !types.IsInterface(t) {
				from = t
			}
		}
		return f.convert(e, f.l.constant(e, tv.Value, from), from, t)
	}
	if isUntypedType(from) { // a comparison, or a shift
		from = types.Default(from)
	}
	return f.convert(e, f.expr(e), from, t)
}

// convert makes a value of type to of a core expression of type from, where Go does so without saying it.
func (f *function) convert(at ast.Node, x ast.Expr, from, to types.Type) ast.Expr {
	if types.Identical(from, to) {
		return x
	}
	if types.IsInterface(to) {
		return f.gate(at, x, from, to)
	}
	return f.convertValue(at, x, from, to)
}

// conversion makes a conversion in core.
func (l *Lowering) conversion(at ast.Node, typ, x ast.Expr) ast.Expr {
	c := call(at.Pos(), typ, x)
	l.conversions[c] = true
	return c
}

// gate makes a value an interface. A value of an open type becomes one of its true type on the way.
func (f *function) gate(at ast.Node, x ast.Expr, from, to types.Type) ast.Expr {
	if isNilType(from) {
		return f.zero(at, to)
	}
	l := f.l
	if !l.isOpen(at, from) && !l.isOpen(at, to) {
		return l.conversion(at, f.typeExpr(at, to), x)
	}
	src, dst := l.openType(at, from), l.openType(at, to)
	trueSrc, trueDst := l.trueType(at, from), l.trueType(at, to)
	gate := l.helper(at.Pos(), "gate", []reflect.Type{src, dst, trueSrc, trueDst}, func() reflect.Value {
		return reflect.MakeFunc(reflect.FuncOf([]reflect.Type{src}, []reflect.Type{dst}, false), func(args []reflect.Value) []reflect.Value {
			v := forge.As(args[0], trueSrc)
			if trueSrc.Kind() == reflect.Interface && v.IsNil() {
				return []reflect.Value{reflect.Zero(dst)}
			}
			return []reflect.Value{forge.As(v.Convert(trueDst), dst)}
		})
	})
	return call(at.Pos(), gate, x)
}

// conversionExpr translates T(x).
func (f *function) conversionExpr(e *ast.CallExpr) ast.Expr {
	arg := e.Args[0]
	to := f.typeOf(e.Fun)
	if f.isNil(arg) {
		return f.zero(e, to)
	}
	from := f.typeOf(arg)
	if tv := f.info.Types[arg]; tv.Value != nil {
		return f.convertConstant(e, arg, tv, to)
	}
	if isUntypedType(from) {
		from = types.Default(from)
	}
	return f.convertExplicitly(e, f.expr(arg), from, to)
}

// convertConstant translates the conversion of a constant that is not a constant itself: of a string to bytes, of a
// number to a type parameter.
func (f *function) convertConstant(at ast.Node, arg ast.Expr, tv types.TypeAndValue, to types.Type) ast.Expr {
	from := f.subst(tv.Type)
	if b, ok := coreType(to).(*types.Basic); ok && sameSort(from, b) {
		return f.l.constant(arg, tv.Value, to)
	}
	from = types.Default(from)
	return f.convertExplicitly(at, f.l.constant(arg, tv.Value, from), from, to)
}

// sameSort reports whether a constant of type t can be one of type b: both are strings, or neither is.
func sameSort(t types.Type, b *types.Basic) bool {
	return t.Underlying().(*types.Basic).Info()&types.IsString == b.Info()&types.IsString
}

// convertExplicitly makes a value of type to of a core expression of type from, where the source says so.
func (f *function) convertExplicitly(at ast.Node, x ast.Expr, from, to types.Type) ast.Expr {
	if types.IsInterface(to) {
		return f.convert(at, x, from, to)
	}
	return f.convertValue(at, x, from, to)
}

// convertValue converts between types of which none is an interface.
func (f *function) convertValue(at ast.Node, x ast.Expr, from, to types.Type) ast.Expr {
	l := f.l
	src, dst := l.openType(at, from), l.openType(at, to)
	if src == dst {
		return x
	}
	switch {
	case basicKind(src) && basicKind(dst) && !(isFloat(src) && isInteger(dst)) && (src.Kind() == reflect.String) == (dst.Kind() == reflect.String):
		return l.conversion(at, f.typeExpr(at, to), x)
	case sameLayout(src, dst):
		as := l.helper(at.Pos(), "as", []reflect.Type{src, dst}, func() reflect.Value {
			return funcOf(func(args []reflect.Value) reflect.Value { return forge.As(args[0], dst) }, dst, src)
		})
		return call(at.Pos(), as, x)
	}
	return call(at.Pos(), f.typeHelper(at, "Convert", from, to), x)
}

// sameLayout reports whether a conversion only changes the type. Go allows one between types of the same kind, neither
// of them basic, for no others.
func sameLayout(src, dst reflect.Type) bool { return src.Kind() == dst.Kind() && !basicKind(src) }

func basicKind(t reflect.Type) bool {
	return t.Kind() <= reflect.Complex128 || t.Kind() == reflect.String
}

func isFloat(t reflect.Type) bool {
	return t.Kind() == reflect.Float32 || t.Kind() == reflect.Float64
}

func isInteger(t reflect.Type) bool { return reflect.Int <= t.Kind() && t.Kind() <= reflect.Uintptr }

// assertion translates x.(T) with one value.
func (f *function) assertion(e *ast.TypeAssertExpr) ast.Expr {
	return call(e.Pos(), f.typeHelper(e, "Assert", f.typeOf(e.X), f.typeOf(e.Type)), f.operandValue(e.X))
}

// runtimeCall calls a compiled function of package rt.
func (f *function) runtimeCall(at ast.Node, name string, args ...ast.Expr) ast.Expr {
	return call(at.Pos(), f.l.runtime(at.Pos(), name), args...)
}
