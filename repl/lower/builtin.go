package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// builtin translates a call of a builtin function that has a value, or none.
func (f *function) builtin(e *ast.CallExpr, name string) ast.Expr {
	if len(e.Args) == 1 {
		e = f.spreadArgs(e)
	}
	switch name {
	case "len", "cap":
		return f.length(e, name)
	case "new":
		return f.newExpr(e)
	case "make":
		return f.makeExpr(e)
	case "append":
		return f.appendExpr(e)
	case "copy":
		xy := f.operands(f.plainOperand(e.Args[0]), f.plainOperand(e.Args[1]))
		return f.fixedCall(e, "Copy", xy...)
	case "delete":
		m := coreType(f.typeOf(e.Args[0])).(*types.Map)
		xy := f.operands(f.plainOperand(e.Args[0]), f.operandOf(e.Args[1], m.Key()))
		return call(e.Pos(), ident(e.Pos(), "delete"), xy...)
	case "clear":
		return f.fixedCall(e, "Clear", f.operandValue(e.Args[0]))
	case "close":
		return f.fixedCall(e, "Close", f.operandValue(e.Args[0]))
	case "min", "max":
		return f.extreme(e, name)
	case "complex", "real", "imag":
		return f.complexPart(e, name)
	case "panic":
		return f.fixedCall(e, "Panic", f.exprTo(e.Args[0], anyType))
	case "recover":
		return f.fixedCall(e, "Recover")
	case "print", "println":
		return f.printCall(e, map[string]string{"print": "Print", "println": "Println"}[name])
	}
	no(e, "the builtin %s", name)
	return nil
}

// spreadArgs replaces the argument of a builtin function, if it is a call with several results, by variables with these.
func (f *function) spreadArgs(e *ast.CallExpr) *ast.CallExpr {
	if _, several := f.info.TypeOf(e.Args[0]).(*types.Tuple); !several {
		return e
	}
	values, ts := f.multi(e.Args[0])
	out := *e
	out.Args = nil
	f.info.Types[&out] = f.info.Types[e]
	for i, v := range values {
		obj := types.NewVar(e.Pos(), nil, "v", ts[i])
		id := ident(e.Pos(), "v")
		f.info.Uses[id], f.info.Types[id] = obj, types.TypeAndValue{Type: ts[i]}
		f.vars[obj] = &storage{name: v.(*ast.Ident).Name, typ: ts[i]}
		out.Args = append(out.Args, id)
	}
	return &out
}

var anyType = types.Universe.Lookup("any").Type()

func (f *function) plainOperand(e ast.Expr) operand {
	return operand{e, func() ast.Expr { return f.operandValue(e) }, f.typeOf(e)}
}

// length translates len and cap. Those of arrays are constants, but the operand is evaluated.
func (f *function) length(e *ast.CallExpr, name string) ast.Expr {
	arg := e.Args[0]
	t := coreType(f.typeOf(arg))
	if p, ok := t.(*types.Pointer); ok {
		t = coreType(p.Elem())
	}
	if a, ok := t.(*types.Array); ok {
		f.discard(arg)
		return intLit(e.Pos(), int(a.Len()))
	}
	return call(e.Pos(), ident(e.Pos(), name), f.operandValue(arg))
}

// newExpr translates new(T) and new(x).
func (f *function) newExpr(e *ast.CallExpr) ast.Expr {
	arg := e.Args[0]
	if tv := f.info.Types[arg]; !tv.IsType() {
		t := f.typeOf(e).Underlying().(*types.Pointer).Elem()
		p := f.temp(e, call(e.Pos(), ident(e.Pos(), "new"), f.typeExpr(e, t)), types.NewPointer(t))
		x := f.exprTo(arg, t)
		f.emit(assign(e.Pos(), star(e.Pos(), p), x))
		return p
	}
	return call(e.Pos(), ident(e.Pos(), "new"), f.typeExpr(e, f.typeOf(arg)))
}

func (f *function) makeExpr(e *ast.CallExpr) ast.Expr {
	t := f.typeOf(e.Args[0])
	var sizes []operand
	for _, arg := range e.Args[1:] {
		sizes = append(sizes, operand{arg, func() ast.Expr { return f.asInt(arg) }, types.Typ[types.Int]})
	}
	args := f.operands(sizes...)
	switch coreType(t).(type) {
	case *types.Chan:
		if len(args) == 0 {
			args = []ast.Expr{intLit(e.Pos(), 0)}
		}
		return call(e.Pos(), f.typeHelper(e, "MakeChan", t), args...)
	}
	return call(e.Pos(), ident(e.Pos(), "make"), append([]ast.Expr{f.typeExpr(e, t)}, args...)...)
}

