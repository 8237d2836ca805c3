package assist

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// candidate is what a name could mean, before the name is looked at.
type candidate struct {
	obj   types.Object
	name  string // if there is no obj
	kind  string // if obj does not tell
	note  string // the detail, if there is no obj
	rank  int
	depth int // of embedding
}

// Ranks of candidates.
const (
	near     = iota // what is declared in the cell, fields, members
	session         // what earlier cells declared or imported
	language        // what is predeclared
	keyword
	distant // packages that would be imported
)

// completer knows what can stand at the cursor.
type completer struct {
	*view
	src    *source
	start  int // of the name
	prefix string
}

func (c *completer) candidates() []candidate {
	if c.at == nil {
		return c.clauses()
	}
	if len(c.path) == 0 || c.declares() {
		return nil
	}
	only := c.takesType(c.path, c.at)
	switch parent := c.path[len(c.path)-1].(type) {
	case *ast.SelectorExpr:
		list := c.members(parent.X)
		if only {
			list = slices.DeleteFunc(list, func(m candidate) bool { return m.kindName() != "type" })
		}
		return list
	case *ast.BranchStmt:
		return c.labels()
	case *ast.CompositeLit:
		if !only {
			keys, values := c.keys(parent)
			if !values {
				return keys
			}
			return append(keys, c.names(false)...)
		}
	}
	return append(c.names(only), c.words(only)...)
}

// declares reports whether the name at the cursor is a new one.
func (c *completer) declares() bool {
	switch p := c.path[len(c.path)-1].(type) {
	case *ast.Field:
		return slices.Contains(p.Names, c.at)
	case *ast.ValueSpec:
		return slices.Contains(p.Names, c.at)
	case *ast.TypeSpec:
		return p.Name == c.at
	case *ast.FuncDecl:
		return p.Name == c.at
	case *ast.LabeledStmt:
		return p.Label == c.at
	}
	return false
}

// takesType reports whether only a type can stand in the place of n, which is at the end of path.
func (c *completer) takesType(path []ast.Node, n ast.Node) bool {
	if len(path) == 0 {
		return false
	}
	outer := path[:len(path)-1]
	switch p := path[len(path)-1].(type) {
	case *ast.SelectorExpr:
		return p.Sel == n && c.takesType(outer, p)
	case *ast.StarExpr:
		return c.takesType(outer, p)
	case *ast.BinaryExpr:
		return p.Op == token.OR && c.takesType(outer, p)
	case *ast.UnaryExpr:
		return p.Op == token.TILDE
	case *ast.Field:
		return p.Type == n
	case *ast.ValueSpec:
		return p.Type == n
	case *ast.TypeSpec:
		return p.Type == n
	case *ast.CompositeLit:
		return p.Type == n
	case *ast.TypeAssertExpr:
		return p.Type == n
	case *ast.ArrayType:
		return p.Elt == n
	case *ast.MapType, *ast.ChanType, *ast.Ellipsis:
		return true
	case *ast.IndexExpr:
		return p.Index == n && c.isGeneric(p.X)
	case *ast.IndexListExpr:
		return p.X != n && c.isGeneric(p.X)
	case *ast.CallExpr:
		fun, ok := p.Fun.(*ast.Ident)
		return ok && fun.Name == "make" && len(p.Args) == 1 && p.Args[0] == n
	case *ast.CaseClause:
		if len(path) < 3 || !slices.ContainsFunc(p.List, func(e ast.Expr) bool { return e == n }) {
			return false
		}
		_, ok := path[len(path)-3].(*ast.TypeSwitchStmt)
		return ok
	}
	return false
}

// isGeneric reports whether x can be indexed with types.
func (c *completer) isGeneric(x ast.Expr) bool {
	tv := c.info.Types[x]
	if sig, ok := tv.Type.(*types.Signature); ok {
		return sig.TypeParams().Len() > 0
	}
	return tv.IsType()
}

// names lists what names mean at the cursor, innermost scopes first, and packages that would be imported.
func (c *completer) names(typesOnly bool) (list []candidate) {
	seen := map[string]bool{}
	add := func(obj types.Object, rank int) {
		if obj == nil || seen[obj.Name()] {
			return
		}
		seen[obj.Name()] = true
		if kind := kindOfObject(obj); !typesOnly || kind == "type" || kind == "package" {
			list = append(list, candidate{obj: obj, rank: rank})
		}
	}
	for scope := c.scope(); scope != nil && scope != types.Universe; scope = scope.Parent() {
		for _, name := range scope.Names() {
			if _, obj := c.scope().LookupParent(name, c.at.Pos()); obj != nil && obj.Parent() != types.Universe {
				add(obj, c.rank(obj))
			}
		}
	}
	for _, obj := range c.engine.Session.All() {
		add(obj, session)
	}
	if c.prefix == "" {
		return list
	}
	for _, name := range types.Universe.Names() {
		if name == "comparable" && !typesOnly {
			continue
		}
		add(types.Universe.Lookup(name), language)
	}
	for name, paths := range c.engine.byName {
		if !seen[name] {
			list = append(list, candidate{name: name, kind: "package", note: paths[0], rank: distant})
		}
	}
	return list
}

// rank tells what the cell declares from what it only mentions.
func (c *completer) rank(obj types.Object) int {
	if _, imported := obj.(*types.PkgName); imported || obj == c.engine.Session.Lookup(obj.Name()) {
		return session
	}
	return near
}

// labels lists the labels of the cell.
func (c *completer) labels() (list []candidate) {
	code := withoutComments(c.src.all)
	for i, l := range code {
		first := i == 0 || code[i-1].tok == token.SEMICOLON || code[i-1].tok == token.LBRACE || code[i-1].tok == token.COLON
		if first && l.tok == token.IDENT && i+1 < len(code) && code[i+1].tok == token.COLON {
			list = append(list, candidate{name: l.lit, kind: "label"})
		}
	}
	return list
}
