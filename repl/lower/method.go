package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
)

// method is what x.m selects: the embedded fields on the way, and how the method there is called.
type method struct {
	name string
	path []int
	recv types.Type       // of the method's receiver, or the interface it belongs to
	sig  *types.Signature // without the receiver
	// fun is the function that takes the receiver as its first argument; nil for a method of an interface or of a compiled
	// type, which is called by its name. compiled says of it that it is no core function.
	fun      func(at token.Pos) ast.Expr
	compiled bool
}

func (f *function) method(at ast.Node, sel selection) method {
	fn := sel.obj.(*types.Func)
	path := sel.index[:len(sel.index)-1]
	holder := f.embeddedType(sel.recv, path)
	m := method{name: fn.Name(), path: path, sig: f.subst(withoutRecv(fn.Signature())).(*types.Signature)}
	if types.IsInterface(holder) {
		m.recv = holder
		return m
	}
	named := types.Unalias(holder)
	if p, ok := named.(*types.Pointer); ok {
		named = types.Unalias(p.Elem())
	}
	n, ok := named.(*types.Named)
	if !ok {
		fault(at, "the method %s of %s", fn.Name(), typeName(holder))
	}
	m.recv = n
	if isPointer(fn.Signature().Recv().Type()) {
		m.recv = types.NewPointer(n)
	}
	switch {
	case f.l.owns(fn.Pkg()):
		m.fun = func(pos token.Pos) ast.Expr { return ident(pos, f.l.methodInstance(at, n, fn).name) }
	case isProvided(n):
		m.compiled = true
		m.fun = func(pos token.Pos) ast.Expr { return f.providedMethod(at, pos, m, n) }
	case f.l.Method != nil:
		if v, ok := f.l.Method(fn.FullName()); ok {
			m.compiled = true
			m.fun = func(pos token.Pos) ast.Expr {
				return poolRef(pos, f.l.pool.entry("S", fn.FullName(), func() reflect.Value { return v }))
			}
		}
	}
	return m
}

func withoutRecv(sig *types.Signature) *types.Signature {
	return types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())
}

// embeddedType is the type at the end of a way along embedded fields.
func (f *function) embeddedType(t types.Type, path []int) types.Type {
	for _, i := range path {
		_, t = fieldAt(t, i)
	}
	return t
}

// receiver translates the operand of x.m to the receiver that the method wants.
func (f *function) receiver(e *ast.SelectorExpr, sel selection, m method) ast.Expr {
	holder := f.embeddedType(sel.recv, m.path)
	wantsPointer := isPointer(m.recv) && !types.IsInterface(m.recv)
	havePointer := isPointerCore(holder) && !types.IsInterface(holder)
	switch {
	case wantsPointer && !havePointer:
		return addressOf(e.Pos(), f.fieldPlace(e, e.X, sel.recv, m.path))
	case !wantsPointer && havePointer && !types.IsInterface(m.recv):
		p := f.fields(e, f.operandValue(e.X), sel.recv, m.path)
		return star(e.Pos(), paren(p))
	}
	x := f.fields(e, f.operandValue(e.X), sel.recv, m.path)
	if m.fun == nil {
		if _, isName := x.(*ast.Ident); !isName {
			return f.temp(e, x, m.recv)
		}
	}
	return x
}

// methodValue translates x.m taken as a value: the receiver is kept, and a literal calls the method.
func (f *function) methodValue(e *ast.SelectorExpr, sel selection) ast.Expr {
	m := f.method(e, sel)
	recv := f.receiver(e, sel, m)
	if types.IsInterface(m.recv) {
		recv = f.fixed(e, recv, m.recv)
		f.emit(f.ifNil(e, recv))
	}
	return f.wrapper(e, m.sig, []captured{{recv, m.recv}}, func(inner *function, kept, params []ast.Expr) ast.Expr {
		return inner.callMethod(e, m, kept[0], params)
	})
}

// methodExpr translates T.m: a function whose first parameter is the receiver.
func (f *function) methodExpr(e *ast.SelectorExpr, sel selection) ast.Expr {
	m := f.method(e, sel)
	sig := coreType(f.typeOf(e)).(*types.Signature)
	t := sel.recv
	return f.wrapper(e, sig, nil, func(inner *function, _, params []ast.Expr) ast.Expr {
		x := inner.fields(e, params[0], t, m.path)
		holder := inner.embeddedType(t, m.path)
		if types.IsInterface(m.recv) {
			return inner.callMethod(e, m, x, params[1:])
		}
		switch {
		case isPointer(m.recv) && !isPointerCore(holder):
			x = addressOf(e.Pos(), x)
		case !isPointer(m.recv) && isPointerCore(holder):
			x = star(e.Pos(), paren(x))
		}
		return inner.callMethod(e, m, x, params[1:])
	})
}

// callMethod calls a method with a core receiver and core arguments, of which the last is a slice if m is variadic.
func (f *function) callMethod(at ast.Node, m method, recv ast.Expr, args []ast.Expr) ast.Expr {
	if m.fun != nil {
		return call(at.Pos(), m.fun(at.Pos()), append([]ast.Expr{recv}, args...)...)
	}
	c := call(at.Pos(), selectField(at.Pos(), recv, m.name), args...)
	if m.sig.Variadic() {
		c.Ellipsis = at.End()
	}
	return c
}

// functionValue translates the name of a declared function, instantiated or not, to a value.
func (f *function) functionValue(at ast.Node, e ast.Expr) ast.Expr {
	if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok && f.info.Selections[sel] != nil {
		return f.selector(sel)
	}
	id := nameOf(e)
	fn, ok := f.info.Uses[id].(*types.Func)
	if !ok {
		fault(at, "%T as a function", e)
	}
	sig := f.typeOf(e)
	if inst, ok := f.info.Instances[id]; ok {
		sig = f.subst(inst.Type)
	}
	s := coreType(sig).(*types.Signature)
	x, compiled := f.namedFunc(at, id, fn, s)
	if compiled {
		return x
	}
	if !s.Variadic() {
		return f.temp(at, x, s)
	}
	return f.variadicFunc(at, f.temp(at, x, sliceSignature(s)), s)
}

// sliceSignature is the signature of the core function for one that is variadic.
func sliceSignature(s *types.Signature) *types.Signature {
	if !s.Variadic() {
		return s
	}
	return types.NewSignatureType(nil, nil, nil, s.Params(), s.Results(), false)
}
