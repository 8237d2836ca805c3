package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// composite translates T{…}.
func (f *function) composite(e *ast.CompositeLit) ast.Expr {
	t := f.typeOf(e)
	if p, ok := coreType(t).(*types.Pointer); ok { // &T{…} written as {…} in a list of pointers
		return f.newComposite(e, p.Elem())
	}
	return f.compositeOf(e, t)
}

func (f *function) compositeOf(e *ast.CompositeLit, t types.Type) ast.Expr {
	switch u := coreType(t).(type) {
	case *types.Struct:
		return f.structLit(e, t, u)
	case *types.Map:
		return f.mapLit(e, t, u)
	case interface{ Elem() types.Type }: // a slice or an array
		return f.listLit(e, t, u.Elem())
	}
	fault(e, "a literal of type %s", typeName(t))
	return nil
}

// newComposite translates &T{…}: always a new variable.
func (f *function) newComposite(e *ast.CompositeLit, t types.Type) ast.Expr {
	x := f.compositeOf(e, t)
	p := f.temp(e, call(e.Pos(), ident(e.Pos(), "new"), f.typeExpr(e, t)), types.NewPointer(t))
	f.emit(assign(e.Pos(), star(e.Pos(), p), x))
	return p
}

func (f *function) structLit(e *ast.CompositeLit, t types.Type, s *types.Struct) ast.Expr {
	var list []operand
	var names []string
	for i, elem := range e.Elts {
		field := s.Field(min(i, s.NumFields()-1))
		value := elem
		if pair, ok := elem.(*ast.KeyValueExpr); ok {
			field, value = f.fieldNamed(s, pair.Key.(*ast.Ident).Name), pair.Value
		}
		list = append(list, f.operandOf(value, field.Type()))
		names = append(names, field.Name())
	}
	values := f.elements(list)
	var elts []ast.Expr
	blank := slices.Contains(names, "_")
	for i, v := range values {
		if blank && f.calls(v) {
			v = f.temp(e, v, list[i].typ)
		}
		if names[i] != "_" {
			elts = append(elts, &ast.KeyValueExpr{Key: ident(v.Pos(), names[i]), Colon: v.Pos(), Value: v})
		}
	}
	return &ast.CompositeLit{Type: f.typeExpr(e, t), Lbrace: e.Lbrace, Elts: elts, Rbrace: e.Rbrace}
}

func (f *function) fieldNamed(s *types.Struct, name string) *types.Var {
	for v := range s.Fields() {
		if v.Name() == name {
			return v
		}
	}
	panic("lower: no field " + name)
}

func (f *function) mapLit(e *ast.CompositeLit, t types.Type, m *types.Map) ast.Expr {
	var list []operand
	for _, elem := range e.Elts {
		pair := elem.(*ast.KeyValueExpr)
		list = append(list, f.operandOf(pair.Key, m.Key()), f.operandOf(pair.Value, m.Elem()))
	}
	values := f.elements(list)
	if types.IsInterface(m.Key()) { // yaegi takes equal numbers of several types for the same key
		x := f.temp(e, call(e.Pos(), ident(e.Pos(), "make"), f.typeExpr(e, t)), t)
		for i := 0; i < len(values); i += 2 {
			f.emit(assign(values[i].Pos(), index(values[i].Pos(), x, values[i]), values[i+1]))
		}
		return x
	}
	var elts []ast.Expr
	for i := 0; i < len(values); i += 2 {
		elts = append(elts, &ast.KeyValueExpr{Key: values[i], Colon: values[i].Pos(), Value: values[i+1]})
	}
	return &ast.CompositeLit{Type: f.typeExpr(e, t), Lbrace: e.Lbrace, Elts: elts, Rbrace: e.Rbrace}
}

// listLit translates the literal of an array or slice. Keys are constants.
func (f *function) listLit(e *ast.CompositeLit, t, elem types.Type) ast.Expr {
	var list []operand
	keys := make([]ast.Expr, len(e.Elts))
	for i, x := range e.Elts {
		if pair, ok := x.(*ast.KeyValueExpr); ok {
			keys[i] = f.l.constant(pair.Key, f.info.Types[pair.Key].Value, types.Typ[types.Int])
			x = pair.Value
		}
		list = append(list, f.operandOf(x, elem))
	}
	values := f.elements(list)
	for i, k := range keys {
		if k != nil {
			values[i] = &ast.KeyValueExpr{Key: k, Colon: k.Pos(), Value: values[i]}
		}
	}
	return &ast.CompositeLit{Type: f.typeExpr(e, t), Lbrace: e.Lbrace, Elts: values, Rbrace: e.Rbrace}
}

// elements translates the elements of a composite literal. Yaegi works out the type of some before it knows what is in
// them, and fails where that is an index or what a pointer points to: a conversion tells it.
func (f *function) elements(list []operand) []ast.Expr {
	values := f.operands(list...)
	for i, v := range values {
		if isPart(v) {
			values[i] = f.l.conversion(list[i].at, f.typeExpr(list[i].at, list[i].typ), v)
		}
	}
	return values
}

// isPart reports whether a core expression is a field, slice, address or call of something in another.
func isPart(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.SelectorExpr:
		return isInner(x.X)
	case *ast.SliceExpr:
		return isInner(x.X)
	case *ast.StarExpr:
		return isInner(x.X)
	case *ast.ParenExpr:
		return isInner(x.X)
	case *ast.UnaryExpr:
		return x.Op == token.AND && isInner(x.X)
	case *ast.CallExpr:
		return isInner(x.Fun)
	}
	return false
}

// isInner reports whether there is an index or a dereference in a core expression.
func isInner(x ast.Expr) bool {
	return contains(x, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.IndexExpr, *ast.StarExpr:
			return true
		}
		return false
	})
}
