package lower

import (
	"go/ast"
	"go/types"
)

// typeOf is the type of an expression in this instance of the function.
func (f *function) typeOf(e ast.Expr) types.Type {
	tv := f.info.Types[e]
	if isUntypedType(tv.Type) && tv.Value == nil && !tv.IsNil() && tv.Type != types.Typ[types.UntypedBool] {
		return types.Typ[types.Uint] // in the count of a shift
	}
	return f.subst(f.info.TypeOf(e))
}

// expr translates an expression with one value. The core expression has the open type of e.
func (f *function) expr(e ast.Expr) ast.Expr {
	tv := f.info.Types[e]
	if tv.Value != nil {
		return f.l.constant(e, tv.Value, f.subst(tv.Type))
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return f.expr(e.X)
	case *ast.Ident:
		return f.identExpr(e)
	case *ast.FuncLit:
		return f.literalFunc(e)
	case *ast.CompositeLit:
		return f.composite(e)
	case *ast.SelectorExpr:
		return f.selector(e)
	case *ast.IndexExpr:
		return f.indexExpr(e)
	case *ast.IndexListExpr:
		return f.functionValue(e, e.X)
	case *ast.SliceExpr:
		return f.sliceExpr(e)
	case *ast.StarExpr:
		return star(e.Pos(), paren(f.expr(e.X)))
	case *ast.UnaryExpr:
		return f.unary(e)
	case *ast.BinaryExpr:
		return f.binaryExpr(e)
	case *ast.CallExpr:
		return f.callExpr(e)
	case *ast.TypeAssertExpr:
		return f.assertion(e)
	}
	fault(e, "%T", e)
	return nil
}

func (f *function) identExpr(id *ast.Ident) ast.Expr {
	switch obj := f.info.ObjectOf(id).(type) {
	case *types.Nil:
		return f.zero(id, f.info.TypeOf(id))
	case *types.Var:
		if f.isCompiled(obj) { // of a dot import
			return f.l.symbol(id, obj)
		}
		return f.lookup(id, obj).ref(id.Pos())
	case *types.Func:
		return f.functionValue(id, id)
	}
	fault(id, "%s as a value", id.Name)
	return nil
}

// isCompiled reports whether obj belongs to a compiled package.
func (f *function) isCompiled(obj types.Object) bool {
	return obj.Pkg() != nil && !f.l.owns(obj.Pkg())
}

// selector translates x.f: a name of a package, a field, or a method taken as a value.
func (f *function) selector(e *ast.SelectorExpr) ast.Expr {
	if f.isQualified(e) {
		return f.qualified(e)
	}
	sel := f.selection(e)
	switch sel.kind {
	case types.FieldVal:
		x := f.operandValue(e.X)
		return f.fields(e, x, sel.recv, sel.index)
	case types.MethodVal:
		return f.methodValue(e, sel)
	}
	return f.methodExpr(e, sel)
}

// isQualified reports whether e is a name of a package.
func (f *function) isQualified(e *ast.SelectorExpr) bool {
	id, ok := e.X.(*ast.Ident)
	if !ok {
		return false
	}
	_, isPackage := f.info.Uses[id].(*types.PkgName)
	return isPackage
}

func (f *function) qualified(e *ast.SelectorExpr) ast.Expr {
	switch obj := f.info.Uses[e.Sel].(type) {
	case *types.Var:
		if f.isCompiled(obj) {
			return f.l.symbol(e, obj)
		}
		return f.lookup(e, obj).ref(e.Pos())
	case *types.Func:
		return f.functionValue(e, e.Sel)
	}
	fault(e, "%s as a value", e.Sel.Name)
	return nil
}

// operandValue translates the operand of a selector or index: a variable of the source in place, so that its parts can
// be read without a copy, and the result of a call in a variable.
func (f *function) operandValue(e ast.Expr) ast.Expr {
	x := f.expr(e)
	if f.calls(x) {
		return f.temp(e, x, f.typeOf(e))
	}
	return x
}

// selection is what x.f selects, in this instance of the function.
type selection struct {
	kind  types.SelectionKind
	recv  types.Type // of x
	obj   types.Object
	index []int
}

func (f *function) selection(e *ast.SelectorExpr) selection {
	s := f.info.Selections[e]
	if s == nil {
		fault(e, "the selector %s", e.Sel.Name)
	}
	recv := f.subst(s.Recv())
	if len(f.env) == 0 {
		return selection{s.Kind(), recv, s.Obj(), s.Index()}
	}
	obj, index, _ := types.LookupFieldOrMethod(recv, true, s.Obj().Pkg(), s.Obj().Name())
	if obj == nil {
		fault(e, "the field or method %s of %s", e.Sel.Name, typeName(recv))
	}
	return selection{s.Kind(), recv, obj, index}
}

