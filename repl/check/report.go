package check

import (
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
	"strings"
)

// report takes an error of go/types, unless cells are allowed it: variables that are not used, and a call at the end
// whose value is. What return statements at the top level return is no matter beside that they are there.
func (a *attempt) report(err error) {
	var e types.Error
	if errors.As(err, &e) {
		if e.Soft && strings.HasPrefix(e.Msg, "declared and not used") || a.isValue(e) || a.isTopReturn(e) {
			return
		}
		e.Msg = strings.Replace(a.explain(e), asValueText, "", 1)
		err = e
	}
	a.wrong = append(a.wrong, typeError(err))
}

// isValue reports whether e complains that the value of the cell is not used.
func (a *attempt) isValue(e types.Error) bool {
	n := len(a.cell.Stmts)
	if n == 0 {
		return false
	}
	s, ok := a.cell.Stmts[n-1].(*ast.ExprStmt)
	return ok && s.Pos() <= e.Pos && e.Pos <= s.End() &&
		strings.HasPrefix(e.Msg, types.ExprString(s.X)+" (") && strings.HasSuffix(e.Msg, " is not used")
}

// isTopReturn reports whether e complains of values that a return statement outside of functions has.
func (a *attempt) isTopReturn(e types.Error) (top bool) {
	if !strings.HasPrefix(e.Msg, "too many return values") {
		return false
	}
	for _, stmt := range a.stmts {
		ast.Inspect(stmt, func(n ast.Node) bool {
			r, ok := n.(*ast.ReturnStmt)
			top = top || ok && r.Pos() <= e.Pos && e.Pos <= r.End()
			_, literal := n.(*ast.FuncLit)
			return !literal
		})
	}
	return top
}

var (
	identifier = regexp.MustCompile(`[\pL_][\pL_\pN]*`)
	noMember   = regexp.MustCompile(`\(type \*?([\pL_][\pL_\pN]*) has no field or method`)
)

// explain adds to a message what go/types cannot know.
func (a *attempt) explain(e types.Error) string {
	if name, ok := strings.CutPrefix(e.Msg, "undefined: "); ok && a.ambiguous[name] != "" {
		return fmt.Sprintf("%s (import %s)", e.Msg, a.ambiguous[name])
	}
	if name := a.confused(e); name != "" {
		return fmt.Sprintf("%s (%s was redeclared in %s)", e.Msg, name, a.fset.Position(a.current(name).Pos()).Filename)
	}
	return e.Msg
}

// confused returns the name of two types, an earlier and a later one, that e speaks of.
func (a *attempt) confused(e types.Error) string {
	if m := noMember.FindStringSubmatch(e.Msg); m != nil && a.isRenewed(m[1]) && a.isOld(e) {
		return m[1]
	}
	if !strings.HasPrefix(e.Msg, "cannot ") && !strings.Contains(e.Msg, "mismatched types") {
		return ""
	}
	seen := map[string]bool{}
	for _, word := range identifier.FindAllString(e.Msg, -1) {
		if seen[word] && a.isRenewed(word) {
			return word
		}
		seen[word] = true
	}
	return ""
}

// isRenewed reports whether name is that of a type that has been declared more than once.
func (a *attempt) isRenewed(name string) bool {
	if _, ok := a.current(name).(*types.TypeName); !ok {
		return false
	}
	_, was := a.session.names[name].(*types.TypeName)
	return a.session.renewed[name] || was && a.current(name) != a.session.names[name]
}

// current returns what a name means in the cell outside of its statements.
func (a *attempt) current(name string) types.Object {
	if obj := a.session.pkg.Scope().Lookup(name); obj != nil {
		return obj
	}
	return a.session.names[name]
}

// isOld reports whether e is about a selection from a value whose type was declared anew.
func (a *attempt) isOld(e types.Error) (old bool) {
	look := func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || sel.Sel.Pos() != e.Pos {
			return true
		}
		t, ok := types.Unalias(deref(a.cell.Info.TypeOf(sel.X))).(*types.Named)
		old = ok && t.Obj() != a.current(t.Obj().Name())
		return false
	}
	for _, d := range a.decls {
		ast.Inspect(d, look)
	}
	for _, s := range a.stmts {
		ast.Inspect(s, look)
	}
	return old
}
