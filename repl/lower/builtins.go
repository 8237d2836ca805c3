package lower

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// builtin replaces calls of builtin functions. A panic carries its value together with what is needed to print it
// (yaegi forgets the names and methods of types), recover takes it out again, print and println go to standard error,
// and clear, min and max are compiled.
func (l *lowering) builtin(c *astutil.Cursor) bool {
	call, ok := c.Node().(*ast.CallExpr)
	if !ok {
		return true
	}
	at := call.Pos()
	switch name := l.builtinName(call); name {
	case "panic":
		arg := call.Args[0]
		call.Args[0] = l.callRT(arg.Pos(), "Throw", arg, text(at, l.declaredTypeName(arg)))
	case "recover":
		c.Replace(l.callRT(at, "Catch", call))
	case "print":
		c.Replace(l.callRT(at, "Print", call.Args...))
	case "println":
		c.Replace(l.callRT(at, "Println", call.Args...))
	case "clear":
		c.Replace(l.callRT(at, "Clear", call.Args...))
	case "min", "max":
		kind := types.Default(l.Info.TypeOf(call)).(*types.Basic).Name()
		c.Replace(l.callRT(at, name+"_"+kind, call.Args...))
	}
	return true
}

// declaredTypeName returns the name of e's type as the runtime prints it, if the program declares it.
func (l *lowering) declaredTypeName(e ast.Expr) string {
	t := l.Info.TypeOf(e)
	if types.IsInterface(t) || !mentionsDeclared(t) {
		return ""
	}
	return types.TypeString(t, (*types.Package).Name)
}
