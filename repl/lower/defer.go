package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

func (f *function) deferStmt(s *ast.DeferStmt) {
	frame := f.frameRef(s)
	switch {
	case f.builtinName(s.Call) == "recover":
		f.emit(exprStmt(f.runtimeCall(s, "DeferRecover", frame)))
	case f.isPlainLiteral(s.Call):
		f.emit(exprStmt(f.runtimeCall(s, "Defer", frame, f.temp(s, f.expr(s.Call.Fun), nullary))))
	default:
		f.emit(exprStmt(f.runtimeCall(s, "DeferCall", frame, f.temp(s, f.thunk(s.Call), nullary))))
	}
}

// frameRef is the frame of the function that defers.
func (f *function) frameRef(at ast.Node) ast.Expr {
	if f.frame == "" {
		outer := f.outer.frameRef(at).(*ast.Ident)
		f.frame = f.l.newName("frame")
		f.capture(f.frame, f.runtimePointer("Frame"), outer)
	}
	return ident(token.NoPos, f.frame)
}

// deferring translates the body of a function that defers: it becomes a literal that package rt runs, and the results
// are in boxes.
func (f *function) deferring(typ *ast.FuncType, body *ast.BlockStmt) {
	for _, name := range resultNames(typ) {
		if obj := f.info.Defs[name]; obj != nil {
			f.scan.shared[obj] = true
		}
	}
	f.declareResults(typ)
	for i := len(f.results); i < f.sig.Results().Len(); i++ {
		f.results = append(f.results, f.hiddenResult(typ, f.sig.Results().At(i).Type()))
	}
	inner := f.withFrame(f.sig)
	inner.returns = inner.boxedReturn
	for _, r := range f.results {
		v := *r
		v.name = f.l.newName("result")
		inner.capture(v.name, f.pointerExpr(typ, v.typ), ident(token.NoPos, r.name))
		inner.results = append(inner.results, &v)
	}
	inner.block(body)
	f.runBody(body, inner)
	var values []ast.Expr
	for _, r := range f.results {
		values = append(values, r.ref(token.NoPos))
	}
	f.emit(&ast.ReturnStmt{Results: values})
}

// withFrame makes a function for the body of f, which defers.
func (f *function) withFrame(sig *types.Signature) *function {
	inner := f.inside(sig)
	inner.scopeNode = f.scopeNode
	inner.frame = f.l.newName("frame")
	return inner
}

// boxedReturn puts core values into the boxes of the results, from which the function around returns them.
func (f *function) boxedReturn(at ast.Node, values []ast.Expr) {
	if len(values) > 1 {
		for i, v := range values {
			values[i] = f.fixed(at, v, f.results[i].typ)
		}
	}
	for i, v := range values {
		f.emit(assign(at.Pos(), f.results[i].ref(at.Pos()), v))
	}
	f.emit(&ast.ReturnStmt{Return: at.Pos()})
}

// runBody makes a literal of what inner has become, and has package rt run it.
func (f *function) runBody(body *ast.BlockStmt, inner *function) {
	params := &ast.FieldList{List: []*ast.Field{param(inner.frame, f.runtimePointer("Frame"))}}
	out := &ast.BlockStmt{Lbrace: body.Lbrace, List: inner.body(), Rbrace: body.Rbrace}
	lit := &ast.FuncLit{Type: &ast.FuncType{Func: body.Pos(), Params: params}, Body: out}
	typ := f.l.reflectTypeExpr(f.l.Runtime["Run"].Type().In(0))
	f.emit(exprStmt(f.runtimeCall(nowhere, "Run", f.maker("·body", inner, typ, lit))))
}
