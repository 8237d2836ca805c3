package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"kairos/repl/forge"
	"kairos/repl/lower/rt"
)

// typeHelper refers to a compiled function made for one or two types, of package rt.
func (f *function) typeHelper(at ast.Node, kind string, ts ...types.Type) ast.Expr {
	var opens, trues []reflect.Type
	for _, t := range ts {
		opens = append(opens, f.open(at, t))
		trues = append(trues, f.l.trueType(at, f.subst(t)))
	}
	return f.l.helper(at.Pos(), kind, append(opens, trues...), func() reflect.Value { return makers[kind](opens, trues) })
}

// makers make the helpers, from the open and the true forms of their types.
var makers = map[string]func(open, true_ []reflect.Type) reflect.Value{
	"Equal":       func(t, _ []reflect.Type) reflect.Value { return rt.MakeEqual(t[0]) },
	"Mul":         func(t, _ []reflect.Type) reflect.Value { return rt.MakeMul(t[0]) },
	"Quo":         func(t, _ []reflect.Type) reflect.Value { return rt.MakeQuo(t[0]) },
	"Convert":     func(t, _ []reflect.Type) reflect.Value { return rt.MakeConvert(t[0], t[1]) },
	"Assert":      func(t, tt []reflect.Type) reflect.Value { return rt.MakeAs(tt[0], tt[1], t[1], forge.As) },
	"AssertOK":    func(t, tt []reflect.Type) reflect.Value { return rt.MakeAsOK(tt[0], t[0], forge.As) },
	"Is":          func(_, tt []reflect.Type) reflect.Value { return rt.MakeIs(tt[0]) },
	"Send":        func(t, _ []reflect.Type) reflect.Value { return rt.MakeSend(t[0]) },
	"Recv":        func(t, _ []reflect.Type) reflect.Value { return rt.MakeRecv(t[0]) },
	"RecvOK":      func(t, _ []reflect.Type) reflect.Value { return rt.MakeRecvOK(t[0]) },
	"Got":         func(t, _ []reflect.Type) reflect.Value { return rt.MakeGot(t[0]) },
	"Key":         func(t, _ []reflect.Type) reflect.Value { return rt.MakeKey(t[0]) },
	"Value":       func(t, _ []reflect.Type) reflect.Value { return rt.MakeValue(t[0]) },
	"min":         func(t, _ []reflect.Type) reflect.Value { return rt.MakeMin(t[0]) },
	"max":         func(t, _ []reflect.Type) reflect.Value { return rt.MakeMax(t[0]) },
	"AppendSlice": func(t, _ []reflect.Type) reflect.Value { return rt.MakeAppendSlice(t[0]) },
	"MakeChan":    func(t, _ []reflect.Type) reflect.Value { return rt.MakeChan(t[0]) },
	"complex":     func(t, _ []reflect.Type) reflect.Value { return makeComplex(t[0], t[1]) },
	"real": func(t, _ []reflect.Type) reflect.Value {
		return makePart(t[0], t[1], func(c complex128) float64 { return real(c) })
	},
	"imag": func(t, _ []reflect.Type) reflect.Value {
		return makePart(t[0], t[1], func(c complex128) float64 { return imag(c) })
	},
	"AppendString": func(t, _ []reflect.Type) reflect.Value { return rt.MakeAppendString(t[0]) },
}

// runtime refers to a function of package rt that is the same for all types.
func (l *Lowering) runtime(at token.Pos, name string) ast.Expr {
	return poolRef(at, l.pool.entry("R", name, func() reflect.Value {
		v, ok := l.Runtime[name]
		if !ok {
			panic("lower: package rt has no " + name)
		}
		return v
	}))
}

// runtimePointer is the core name of a pointer to a type of package rt.
func (f *function) runtimePointer(name string) ast.Expr {
	return f.l.reflectTypeExpr(reflect.PointerTo(f.l.Runtime[name].Type().Elem()))
}

// funcOf makes a function with one result.
func funcOf(f func([]reflect.Value) reflect.Value, out reflect.Type, in ...reflect.Type) reflect.Value {
	return reflect.MakeFunc(reflect.FuncOf(in, []reflect.Type{out}, false), func(args []reflect.Value) []reflect.Value {
		return []reflect.Value{f(args)}
	})
}

// funcOf0 makes a function without results.
func funcOf0(f func([]reflect.Value), in ...reflect.Type) reflect.Value {
	return reflect.MakeFunc(reflect.FuncOf(in, nil, false), func(args []reflect.Value) []reflect.Value {
		f(args)
		return nil
	})
}

func makeComplex(part, t reflect.Type) reflect.Value {
	return funcOf(func(args []reflect.Value) reflect.Value {
		v := reflect.New(t).Elem()
		v.SetComplex(complex(args[0].Float(), args[1].Float()))
		return v
	}, t, part, part)
}

func makePart(t, part reflect.Type, of func(complex128) float64) reflect.Value {
	return funcOf(func(args []reflect.Value) reflect.Value {
		v := reflect.New(part).Elem()
		v.SetFloat(of(args[0].Complex()))
		return v
	}, part, t)
}
