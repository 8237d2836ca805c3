package export

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"kairos/repl/check"
)

// ending is what becomes of the last expression of a cell.
type ending int

const (
	asItIs   ending = iota // a statement
	discard                // assigned to _
	show                   // given to cell.Show
	showAll                // several values: given to fmt.Println
	showTrue               // an error: given to cell.Show unless it is nil
)

// findEndings settles what becomes of the values of cells.
func (p *program) findEndings() {
	for _, s := range p.cells {
		if s.named && !p.isReferred(s) {
			s.named = false
			at := s.offset(s.value.Pos())
			prefix := valueName(p.number(s.index)) + " := "
			s.edits = append(s.edits, edit{start: at - len(prefix), end: at})
		}
		s.ending = s.endsWith()
		switch s.ending {
		case show, showTrue:
			p.showing = p.importPath(cellPath, "cell")
		case showAll:
			p.printing = p.importPath(fmtPath, "fmt")
		}
	}
}

// isValueName reports whether v is the variable that names the value of the cell.
func (s *source) isValueName(v *types.Var) bool {
	return valueRef.MatchString(v.Name()) && s.offset(v.Pos()) <= s.offset(s.value.Pos()) &&
		s.offset(s.value.Pos())-s.offset(v.Pos()) == len(v.Name()+" := ")
}

// isReferred reports whether something refers to the value of the cell.
func (p *program) isReferred(s *source) bool {
	return slices.ContainsFunc(p.sites, func(u *site) bool {
		v, ok := u.obj.(*types.Var)
		return ok && !u.definition && u.obj.Name() == valueName(p.number(s.index)) && s.cell.Vars != nil && slices.Contains(s.cell.Vars, v)
	})
}

func (s *source) endsWith() ending {
	if s.value == nil {
		return asItIs
	}
	t := s.cell.Info.TypeOf(s.value)
	_, several := t.(*types.Tuple)
	switch {
	case s.cell.Suppressed:
		if s.named || isStatement(s.cell.Info, s.value) {
			return asItIs
		}
		return discard
	case check.Prints(s.cell.Info, s.value):
		return asItIs
	case several:
		return showAll
	case types.Identical(t, types.Universe.Lookup("error").Type()):
		return showTrue
	}
	return show
}

// isStatement reports whether an expression can be a statement.
func isStatement(info *types.Info, e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		return e.Op.String() == "<-"
	case *ast.CallExpr:
		fun := info.Types[e.Fun]
		return !fun.IsType() && !(fun.IsBuiltin() && info.TypeOf(e) != nil && !info.Types[e].IsVoid() && !canStand(info, e))
	}
	return false
}

// canStand reports whether a call of a builtin function with a value can be a statement.
func canStand(info *types.Info, call *ast.CallExpr) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	return ok && (id.Name == "copy" || id.Name == "recover")
}

// end edits the last expression of a cell.
func (p *program) end(s *source) {
	if s.ending == asItIs {
		return
	}
	from, to := s.offset(s.value.Pos()), s.offset(s.value.End())
	around := func(before, after string) {
		s.edits = append(s.edits, edit{start: from, end: from, text: before}, edit{start: to, end: to, text: after, after: true})
	}
	if s.named {
		name := p.entities[s.valueVar()].name
		switch s.ending {
		case show:
			around("", fmt.Sprintf("\n%s(%s)", p.call(p.showing, "Show"), name))
		case showTrue:
			around("", fmt.Sprintf("\nif %s != nil {\n%s(%s)\n}", name, p.call(p.showing, "Show"), name))
		}
		return
	}
	switch s.ending {
	case discard:
		around("_ = ", "")
	case show:
		around(p.call(p.showing, "Show")+"(", ")")
	case showAll:
		around(p.call(p.printing, "Println")+"(", ")")
	case showTrue:
		p.endWithError(s, from, to, around)
	}
}

func (p *program) endWithError(s *source, from, to int, around func(before, after string)) {
	text := strings.TrimSpace(p.render(s, from, to))
	if _, ok := s.value.(*ast.Ident); ok {
		around("if ", fmt.Sprintf(" != nil {\n%s(%s)\n}", p.call(p.showing, "Show"), text))
		return
	}
	before, after := "if err := ", ""
	if strings.Contains(text, "{") { // which would begin the block
		before, after = before+"(", ")"
	}
	around(before, fmt.Sprintf("%s; err != nil {\n%s(err)\n}", after, p.call(p.showing, "Show")))
}

// valueVar returns the variable that names the value of the cell.
func (s *source) valueVar() *types.Var {
	i := slices.IndexFunc(s.cell.Vars, s.isValueName)
	return s.cell.Vars[i]
}

// call writes the name of a function of a package.
func (p *program) call(pkg *entity, name string) string {
	pkg.used = true
	return pkg.name + "." + name
}
