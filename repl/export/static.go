package export

import (
	"go/ast"
	"go/token"
	"go/types"

	"kairos/repl/check"
)

// moves reports whether a definition can stand at package level: of a variable of the package that nothing defined
// before, and that no function has used yet.
func (p *program) moves(s *source, stmt ast.Stmt, defined []*entity) bool {
	return len(defined) == 1 && defined[0].pkg && defined[0].counted == 1 && !p.callsBefore(s, stmt)
}

// callsBefore reports whether the statements of the cell before stmt call functions of cells.
func (p *program) callsBefore(s *source, stmt ast.Stmt) (calls bool) {
	for _, before := range s.cell.Stmts {
		if before == stmt {
			break
		}
		ast.Inspect(before, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && !p.isForeign(s, call) {
				calls = true
			}
			return !calls
		})
	}
	return calls
}

// isForeign reports whether a call is of a function of a package, or of one of Go's own, or a conversion.
func (p *program) isForeign(s *source, call *ast.CallExpr) bool {
	tv := s.cell.Info.Types[call.Fun]
	if tv.IsType() || tv.IsBuiltin() {
		return true
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	f, ok := s.cell.Info.Uses[sel.Sel].(*types.Func)
	return ok && f.Pkg() != p.session.Package()
}

// makers are functions whose results depend on nothing but their arguments.
var makers = map[string]bool{
	"errors.New": true, "regexp.MustCompile": true, "strings.NewReplacer": true, "strings.Fields": true, "strings.Split": true,
	"time.Date": true, "math/big.NewInt": true,
}

// isStatic reports whether an expression has the same value wherever it stands, and computing it does nothing else.
func (p *program) isStatic(s *source, e ast.Expr) bool {
	info := s.cell.Info
	if info.Types[e].Value != nil || info.Types[e].IsType() || info.Types[e].IsNil() {
		return true
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return p.isStatic(s, e.X)
	case *ast.UnaryExpr:
		lit, ok := ast.Unparen(e.X).(*ast.CompositeLit)
		return ok && e.Op == token.AND && p.isStatic(s, lit)
	case *ast.KeyValueExpr:
		_, field := info.Types[e.Key]
		return p.isStatic(s, e.Value) && (!field || p.isStatic(s, e.Key))
	case *ast.CompositeLit:
		return p.areStatic(s, e.Elts)
	case *ast.CallExpr:
		return p.isStaticCall(s, e) && p.areStatic(s, e.Args)
	}
	return false
}

func (p *program) areStatic(s *source, list []ast.Expr) bool {
	for _, e := range list {
		if !p.isStatic(s, e) {
			return false
		}
	}
	return true
}

func (p *program) isStaticCall(s *source, call *ast.CallExpr) bool {
	fun := s.cell.Info.Types[call.Fun]
	if fun.IsType() {
		return true
	}
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		return fun.IsBuiltin() && (id.Name == "make" || id.Name == "new")
	}
	return makers[check.Callee(s.cell.Info, call)]
}
