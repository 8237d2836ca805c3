package main

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
)

// edit replaces a part of a program's text.
type edit struct {
	start, end int
	with       string
}

func (e edit) saves() int { return e.end - e.start - len(e.with) }

// change is edits that belong together.
type change []edit

// apply makes the edits of changes, those that do not overlap; later ones that do are left out.
func apply(text string, changes ...change) string {
	var kept []edit
	for _, e := range slices.Concat(changes...) {
		if !slices.ContainsFunc(kept, func(k edit) bool { return e.start < k.end && k.start < e.end }) {
			kept = append(kept, e)
		}
	}
	slices.SortFunc(kept, func(a, b edit) int { return cmp.Compare(b.start, a.start) })
	for _, e := range kept {
		text = text[:e.start] + e.with + text[e.end:]
	}
	return text
}

// edits lists what can be tried to make a program smaller, what saves most first.
func edits(text, keep string) []edit {
	fset := token.NewFileSet()
	const head = "package p\n"
	file, err := parser.ParseFile(fset, "", head+text, 0)
	if err != nil {
		return nil
	}
	c := &cutter{text: text, offset: func(pos token.Pos) int { return fset.Position(pos).Offset - len(head) }}
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); !ok || fn.Name.Name != keep {
			c.cut(d, d, "")
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		c.visit(n)
		return true
	})
	slices.SortStableFunc(c.list, func(a, b edit) int { return b.saves() - a.saves() })
	return c.list
}

// cutter collects edits.
type cutter struct {
	text   string
	offset func(token.Pos) int
	list   []edit
}

func (c *cutter) cut(from, to ast.Node, with string) {
	e := edit{c.offset(from.Pos()), c.offset(to.End()), with}
	if e.saves() > 0 {
		c.list = append(c.list, e)
	}
}

func (c *cutter) source(n ast.Node) string { return c.text[c.offset(n.Pos()):c.offset(n.End())] }

func (c *cutter) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.BlockStmt:
		c.runs(n.List)
	case *ast.CaseClause:
		c.runs(n.Body)
	case *ast.CompositeLit:
		c.elements(n.Elts)
	case *ast.CallExpr:
		c.elements(n.Args)
	case *ast.StructType:
		for _, f := range n.Fields.List {
			c.cut(f, f, "")
		}
	}
	switch n := n.(type) {
	case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.LabeledStmt, *ast.ExprStmt:
		c.bodies(n)
	case ast.Expr:
		c.parts(n)
	}
}

// elements has elements of a list left out.
func (c *cutter) elements(list []ast.Expr) {
	for i, e := range list {
		switch {
		case i+1 < len(list):
			c.list = append(c.list, edit{c.offset(e.Pos()), c.offset(list[i+1].Pos()), ""})
		case i > 0:
			c.list = append(c.list, edit{c.offset(list[i-1].End()), c.offset(e.End()), ""})
		default:
			c.cut(e, e, "")
		}
	}
}

// runs has runs of statements left out.
func (c *cutter) runs(list []ast.Stmt) {
	for size := len(list); size > 0; size = min(size-1, max(size/2, 2)) {
		step := max(1, size/2)
		for i := 0; i+size <= len(list); i += step {
			c.cut(list[i], list[i+size-1], "")
		}
		if size == 1 {
			return
		}
	}
}

// bodies has a statement replaced by the blocks in it.
func (c *cutter) bodies(n ast.Node) {
	ast.Inspect(n, func(m ast.Node) bool {
		switch m := m.(type) {
		case *ast.BlockStmt:
			c.cut(n, n, c.source(m))
			if len(m.List) > 0 {
				c.cut(n, n, c.text[c.offset(m.List[0].Pos()):c.offset(m.List[len(m.List)-1].End())])
			}
			return false
		case *ast.CaseClause:
			return false
		}
		return true
	})
}

// parts has an expression replaced by an operand, or by something simple.
func (c *cutter) parts(e ast.Expr) {
	ast.Inspect(e, func(n ast.Node) bool {
		if x, ok := n.(ast.Expr); ok && n != ast.Node(e) {
			c.cut(e, e, c.source(x))
			return false
		}
		return true
	})
	for _, s := range []string{"0", "nil", `""`, "true"} {
		c.cut(e, e, s)
	}
}
