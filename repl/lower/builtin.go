package lower

import (
	"go/ast"
	"go/types"
	"strings"
)

// builtin translates a call of a builtin function that has a value, or none.
func (f *function) builtin(e *ast.CallExpr, name string) ast.Expr {
	e = f.spreadArgs(e)
	switch name {
	case "len", "cap":
		return f.length(e, name)
	case "new":
		return f.newExpr(e)
	case "make":
		return f.makeExpr(e)
	case "append":
		return f.appendExpr(e)
	case "min", "max":
		return f.extreme(e, name)
	case "complex", "real", "imag":
		return f.complexPart(e, name)
	}
	return f.builtinCall(e, name, f.operands(f.builtinOperands(e, name)...)...)
}

// builtinOperands are the arguments of a builtin function that can stand in a statement, as builtinCall takes them.
func (f *function) builtinOperands(e *ast.CallExpr, name string) (list []operand) {
	e = f.spreadArgs(e)
	for i, arg := range e.Args {
		switch {
		case name == "panic":
			list = append(list, f.operandOf(arg, anyType))
		case name == "delete" && i == 1:
			list = append(list, f.operandOf(arg, coreType(f.typeOf(e.Args[0])).(*types.Map).Key()))
		case name == "print" || name == "println":
			list = append(list, f.printed(arg))
		default:
			list = append(list, f.plainOperand(arg))
		}
	}
	return list
}

// builtinCall calls a builtin function that can stand in a statement.
func (f *function) builtinCall(at ast.Node, name string, args ...ast.Expr) ast.Expr {
	switch name {
	case "delete":
		return call(at.Pos(), ident(at.Pos(), "delete"), args...)
	case "clear", "close", "copy", "panic", "print", "println", "recover":
		return f.runtimeCall(at, strings.ToUpper(name[:1])+name[1:], args...)
	}
	fault(at, "the builtin %s", name)
	return nil
}

// spreadArgs replaces the argument of a builtin function, if it is a call with several results, by variables with these.
func (f *function) spreadArgs(e *ast.CallExpr) *ast.CallExpr {
	if !f.isSpread(e) {
		return e
	}
	values, ts := f.multi(e.Args[0])
	out := *e
	out.Args = nil
	f.info.Types[&out] = f.info.Types[e]
	for i, v := range values {
		obj := types.NewVar(e.Pos(), nil, "v", ts[i])
		obj.SetKind(types.LocalVar)
		id := ident(e.Pos(), "v")
		f.info.Uses[id], f.info.Types[id] = obj, types.TypeAndValue{Type: ts[i]}
		f.vars[obj] = &storage{name: v.(*ast.Ident).Name, typ: ts[i]}
		out.Args = append(out.Args, id)
	}
	return &out
}

var anyType = types.Universe.Lookup("any").Type()

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
		part := f.typeOf(arg)
		if name == "complex" && f.info.Types[arg].Value != nil {
			part = partOf(t)
		}
		list = append(list, f.operandOf(arg, part))
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

// partOf is the type of the parts of complex numbers of type t.
func partOf(t types.Type) types.Type {
	if coreType(t).(*types.Basic).Kind() == types.Complex64 {
		return types.Typ[types.Float32]
	}
	return types.Typ[types.Float64]
}

// printed is an argument of print or println, which take words for what is in an interface.
func (f *function) printed(e ast.Expr) operand {
	t := types.Default(f.typeOf(e))
	if isNilType(t) {
		t = anyType
	}
	return operand{e, func() ast.Expr {
		x := f.exprTo(e, t)
		if types.IsInterface(t) {
			return f.runtimeCall(e, "Words", x)
		}
		return f.l.conversion(e, f.typeExpr(e, anyType), x)
	}, anyType}
}
