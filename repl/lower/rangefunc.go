package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
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
	state := f.l.newName("loop")
	stateType := reflect.PointerTo(f.l.Runtime["Loop"].Type().Elem())
	f.core(state, f.l.reflectTypeExpr(stateType))
	f.emit(assign(s.Pos(), ident(token.NoPos, state), f.fixedCall(s, "NewLoop")))
	exit := f.synthetic(s, types.Typ[types.Int])
	f.emit(assign(token.NoPos, f.vars[exit].ref(token.NoPos), intLit(token.NoPos, 0)))

	inner := f.inner(yield)
	inner.scopeNode = s
	inner.loop = &bodyLoop{state: f.l.newName("loop"), exit: exit}
	inner.capture(inner.loop.state, f.l.reflectTypeExpr(stateType), ident(token.NoPos, state))
	t.isBody = true
	params, body := inner.rangeBody(s, t, yield)
	results := &ast.FieldList{List: []*ast.Field{{Type: ident(token.NoPos, "bool")}}}
	lit := f.temp(s, f.make(s.Body.Pos(), inner, yield, params, results, body), yield)
	f.emit(exprStmt(call(s.X.Pos(), x, lit)))
	f.emit(exprStmt(call(token.NoPos, selectField(token.NoPos, ident(token.NoPos, state), "End"))))
	for i, escape := range inner.loop.escapes {
		cond := binary(token.NoPos, f.vars[exit].ref(token.NoPos), token.EQL, intLit(token.NoPos, i+1))
		f.emit(&ast.IfStmt{Cond: cond, Body: f.nested(posNode(token.NoPos), func() { escape(f) })})
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
	f.emit(&ast.ReturnStmt{Results: []ast.Expr{f.loopCall("Next")}})
	return params, block(token.NoPos, append(f.decls, f.list...))
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

// synthetic makes a variable in a box for something that the source has no variable for.
func (f *function) synthetic(at ast.Node, t types.Type) *types.Var {
	obj := types.NewVar(token.NoPos, nil, "v", t)
	v := &storage{place: boxed, name: f.l.newName("v"), typ: t}
	f.core(v.name, f.pointerExpr(at, t))
	f.vars[obj] = v
	f.renew(posNode(token.NoPos), v)
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
		obj := types.NewVar(token.NoPos, nil, "result", v.Type())
		s := &storage{place: boxed, name: f.l.newName("result"), typ: v.Type()}
		f.core(s.name, f.pointerExpr(at, s.typ))
		f.decls = append(f.decls, assign(token.NoPos, ident(token.NoPos, s.name), call(token.NoPos, ident(token.NoPos, "new"), f.typeExpr(at, s.typ))))
		f.vars[obj] = s
		f.stored = append(f.stored, obj)
	}
}
