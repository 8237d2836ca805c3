// Package lower rewrites a checked program into one that yaegi executes as Go would, and refuses the rest.
//
// Yaegi runs much of Go right, and some of it wrongly and in silence. First the program is searched for constructs that
// are known to go wrong and have no rewriting yet: each is refused at its position, with what to write instead. Then
// each pass replaces one construct by an equivalent that yaegi does run right, with calls into package rt where
// compiled code is needed.
//
//	refuse.go     what is refused
//	identity.go   what is refused because yaegi forgets which declared type a value has
//	later.go      operands of deferred calls and of goroutines, which yaegi evaluates too late
//	results.go    named results, which yaegi does not make anew for each call
//	assign.go     assignments to several variables
//	loops.go      range over an integer; variables that are new in each iteration or clause
//	switch.go     clauses with several conditions
//	structs.go    unexported fields, which yaegi shows to encoders; names promoted from embedded fields
//	builtins.go   panic, recover, print, println, clear, min, max
//
// A pass sees the types of the original program, and of the variables that keep makes; other nodes that another pass
// made have none.
//
// This is a beginning: what is refused should shrink, and what is accepted is not yet a whitelist.
package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ast/astutil"

	"kairos/repl/check"
	"kairos/repl/lower/rt"
)

// Program rewrites p in place. The error is a check.Errors that lists what is refused.
func Program(p *check.Program) error {
	l := &lowering{Program: p}
	if l.refuse(); len(l.refused) > 0 {
		return check.Errors{List: l.refused}
	}
	for _, pass := range []func(*astutil.Cursor) bool{
		l.later, l.results, l.assignment, l.loop, l.condition, l.promoted, l.unexported, l.builtin,
	} {
		astutil.Apply(p.File, nil, pass)
	}
	if l.usesRT {
		l.importRT()
	}
	return nil
}

// lowering is the state the passes share.
type lowering struct {
	*check.Program
	about   survey
	refused []check.Error
	names   int // made so far
	usesRT  bool
}

// rtName is the name of package rt in a lowered file. Like every name made here it has a dot that no program can write
// in a name.
const rtName = "rt·"

// importRT adds the import of package rt. Its position is that of the package clause: yaegi looks positions up.
func (l *lowering) importRT() {
	at := l.File.Package
	spec := &ast.ImportSpec{
		Name: ident(at, rtName),
		Path: &ast.BasicLit{ValuePos: at, Kind: token.STRING, Value: strconv.Quote(rt.Path)},
	}
	l.File.Imports = append(l.File.Imports, spec)
	l.File.Decls = append([]ast.Decl{&ast.GenDecl{TokPos: at, Tok: token.IMPORT, Specs: []ast.Spec{spec}}}, l.File.Decls...)
}

// callRT makes a call of a function of package rt that stands where the original did.
func (l *lowering) callRT(at token.Pos, name string, args ...ast.Expr) *ast.CallExpr {
	l.usesRT = true
	return &ast.CallExpr{
		Fun:    &ast.SelectorExpr{X: ident(at, rtName), Sel: ident(at, name)},
		Lparen: at, Args: args, Rparen: at,
	}
}

// newName makes a name that nothing else has.
func (l *lowering) newName(at token.Pos) *ast.Ident {
	l.names++
	return ident(at, fmt.Sprintf("t·%d", l.names))
}

// keep returns a new variable that holds the value of e, and the statement that makes it.
func (l *lowering) keep(e ast.Expr) (use *ast.Ident, define ast.Stmt) {
	variable := l.newName(e.Pos())
	use = ident(e.Pos(), variable.Name)
	typ := types.Default(l.Info.TypeOf(e))
	obj := types.NewVar(e.Pos(), nil, variable.Name, typ)
	l.Info.Defs[variable], l.Info.Uses[use] = obj, obj
	l.Info.Types[use] = types.TypeAndValue{Type: typ}
	return use, assign(e.Pos(), token.DEFINE, variable, e)
}

// isFixed reports whether e always has the same value, whenever it is evaluated, and needs no variable to keep it.
// Nil and constants without a type could not be kept in a variable, either.
func (l *lowering) isFixed(e ast.Expr) bool {
	if _, ok := ast.Unparen(e).(*ast.FuncLit); ok {
		return true
	}
	tv := l.Info.Types[e]
	return tv.Value != nil || tv.IsNil() || tv.IsType()
}

// builtinName returns the name of the builtin function that call calls, "" if it calls none.
func (l *lowering) builtinName(call *ast.CallExpr) string {
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if b, ok := l.Info.Uses[id].(*types.Builtin); ok {
			return b.Name()
		}
	}
	return ""
}

// object returns what e names, nil if it is no name.
func (l *lowering) object(e ast.Expr) types.Object {
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		return l.Info.ObjectOf(id)
	}
	return nil
}

func ident(at token.Pos, name string) *ast.Ident { return &ast.Ident{NamePos: at, Name: name} }

func assign(at token.Pos, tok token.Token, left, right ast.Expr) *ast.AssignStmt {
	return &ast.AssignStmt{Lhs: []ast.Expr{left}, TokPos: at, Tok: tok, Rhs: []ast.Expr{right}}
}

func text(at token.Pos, s string) *ast.BasicLit {
	return &ast.BasicLit{ValuePos: at, Kind: token.STRING, Value: strconv.Quote(s)}
}
