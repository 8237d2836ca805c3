package lower

import (
	"go/ast"
	"go/token"
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
	no(e, "an expression of this form (%T)", e)
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
	no(id, "%s as a value", id.Name)
	return nil
}

// isCompiled reports whether obj belongs to a compiled package.
func (f *function) isCompiled(obj types.Object) bool {
	return obj.Pkg() != nil && !f.l.owns(obj.Pkg())
}

// selector translates x.f: a name of a package, a field, or a method taken as a value.
func (f *function) selector(e *ast.SelectorExpr) ast.Expr {
	if id, ok := e.X.(*ast.Ident); ok {
		if _, isPackage := f.info.Uses[id].(*types.PkgName); isPackage {
			return f.qualified(e)
		}
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
	no(e, "%s as a value", e.Sel.Name)
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
		no(e, "%s", e.Sel.Name)
	}
	recv := f.subst(s.Recv())
	if len(f.env) == 0 {
		return selection{s.Kind(), recv, s.Obj(), s.Index()}
	}
	obj, index, _ := types.LookupFieldOrMethod(recv, true, s.Obj().Pkg(), s.Obj().Name())
	if obj == nil {
		no(e, "the field or method %s of %s", e.Sel.Name, typeName(recv))
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
			no(at, "a blank field")
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
	t := coreType(f.typeOf(e.X))
	key := f.indexOperand(e.Index)
	if m, ok := t.(*types.Map); ok {
		key = f.operandOf(e.Index, m.Key())
	}
	parts := f.operands(operand{e.X, func() ast.Expr { return f.operandValue(e.X) }, f.typeOf(e.X)}, key)
	if _, isPointer := t.(*types.Pointer); isPointer {
		parts[0] = star(e.X.Pos(), paren(parts[0]))
	}
	return index(e.Lbrack, parts[0], parts[1])
}

// indexOperand is an index of an array, slice or string: an int, or an uint64.
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
	base := operand{e.X, func() ast.Expr { return f.sliced(e.X) }, f.typeOf(e.X)}
	list := []operand{base}
	bounds := []ast.Expr{e.Low, e.High, e.Max}
	for _, b := range bounds {
		if b != nil {
			list = append(list, operand{b, func() ast.Expr { return f.asInt(b) }, types.Typ[types.Int]})
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

// sliced translates what is sliced: of an array its place in memory.
func (f *function) sliced(e ast.Expr) ast.Expr {
	switch coreType(f.typeOf(e)).(type) {
	case *types.Array:
		return star(e.Pos(), f.address(e))
	case *types.Pointer:
		return star(e.Pos(), paren(f.operandValue(e)))
	}
	return f.operandValue(e)
}

func (f *function) unary(e *ast.UnaryExpr) ast.Expr {
	switch e.Op {
	case token.AND:
		return f.address(e.X)
	case token.ARROW:
		return f.receive(e)
	case token.ADD:
		return f.expr(e.X)
	}
	return &ast.UnaryExpr{OpPos: e.OpPos, Op: e.Op, X: paren(f.expr(e.X))}
}

// address translates &e.
func (f *function) address(e ast.Expr) ast.Expr {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return f.newComposite(e)
	case *ast.Ident:
		obj := f.info.ObjectOf(e)
		if f.isCompiled(obj) {
			return addressOf(e.Pos(), f.l.symbol(e, obj))
		}
		return f.lookup(e, obj).pointer(e.Pos())
	case *ast.StarExpr:
		p := f.fixed(e, f.expr(e.X), f.typeOf(e.X))
		f.emit(f.ifNil(e, p))
		return p
	case *ast.SelectorExpr:
		if id, ok := e.X.(*ast.Ident); ok {
			if _, isPackage := f.info.Uses[id].(*types.PkgName); isPackage {
				return addressOf(e.Pos(), f.qualified(e))
			}
		}
		sel := f.selection(e)
		return addressOf(e.Pos(), f.fieldPlace(e, e.X, sel.recv, sel.index))
	case *ast.IndexExpr:
		t := coreType(f.typeOf(e.X))
		parts := f.operands(
			operand{e.X, func() ast.Expr {
				if _, isArray := t.(*types.Array); isArray {
					return star(e.X.Pos(), f.address(e.X))
				}
				if _, isPtr := t.(*types.Pointer); isPtr {
					return star(e.X.Pos(), paren(f.operandValue(e.X)))
				}
				return f.operandValue(e.X)
			}, f.typeOf(e.X)},
			f.indexOperand(e.Index),
		)
		return addressOf(e.Pos(), index(e.Lbrack, parts[0], parts[1]))
	}
	no(e, "the address of this")
	return nil
}

// ifNil panics if the core expression p is nil.
func (f *function) ifNil(at ast.Node, p ast.Expr) ast.Stmt {
	return &ast.IfStmt{
		Cond: binary(at.Pos(), p, token.EQL, ident(at.Pos(), "nil")),
		Body: block(at.Pos(), []ast.Stmt{exprStmt(f.fixedCall(at, "PanicNil"))}),
	}
}

// fieldPlace translates the field at the end of a way of fields from x, of type t, so that its address can be taken.
func (f *function) fieldPlace(at ast.Node, x ast.Expr, t types.Type, path []int) ast.Expr {
	if throughPointer(t, path) {
		return f.fields(at, f.operandValue(x), t, path)
	}
	return f.fields(at, star(x.Pos(), f.address(x)), t, path)
}

func isPointerCore(t types.Type) bool {
	_, ok := coreType(t).(*types.Pointer)
	return ok
}

func (f *function) binaryExpr(e *ast.BinaryExpr) ast.Expr {
	switch e.Op {
	case token.LAND, token.LOR:
		return f.logical(e)
	case token.EQL, token.NEQ:
		return f.compared(e, f.equality(e))
	case token.SHL, token.SHR:
		return f.shift(e, e.Op, e.X, e.Y, f.typeOf(e))
	}
	xt := f.typeOf(e.X)
	if isUntypedType(xt) {
		xt = f.typeOf(e.Y)
	}
	xy := f.operands(f.operandOf(e.X, xt), f.operandOf(e.Y, xt))
	x := f.arithmetic(e, xy[0], e.Op, xy[1], xt)
	switch e.Op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		return f.compared(e, x)
	}
	return x
}

// compared is the result of a comparison, of the type that it has where it stands.
func (f *function) compared(e *ast.BinaryExpr, x ast.Expr) ast.Expr {
	t := f.typeOf(e)
	if _, isBasic := types.Unalias(t).(*types.Basic); isBasic {
		return x
	}
	return f.l.conversion(e, f.typeExpr(e, t), x)
}

// arithmetic applies an operator to two core expressions of type t.
func (f *function) arithmetic(at ast.Node, x ast.Expr, op token.Token, y ast.Expr, t types.Type) ast.Expr {
	if kind := map[token.Token]string{token.MUL: "Mul", token.QUO: "Quo"}[op]; kind != "" && isComplex(t) {
		return call(at.Pos(), f.typeHelper(at, kind, t), x, y)
	}
	return binary(opPos(at), x, op, y)
}

func opPos(at ast.Node) token.Pos {
	switch at := at.(type) {
	case *ast.BinaryExpr:
		return at.OpPos
	case *ast.AssignStmt:
		return at.TokPos
	}
	return at.Pos()
}

// logical translates && and ||. The right side becomes a statement where it needs one, or calls.
func (f *function) logical(e *ast.BinaryExpr) ast.Expr {
	x := f.expr(e.X)
	var y ast.Expr
	before := f.collect(func() { y = f.expr(e.Y) })
	if len(before) == 0 && !f.calls(y) && !f.calls(x) {
		return binary(e.OpPos, x, e.Op, y)
	}
	t := f.typeOf(e)
	result := f.temp(e, x, t)
	cond := result
	if e.Op == token.LOR {
		cond = not(result)
	}
	f.emit(&ast.IfStmt{If: e.OpPos, Cond: cond, Body: block(e.OpPos, append(before, assign(e.OpPos, result, y)))})
	return result
}

// equality translates == and !=.
func (f *function) equality(e *ast.BinaryExpr) ast.Expr {
	xt, yt := f.typeOf(e.X), f.typeOf(e.Y)
	if isNilType(xt) || f.isNil(e.X) {
		return binary(e.OpPos, ident(e.X.Pos(), "nil"), e.Op, f.comparedToNil(e.Y))
	}
	if isNilType(yt) || f.isNil(e.Y) {
		return binary(e.OpPos, f.comparedToNil(e.X), e.Op, ident(e.Y.Pos(), "nil"))
	}
	xi, yi := types.IsInterface(xt), types.IsInterface(yt)
	t := xt
	switch {
	case yi && !xi:
		t = yt
	case isUntypedType(xt), !types.AssignableTo(yt, xt):
		t = yt
	}
	xy := f.operands(f.operandOf(e.X, t), f.operandOf(e.Y, t))
	return f.equal(e, xy[0], e.Op, xy[1], t)
}

// equal compares two core expressions of type t.
func (f *function) equal(at ast.Node, x ast.Expr, op token.Token, y ast.Expr, t types.Type) ast.Expr {
	var same ast.Expr
	switch coreType(t).(type) {
	case *types.Interface:
		same = f.fixedCall(at, "Equal", x, y)
	case *types.Struct, *types.Array:
		same = call(at.Pos(), f.typeHelper(at, "Equal", t), x, y)
	default:
		return binary(opPos(at), x, op, y)
	}
	if op == token.NEQ {
		same = not(same)
	}
	return same
}

func (f *function) isNil(e ast.Expr) bool { return f.info.Types[e].IsNil() }

// comparedToNil keeps what is compared in a variable, if it is not one.
func (f *function) comparedToNil(e ast.Expr) ast.Expr {
	return f.operandValue(e)
}

// shift translates a shift of a value of type t. The count becomes unsigned; a negative one panics.
func (f *function) shift(at ast.Node, op token.Token, xe, ye ast.Expr, t types.Type) ast.Expr {
	xy := f.operands(f.operandOf(xe, t), f.shiftCount(ye))
	return binary(opPos(at), xy[0], op, xy[1])
}

func (f *function) shiftCount(e ast.Expr) operand {
	t := f.typeOf(e)
	if tv := f.info.Types[e]; tv.Value != nil {
		return operand{e, func() ast.Expr { return f.l.constant(e, tv.Value, types.Typ[types.Uint]) }, types.Typ[types.Uint]}
	}
	if b, ok := coreType(t).(*types.Basic); ok && b.Info()&types.IsUnsigned == 0 {
		return operand{e, func() ast.Expr {
			n := f.fixed(e, f.l.conversion(e, ident(e.Pos(), "int64"), f.expr(e)), types.Typ[types.Int64])
			f.emit(&ast.IfStmt{Cond: binary(e.Pos(), n, token.LSS, intLit(e.Pos(), 0)), Body: block(e.Pos(), []ast.Stmt{
				exprStmt(f.fixedCall(e, "PanicShift"))})})
			return f.l.conversion(e, ident(e.Pos(), "uint"), n)
		}, types.Typ[types.Uint]}
	}
	return operand{e, func() ast.Expr { return f.l.conversion(e, ident(e.Pos(), "uint64"), f.expr(e)) }, types.Typ[types.Uint64]}
}

// operandOf is e as an operand of type t.
func (f *function) operandOf(e ast.Expr, t types.Type) operand {
	return operand{e, func() ast.Expr { return f.exprTo(e, t) }, t}
}

func isComplex(t types.Type) bool {
	b, ok := coreType(t).(*types.Basic)
	return ok && b.Info()&types.IsComplex != 0
}

func isComplex64(t types.Type) bool {
	b, ok := coreType(t).(*types.Basic)
	return ok && b.Kind() == types.Complex64
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
