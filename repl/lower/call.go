package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"kairos/repl/lower/rt/generic"
)

// callExpr translates a call with one value: also a conversion, and a call of a builtin function.
func (f *function) callExpr(e *ast.CallExpr) ast.Expr {
	if tv := f.info.Types[e.Fun]; tv.IsType() {
		return f.conversionExpr(e)
	}
	if name := f.builtinName(e); name != "" {
		return f.builtin(e, name)
	}
	return f.callFunc(e)
}

// callFunc translates a call of a function, whatever number of results it has.
func (f *function) callFunc(e *ast.CallExpr) ast.Expr {
	sig := coreType(f.typeOf(e.Fun)).(*types.Signature)
	callee := f.callee(e.Fun, sig)
	values, _ := f.callOperands(e, sig, callee)
	n := len(callee.operands)
	c := call(e.Lparen, callee.fun(values[:n]), append(callee.receiver(values[:n]), values[n:]...)...)
	c.Ellipsis = callee.ellipsis(e, sig)
	return c
}

// callOperands evaluates what a call calls, and its arguments.
func (f *function) callOperands(e *ast.CallExpr, sig *types.Signature, c callee) ([]ast.Expr, []operand) {
	ops := c.operands
	if f.isSpread(e) { // the arguments are evaluated as they are listed
		ops = nil
		for i, x := range f.operands(c.operands...) {
			if f.calls(x) {
				x = f.temp(e, x, c.operands[i].typ)
			}
			ops = append(ops, operand{c.operands[i].at, func() ast.Expr { return x }, c.operands[i].typ})
		}
	}
	ops = append(ops[:len(ops):len(ops)], f.arguments(e, sig, c.compiled)...)
	values := f.operands(ops...)
	if c.dynamic { // the method is looked up once the arguments are known, and may not be found
		for i, x := range values {
			if f.calls(x) {
				values[i] = f.temp(e, x, ops[i].typ)
			}
		}
	}
	return values, ops
}

// isSpread reports whether the arguments of a call are the results of another.
func (f *function) isSpread(e *ast.CallExpr) bool {
	if len(e.Args) != 1 {
		return false
	}
	tuple, ok := f.info.TypeOf(e.Args[0]).(*types.Tuple)
	return ok && tuple.Len() > 1
}

// callee is what a call calls: the operands it is made of, and, once they are evaluated, the core function and the
// arguments that come before those of the call. A compiled function takes variadic arguments one by one, one of core
// takes a slice.
type callee struct {
	operands []operand
	fun      func(values []ast.Expr) ast.Expr
	receiver func(values []ast.Expr) []ast.Expr
	compiled bool
	value    bool // of a function type: core gives a slice, followed by dots
	dynamic  bool // of an interface
}

// ellipsis is where the dots after the last argument of the core call stand, if there are any.
func (c callee) ellipsis(e *ast.CallExpr, sig *types.Signature) token.Pos {
	if sig.Variadic() && (c.compiled && e.Ellipsis.IsValid() || c.value) {
		return e.Rparen
	}
	return token.NoPos
}

func noReceiver([]ast.Expr) []ast.Expr { return nil }

// callee finds out what fun is.
func (f *function) callee(fun ast.Expr, sig *types.Signature) callee {
	fun = ast.Unparen(fun)
	if id := nameOf(fun); id != nil {
		if fn, ok := f.info.Uses[id].(*types.Func); ok {
			if sel, ok := ast.Unparen(fun).(*ast.SelectorExpr); ok && f.info.Selections[sel] != nil {
				return f.methodCallee(sel)
			}
			return f.namedCallee(fun, id, fn, sig)
		}
	}
	t := f.typeOf(fun)
	return callee{
		operands: []operand{{fun, func() ast.Expr { return f.fixedFunc(fun) }, t}},
		fun:      func(values []ast.Expr) ast.Expr { return values[0] },
		receiver: noReceiver,
		value:    true,
	}
}

