package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// eachConversion calls f for every expression of the program whose value becomes a value of another type without saying
// so, or by a conversion: with that type, and with the call if the expression is an argument of one.
func (l *lowering) eachConversion(f func(e ast.Expr, to types.Type, call *ast.CallExpr)) {
	visit := func(e ast.Expr, to types.Type) { f(e, to, nil) }
	walk(l.File, func(n ast.Node, path []ast.Node) {
		switch n := n.(type) {
		case *ast.CallExpr:
			l.argumentConversions(n, f)
		case *ast.AssignStmt:
			if n.Tok == token.ASSIGN && len(n.Lhs) == len(n.Rhs) {
				for i := range n.Lhs {
					if t := l.Info.TypeOf(n.Lhs[i]); t != nil { // nil for the blank identifier
						visit(n.Rhs[i], t)
					}
				}
			}
		case *ast.ValueSpec:
			if n.Type != nil {
				for _, v := range n.Values {
					visit(v, l.Info.TypeOf(n.Type))
				}
			}
		case *ast.CompositeLit:
			l.elementConversions(n, visit)
		case *ast.ReturnStmt:
			l.resultConversions(n, path, visit)
		case *ast.SendStmt:
			visit(n.Value, l.Info.TypeOf(n.Chan).Underlying().(*types.Chan).Elem())
		case *ast.IndexExpr:
			if m, ok := l.Info.TypeOf(n.X).Underlying().(*types.Map); ok {
				visit(n.Index, m.Key())
			}
		}
	})
}

func (l *lowering) argumentConversions(call *ast.CallExpr, f func(e ast.Expr, to types.Type, call *ast.CallExpr)) {
	if tv := l.Info.Types[call.Fun]; tv.IsType() {
		f(call.Args[0], tv.Type, nil)
		return
	}
	sig, ok := l.Info.TypeOf(call.Fun).Underlying().(*types.Signature)
	if !ok || l.builtinName(call) != "" && l.builtinName(call) != "append" {
		return
	}
	params := sig.Params()
	for i, arg := range call.Args {
		last := params.Len() - 1
		switch {
		case sig.Variadic() && i >= last && !call.Ellipsis.IsValid():
			if slice, ok := params.At(last).Type().Underlying().(*types.Slice); ok {
				f(arg, slice.Elem(), call)
			}
		case i <= last:
			f(arg, params.At(i).Type(), call)
		}
	}
}

func (l *lowering) elementConversions(lit *ast.CompositeLit, visit func(ast.Expr, types.Type)) {
	t := l.Info.TypeOf(lit).Underlying()
	if p, ok := t.(*types.Pointer); ok { // &T{} written as {} in a list of pointers
		t = p.Elem().Underlying()
	}
	for i, elem := range lit.Elts {
		pair, isPair := elem.(*ast.KeyValueExpr)
		value := elem
		if isPair {
			value = pair.Value
		}
		switch t := t.(type) {
		case *types.Struct:
			if isPair {
				visit(value, l.Info.Uses[pair.Key.(*ast.Ident)].Type())
			} else {
				visit(value, t.Field(i).Type())
			}
		case *types.Map:
			visit(pair.Key, t.Key())
			visit(value, t.Elem())
		case interface{ Elem() types.Type }: // array or slice
			visit(value, t.Elem())
		}
	}
}

func (l *lowering) resultConversions(stmt *ast.ReturnStmt, path []ast.Node, visit func(ast.Expr, types.Type)) {
	var sig *types.Signature
	switch fn := enclosingFunction(path).(type) {
	case *ast.FuncDecl:
		sig = l.Info.Defs[fn.Name].Type().(*types.Signature)
	case *ast.FuncLit:
		sig = l.Info.TypeOf(fn).(*types.Signature)
	}
	if len(stmt.Results) == sig.Results().Len() {
		for i, e := range stmt.Results {
			visit(e, sig.Results().At(i).Type())
		}
	}
}
