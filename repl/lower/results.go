package lower

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// results makes the named results of a function variables of their own. Yaegi has them be the variables that the call's
// results are assigned to, so they start with old values, and change too early.
//
//	func f() (n int, err error) { …; return }    func f() (int, error) { var n int; var err error; …; return n, err }
//
// They must stay results where a function literal uses them, such as a deferred one that changes what is returned, and
// where anything is deferred, since after a recovered panic they are what is returned. Then they are zeroed first, and
// returned by way of other variables.
func (l *lowering) results(c *astutil.Cursor) bool {
	var typ *ast.FuncType
	var body *ast.BlockStmt
	switch fn := c.Node().(type) {
	case *ast.FuncDecl:
		typ, body = fn.Type, fn.Body
	case *ast.FuncLit:
		typ, body = fn.Type, fn.Body
	default:
		return true
	}
	if body == nil || typ.Results == nil || len(typ.Results.List) == 0 || len(typ.Results.List[0].Names) == 0 {
		return true
	}
	if defers(body) || l.usedInLiteral(typ.Results, body) {
		l.zeroResults(typ.Results, body)
	} else {
		l.unnameResults(typ.Results, body)
	}
	return true
}

// usedInLiteral reports whether a function literal in body uses one of the results, or something takes its address.
func (l *lowering) usedInLiteral(results *ast.FieldList, body *ast.BlockStmt) bool {
	for _, field := range results.List {
		for _, name := range field.Names {
			if l.captured(l.Info.Defs[name], body) {
				return true
			}
		}
	}
	return false
}

// defers reports whether a function defers anything.
func defers(body *ast.BlockStmt) bool {
	found := false
	eachStatement(body, func(n ast.Node) {
		_, isDefer := n.(*ast.DeferStmt)
		found = found || isDefer
	})
	return found
}

// unnameResults declares the results as variables at the start of the body, and has every bare return name them.
func (l *lowering) unnameResults(results *ast.FieldList, body *ast.BlockStmt) {
	var declare []ast.Stmt
	var unnamed []*ast.Field
	var names []*ast.Ident
	for _, field := range results.List {
		for _, name := range field.Names {
			if name.Name == "_" {
				name = l.newName(name.Pos())
			}
			declare = append(declare, variable(name, field.Type))
			names = append(names, name)
			unnamed = append(unnamed, &ast.Field{Type: field.Type})
		}
	}
	results.List = unnamed
	body.List = append(declare, body.List...)
	eachStatement(body, func(n ast.Node) {
		if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) == 0 {
			r.Results = uses(r.Pos(), names)
		}
	})
}

// zeroResults assigns each result its zero value at the start of the body, and keeps what a return statement gives for
// several results in variables before any of them changes.
func (l *lowering) zeroResults(results *ast.FieldList, body *ast.BlockStmt) {
	var zero []ast.Stmt
	for _, field := range results.List {
		for _, name := range field.Names {
			if name.Name != "_" {
				z := l.newName(name.Pos())
				zero = append(zero, variable(z, field.Type),
					assign(name.Pos(), token.ASSIGN, ident(name.Pos(), name.Name), ident(name.Pos(), z.Name)))
			}
		}
	}
	notLiteral := func(c *astutil.Cursor) bool { _, isLiteral := c.Node().(*ast.FuncLit); return !isLiteral }
	astutil.Apply(body, notLiteral, func(c *astutil.Cursor) bool {
		r, ok := c.Node().(*ast.ReturnStmt)
		if !ok || len(r.Results) < 2 || c.Index() < 0 {
			return true
		}
		for i, e := range r.Results {
			if !l.isFixed(e) {
				variable, define := l.keep(e)
				c.InsertBefore(define)
				r.Results[i] = variable
			}
		}
		return true
	})
	body.List = append(zero, body.List...)
}

// eachStatement calls f for what is in a function, but not for what is in function literals in it.
func eachStatement(body *ast.BlockStmt, f func(ast.Node)) {
	ast.Inspect(body, func(n ast.Node) bool {
		if _, isLiteral := n.(*ast.FuncLit); isLiteral {
			return false
		}
		f(n)
		return true
	})
}

// variable declares a variable without a value.
func variable(name *ast.Ident, typ ast.Expr) ast.Stmt {
	return &ast.DeclStmt{Decl: &ast.GenDecl{TokPos: name.Pos(), Tok: token.VAR, Specs: []ast.Spec{
		&ast.ValueSpec{Names: []*ast.Ident{name}, Type: typ},
	}}}
}

func uses(at token.Pos, names []*ast.Ident) []ast.Expr {
	var list []ast.Expr
	for _, name := range names {
		list = append(list, ident(at, name.Name))
	}
	return list
}

// captured reports whether obj outlives or is shared beyond the statements of n that use it: a function literal in n
// uses it, or its address is taken there, by & or for a method or a slice of it.
func (l *lowering) captured(obj types.Object, n ast.Node) bool {
	found := false
	var stack []ast.Node
	literals := 0
	ast.Inspect(n, func(m ast.Node) bool {
		if m == nil {
			if _, ok := stack[len(stack)-1].(*ast.FuncLit); ok {
				literals--
			}
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, m)
		switch m := m.(type) {
		case *ast.FuncLit:
			literals++
		case *ast.Ident:
			found = found || literals > 0 && l.Info.Uses[m] == obj
		case *ast.UnaryExpr:
			found = found || m.Op == token.AND && l.root(m.X) == obj
		case *ast.SliceExpr:
			_, isArray := l.Info.TypeOf(m.X).Underlying().(*types.Array)
			found = found || isArray && l.root(m.X) == obj
		case *ast.SelectorExpr:
			s := l.Info.Selections[m]
			found = found || s != nil && s.Kind() == types.MethodVal && l.takesAddress(s, m.X) && l.root(m.X) == obj
		}
		return true
	})
	return found
}

// root returns the variable of which e is a part: x for x, x.f, x[i] of an array.
func (l *lowering) root(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return l.Info.ObjectOf(e)
	case *ast.SelectorExpr:
		if t := l.Info.TypeOf(e.X); t != nil {
			if _, isPointer := t.Underlying().(*types.Pointer); !isPointer {
				return l.root(e.X)
			}
		}
	case *ast.IndexExpr:
		if _, isArray := l.Info.TypeOf(e.X).Underlying().(*types.Array); isArray {
			return l.root(e.X)
		}
	}
	return nil
}
