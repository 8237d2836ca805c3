package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A range over a function calls it with the body as a function literal. What leaves the body other than by its end notes
// in a variable where to go, has the literal return, and goes there after the call.

// bodyLoop is what the literal of such a body knows of its loop.
type bodyLoop struct {
	state   string     // the core variable with the rt.Loop
	exit    *types.Var // stands for the variable that says where to go
	escapes []func(outer *function)
}

func (f *function) rangeFunc(s *ast.RangeStmt, t *target, seq *types.Signature) {
	yield := coreType(f.subst(seq.Params().At(0).Type())).(*types.Signature)
	x := f.fixedFunc(s.X)
	state := f.newVar(token.NoPos, "loop", f.runtimePointer("Loop"))
	f.emit(assign(s.Pos(), state, f.runtimeCall(s, "NewLoop")))
	exit := f.synthetic("exit", types.Typ[types.Int])

	inner := f.inside(yield)
	inner.scopeNode = s
	inner.loop = &bodyLoop{state: f.l.newName("loop"), exit: exit}
	inner.capture(inner.loop.state, f.runtimePointer("Loop"), state)
	t.isBody = true
	params, body := inner.rangeBody(s, t, yield)
	results := &ast.FieldList{List: []*ast.Field{{Type: ident(token.NoPos, "bool")}}}
	lit := f.lifted(s.Body.Pos(), inner, yield, params, results, body)
	if len(inner.loop.escapes) > 0 {
		f.core(f.vars[exit].name, f.pointerExpr(s, f.vars[exit].typ))
		f.renew(nowhere, f.vars[exit])
	}
	f.emit(exprStmt(call(s.X.Pos(), x, f.temp(s, lit, yield))))
	f.emit(exprStmt(call(token.NoPos, selectField(token.NoPos, state, "End"))))
	for i, escape := range inner.loop.escapes {
		cond := binary(token.NoPos, f.vars[exit].ref(token.NoPos), token.EQL, intLit(token.NoPos, i+1))
		f.emit(&ast.IfStmt{Cond: cond, Body: f.nested(nowhere, func() { escape(f) })})
	}
}

// rangeBody translates the body.
func (f *function) rangeBody(s *ast.RangeStmt, t *target, yield *types.Signature) (*ast.FieldList, *ast.BlockStmt) {
	params := &ast.FieldList{}
	f.emit(exprStmt(f.loopCall("Enter")))
	values, ts := [2]ast.Expr{}, [2]types.Type{}
	for i := range yield.Params().Len() {
		ts[i] = yield.Params().At(i).Type()
		name := f.l.newName("p")
		params.List = append(params.List, param(name, f.typeExpr(s, ts[i])))
		values[i] = ident(token.NoPos, name)
	}
	f.setLoopVariables(s, values[0], values[1], ts[0], ts[1])
	f.within(t, func() { f.block(s.Body) })
	if !f.hasReturned() {
		f.emit(&ast.ReturnStmt{Results: []ast.Expr{f.loopCall("Next")}})
	}
	return params, block(token.NoPos, f.body())
}

func (f *function) loopCall(method string) *ast.CallExpr {
	return call(token.NoPos, selectField(token.NoPos, ident(token.NoPos, f.loop.state), method))
}

// endIteration translates a break or continue of the loop whose body this is.
func (f *function) endIteration(s *ast.BranchStmt) {
	method := map[token.Token]string{token.BREAK: "Leave", token.CONTINUE: "Next"}[s.Tok]
	f.emit(&ast.ReturnStmt{Return: s.Pos(), Results: []ast.Expr{f.loopCall(method)}})
}

// leave ends the loop whose body this is, and has then, where the loop stands, do the rest.
func (f *function) leave(at ast.Node, then func(outer *function)) {
	f.loop.escapes = append(f.loop.escapes, then)
	exit := f.lookup(at, f.loop.exit)
	f.emit(assign(at.Pos(), exit.ref(at.Pos()), intLit(at.Pos(), len(f.loop.escapes))))
	f.emit(&ast.ReturnStmt{Return: at.Pos(), Results: []ast.Expr{f.loopCall("Leave")}})
}

// base is the function that a return in f returns from.
func (f *function) base() *function {
	for f.loop != nil {
		f = f.outer
	}
	return f
}

// synthetic makes a variable in a box for something that the source has no variable for. It is not declared yet.
func (f *function) synthetic(name string, t types.Type) *types.Var {
	obj := types.NewVar(token.NoPos, nil, name, t)
	obj.SetKind(types.LocalVar)
	f.vars[obj] = &storage{place: boxed, name: f.l.newName(name), typ: t}
	return obj
}

// storeResults returns from a body of a range over a function.
func (f *function) storeResults(at ast.Node, values []ast.Expr) {
	base := f.base()
	if base.stored == nil {
		base.storeVars(at)
	}
	for i, v := range values {
		f.emit(assign(at.Pos(), f.lookup(at, base.stored[i]).ref(at.Pos()), v))
	}
	f.returnStored(at)
}

func (f *function) returnStored(at ast.Node) {
	if f.loop != nil {
		f.leave(at, func(outer *function) { outer.returnStored(at) })
		return
	}
	var values []ast.Expr
	for _, obj := range f.stored {
		values = append(values, f.vars[obj].ref(at.Pos()))
	}
	f.returns(at, values)
}

// storeVars makes the variables for the results, at the start of the function.
func (f *function) storeVars(at ast.Node) {
	for v := range f.sig.Results().Variables() {
		obj := f.synthetic("result", v.Type())
		s := f.vars[obj]
		f.core(s.name, f.pointerExpr(at, s.typ))
		f.start = append(f.start, assign(token.NoPos, ident(token.NoPos, s.name), call(token.NoPos, ident(token.NoPos, "new"), f.typeExpr(at, s.typ))))
		f.stored = append(f.stored, obj)
	}
}
