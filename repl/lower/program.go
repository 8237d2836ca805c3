package lower

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"kairos/repl/check"
)

// Unit is a program or cell in core. Once the engine has loaded the file, Start runs it.
type Unit struct {
	File   *ast.File
	Start  func()
	Values []reflect.Value // of a cell: where its value is, or its values are, of their true types
	places []reflect.Value // pointers to them
	// Discard has what was translated for the unit forgotten, since the engine did not load it.
	Discard func()
}

// Program translates a program.
func (l *Lowering) Program(p *check.Program) (*Unit, error) {
	l.info = p.Info
	var steps []func(f *function)
	for _, pkg := range p.Packages {
		l.Own(pkg.Types)
		for _, file := range pkg.Files {
			l.declarations(file.Decls, p.Info)
		}
	}
	for _, pkg := range p.Packages {
		for _, init := range pkg.InitOrder {
			steps = append(steps, func(f *function) { f.initialize(init) })
		}
		for _, file := range pkg.Files {
			steps = append(steps, l.initFunctions(file.Decls)...)
		}
	}
	main := p.Main().Types.Scope().Lookup("main").(*types.Func)
	steps = append(steps, func(f *function) { f.callFunction(main) })
	unit := &Unit{}
	l.guard(func() { l.entry(unit, steps) })
	return unit, l.finish(unit)
}

// declarations notes where functions are declared, and asks for those that are not generic.
func (l *Lowering) declarations(decls []ast.Decl, info *types.Info) {
	for _, d := range decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		obj := info.Defs[fn.Name].(*types.Func)
		l.sources[obj] = source{fn, info}
		if sig := obj.Signature(); sig.TypeParams().Len() == 0 && sig.RecvTypeParams().Len() == 0 && fn.Name.Name != "_" {
			l.queue = append(l.queue, func() { l.declared(fn, obj) })
		}
	}
}

func (l *Lowering) declared(at ast.Node, obj *types.Func) {
	if obj.Signature().Recv() == nil {
		l.instance(at, obj, nil)
		return
	}
	t := receiverOf(obj)
	l.register(t)
	l.methodInstance(at, t, obj)
}

func (l *Lowering) initFunctions(decls []ast.Decl) (steps []func(f *function)) {
	for _, d := range decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			obj := l.info.Defs[fn.Name].(*types.Func)
			steps = append(steps, func(f *function) { f.callFunction(obj) })
		}
	}
	return steps
}

func (f *function) callFunction(obj *types.Func) {
	at := f.l.sources[obj].decl
	f.emit(exprStmt(call(token.NoPos, ident(token.NoPos, f.l.instance(at, obj, nil).name))))
}

// entry makes the core function that does the steps, each in a core function of its own, and registers it as the unit's
// start.
func (l *Lowering) entry(unit *Unit, steps []func(f *function)) {
	start := l.newFunction()
	for _, step := range steps {
		l.guard(func() {
			f := l.newFunction()
			f.info = l.info
			f.sig = nullary
			f.returns = func(at ast.Node, _ []ast.Expr) { f.emit(&ast.ReturnStmt{Return: at.Pos()}) }
			f.emit(f.collect(func() { step(f) })...)
			if len(f.list) == 0 {
				return
			}
			if c, ok := onlyCall(f); ok {
				start.emit(c)
				return
			}
			name := l.newName("·step")
			l.decls = append(l.decls, funcDecl(token.NoPos, name, &ast.FuncType{Params: &ast.FieldList{}}, block(token.NoPos, f.body())))
			start.emit(exprStmt(call(token.NoPos, ident(token.NoPos, name))))
		})
	}
	name := l.newName("·start")
	l.decls = append(l.decls, funcDecl(token.NoPos, name, &ast.FuncType{Params: &ast.FieldList{}}, block(token.NoPos, start.list)))
	register := reflect.ValueOf(func(f func()) { unit.Start = f })
	l.init = append(l.init, exprStmt(call(token.NoPos, poolRef(token.NoPos, l.pool.unitEntry("E", register)), ident(token.NoPos, name))))
}

// onlyCall reports whether a function does nothing but call another.
func onlyCall(f *function) (ast.Stmt, bool) {
	if len(f.list) != 1 || len(f.decls) > 0 {
		return nil, false
	}
	s, ok := f.list[0].(*ast.ExprStmt)
	if !ok {
		return nil, false
	}
	c, ok := s.X.(*ast.CallExpr)
	return s, ok && len(c.Args) == 0
}

// initialize gives package-level variables their values.
func (f *function) initialize(init *types.Initializer) {
	f.look(init.Rhs)
	if len(init.Lhs) > 1 {
		values, ts := f.multi(init.Rhs)
		for i, v := range init.Lhs {
			f.initVar(init.Rhs, v, values[i], ts[i])
		}
		return
	}
	t := init.Lhs[0].Type()
	f.initVar(init.Rhs, init.Lhs[0], f.exprTo(init.Rhs, t), t)
}

func (f *function) initVar(at ast.Node, v *types.Var, x ast.Expr, t types.Type) {
	if v.Name() == "_" {
		f.discardCore(at, x, t)
		return
	}
	f.emit(assign(at.Pos(), f.l.global(at, v).ref(at.Pos()), f.convert(at, x, t, v.Type())))
}

// maxRefused is how many refusals are reported, as many as errors of other kinds.
const maxRefused = 10

// finish translates all that the unit needs, and makes its file.
func (l *Lowering) finish(unit *Unit) error {
	l.drain()
	l.pool.passing = 0
	clear(l.conversions)
	decls, init, refused, undone := l.decls, l.init, l.refused, l.undone
	l.decls, l.init, l.refused, l.undone = nil, nil, nil, nil
	unit.Discard = func() {
		for _, undo := range slices.Backward(undone) {
			undo()
		}
	}
	if len(refused) > 0 {
		unit.Discard()
		slices.SortStableFunc(refused, func(a, b check.Error) int {
			return cmp.Or(a.Pos.Line-b.Pos.Line, a.Pos.Column-b.Pos.Column)
		})
		if len(refused) > maxRefused {
			refused = append(refused[:maxRefused], check.Error{Pos: refused[maxRefused-1].Pos, Msg: "too many errors"})
		}
		return check.Errors{List: refused}
	}
	decls = append(decls, funcDecl(token.NoPos, "init", &ast.FuncType{Params: &ast.FieldList{}}, block(token.NoPos, init)))
	unit.File = &ast.File{Name: ident(token.NoPos, "main"), Decls: decls}
	if err := verify(l.Fset, unit.File); err != nil {
		unit.Discard()
		return err
	}
	return nil
}

// undo notes what the instances of a function were before the current unit.
func (l *Lowering) undo(fn *types.Func) {
	before := l.functions[fn]
	l.undone = append(l.undone, func() { l.functions[fn] = before })
}
