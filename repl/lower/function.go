package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"kairos/repl/forge"
)

// function is a core function that is being made.
type function struct {
	l        *Lowering
	info     *types.Info // of its source
	env      env         // what its type parameters stand for
	targs    []types.Type
	sig      *types.Signature
	outer    *function // the function around a literal
	name     string    // of a declared function
	declName string    // under which it is declared, if that is another: it replaces one

	origin *types.Func // of a declared function or method
	recv   *types.Named

	scan      *scan
	scopeNode ast.Node // the declaration or literal, as scan knows it
	shared    map[types.Object]bool
	vars      map[types.Object]*storage
	zeros     map[reflect.Type]string

	decls       []ast.Stmt // declarations of core variables
	list        []ast.Stmt // statements, where they are emitted now
	makerParams []*ast.Field
	makerArgs   []ast.Expr

	loop       *bodyLoop    // of the body of a range over a function
	stored     []*types.Var // stand for the results that such a body returns
	results    []*storage   // named results, and those of a function that defers
	frame      string       // the core variable with the frame of deferred calls
	returns    func(at ast.Node, values []ast.Expr)
	targets    []*target
	labels     map[types.Object]string // for goto
	alwaysName string
}

func (l *Lowering) newFunction() *function {
	return &function{l: l, vars: map[types.Object]*storage{}, zeros: map[reflect.Type]string{}, labels: map[types.Object]string{}}
}

// instance returns the core function for a declared function with type arguments, asking for it if it is new.
func (l *Lowering) instance(at ast.Node, fn *types.Func, args []types.Type) *function {
	return l.request(at, fn.Origin(), nil, args)
}

// methodInstance returns the core function for a method of recv, which may be an instance of a generic type.
func (l *Lowering) methodInstance(at ast.Node, recv *types.Named, fn *types.Func) *function {
	var args []types.Type
	for a := range recv.TypeArgs().Types() {
		args = append(args, a)
	}
	return l.request(at, fn.Origin(), recv, args)
}

func (l *Lowering) request(at ast.Node, fn *types.Func, recv *types.Named, args []types.Type) *function {
	for _, f := range l.functions[fn] {
		if identical(f.targs, args) {
			return f
		}
	}
	f := l.newFunction()
	f.origin, f.recv, f.targs = fn, recv, args
	f.name = l.newName(fn.Name())
	sig := fn.Signature()
	f.env = newEnv(sig.TypeParams(), args)
	if sig.RecvTypeParams().Len() > 0 {
		f.env = newEnv(sig.RecvTypeParams(), args)
	}
	l.undo(fn)
	l.functions[fn] = append(l.functions[fn], f)
	l.queue = append(l.queue, f.translate)
	return f
}

// translate makes the core function of a declared function.
func (f *function) translate() {
	src, ok := f.l.sources[f.origin]
	if !ok {
		panic("lower: no source of " + f.origin.FullName())
	}
	f.info = src.info
	f.scan = scanFunction(src.info, src.decl)
	f.shared = f.scan.shared()
	f.scopeNode = src.decl
	f.sig = f.subst(withoutRecv(f.origin.Signature())).(*types.Signature)
	if src.decl.Body == nil {
		no(src.decl, "a function without a body")
	}
	params, results, body := f.build(src.decl, src.decl.Type, src.decl.Recv, src.decl.Body)
	typ := &ast.FuncType{Func: src.decl.Pos(), Params: params, Results: results}
	name := f.name
	if f.declName != "" {
		name = f.declName
	}
	f.l.decls = append(f.l.decls, funcDecl(src.decl.Pos(), name, typ, body))
}

// build translates the parts of a function.
func (f *function) build(at ast.Node, typ *ast.FuncType, recv *ast.FieldList, body *ast.BlockStmt) (params, results *ast.FieldList, out *ast.BlockStmt) {
	params = &ast.FieldList{}
	if recv != nil {
		f.params(params, recv)
	}
	f.params(params, typ.Params)
	results = f.resultTypes(typ)
	if f.scan.defers[f.scopeNode] {
		f.deferring(at, typ, body)
	} else {
		f.declareResults(typ)
		f.returns = f.plainReturn
		f.block(body)
		f.endFunction(body)
	}
	return params, results, &ast.BlockStmt{Lbrace: body.Lbrace, List: append(f.decls, f.list...), Rbrace: body.Rbrace}
}

// plainReturn returns core values. Named results that others see get them first.
func (f *function) plainReturn(at ast.Node, values []ast.Expr) {
	isShared := func(r *storage) bool { return r.place == boxed }
	if slices.ContainsFunc(f.results, isShared) {
		for i, v := range values {
			values[i] = f.fixed(at, v, f.results[i].typ)
		}
		for i, r := range f.results {
			if isShared(r) {
				f.emit(assign(at.Pos(), r.ref(at.Pos()), values[i]))
			}
		}
	}
	f.emit(&ast.ReturnStmt{Return: at.Pos(), Results: values})
}

