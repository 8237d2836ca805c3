package lower

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"kairos/repl/check"
)

// refuse lists what yaegi would get wrong and no pass mends. What yaegi itself fails on in words is not repeated here.
func (l *lowering) refuse() {
	l.about = l.survey()
	walk(l.File, l.refuseNode)
	l.refuseConversions()
	slices.SortStableFunc(l.refused, func(a, b check.Error) int {
		return cmp.Or(a.Pos.Line-b.Pos.Line, a.Pos.Column-b.Pos.Column)
	})
}

// no refuses what stands at a position. The format says what cannot be interpreted and what to write instead.
func (l *lowering) no(at ast.Node, format string, args ...any) {
	l.refused = append(l.refused, check.Error{
		Pos: l.Fset.Position(at.Pos()),
		Msg: "kairos cannot interpret this yet: " + fmt.Sprintf(format, args...),
	})
}

// refuseNode applies the rules about single nodes.
func (l *lowering) refuseNode(n ast.Node, path []ast.Node) {
	switch n := n.(type) {
	case *ast.Ident:
		l.refuseName(n)
	case *ast.FuncType:
		if n.TypeParams != nil {
			l.no(n, "a generic function; write one for each type")
		}
	case *ast.TypeSpec:
		if n.TypeParams != nil {
			l.no(n, "a generic type; write one for each type")
		}
	case *ast.CallExpr:
		l.refuseBuiltin(n)
	case *ast.AssignStmt:
		l.refuseAssignment(n, path)
	case *ast.ForStmt:
		l.refuseLoopVariable(n)
	case *ast.RangeStmt:
		l.refuseRange(n)
	case *ast.SelectorExpr:
		l.refuseMethodValue(n)
	case *ast.DeferStmt:
		l.refuseDefer(n, path)
	case *ast.TypeAssertExpr:
		if n.Type != nil { // otherwise it belongs to a type switch
			l.refuseAssertion(n.Type, l.Info.TypeOf(n.X), false)
		}
	case *ast.TypeSwitchStmt:
		l.refuseTypeSwitch(n)
	case *ast.SwitchStmt:
		if n.Tag != nil && types.IsInterface(l.Info.TypeOf(n.Tag)) {
			l.no(n.Tag, "a switch over a value of interface type; write if and else if")
		}
	case *ast.BinaryExpr:
		l.refuseComparison(n)
	}
}

// What says where it was called from, or shows the stack, would show the interpreter's.
var showsPosition = map[string]bool{
	"log.Llongfile": true, "log.Lshortfile": true,
	"runtime.Caller": true, "runtime.Callers": true, "runtime.Stack": true,
	"runtime/debug.PrintStack": true, "runtime/debug.Stack": true,
}

func (l *lowering) refuseName(id *ast.Ident) {
	if _, generic := l.Info.Instances[id]; generic {
		l.no(id, "%s is generic; write it for a concrete type, or use what is not generic, such as package sort", id.Name)
	}
	if obj := l.Info.Uses[id]; obj != nil && obj.Pkg() != nil && showsPosition[obj.Pkg().Path()+"."+obj.Name()] {
		l.no(id, "%s would show positions in the interpreter, not in the script", id.Name)
	}
}

func (l *lowering) refuseBuiltin(call *ast.CallExpr) {
	switch name := l.builtinName(call); name {
	case "min", "max":
		if _, basic := types.Default(l.Info.TypeOf(call)).(*types.Basic); !basic {
			l.no(call, "%s of %s; compare with if", name, l.Info.TypeOf(call))
		}
	case "new":
		if arg := l.Info.Types[call.Args[0]]; arg.IsValue() || types.IsInterface(arg.Type) {
			l.no(call, "new of a value or of an interface; write a variable and take its address")
		}
	}
}

// refuseLoopVariable finds variables of a three-part loop that would have to be copied into each iteration and back.
func (l *lowering) refuseLoopVariable(loop *ast.ForStmt) {
	init, ok := loop.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE {
		return
	}
	for _, e := range init.Lhs {
		obj := l.Info.Defs[e.(*ast.Ident)]
		if obj == nil {
			continue
		}
		inHeader := loop.Cond != nil && l.captured(obj, loop.Cond) || loop.Post != nil && l.captured(obj, loop.Post)
		if inHeader || l.captured(obj, loop.Body) && l.assigned(obj, loop.Body) {
			l.no(e, "the loop variable %s is both changed and kept by the body; give the body a copy", obj.Name())
		}
	}
}

// assigned reports whether something in n assigns to obj or takes its address.
func (l *lowering) assigned(obj types.Object, n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				found = found || l.root(left) == obj
			}
		case *ast.IncDecStmt:
			found = found || l.root(n.X) == obj
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && l.root(n.X) == obj
		}
		return true
	})
	return found
}

func (l *lowering) refuseRange(loop *ast.RangeStmt) {
	switch t := l.Info.TypeOf(loop.X).Underlying().(type) {
	case *types.Signature:
		l.no(loop.X, "a range over a function; call it with a function literal")
	case *types.Basic:
		if t.Info()&types.IsInteger == 0 {
			break
		}
		typ := l.Info.TypeOf(loop.X)
		if loop.Key != nil {
			typ = l.Info.TypeOf(loop.Key)
		}
		if _, basic := types.Default(typ).(*types.Basic); typ != nil && !basic {
			l.no(loop.X, "a range over a number of type %s; convert it to int", typ)
		}
		return
	}
	if loop.Tok == token.ASSIGN {
		l.no(loop.Key, "a range that assigns to variables declared before; write :=, and assign in the body")
	}
}

// refuseMethodValue finds methods taken as functions that would be taken too late: when they are called.
func (l *lowering) refuseMethodValue(e *ast.SelectorExpr) {
	s := l.Info.Selections[e]
	if s == nil || l.about.called[e] {
		return
	}
	switch s.Kind() {
	case types.MethodExpr:
		l.no(e, "a method expression; write a function literal that calls the method")
	case types.MethodVal:
		if obj := l.object(e.X); obj == nil || l.about.changed[obj] {
			l.no(e, "a method value of something that may change; keep it in a variable of its own that is never assigned again, or write a function literal")
		}
	}
}

// refuseDefer finds deferred calls that would wait for themselves, or for which the pass later has no place.
func (l *lowering) refuseDefer(stmt *ast.DeferStmt, path []ast.Node) {
	if _, labeled := path[len(path)-1].(*ast.LabeledStmt); labeled {
		l.no(stmt, "a label before defer")
	}
	fn := enclosingFunction(path)
	ast.Inspect(stmt.Call.Fun, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && l.about.literals[l.Info.Uses[id]] == fn {
			l.no(id, "a deferred call of the function literal in %s; write what it does in the defer statement", id.Name)
		}
		return true
	})
	if e, ok := ast.Unparen(stmt.Call.Fun).(*ast.SelectorExpr); ok && inLoop(path) && l.Info.Selections[e] != nil {
		l.no(stmt, "a deferred call of a method in a loop; move the body of the loop to a function")
	}
	for _, arg := range stmt.Call.Args {
		if _, several := l.Info.TypeOf(arg).(*types.Tuple); several {
			l.no(arg, "a deferred call that passes on several results; keep them in variables")
		}
	}
}