// fields follows a way of fields from the core expression x of type t.
func (f *function) fields(at ast.Node, x ast.Expr, t types.Type, path []int) ast.Expr {
	for _, i := range path {
		if s, ok := x.(*ast.StarExpr); ok && !isPointerCore(t) { // (*p).f is p.f
			x = s.X
		}
		var field *types.Var
		field, t = fieldAt(t, i)
		if field.Name() == "_" {
			fault(at, "a blank field")
		}
		x = selectField(at.Pos(), x, field.Name())
	}
	return x
}

// fieldAt returns field i of t, or of what t points to, and its type.
func fieldAt(t types.Type, i int) (*types.Var, types.Type) {
	if p, ok := coreType(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	field := coreType(t).(*types.Struct).Field(i)
	return field, field.Type()
}

func (f *function) indexExpr(e *ast.IndexExpr) ast.Expr {
	if f.isGenericFunc(e.X) {
		return f.functionValue(e, e.X)
	}
	parts := f.operands(f.plainOperand(e.X), f.keyOperand(e))
	return index(e.Lbrack, f.indexed(e.X, parts[0]), parts[1])
}

// indexed is what an index or slice of e is one of: the core value x of e or, if that is a pointer, the array it points to.
func (f *function) indexed(e, x ast.Expr) ast.Expr {
	if isPointerCore(f.typeOf(e)) {
		return star(e.Pos(), paren(x))
	}
	return x
}

// keyOperand is the key of a map, or an index.
func (f *function) keyOperand(e *ast.IndexExpr) operand {
	if m, ok := coreType(f.typeOf(e.X)).(*types.Map); ok {
		return f.operandOf(e.Index, m.Key())
	}
	return f.indexOperand(e.Index)
}

// indexOperand is an index of an array, slice or string, or a bound: an int, or an uint64.
func (f *function) indexOperand(e ast.Expr) operand {
	if f.isLargeIndex(e) {
		return operand{e, func() ast.Expr { return f.l.conversion(e, ident(e.Pos(), "uint64"), f.expr(e)) }, types.Typ[types.Uint64]}
	}
	return operand{e, func() ast.Expr { return f.asInt(e) }, types.Typ[types.Int]}
}

// isLargeIndex reports whether an index can be too large for an int, so that it shows as it is when it is out of range.
func (f *function) isLargeIndex(e ast.Expr) bool {
	b, ok := coreType(f.typeOf(e)).(*types.Basic)
	return ok && f.info.Types[e].Value == nil && (b.Kind() == types.Uint || b.Kind() == types.Uint64 || b.Kind() == types.Uintptr)
}

// asInt translates an integer of any type to an int: a length, an index. What does not fit panics as too large there.
func (f *function) asInt(e ast.Expr) ast.Expr {
	if tv := f.info.Types[e]; tv.Value != nil {
		return f.l.constant(e, tv.Value, types.Typ[types.Int])
	}
	t := f.typeOf(e)
	if b, ok := types.Unalias(t).(*types.Basic); ok && b.Kind() == types.Int {
		return f.expr(e)
	}
	return f.l.conversion(e, ident(e.Pos(), "int"), f.expr(e))
}

func (f *function) sliceExpr(e *ast.SliceExpr) ast.Expr {
	list := []operand{f.inMemory(e.X)}
	bounds := []ast.Expr{e.Low, e.High, e.Max}
	for _, b := range bounds {
		if b != nil {
			list = append(list, f.indexOperand(b))
		}
	}
	parts := f.operands(list...)
	s := &ast.SliceExpr{X: paren(parts[0]), Lbrack: e.Lbrack, Slice3: e.Slice3, Rbrack: e.Rbrack}
	next := 1
	for i, at := range []*ast.Expr{&s.Low, &s.High, &s.Max} {
		if bounds[i] != nil {
			*at = parts[next]
			next++
		}
	}
	return s
}

func isPointerCore(t types.Type) bool {
	_, ok := coreType(t).(*types.Pointer)
	return ok
}

func isUntypedType(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.(*types.Basic)
	return ok && b.Info()&types.IsUntyped != 0
}

func isNilType(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Kind() == types.UntypedNil
}
