package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// rangeStmt translates a range loop, by what it ranges over.
func (f *function) rangeStmt(s *ast.RangeStmt, label types.Object) {
	t := &target{label: label, isLoop: true}
	switch u := coreType(f.typeOf(s.X)).(type) {
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			f.rangeString(s, t)
		} else {
			f.rangeInt(s, t)
		}
	case *types.Slice:
		if isChan(u.Elem()) {
			f.rangeSlice(s, t, u.Elem())
		} else {
			f.rangeNative(s, t, f.typeOf(s.X), types.Typ[types.Int], u.Elem())
		}
	case *types.Map:
		if isChan(u.Elem()) {
			f.rangeMap(s, t, u)
		} else {
			f.rangeNative(s, t, f.typeOf(s.X), u.Key(), u.Elem())
		}
	case *types.Array:
		f.rangeArray(s, t, u)
	case *types.Pointer:
		f.rangeArray(s, t, coreType(u.Elem()).(*types.Array))
	case *types.Chan:
		f.rangeChan(s, t, u.Elem())
	case *types.Signature:
		f.rangeFunc(s, t, u)
	default:
		fault(s.X, "a range over %s", typeName(f.typeOf(s.X)))
	}
}

// loopVariable is a variable of a range loop: name is the core variable that the loop itself sets. Where nothing else
// assigns to the one of the source, they are the same, and set is false.
func (f *function) loopVariable(s *ast.RangeStmt, e ast.Expr, t types.Type) (name string, set bool) {
	if e == nil || isBlank(e) {
		return "", false
	}
	if s.Tok == token.DEFINE {
		obj := f.info.Defs[e.(*ast.Ident)]
		name = f.l.newName(obj.Name())
		if !f.scan.shared[obj] && !f.scan.changed[obj] {
			f.vars[obj] = &storage{name: name, typ: t}
			return name, false
		}
		return name, true
	}
	return f.l.newName(""), true
}

// setLoopVariables gives the variables of a range loop their values. Where they were there before, this is a parallel
// assignment. What is nil is not set.
func (f *function) setLoopVariables(s *ast.RangeStmt, key, value ast.Expr, keyType, valueType types.Type) {
	if isBlankOrNil(s.Key) {
		key = nil
	}
	if isBlankOrNil(s.Value) {
		value = nil
	}
	if s.Tok == token.ASSIGN && key != nil && value != nil {
		kp, vp := f.fixedPlace(s.Key, true), f.fixedPlace(s.Value, true)
		f.setPlace(s.Key, kp, key, keyType)
		f.setPlace(s.Value, vp, value, valueType)
		return
	}
	if key != nil {
		f.setLoopVariable(s, s.Key, key, keyType)
	}
	if value != nil {
		f.setLoopVariable(s, s.Value, value, valueType)
	}
}

func isBlankOrNil(e ast.Expr) bool { return e == nil || isBlank(e) }

// setLoopVariable gives a variable of a range loop its value.
func (f *function) setLoopVariable(s *ast.RangeStmt, e ast.Expr, x ast.Expr, t types.Type) {
	switch {
	case e == nil || isBlank(e):
	case s.Tok == token.DEFINE:
		id := e.(*ast.Ident)
		f.define(id, f.info.Defs[id], x)
	default:
		place := f.place(e)
		f.emit(assign(e.Pos(), place, f.convert(e, x, t, f.typeOf(e))))
	}
}

// rangeNative translates a range over a slice or a map: yaegi's own, over a copy, into variables nobody else assigns to.
func (f *function) rangeNative(s *ast.RangeStmt, t *target, of, key, elem types.Type) {
	x := f.fixed(s.X, f.expr(s.X), of)
	k, setKey := f.loopVariable(s, s.Key, key)
	v, setValue := f.loopVariable(s, s.Value, elem)
	body := f.nested(s.Body, func() {
		var kx, vx ast.Expr
		if setKey {
			kx = ident(s.Pos(), k)
		}
		if setValue {
			vx = ident(s.Pos(), v)
		}
		f.setLoopVariables(s, kx, vx, key, elem)
		f.within(t, func() { f.block(s.Body) })
	})
	if k == "" {
		k = f.l.newName("")
	}
	loop := &ast.RangeStmt{For: s.For, Key: ident(token.NoPos, k), TokPos: s.TokPos, Tok: token.DEFINE, X: x, Body: body}
	if v != "" {
		loop.Value = ident(token.NoPos, v)
	}
	f.labeledLoop(t, loop)
}

// Yaegi takes a range into a variable of a channel type for one over a channel. So there are other forms for elements of
// such a type.

func isChan(t types.Type) bool {
	_, ok := coreType(t).(*types.Chan)
	return ok
}

func (f *function) rangeSlice(s *ast.RangeStmt, t *target, elem types.Type) {
	x := f.temp(s.X, f.expr(s.X), f.typeOf(s.X))
	n := f.temp(s.X, call(s.Pos(), ident(s.Pos(), "len"), x), types.Typ[types.Int])
	f.counting(s, t, types.Typ[types.Int], n, func(i ast.Expr) {
		f.setLoopVariables(s, i, index(s.Pos(), x, i), types.Typ[types.Int], elem)
	})
}