// params adds the parameters of a list. One that needs a box is copied into it.
func (f *function) params(list, of *ast.FieldList) {
	for _, field := range of.List {
		typ := f.typeOf(field.Type)
		if e, variadic := field.Type.(*ast.Ellipsis); variadic {
			typ = types.NewSlice(f.typeOf(e.Elt))
		}
		names := field.Names
		if len(names) == 0 {
			names = []*ast.Ident{{NamePos: field.Pos(), Name: "_"}}
		}
		for _, name := range names {
			f.param(list, name, typ)
		}
	}
}

func (f *function) param(list *ast.FieldList, name *ast.Ident, typ types.Type) {
	core := f.l.newName(name.Name)
	list.List = append(list.List, param(core, f.typeExpr(name, typ)))
	obj := f.info.Defs[name]
	switch {
	case obj == nil || name.Name == "_":
	case f.shared[obj]:
		v := f.declare(name, obj)
		f.renew(posNode(token.NoPos), v)
		f.emit(assign(token.NoPos, v.ref(token.NoPos), ident(token.NoPos, core)))
	default:
		f.vars[obj] = &storage{name: core, typ: typ}
	}
}

// resultTypes are the results of the core function. They have no names.
func (f *function) resultTypes(typ *ast.FuncType) *ast.FieldList {
	list := &ast.FieldList{}
	for v := range f.sig.Results().Variables() {
		list.List = append(list.List, &ast.Field{Type: f.typeExpr(typ, v.Type())})
	}
	return list
}

// declareResults makes variables of named results.
func (f *function) declareResults(typ *ast.FuncType) {
	if typ.Results == nil {
		return
	}
	for _, field := range typ.Results.List {
		for _, name := range field.Names {
			obj := f.info.Defs[name]
			if obj == nil || name.Name == "_" {
				f.results = append(f.results, f.hiddenResult(field.Type, f.typeOf(field.Type)))
				continue
			}
			v := f.declare(name, obj)
			f.renew(posNode(token.NoPos), v)
			f.results = append(f.results, v)
		}
	}
}

// hiddenResult makes a box for a result without a name.
func (f *function) hiddenResult(at ast.Node, t types.Type) *storage {
	v := &storage{place: boxed, name: f.l.newName("result"), typ: t}
	f.core(v.name, f.pointerExpr(at, t))
	f.renew(posNode(token.NoPos), v)
	return v
}

// deferring translates the body of a function that defers: it becomes a literal that package rt runs, and the results
// are in boxes.
func (f *function) deferring(at ast.Node, typ *ast.FuncType, body *ast.BlockStmt) {
	if typ.Results != nil {
		for _, field := range typ.Results.List {
			for _, name := range field.Names {
				if obj := f.info.Defs[name]; obj != nil {
					f.shared[obj] = true
				}
			}
		}
	}
	f.declareResults(typ)
	for i := len(f.results); i < f.sig.Results().Len(); i++ {
		f.results = append(f.results, f.hiddenResult(typ, f.sig.Results().At(i).Type()))
	}
	inner := f.inner(f.sig)
	inner.scopeNode = f.scopeNode
	inner.frame = f.l.newName("frame")
	for _, r := range f.results {
		v := *r
		v.name = f.l.newName("result")
		inner.capture(v.name, f.pointerExpr(typ, v.typ), ident(token.NoPos, r.name))
		inner.results = append(inner.results, &v)
	}
	f.bodyLiteral(at, inner, body)
	var values []ast.Expr
	for _, r := range f.results {
		values = append(values, r.ref(token.NoPos))
	}
	f.emit(&ast.ReturnStmt{Results: values})
}

// bodyLiteral makes the literal for the body of a function that defers, and runs it.
func (f *function) bodyLiteral(at ast.Node, inner *function, body *ast.BlockStmt) {
	inner.returns = func(at ast.Node, values []ast.Expr) {
		if len(values) > 1 {
			for i, v := range values {
				values[i] = inner.fixed(at, v, inner.results[i].typ)
			}
		}
		for i, v := range values {
			inner.emit(assign(at.Pos(), inner.results[i].ref(at.Pos()), v))
		}
		inner.emit(&ast.ReturnStmt{Return: at.Pos()})
	}
	f.runBody(body, inner, func() { inner.block(body) })
}

// runBody makes the literal for a body, and has package rt run it.
func (f *function) runBody(body *ast.BlockStmt, inner *function, translate func()) {
	translate()
	at := body
	params := &ast.FieldList{List: []*ast.Field{param(inner.frame, f.l.frameType())}}
	out := &ast.BlockStmt{Lbrace: body.Lbrace, List: append(inner.decls, inner.list...), Rbrace: body.Rbrace}
	name := f.l.newName("·body")
	lit := &ast.FuncLit{Type: &ast.FuncType{Func: at.Pos(), Params: params}, Body: out}
	maker := &ast.FuncType{
		Params:  &ast.FieldList{List: inner.makerParams},
		Results: &ast.FieldList{List: []*ast.Field{{Type: f.l.reflectTypeExpr(f.l.Runtime["Run"].Type().In(0))}}},
	}
	ret := &ast.ReturnStmt{Results: []ast.Expr{lit}}
	f.l.decls = append(f.l.decls, funcDecl(token.NoPos, name, maker, block(token.NoPos, []ast.Stmt{ret})))
	f.emit(exprStmt(f.hiddenCall("Run", call(token.NoPos, ident(token.NoPos, name), inner.makerArgs...))))
}