// fixedFunc translates a function value that is called. Yaegi looks for the function where the call says.
func (f *function) fixedFunc(fun ast.Expr) ast.Expr {
	x := f.expr(fun)
	if _, isName := x.(*ast.Ident); isName {
		return x
	}
	return f.temp(fun, x, f.typeOf(fun))
}

func (f *function) namedCallee(at ast.Node, id *ast.Ident, fn *types.Func, sig *types.Signature) callee {
	x, compiled := f.namedFunc(at, id, fn, sig)
	return callee{fun: func([]ast.Expr) ast.Expr { return x }, receiver: noReceiver, compiled: compiled}
}

// namedFunc is the core form of a declared function, and whether it is compiled.
func (f *function) namedFunc(at ast.Node, id *ast.Ident, fn *types.Func, sig *types.Signature) (x ast.Expr, compiled bool) {
	args := f.typeArgs(id)
	switch {
	case !f.isCompiled(fn):
		return ident(id.Pos(), f.l.instance(at, fn, args).name), false
	case len(args) > 0:
		return f.compiledInstance(at, fn, args, sig), true
	}
	return f.l.symbol(id, fn), true
}

// compiledInstance is an instance of a generic function of the standard library.
func (f *function) compiledInstance(at ast.Node, fn *types.Func, args []types.Type, sig *types.Signature) ast.Expr {
	path, name := fn.Pkg().Path(), fn.Name()
	typ := f.l.openType(at, f.subst(sig))
	var opens, trues []reflect.Type
	for _, a := range args {
		opens = append(opens, f.l.openType(at, a))
		trues = append(trues, f.l.trueType(at, a))
	}
	v, ok := generic.Func(path, name, typ, opens, trues)
	if !ok {
		no(at, "the generic function %s.%s; write what it does", fn.Pkg().Name(), name)
	}
	return f.l.helper(at.Pos(), path+"."+name, append([]reflect.Type{typ}, opens...), func() reflect.Value { return v })
}

// methodCallee finds the method that x.m calls.
func (f *function) methodCallee(e *ast.SelectorExpr) callee {
	sel := f.selection(e)
	if sel.kind == types.MethodExpr {
		t := f.typeOf(e)
		return callee{
			operands: []operand{{e, func() ast.Expr { return f.temp(e, f.methodExpr(e, sel), t) }, t}},
			fun:      func(values []ast.Expr) ast.Expr { return values[0] },
			receiver: noReceiver,
			value:    true,
		}
	}
	m := f.method(e, sel)
	recv := []operand{{e.X, func() ast.Expr { return f.receiver(e, sel, m) }, m.recv}}
	if m.fun != nil {
		return callee{
			operands: recv,
			fun:      func([]ast.Expr) ast.Expr { return m.fun(e.Sel.Pos()) },
			receiver: func(values []ast.Expr) []ast.Expr { return values[:1] },
			compiled: m.compiled,
		}
	}
	return callee{
		operands: recv,
		fun:      func(values []ast.Expr) ast.Expr { return selectField(e.Sel.Pos(), values[0], m.name) },
		receiver: noReceiver,
		compiled: true,
		dynamic:  true,
	}
}

// arguments are the operands for the arguments of a call.
func (f *function) arguments(e *ast.CallExpr, sig *types.Signature, compiled bool) []operand {
	params := sig.Params()
	if f.isSpread(e) {
		return f.spread(e, sig, compiled)
	}
	fixed := params.Len()
	if sig.Variadic() && !e.Ellipsis.IsValid() {
		fixed--
	}
	var list []operand
	for i := range fixed {
		list = append(list, f.operandOf(e.Args[i], params.At(i).Type()))
	}
	if fixed == params.Len() {
		return list
	}
	slice := params.At(fixed).Type()
	elem := coreType(slice).(*types.Slice).Elem()
	if compiled {
		for _, arg := range e.Args[fixed:] {
			list = append(list, f.operandOf(arg, elem))
		}
		return list
	}
	return append(list, operand{e, func() ast.Expr {
		var more []operand
		for _, arg := range e.Args[fixed:] {
			more = append(more, f.operandOf(arg, elem))
		}
		return f.variadicSlice(e, slice, f.elements(more))
	}, slice})
}

