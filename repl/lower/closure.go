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
	inner := f.inner(sig)
	inner.scopeNode = lit
	params, results, body := inner.build(lit, lit.Type, nil, lit.Body)
	x := f.make(lit.Pos(), inner, sliceSignature(sig), params, results, body)
	if sig.Variadic() {
		return f.variadicFunc(lit, x, sig)
	}
	return x
}

// inner is a function inside f.
func (f *function) inner(sig *types.Signature) *function {
	in := f.l.newFunction()
	in.info, in.env, in.targs, in.outer, in.scan, in.shared = f.info, f.env, f.targs, f, f.scan, f.shared
	in.sig = sig
	return in
}

// make emits the maker of a literal and returns the call of it.
func (f *function) make(at token.Pos, inner *function, sig *types.Signature, params, results *ast.FieldList, body *ast.BlockStmt) ast.Expr {
	name := f.l.newName("·lit")
	lit := &ast.FuncLit{Type: &ast.FuncType{Func: at, Params: params, Results: results}, Body: body}
	typ := f.typeExpr(posNode(at), sig)
	maker := &ast.FuncType{
		Params:  &ast.FieldList{List: inner.makerParams},
		Results: &ast.FieldList{List: []*ast.Field{{Type: typ}}},
	}
	ret := &ast.ReturnStmt{Results: []ast.Expr{lit}}
	f.l.decls = append(f.l.decls, funcDecl(token.NoPos, name, maker, block(token.NoPos, []ast.Stmt{ret})))
	return call(token.NoPos, ident(token.NoPos, name), inner.makerArgs...)
}

// posNode is a node that is nothing but a position.
type posNode token.Pos

func (p posNode) Pos() token.Pos { return token.Pos(p) }
func (p posNode) End() token.Pos { return token.Pos(p) }

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
	inner := f.inner(sig)
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
	var x ast.Expr
	before := inner.collect(func() { x = body(inner, kept, params) })
	results := &ast.FieldList{}
	var last ast.Stmt = exprStmt(x)
	if sig.Results().Len() > 0 {
		last = &ast.ReturnStmt{Results: []ast.Expr{x}}
		for v := range sig.Results().Variables() {
			results.List = append(results.List, &ast.Field{Type: f.typeExpr(at, v.Type())})
		}
	}
	list := append(append(inner.decls, before...), last)
	x = f.make(token.NoPos, inner, sliceSignature(sig), fields, results, block(token.NoPos, list))
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
	var keep []captured
	for i, v := range values {
		keep = append(keep, captured{v, f.subst(ops[i].typ)})
	}
	n := len(callee.operands)
	return f.wrapper(e, nullary, keep, func(_ *function, kept, _ []ast.Expr) ast.Expr {
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

// builtinThunk is the thunk of a builtin function: its arguments are evaluated to variables first.
func (f *function) builtinThunk(e *ast.CallExpr, name string) ast.Expr {
	var ops []operand
	for _, arg := range e.Args {
		t := types.Default(f.typeOf(arg))
		if name == "panic" || isNilType(t) {
			t = anyType
		}
		ops = append(ops, f.operandOf(arg, t))
	}
	var keep []captured
	for i, x := range f.operands(ops...) {
		keep = append(keep, captured{x, ops[i].typ})
	}
	return f.wrapper(e, nullary, keep, func(inner *function, kept, _ []ast.Expr) ast.Expr {
		switch name {
		case "panic":
			return inner.fixedCall(posNode(token.NoPos), "Panic", kept[0])
		case "print", "println":
			for i, c := range keep {
				if types.IsInterface(c.typ) {
					kept[i] = inner.fixedCall(posNode(token.NoPos), "Words", kept[i])
				}
			}
			return inner.fixedCall(posNode(token.NoPos), map[string]string{"print": "Print", "println": "Println"}[name], kept...)
		case "close":
			return inner.fixedCall(posNode(token.NoPos), "Close", kept[0])
		case "delete":
			return call(token.NoPos, ident(token.NoPos, "delete"), kept...)
		case "clear":
			return inner.fixedCall(posNode(token.NoPos), "Clear", kept[0])
		case "copy":
			return inner.fixedCall(posNode(token.NoPos), "Copy", kept...)
		case "recover":
			return inner.fixedCall(posNode(token.NoPos), "Recover")
		}
		no(e, "defer or go with the builtin %s; write a function literal", name)
		return nil
	})
}

func (f *function) deferStmt(s *ast.DeferStmt) {
	name, arg := "DeferCall", ast.Expr(nil)
	switch {
	case f.builtinName(s.Call) == "recover":
		f.emit(exprStmt(call(s.Pos(), selectField(s.Pos(), f.frameRef(s), "DeferRecover"))))
		return
	case len(s.Call.Args) == 0 && isLiteral(s.Call.Fun) && coreType(f.typeOf(s.Call.Fun)).(*types.Signature).Results().Len() == 0:
		name, arg = "Defer", f.expr(s.Call.Fun)
	default:
		arg = f.thunk(s.Call)
	}
	f.emit(exprStmt(call(s.Pos(), selectField(s.Pos(), f.frameRef(s), name), f.temp(s, arg, nullary))))
}

var nullary = types.NewSignatureType(nil, nil, nil, nil, nil, false)

func isLiteral(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.FuncLit)
	return ok
}

func (f *function) goStmt(s *ast.GoStmt) {
	var arg ast.Expr
	if len(s.Call.Args) == 0 && isLiteral(s.Call.Fun) && coreType(f.typeOf(s.Call.Fun)).(*types.Signature).Results().Len() == 0 {
		arg = f.expr(s.Call.Fun)
	} else {
		arg = f.thunk(s.Call)
	}
	f.emit(exprStmt(f.fixedCall(s, "Go", f.temp(s, arg, nullary))))
}

// frameRef is the frame of the function that defers.
func (f *function) frameRef(at ast.Node) ast.Expr {
	if f.frame == "" {
		outer := f.outer.frameRef(at).(*ast.Ident)
		f.frame = f.l.newName("frame")
		f.capture(f.frame, f.l.frameType(), outer)
	}
	return ident(token.NoPos, f.frame)
}

// frameType is the core name of *rt.Frame.
func (l *Lowering) frameType() ast.Expr {
	return l.reflectTypeExpr(reflect.PointerTo(l.Runtime["Frame"].Type().Elem()))
}