// endFunction adds the return that yaegi wants at the end, where Go knows that the end is never reached.
func (f *function) endFunction(body *ast.BlockStmt) {
	if f.sig.Results().Len() == 0 {
		return
	}
	if n := len(f.list); n > 0 {
		if _, ok := f.list[n-1].(*ast.ReturnStmt); ok {
			return
		}
	}
	var zeros []ast.Expr
	for v := range f.sig.Results().Variables() {
		zeros = append(zeros, f.zero(posNode(token.NoPos), v.Type()))
	}
	f.emit(&ast.ReturnStmt{Results: zeros})
}

// returnStmt translates a return statement.
func (f *function) returnStmt(s *ast.ReturnStmt) {
	base := f.base()
	results := base.sig.Results()
	var values []ast.Expr
	switch {
	case len(s.Results) == 0 && f != base:
		f.leave(s, func(outer *function) { outer.returnStmt(s) })
		return
	case len(s.Results) == 0:
		if base.frame == "" {
			for _, r := range base.results {
				values = append(values, r.ref(s.Pos()))
			}
		}
	case len(s.Results) == 1 && results.Len() > 1:
		got, ts := f.multi(s.Results[0])
		for i, v := range got {
			values = append(values, f.convert(s, v, ts[i], results.At(i).Type()))
		}
	default:
		var list []operand
		for i, e := range s.Results {
			list = append(list, f.operandOf(e, results.At(i).Type()))
		}
		values = f.operands(list...)
		for i, v := range values {
			if len(values) > 1 && f.calls(v) {
				values[i] = f.temp(s, v, list[i].typ)
			}
		}
	}
	if f != base {
		f.storeResults(s, values)
		return
	}
	f.returns(s, values)
}

// register sees to it that the methods of the program's types in t can be called through interfaces.
func (l *Lowering) register(t types.Type) {
	switch t := t.(type) {
	case *types.Named:
		l.registerNamed(t)
	case *types.Alias:
		l.register(types.Unalias(t))
	case *types.Map:
		l.register(t.Key())
		l.register(t.Elem())
	case interface{ Elem() types.Type }:
		l.register(t.Elem())
	case *types.Struct:
		for v := range t.Fields() {
			l.register(v.Type())
		}
	case *types.Signature:
		l.register(t.Params())
		l.register(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			l.register(v.Type())
		}
	case *types.Interface:
		for m := range t.Methods() {
			l.register(m.Type())
		}
	}
}

func (l *Lowering) registerNamed(t *types.Named) {
	if l.isRegistered(t) {
		return
	}
	origin := t.Origin()
	before := l.registered[origin]
	l.undone = append(l.undone, func() { l.registered[origin] = before })
	l.registered[origin] = append(before[:len(before):len(before)], t)
	for a := range t.TypeArgs().Types() {
		l.register(a)
	}
	if isProvided(t) {
		l.queue = append(l.queue, func() { l.bindProvided(t) })
	}
	if t.Obj().Pkg() == nil || !l.owns(t.Obj().Pkg()) {
		return
	}
	l.register(t.Underlying())
	if types.IsInterface(t) {
		return
	}
	for m := range t.Methods() {
		l.queue = append(l.queue, func() { l.bind(t, m) })
	}
}

func (l *Lowering) isRegistered(t *types.Named) bool {
	return slices.ContainsFunc(l.registered[t.Origin()], func(other *types.Named) bool {
		return other == t || types.Identical(other, t)
	})
}

// bind has the init function give a method's code to its type.
func (l *Lowering) bind(t *types.Named, m *types.Func) {
	if m.Name() == "_" {
		return
	}
	src := l.sources[m.Origin()]
	f := l.methodInstance(src.decl, t, m)
	sig := f.subst(m.Origin().Signature()).(*types.Signature)
	recv := types.Type(t)
	if isPointer(m.Signature().Recv().Type()) {
		recv = types.NewPointer(t)
	}
	full := withReceiver(recv, sig)
	variadic, typ := l.openType(src.decl, full), l.openType(src.decl, sliceSignature(full))
	bind := funcOf0(func(args []reflect.Value) {
		if err := l.world.Bind(t, m.Name(), forge.As(args[0], variadic)); err != nil {
			panic(err)
		}
	}, typ)
	l.init = append(l.init, exprStmt(call(token.NoPos, poolRef(token.NoPos, l.pool.once("B", bind)), ident(token.NoPos, f.name))))
}

func funcOf0(f func([]reflect.Value), in ...reflect.Type) reflect.Value {
	return reflect.MakeFunc(reflect.FuncOf(in, nil, false), func(args []reflect.Value) []reflect.Value {
		f(args)
		return nil
	})
}
