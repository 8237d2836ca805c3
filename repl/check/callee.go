package check

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"
)

// Callee is the full name, as go/types has it ("fmt.Println"), of the declared function that an expression is a call of, or "".
func Callee(info *types.Info, e ast.Expr) string {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return ""
	}
	if fn, ok := typeutil.Callee(info, call).(*types.Func); ok {
		return fn.FullName()
	}
	return ""
}

// printers are the functions whose results nobody wants to see.
var printers = []string{
	"fmt.Print", "fmt.Printf", "fmt.Println", "fmt.Fprint", "fmt.Fprintf", "fmt.Fprintln",
	"(*os.File).Write", "(*os.File).WriteString", "io.WriteString",
}

// Prints reports whether an expression is a call that prints, whose results are not shown.
func Prints(info *types.Info, e ast.Expr) bool { return slices.Contains(printers, Callee(info, e)) }
