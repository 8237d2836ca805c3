package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// survey is what the rules of refuse need to know about the whole program.
type survey struct {
	boxed    []types.Type              // types made of declared ones whose values become interfaces
	changed  map[types.Object]bool     // variables that are assigned to, or may be through a pointer
	named    map[types.Object]int      // how often each object is named
	called   map[ast.Expr]bool         // the functions of calls
	literals map[types.Object]ast.Node // local variables that hold a function literal -> the function they are in
}

func (l *lowering) survey() survey {
	s := survey{
		changed:  map[types.Object]bool{},
		named:    map[types.Object]int{},
		called:   map[ast.Expr]bool{},
		literals: map[types.Object]ast.Node{},
	}
	l.eachConversion(func(e ast.Expr, to types.Type, call *ast.CallExpr) {
		pkg, _ := l.compiledCallee(call)
		if from := l.Info.TypeOf(e); types.IsInterface(to) && pkg != "fmt" && pkg != "log" && from != nil && mentionsDeclared(from) {
			s.boxed = append(s.boxed, from)
		}
	})
	walk(l.File, func(n ast.Node, path []ast.Node) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if n.Tok != token.DEFINE || l.object(left) == nil || l.Info.Defs[left.(*ast.Ident)] == nil {
					s.changed[l.root(left)] = true
				}
				if len(n.Lhs) == len(n.Rhs) {
					l.noteLiteral(s, left, n.Rhs[i], path)
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if i < len(n.Values) {
					l.noteLiteral(s, name, n.Values[i], path)
				}
			}
		case *ast.IncDecStmt:
			s.changed[l.root(n.X)] = true
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				s.changed[l.root(n.Key)] = true
				s.changed[l.root(n.Value)] = true
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				s.changed[l.root(n.X)] = true
			}
		case *ast.SelectorExpr:
			if sel := l.Info.Selections[n]; sel != nil && sel.Kind() == types.MethodVal && l.takesAddress(sel, n.X) {
				s.changed[l.root(n.X)] = true
			}
		case *ast.Ident:
			s.named[l.Info.Uses[n]]++
		case *ast.CallExpr:
			s.called[ast.Unparen(n.Fun)] = true
		}
	})
	return s
}

// noteLiteral records that a local variable holds a function literal.
func (l *lowering) noteLiteral(s survey, left, right ast.Expr, path []ast.Node) {
	if _, ok := ast.Unparen(right).(*ast.FuncLit); !ok {
		return
	}
	if obj, fn := l.object(left), enclosingFunction(path); obj != nil && fn != nil {
		s.literals[obj] = fn
	}
}

// walk calls visit for n and every node below it, with the nodes around it, outermost first.
func walk(n ast.Node, visit func(n ast.Node, path []ast.Node)) {
	var path []ast.Node
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil {
			path = path[:len(path)-1]
			return false
		}
		visit(n, path)
		path = append(path, n)
		return true
	})
}

// enclosingFunction returns the innermost function around a node, nil at package level.
func enclosingFunction(path []ast.Node) ast.Node {
	for i := len(path) - 1; i >= 0; i-- {
		switch path[i].(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return path[i]
		}
	}
	return nil
}

// inLoop reports whether a node is in a loop of the function it is in.
func inLoop(path []ast.Node) bool {
	for i := len(path) - 1; i >= 0; i-- {
		switch path[i].(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return true
		case *ast.FuncDecl, *ast.FuncLit:
			return false
		}
	}
	return false
}