func (f *function) rangeMap(s *ast.RangeStmt, t *target, m *types.Map) {
	iter := f.newVar(s.Pos(), "", f.runtimePointer("Iter"))
	f.emit(assign(s.Pos(), iter, f.runtimeCall(s, "NewIter", f.operandValue(s.X))))
	body := f.nested(s.Body, func() {
		key := call(s.Pos(), f.typeHelper(s, "Key", m.Key()), iter)
		value := call(s.Pos(), f.typeHelper(s, "Value", m.Elem()), iter)
		f.setLoopVariables(s, key, value, m.Key(), m.Elem())
		f.within(t, func() { f.block(s.Body) })
	})
	f.labeledLoop(t, &ast.ForStmt{For: s.For, Cond: call(s.Pos(), selectField(s.Pos(), iter, "Next")), Body: body})
}

// counting emits a loop of a counter from 0 to n.
func (f *function) counting(s *ast.RangeStmt, t *target, typ types.Type, n ast.Expr, body func(i ast.Expr)) {
	i := f.newVar(s.Pos(), "i", f.typeExpr(s, typ))
	f.emit(assign(s.Pos(), i, f.l.constant(s, constant.MakeInt64(0), typ)))
	list := f.nested(s.Body, func() {
		body(i)
		f.within(t, func() { f.block(s.Body) })
	})
	var post ast.Stmt = &ast.IncDecStmt{X: i, TokPos: s.Pos(), Tok: token.INC}
	if !isInt(typ) {
		post = assign(s.Pos(), i, binary(s.Pos(), i, token.ADD, f.l.constant(s, one, typ)))
	}
	f.labeledLoop(t, &ast.ForStmt{For: s.For, Cond: binary(s.Pos(), i, token.LSS, n), Post: post, Body: list})
}

func (f *function) rangeInt(s *ast.RangeStmt, t *target) {
	typ := f.typeOf(s.X)
	if isUntypedType(typ) {
		typ = types.Default(typ)
		if s.Key != nil && !isBlank(s.Key) {
			typ = f.typeOf(s.Key)
		}
	}
	n := f.fixed(s.X, f.exprTo(s.X, typ), typ)
	f.counting(s, t, typ, n, func(i ast.Expr) { f.setLoopVariable(s, s.Key, i, typ) })
}

// rangeArray translates a range over an array, of which it takes a copy if it looks at the elements, or over what a
// pointer points to, which it does not copy.
func (f *function) rangeArray(s *ast.RangeStmt, t *target, a *types.Array) {
	typ := f.typeOf(s.X)
	var x ast.Expr
	if s.Value != nil && !isBlank(s.Value) {
		x = f.temp(s.X, f.expr(s.X), typ)
		if isPointerCore(typ) {
			x = star(s.X.Pos(), x)
		}
	} else if callsOrReceives(s.X) {
		f.discard(s.X)
	}
	f.counting(s, t, types.Typ[types.Int], intLit(s.Pos(), int(a.Len())), func(i ast.Expr) {
		var elem ast.Expr
		if x != nil {
			elem = index(s.Pos(), paren(x), i)
		}
		f.setLoopVariables(s, i, elem, types.Typ[types.Int], a.Elem())
	})
}

// rangeString translates a range over a string: it is taken apart before.
func (f *function) rangeString(s *ast.RangeStmt, t *target) {
	str := f.convert(s.X, f.exprTo(s.X, types.Default(f.typeOf(s.X))), types.Default(f.typeOf(s.X)), types.Typ[types.String])
	runes := f.newVar(s.Pos(), "runes", f.typeExpr(s, types.NewSlice(types.Typ[types.Rune])))
	offsets := f.newVar(s.Pos(), "offsets", f.typeExpr(s, types.NewSlice(types.Typ[types.Int])))
	f.emit(assignAll(s.Pos(), []ast.Expr{runes, offsets}, f.runtimeCall(s, "Runes", str)))
	n := f.temp(s, call(s.Pos(), ident(s.Pos(), "len"), runes), types.Typ[types.Int])
	f.counting(s, t, types.Typ[types.Int], n, func(i ast.Expr) {
		f.setLoopVariables(s, index(s.Pos(), offsets, i), index(s.Pos(), runes, i), types.Typ[types.Int], types.Typ[types.Rune])
	})
}

func (f *function) rangeChan(s *ast.RangeStmt, t *target, elem types.Type) {
	ch := f.typeOf(s.X)
	x := f.fixed(s.X, f.expr(s.X), ch)
	v := f.newVar(s.Pos(), "", f.typeExpr(s, elem))
	ok := f.newVar(s.Pos(), "ok", ident(token.NoPos, "bool"))
	body := f.nested(s.Body, func() {
		receive := call(s.X.Pos(), f.typeHelper(s, "RecvOK", ch), x)
		f.emit(assignAll(s.Pos(), []ast.Expr{v, ok}, receive))
		f.emit(f.exit(t, ok))
		f.setLoopVariable(s, s.Key, v, elem)
		f.within(t, func() { f.block(s.Body) })
	})
	f.labeledLoop(t, &ast.ForStmt{For: s.For, Cond: f.always(), Body: body})
}

// callsOrReceives reports whether the length of an array e is no constant, so that e is evaluated for it.
func callsOrReceives(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.FuncLit:
			return false
		}
		return !found
	})
	return found
}
