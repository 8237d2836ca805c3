package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"kairos/repl/forge"
)

// literalFunc translates a function literal. It becomes the result of a core function of its own, the maker, which is
// called with what the literal captures.
func (f *function) literalFunc(lit *ast.FuncLit) ast.Expr {
	sig := coreType(f.typeOf(lit)).(*types.Signature)
	inner := f.inside(sig)
	inner.scopeNode = lit
	params, results, body := inner.build(lit.Type, nil, lit.Body)
	x := f.lifted(lit.Pos(), inner, sliceSignature(sig), params, results, body)
	if sig.Variadic() {
		return f.variadicFunc(lit, x, sig)
	}
	return x
}

// inside makes a function that stands inside f.
func (f *function) inside(sig *types.Signature) *function {
	in := f.l.newFunction()
	in.info, in.env, in.targs, in.outer, in.scan = f.info, f.env, f.targs, f, f.scan
	in.sig = sig
	return in
}

// lifted makes a literal of its parts, and returns the call of its maker.
func (f *function) lifted(at token.Pos, inner *function, sig *types.Signature, params, results *ast.FieldList, body *ast.BlockStmt) ast.Expr {
	lit := &ast.FuncLit{Type: &ast.FuncType{Func: at, Params: params, Results: results}, Body: body}
	return f.maker("·lit", inner, f.typeExpr(posNode(at), sig), lit)
}

// maker declares the maker of a literal, which is of core type typ, and returns the call of it.
func (f *function) maker(hint string, inner *function, typ ast.Expr, lit *ast.FuncLit) ast.Expr {
	name := f.l.newName(hint)
	maker := &ast.FuncType{
		Params:  &ast.FieldList{List: inner.captures.params},
		Results: &ast.FieldList{List: []*ast.Field{{Type: typ}}},
	}
	ret := &ast.ReturnStmt{Results: []ast.Expr{lit}}
	f.l.decls = append(f.l.decls, funcDecl(token.NoPos, name, maker, block(token.NoPos, []ast.Stmt{ret})))
	return call(token.NoPos, ident(token.NoPos, name), inner.captures.args...)
}

// variadicFunc makes a value of a variadic type of a core function that takes a slice: to call them is the same.
func (f *function) variadicFunc(at ast.Node, x ast.Expr, sig *types.Signature) ast.Expr {
	src, dst := f.open(at, sliceSignature(sig)), f.open(at, sig)
	h := f.l.helper(token.NoPos, "variadic", []reflect.Type{src, dst}, func() reflect.Value {
		return funcOf(func(args []reflect.Value) reflect.Value { return forge.As(args[0], dst) }, dst, src)
	})
	return call(token.NoPos, h, x)
}

// captured is a core value that a wrapper keeps.
type captured struct {
	value ast.Expr
	typ   types.Type
}

// wrapper makes a function value of signature sig that does one call, with values kept from now.
func (f *function) wrapper(at ast.Node, sig *types.Signature, keep []captured, body func(inner *function, kept, params []ast.Expr) ast.Expr) ast.Expr {
	inner := f.inside(sig)
	var kept, params []ast.Expr
	for _, c := range keep {
		name := f.l.newName("kept")
		inner.capture(name, f.typeExpr(at, c.typ), c.value)
		kept = append(kept, ident(token.NoPos, name))
	}
	fields := &ast.FieldList{}
	for v := range sig.Params().Variables() {
		name := f.l.newName("p")
		fields.List = append(fields.List, param(name, f.typeExpr(at, v.Type())))
		params = append(params, ident(token.NoPos, name))
	}
	x := body(inner, kept, params)
	if sig.Results().Len() > 0 {
		inner.emit(&ast.ReturnStmt{Results: []ast.Expr{x}})
	} else {
		inner.emit(exprStmt(x))
	}
	x = f.lifted(token.NoPos, inner, sliceSignature(sig), fields, inner.resultTypes(at), block(token.NoPos, inner.body()))
	if sig.Variadic() {
		return f.variadicFunc(at, x, sig)
	}
	return x
}

// thunk evaluates what a deferred call or goroutine needs, and makes a function that does the call.
func (f *function) thunk(e *ast.CallExpr) ast.Expr {
	if name := f.builtinName(e); name != "" {
		return f.builtinThunk(e, name)
	}
	sig := coreType(f.typeOf(e.Fun)).(*types.Signature)
	callee := f.callee(e.Fun, sig)
	values, ops := f.callOperands(e, sig, callee)
	if len(ops) > 0 && types.IsInterface(f.subst(ops[0].typ)) && f.isMethodCall(e) {
		values[0] = f.fixed(e, values[0], ops[0].typ)
		f.emit(f.ifNil(e, values[0]))
	}
	n := len(callee.operands)
	return f.wrapper(e, nullary, f.toKeep(values, ops), func(_ *function, kept, _ []ast.Expr) ast.Expr {
		c := call(token.NoPos, withoutPos(callee.fun(kept[:n])), append(callee.receiver(kept[:n]), kept[n:]...)...)
		c.Ellipsis = callee.ellipsis(e, sig)
		return c
	})
}

// withoutPos is the core expression for a function, so that the frame that calls it is not shown.
func withoutPos(x ast.Expr) ast.Expr {
	switch x := x.(type) {
	case *ast.Ident:
		return ident(token.NoPos, x.Name)
	case *ast.SelectorExpr:
		return &ast.SelectorExpr{X: withoutPos(x.X), Sel: ident(token.NoPos, x.Sel.Name)}
	}
	return x
}

// isMethodCall reports whether a call is one of a method of a value.
func (f *function) isMethodCall(e *ast.CallExpr) bool {
	sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr)
	return ok && f.info.Selections[sel] != nil && f.selection(sel).kind == types.MethodVal
}

// builtinThunk is the thunk of a builtin function.
func (f *function) builtinThunk(e *ast.CallExpr, name string) ast.Expr {
	ops := f.builtinOperands(e, name)
	return f.wrapper(e, nullary, f.toKeep(f.operands(ops...), ops), func(inner *function, kept, _ []ast.Expr) ast.Expr {
		return inner.builtinCall(nowhere, name, kept...)
	})
}

// toKeep are the values of operands, for a wrapper to keep.
func (f *function) toKeep(values []ast.Expr, ops []operand) (keep []captured) {
	for i, v := range values {
		keep = append(keep, captured{v, f.subst(ops[i].typ)})
	}
	return keep
}

func (f *function) goStmt(s *ast.GoStmt) {
	var arg ast.Expr
	if f.isPlainLiteral(s.Call) {
		arg = f.expr(s.Call.Fun)
	} else {
		arg = f.thunk(s.Call)
	}
	f.emit(exprStmt(f.runtimeCall(s, "Go", f.temp(s, arg, nullary))))
}

var nullary = types.NewSignatureType(nil, nil, nil, nil, nil, false)

// isPlainLiteral reports whether a call is one of a literal without parameters and results, which needs no thunk.
func (f *function) isPlainLiteral(e *ast.CallExpr) bool {
	lit, ok := ast.Unparen(e.Fun).(*ast.FuncLit)
	return ok && lit.Type.Params.NumFields() == 0 && lit.Type.Results.NumFields() == 0
}
