package export

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"kairos/repl/check"
	"kairos/stdlib/symbols/typedata"
)

// valuer settles how cells of a program end: cell.Show at the end of one is the value of the cell, and a call whose
// results the program drops must not become its value.
type valuer struct {
	exact   bool // errors are results too
	lost    bool // a cell does not compile, so that nothing is known about those after it
	number  int
	session *check.Cells
}

func newValuer(exact bool) *valuer {
	cfg := check.CellsConfig{Packages: typedata.Paths(), Importer: typedata.NewImporter()}
	return &valuer{exact: exact, session: check.NewCells(token.NewFileSet(), cfg)}
}

// settle returns the body of the next cell, below its imports, as it should be.
func (v *valuer) settle(imports, body string) string {
	v.number++
	text := joined("\n\n", imports, body)
	above := len(text) - len(body)
	if v.lost {
		return body
	}
	s, ok := v.check(text)
	if !ok {
		v.lost = true
		return body
	}
	if shown, ok := unwrapped(s); ok {
		if again, ok := v.check(shown); ok && again.endsWith() == show {
			v.session.Declare(again.cell)
			return shown[above:]
		}
		s, _ = v.check(text)
	}
	v.session.Declare(s.cell)
	if end := s.endsWith(); end == asItIs || end == showTrue && !v.exact {
		return body
	}
	at := s.offset(s.value.End())
	return text[above:at] + ";" + text[at:]
}

func (v *valuer) check(text string) (*source, bool) {
	cell, err := v.session.Check(fmt.Sprintf("cell[%d]", v.number), text)
	if err != nil {
		return nil, false
	}
	s := &source{text: text}
	s.setCell(cell)
	return s, true
}

// unwrapped returns a cell with the argument of cell.Show at its end in place of the call.
func unwrapped(s *source) (text string, ok bool) {
	n := len(s.cell.Stmts)
	if n == 0 {
		return "", false
	}
	stmt, ok := s.cell.Stmts[n-1].(*ast.ExprStmt)
	if !ok || check.Callee(s.cell.Info, stmt.X) != cellPath+".Show" {
		return "", false
	}
	call := stmt.X.(*ast.CallExpr)
	from, to := s.offset(call.Args[0].Pos()), s.offset(call.Args[0].End())
	return s.text[:s.offset(call.Pos())] + s.text[from:to] + strings.TrimLeft(s.text[s.offset(call.End()):], ";"), true
}
