package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

func (f *function) block(b *ast.BlockStmt) { f.stmts(b.List) }

func (f *function) stmts(list []ast.Stmt) {
	for _, s := range list {
		f.stmt(s)
	}
}

// nested translates statements into a block of their own.
func (f *function) nested(at ast.Node, g func()) *ast.BlockStmt { return block(at.Pos(), f.collect(g)) }

// stmt translates a statement.
func (f *function) stmt(s ast.Stmt) {
	if f.breakable(s, nil) {
		return
	}
	switch s := s.(type) {
	case *ast.EmptyStmt:
	case *ast.BlockStmt:
		f.block(s)
	case *ast.ExprStmt:
		f.exprStmt(s.X)
	case *ast.AssignStmt:
		f.assignStmt(s)
	case *ast.IncDecStmt:
		f.incDec(s)
	case *ast.DeclStmt:
		f.declStmt(s.Decl.(*ast.GenDecl))
	case *ast.ReturnStmt:
		f.returnStmt(s)
	case *ast.IfStmt:
		f.ifStmt(s)
	case *ast.LabeledStmt:
		f.labeled(s)
	case *ast.BranchStmt:
		f.branch(s)
	case *ast.SendStmt:
		f.send(s)
	case *ast.DeferStmt:
		f.deferStmt(s)
	case *ast.GoStmt:
		f.goStmt(s)
	default:
		fault(s, "%T", s)
	}
}

// exprStmt translates an expression that stands as a statement: a call or a receive.
func (f *function) exprStmt(e ast.Expr) {
	e = ast.Unparen(e)
	c, ok := e.(*ast.CallExpr)
	if !ok {
		f.discard(e)
		return
	}
	if _, ok := f.info.TypeOf(c).(*types.Tuple); ok && f.builtinName(c) == "" {
		f.emit(exprStmt(f.callFunc(c)))
		return
	}
	x := f.expr(c)
	if made, isCall := x.(*ast.CallExpr); isCall && !f.l.conversions[made] {
		f.emit(exprStmt(x))
		return
	}
	f.discardCore(c, x, f.typeOf(c))
}

// discard evaluates e for what else it does.
func (f *function) discard(e ast.Expr) { f.discardCore(e, f.expr(e), f.typeOf(e)) }

// discardCore evaluates a core expression whose value nobody uses.
func (f *function) discardCore(at ast.Node, x ast.Expr, t types.Type) {
	if f.calls(x) || mayPanic(x) {
		f.emit(assign(x.Pos(), f.newVar(token.NoPos, "", f.typeExpr(at, t)), x))
	}
}

func (f *function) send(s *ast.SendStmt) {
	ch := f.typeOf(s.Chan)
	elem := coreType(ch).(*types.Chan).Elem()
	xy := f.operands(f.plainOperand(s.Chan), f.operandOf(s.Value, elem))
	f.emit(exprStmt(call(s.Arrow, f.typeHelper(s, "Send", ch), xy...)))
}

func (f *function) declStmt(d *ast.GenDecl) {
	if d.Tok != token.VAR {
		return // types and constants are known
	}
	for _, spec := range d.Specs {
		f.varSpec(spec.(*ast.ValueSpec))
	}
}

func (f *function) varSpec(spec *ast.ValueSpec) {
	if len(spec.Values) == 0 {
		for _, name := range spec.Names {
			if obj := f.info.Defs[name]; obj != nil && name.Name != "_" {
				f.define(name, obj, f.zero(name, obj.Type()))
			}
		}
		return
	}
	var left []ast.Expr
	for _, name := range spec.Names {
		left = append(left, name)
	}
	f.defineAll(spec, left, spec.Values)
}

func (f *function) ifStmt(s *ast.IfStmt) {
	if s.Init != nil {
		f.stmt(s.Init)
	}
	if tv := f.info.Types[s.Cond]; tv.Value != nil {
		f.constantIf(s, isTrue(tv))
		return
	}
	cond := f.expr(s.Cond)
	out := &ast.IfStmt{If: s.If, Cond: cond, Body: f.nested(s.Body, func() { f.block(s.Body) })}
	if s.Else != nil {
		out.Else = elseOf(f.nested(s.Else, func() { f.stmt(s.Else) }))
	}
	f.emit(out)
}

// elseOf makes else if of a block that is nothing but an if.
func elseOf(b *ast.BlockStmt) ast.Stmt {
	if len(b.List) == 0 {
		return nil
	}
	if len(b.List) == 1 {
		if s, ok := b.List[0].(*ast.IfStmt); ok {
			return s
		}
	}
	return b
}

// constantIf translates an if whose condition is known. What cannot run is left out: nobody can jump there, since goto
// does not enter blocks.
func (f *function) constantIf(s *ast.IfStmt, cond bool) {
	if cond {
		f.block(s.Body)
	} else if s.Else != nil {
		f.stmt(s.Else)
	}
}
