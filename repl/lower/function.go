package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
)

// function is a core function that is being made: a declared function or method in one instance, a function literal, or
// the body of a function that defers or of a range over a function, which become literals, too.
type function struct {
	l *Lowering

	// What it comes from.
	origin    *types.Func  // of a declared function or method
	recv      *types.Named // of a method
	targs     []types.Type
	env       env // what type parameters stand for
	sig       *types.Signature
	info      *types.Info // of its source
	scan      *scan       // of the declared function around all literals
	scopeNode ast.Node    // the declaration or literal, as scan knows it
	outer     *function   // around a literal
	loop      *bodyLoop   // of the body of a range over a function

	// What it is called.
	name     string // of a declared function
	declName string // under which it is declared, if that is another: it replaces one

	// Where variables live.
	vars       map[types.Object]*storage
	zeros      map[reflect.Type]string // core variables that nobody assigns to
	alwaysName string                  // the core variable that is true
	captures   captures                // of a literal

	// What there is of it already.
	decls []ast.Stmt // declarations of core variables
	start []ast.Stmt // statements before all others
	list  []ast.Stmt // statements, where they are emitted now

	// How control leaves it, or a part of it.
	results []*storage   // named results, and those of a function that defers
	stored  []*types.Var // stand for the results that the body of a range over a function in it returns
	frame   string       // the core variable with the frame of deferred calls
	returns func(at ast.Node, values []ast.Expr)
	targets []*target               // of break and continue
	labels  map[types.Object]string // of goto
}

// captures are what the maker of a literal takes, and what it is called with.
type captures struct {
	params []*ast.Field
	args   []ast.Expr
}

func (l *Lowering) newFunction() *function {
	return &function{l: l, vars: map[types.Object]*storage{}, zeros: map[reflect.Type]string{}, labels: map[types.Object]string{}}
}

// look has scan look at what the function is made of.
func (f *function) look(n ast.Node) { f.scan, f.scopeNode = scanFunction(f.info, n), n }

// body is all statements of the core function.
func (f *function) body() []ast.Stmt { return slices.Concat(f.decls, f.start, f.list) }

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
		fault(nowhere, "%s, which has no source", f.origin.FullName())
	}
	f.info = src.info
	f.look(src.decl)
	f.sig = f.subst(withoutRecv(f.origin.Signature())).(*types.Signature)
	if src.decl.Body == nil {
		fault(src.decl, "a function without a body")
	}
	params, results, body := f.build(src.decl.Type, src.decl.Recv, src.decl.Body)
	typ := &ast.FuncType{Func: src.decl.Pos(), Params: params, Results: results}
	name := f.name
	if f.declName != "" {
		name = f.declName
	}
	f.l.decls = append(f.l.decls, funcDecl(src.decl.Pos(), name, typ, body))
	f.release()
}

// release lets go of what a function was translated from, which would be kept for a session: a generic function can have
// more instances, but others are not looked at again.
func (f *function) release() {
	if len(f.env) == 0 {
		decl := *f.l.sources[f.origin].decl
		decl.Body, decl.Doc = nil, nil
		f.l.sources[f.origin] = source{decl: &decl}
	}
	*f = function{l: f.l, name: f.name, declName: f.declName, origin: f.origin, recv: f.recv, targs: f.targs, env: f.env, sig: f.sig}
}

// build translates the parts of a function.
func (f *function) build(typ *ast.FuncType, recv *ast.FieldList, body *ast.BlockStmt) (params, results *ast.FieldList, out *ast.BlockStmt) {
	params = &ast.FieldList{}
	if recv != nil {
		f.params(params, recv)
	}
	f.params(params, typ.Params)
	results = f.resultTypes(typ)
	if f.scan.defers[f.scopeNode] {
		f.deferring(typ, body)
	} else {
		f.declareResults(typ)
		f.returns = f.plainReturn
		f.block(body)
		f.endFunction()
	}
	return params, results, &ast.BlockStmt{Lbrace: body.Lbrace, List: f.body(), Rbrace: body.Rbrace}
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
	case f.scan.shared[obj]:
		v := f.declare(name, obj)
		f.renew(nowhere, v)
		f.emit(assign(token.NoPos, v.ref(token.NoPos), ident(token.NoPos, core)))
	default:
		f.vars[obj] = &storage{name: core, typ: typ}
	}
}

// resultTypes are the results of the core function. They have no names.
func (f *function) resultTypes(at ast.Node) *ast.FieldList {
	list := &ast.FieldList{}
	for v := range f.sig.Results().Variables() {
		list.List = append(list.List, &ast.Field{Type: f.typeExpr(at, v.Type())})
	}
	return list
}

// declareResults makes variables of named results.
func (f *function) declareResults(typ *ast.FuncType) {
	for i, name := range resultNames(typ) {
		obj := f.info.Defs[name]
		if obj == nil || name.Name == "_" {
			f.results = append(f.results, f.hiddenResult(name, f.sig.Results().At(i).Type()))
			continue
		}
		v := f.declare(name, obj)
		f.renew(nowhere, v)
		f.results = append(f.results, v)
	}
}

func resultNames(typ *ast.FuncType) (names []*ast.Ident) {
	if typ.Results != nil {
		for _, field := range typ.Results.List {
			names = append(names, field.Names...)
		}
	}
	return names
}

// hiddenResult makes a box for a result without a name.
func (f *function) hiddenResult(at ast.Node, t types.Type) *storage {
	v := &storage{place: boxed, name: f.l.newName("result"), typ: t}
	f.core(v.name, f.pointerExpr(at, t))
	f.renew(nowhere, v)
	return v
}

// endFunction adds the return that yaegi wants at the end, where Go knows that the end is never reached.
func (f *function) endFunction() {
	if f.sig.Results().Len() == 0 || f.hasReturned() {
		return
	}
	var zeros []ast.Expr
	for v := range f.sig.Results().Variables() {
		zeros = append(zeros, f.zero(nowhere, v.Type()))
	}
	f.emit(&ast.ReturnStmt{Results: zeros})
}

// hasReturned reports whether the last statement was a return.
func (f *function) hasReturned() bool {
	if len(f.list) == 0 {
		return false
	}
	_, ok := f.list[len(f.list)-1].(*ast.ReturnStmt)
	return ok
}

// returnStmt translates a return statement.
func (f *function) returnStmt(s *ast.ReturnStmt) {
	switch base := f.base(); {
	case f == base:
		f.returns(s, f.returned(s))
	case len(s.Results) == 0:
		f.leave(s, func(outer *function) { outer.returnStmt(s) })
	default:
		f.storeResults(s, f.returned(s))
	}
}

// returned evaluates what a return statement returns.
func (f *function) returned(s *ast.ReturnStmt) (values []ast.Expr) {
	base := f.base()
	results := base.sig.Results()
	switch {
	case len(s.Results) == 0 && base.frame != "": // the results are in their boxes already
	case len(s.Results) == 0:
		for _, r := range base.results {
			values = append(values, r.ref(s.Pos()))
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
	return values
}