func (f *function) appendExpr(e *ast.CallExpr) ast.Expr {
	t := f.typeOf(e)
	elem := coreType(t).(*types.Slice).Elem()
	list := []operand{f.operandOf(e.Args[0], t)}
	if e.Ellipsis.IsValid() {
		more := f.typeOf(e.Args[1])
		if isString(more) {
			xy := f.operands(append(list, f.plainOperand(e.Args[1]))...)
			return call(e.Pos(), f.typeHelper(e, "AppendString", t), xy[0], f.convert(e, xy[1], types.Default(more), types.Typ[types.String]))
		}
		xy := f.operands(append(list, f.operandOf(e.Args[1], t))...)
		return call(e.Pos(), f.typeHelper(e, "AppendSlice", t), xy...)
	}
	if len(e.Args) == 1 {
		return f.expr(e.Args[0])
	}
	for _, arg := range e.Args[1:] {
		list = append(list, f.operandOf(arg, elem))
	}
	return call(e.Pos(), ident(e.Pos(), "append"), f.operands(list...)...)
}

func isString(t types.Type) bool {
	b, ok := coreType(t).(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

func (f *function) extreme(e *ast.CallExpr, name string) ast.Expr {
	t := f.typeOf(e)
	var list []operand
	for _, arg := range e.Args {
		list = append(list, f.operandOf(arg, t))
	}
	return call(e.Pos(), f.typeHelper(e, name, t), f.operands(list...)...)
}

// complexPart translates complex, real and imag for types of any name.
func (f *function) complexPart(e *ast.CallExpr, name string) ast.Expr {
	t := f.typeOf(e)
	var list []operand
	for _, arg := range e.Args {
		at := f.typeOf(arg)
		if name == "complex" {
			at = map[bool]types.Type{true: types.Typ[types.Float32], false: types.Typ[types.Float64]}[isComplex64(t)]
			if tv := f.info.Types[arg]; tv.Value == nil {
				at = f.typeOf(arg)
			}
		}
		list = append(list, f.operandOf(arg, at))
	}
	args := f.operands(list...)
	if name == "complex" {
		from := f.typeOf(e.Args[0])
		if isUntypedType(from) || f.info.Types[e.Args[0]].Value != nil {
			from = f.typeOf(e.Args[1])
		}
		return call(e.Pos(), f.typeHelper(e, "complex", from, t), args...)
	}
	return call(e.Pos(), f.typeHelper(e, name, f.typeOf(e.Args[0]), t), args...)
}

func (f *function) printCall(e *ast.CallExpr, name string) ast.Expr {
	var list []operand
	for _, arg := range e.Args {
		t := types.Default(f.typeOf(arg))
		if b, ok := t.(*types.Basic); ok && b.Kind() == types.UntypedNil {
			t = anyType
		}
		list = append(list, operand{arg, func() ast.Expr {
			x := f.exprTo(arg, t)
			if types.IsInterface(t) {
				return f.fixedCall(arg, "Words", x)
			}
			return f.l.conversion(arg, f.typeExpr(arg, anyType), x)
		}, anyType})
	}
	return f.fixedCall(e, name, f.operands(list...)...)
}

// discard evaluates e for what else it does.
func (f *function) discard(e ast.Expr) {
	x := f.expr(e)
	if f.calls(x) || mayPanic(x) {
		f.emit(assign(x.Pos(), f.blankFor(e, f.typeOf(e)), x))
	}
}

// mayPanic reports whether evaluating a core expression may panic.
func mayPanic(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StarExpr, *ast.IndexExpr, *ast.SliceExpr:
			found = true
		case *ast.BinaryExpr:
			found = found || n.Op == token.QUO || n.Op == token.REM
		case *ast.SelectorExpr:
			id, ok := n.X.(*ast.Ident)
			found = found || !ok || id.Name != poolName
		}
		return !found
	})
	return found
}

// blankFor declares a core variable for a value that nobody uses.
func (f *function) blankFor(at ast.Node, t types.Type) ast.Expr {
	if isUntypedType(t) {
		t = types.Default(t)
	}
	name := f.l.newName("")
	f.core(name, f.typeExpr(at, t))
	return ident(token.NoPos, name)
}
