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
	if !f.breakable(s.Stmt, obj) {
		f.stmt(s.Stmt)
	}
}

// breakable translates a statement that break can leave, with its label, if it has one.
func (f *function) breakable(s ast.Stmt, label types.Object) bool {
	switch s := s.(type) {
	case *ast.ForStmt:
		f.forStmt(s, label)
	case *ast.RangeStmt:
		f.rangeStmt(s, label)
	case *ast.SwitchStmt:
		f.switchStmt(s, label)
	case *ast.TypeSwitchStmt:
		f.typeSwitch(s, label)
	case *ast.SelectStmt:
		f.selectStmt(s, label)
	default:
		return false
	}
	return true
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
	t, here := f.find(s)
	if t == nil {
		fault(s, "a %s without a target", s.Tok)
	}
	if !here {
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
func (f *function) find(s *ast.BranchStmt) (t *target, here bool) {
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

// target is what break and continue can mean: a loop, or a switch or select, which only break means.
type target struct {
	label  types.Object // in the source
	isLoop bool
	isBody bool   // the loop is a range over a function, and this its body
	name   string // of the core label, once someone needs it
}

// labelName is the core label of a target.
func (f *function) labelName(t *target) *ast.Ident {
	if t.name == "" {
		t.name = f.l.newName("loop")
	}
	return ident(token.NoPos, t.name)
}

// within translates the body of a target.
func (f *function) within(t *target, g func()) {
	f.targets = append(f.targets, t)
	g()
	f.targets = f.targets[:len(f.targets)-1]
}

// labeledLoop emits a core loop with its label, if it needs one.
func (f *function) labeledLoop(t *target, loop ast.Stmt) {
	if t.name != "" {
		loop = &ast.LabeledStmt{Label: ident(token.NoPos, t.name), Stmt: loop}
	}
	f.emit(loop)
}

// once has g translate what break can leave and runs once. Where something does leave it, it is the body of a loop.
func (f *function) once(label types.Object, g func()) {
	t := &target{label: label}
	list := f.collect(func() { f.within(t, g) })
	if t.name == "" {
		f.emit(list...)
		return
	}
	list = append(list, breakTo(f.labelName(t)))
	f.labeledLoop(t, &ast.ForStmt{Cond: f.always(), Body: block(token.NoPos, list)})
}

func breakTo(label *ast.Ident) ast.Stmt { return &ast.BranchStmt{Tok: token.BREAK, Label: label} }