// variadicSlice is the slice that holds the variadic arguments of a call.
func (f *function) variadicSlice(at ast.Node, slice types.Type, elems []ast.Expr) ast.Expr {
	if len(elems) == 0 {
		return f.zero(at, slice)
	}
	return &ast.CompositeLit{Type: f.typeExpr(at, slice), Lbrace: at.Pos(), Elts: elems, Rbrace: at.Pos()}
}

// spread passes the results of a call on as arguments: f(g()).
func (f *function) spread(e *ast.CallExpr, sig *types.Signature, compiled bool) []operand {
	values, ts := f.multi(e.Args[0])
	params := sig.Params()
	var list, more []operand
	for i, v := range values {
		last := params.Len() - 1
		if sig.Variadic() && i >= last {
			elem := coreType(params.At(last).Type()).(*types.Slice).Elem()
			more = append(more, operand{e, func() ast.Expr { return f.convert(e, v, ts[i], f.subst(elem)) }, elem})
			continue
		}
		t := f.subst(params.At(i).Type())
		list = append(list, operand{e, func() ast.Expr { return f.convert(e, v, ts[i], t) }, t})
	}
	if !sig.Variadic() {
		return list
	}
	if compiled {
		return append(list, more...)
	}
	slice := params.At(params.Len() - 1).Type()
	return append(list, operand{e, func() ast.Expr { return f.variadicSlice(e, slice, f.elements(more)) }, slice})
}

// multi evaluates an expression with several values into core variables: a call, or a receive, an assertion, or an
// index of a map with its second, boolean value.
func (f *function) multi(e ast.Expr) (values []ast.Expr, ts []types.Type) {
	var source ast.Expr
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		source = f.callFunc(e)
		for v := range f.info.TypeOf(e).(*types.Tuple).Variables() {
			ts = append(ts, f.subst(v.Type()))
		}
	case *ast.UnaryExpr:
		ch := f.typeOf(e.X)
		source = call(e.Pos(), f.typeHelper(e, "RecvOK", ch), f.operandValue(e.X))
		ts = []types.Type{coreType(ch).(*types.Chan).Elem(), types.Typ[types.Bool]}
	case *ast.TypeAssertExpr:
		t := f.typeOf(e.Type)
		source = call(e.Pos(), f.typeHelper(e, "AssertOK", t), f.operandValue(e.X))
		ts = []types.Type{t, types.Typ[types.Bool]}
	case *ast.IndexExpr:
		m := coreType(f.typeOf(e.X)).(*types.Map)
		parts := f.operands(f.plainOperand(e.X), f.keyOperand(e))
		source = index(e.Lbrack, parts[0], parts[1])
		ts = []types.Type{m.Elem(), types.Typ[types.Bool]}
	default:
		fault(e, "several values of %T", e)
	}
	for _, t := range ts {
		values = append(values, f.newVar(e.Pos(), "", f.typeExpr(e, t)))
	}
	f.emit(assignAll(e.Pos(), values, source))
	return values, ts
}

// receive translates <-c with one value.
func (f *function) receive(e *ast.UnaryExpr) ast.Expr {
	return call(e.Pos(), f.typeHelper(e, "Recv", f.typeOf(e.X)), f.operandValue(e.X))
}

// builtinName returns the name of the builtin function that e calls, "" if it calls none.
func (f *function) builtinName(e *ast.CallExpr) string {
	switch fun := ast.Unparen(e.Fun).(type) {
	case *ast.Ident:
		if b, ok := f.info.Uses[fun].(*types.Builtin); ok {
			return b.Name()
		}
	case *ast.SelectorExpr:
		if b, ok := f.info.Uses[fun.Sel].(*types.Builtin); ok {
			fault(e, "unsafe.%s", b.Name())
		}
	}
	return ""
}
