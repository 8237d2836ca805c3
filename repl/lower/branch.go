package lower

import (
	"go/ast"
	"go/token"
	"go/types"
)

// labeled translates a labelled statement: the label of a loop or switch is found by break and continue, and any label
// by goto.
func (f *function) labeled(s *ast.LabeledStmt) {
	obj := f.info.Defs[s.Label]
	if f.scan.jumps[obj] {
		f.emit(&ast.LabeledStmt{Label: ident(token.NoPos, f.gotoName(obj)), Stmt: &ast.EmptyStmt{Implicit: true}})
	}
	switch inner := s.Stmt.(type) {
	case *ast.ForStmt:
		f.forStmt(inner, obj)
	case *ast.RangeStmt:
		f.rangeStmt(inner, obj)
	case *ast.SwitchStmt:
		f.switchStmt(inner, obj)
	case *ast.TypeSwitchStmt:
		f.typeSwitch(inner, obj)
	case *ast.SelectStmt:
		f.selectStmt(inner, obj)
	default:
		f.stmt(s.Stmt)
	}
}

func (f *function) gotoName(label types.Object) string {
	if _, ok := f.labels[label]; !ok {
		f.labels[label] = f.l.newName("label")
	}
	return f.labels[label]
}

// branch translates break, continue and goto. Fallthrough belongs to its clause.
func (f *function) branch(s *ast.BranchStmt) {
	if s.Tok == token.GOTO {
		if f.loop != nil && f.scan.owner[f.info.Uses[s.Label]] != f.scopeNode {
			f.leave(s, func(outer *function) { outer.branch(s) })
			return
		}
		f.emit(&ast.BranchStmt{TokPos: s.TokPos, Tok: token.GOTO, Label: ident(token.NoPos, f.gotoName(f.info.Uses[s.Label]))})
		return
	}
	t, inside := f.find(s)
	if t == nil {
		no(s, "%s to this place", s.Tok)
	}
	if !inside {
		f.leave(s, func(outer *function) { outer.branch(s) })
		return
	}
	if t.isBody {
		f.endIteration(s)
		return
	}
	f.emit(&ast.BranchStmt{TokPos: s.TokPos, Tok: s.Tok, Label: f.labelName(t)})
}

// find returns the target of a break or continue, and whether it is in this core function.
func (f *function) find(s *ast.BranchStmt) (t *target, inside bool) {
	var label types.Object
	if s.Label != nil {
		label = f.info.Uses[s.Label]
	}
	for fn := f; fn != nil; fn = fn.outer {
		for i := len(fn.targets) - 1; i >= 0; i-- {
			t := fn.targets[i]
			if label != nil && t.label == label || label == nil && (t.isLoop || s.Tok == token.BREAK) {
				return t, fn == f
			}
		}
		if fn.loop == nil {
			break
		}
	}
	return nil, false
}
