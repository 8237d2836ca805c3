package export

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"kairos/repl/check"
)

type object = types.Object

// decl is a declaration of functions, types or constants at the top level.
type decl struct {
	cell    int
	item    *item
	node    ast.Decl
	objects []object
	fn      *types.Func     // if it is a function or method
	recv    *types.TypeName // of a method
	uses    []*site
	types   map[object]bool // of cells, that it mentions
	times   []bool          // the cells during which it may be executed
	dead    bool            // it is left out
	copied  bool            // it is left out as it is a function that was there already
	home    int             // the cell among whose declarations it stands
}

// site is a name in a cell that means something of the top level.
type site struct {
	cell       int
	id         *ast.Ident
	obj        object
	owner      *decl // that it stands in, or nil in a statement
	definition bool
	late       bool   // it may be executed after the statement, or call of the function, that it stands in
	value      bool   // a function that is not called here
	addressed  bool   // a variable whose address is taken
	target     object // the function that is meant, if another has taken the place of obj
}

// entity is what gets a name: objects that are one in the program.
type entity struct {
	obj     object // the last one
	cell    int    // that declares it first
	base    string // the name in the cells
	name    string
	path    string // of an import
	used    bool   // of an import
	pkg     bool   // a variable of the package
	inner   bool   // a variable of a function around the statements of a cell
	counted int    // how many definitions were written
}

// collect finds all declarations and names.
func (p *program) collect() {
	p.declOf, p.entities, p.builtin = map[object]*decl{}, map[object]*entity{}, map[string]bool{}
	p.imports, p.replaced = map[[2]string]*entity{}, map[object]object{}
	for _, s := range p.cells {
		for _, r := range s.cell.Replaced {
			p.replaced[r.Old] = r.New
		}
		for _, node := range s.cell.Decls {
			d := &decl{cell: s.index, item: s.itemAt(s.offset(node.Pos())), node: node, types: map[object]bool{}, home: s.index}
			p.decls = append(p.decls, d)
			p.declare(s, d)
		}
	}
	for _, d := range p.decls {
		p.walk(p.cells[d.cell], d, d.node)
	}
	for _, s := range p.cells {
		for _, stmt := range s.cell.Stmts {
			p.walk(s, nil, stmt)
		}
		for _, imported := range s.cell.Imports {
			if name := imported.Name(); name == "_" || name == "." {
				p.importOf(imported).used = true
			}
		}
	}
}

// declare notes what a declaration declares.
func (p *program) declare(s *source, d *decl) {
	add := func(id *ast.Ident) {
		if obj := s.cell.Info.Defs[id]; obj != nil && id.Name != "_" {
			d.objects = append(d.objects, obj)
			p.declOf[obj] = d
		}
	}
	switch node := d.node.(type) {
	case *ast.FuncDecl:
		add(node.Name)
		d.fn, _ = s.cell.Info.Defs[node.Name].(*types.Func)
		if node.Recv != nil && d.fn != nil {
			d.recv = receiver(d.fn)
		}
	case *ast.GenDecl:
		for _, spec := range node.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				add(spec.Name)
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					add(id)
				}
			}
		}
	}
}

// receiver returns the type whose method f is.
func receiver(f *types.Func) *types.TypeName {
	recv := f.Signature().Recv()
	if recv == nil {
		return nil
	}
	if named := namedType(recv.Type()); named != nil {
		return named.Obj()
	}
	return nil
}

// namedType returns the named type that t is, or points to.
func namedType(t types.Type) *types.Named {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	named, _ := types.Unalias(t).(*types.Named)
	if named == nil {
		return nil
	}
	return named.Origin()
}

// walk finds the names in a declaration or a statement.
func (p *program) walk(s *source, owner *decl, root ast.Node) {
	var stack []ast.Node
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		if id, ok := n.(*ast.Ident); ok && has(id) {
			p.visit(s, owner, id, stack)
		}
		return true
	})
}

// visit notes what a name means.
func (p *program) visit(s *source, owner *decl, id *ast.Ident, stack []ast.Node) {
	info := s.cell.Info
	if def := info.Defs[id]; def != nil {
		p.note(s, &site{cell: s.index, id: id, obj: def, owner: owner, definition: true}, stack)
	}
	if use := info.Uses[id]; use != nil {
		p.note(s, &site{cell: s.index, id: id, obj: use, owner: owner}, stack)
	}
	if owner != nil {
		owner.mention(p, info.TypeOf(id))
	}
}

// note keeps a site, if it is about something of the top level.
func (p *program) note(s *source, at *site, stack []ast.Node) {
	switch obj := at.obj.(type) {
	case *types.Label:
		if at.owner == nil && !closed(stack) {
			p.labels = append(p.labels, at)
		}
		return
	case *types.PkgName:
		p.importOf(obj)
		at.obj = obj
	case *types.Func:
		at.obj = obj.Origin()
	case *types.Var:
		if obj.IsField() {
			p.noteField(at, obj)
			return
		}
	}
	if at.obj.Parent() == types.Universe {
		p.builtin[at.obj.Name()] = true
		return
	}
	if _, imported := at.obj.(*types.PkgName); !imported && (at.obj.Pkg() != p.session.Package() || !check.TopLevel(at.obj)) {
		return
	}
	at.context(s, stack)
	p.sites = append(p.sites, at)
	if at.owner != nil && !at.definition {
		at.owner.uses = append(at.owner.uses, at)
	}
}

// noteField takes the name of an embedded field for that of its type.
func (p *program) noteField(at *site, field *types.Var) {
	named := namedType(field.Type())
	if field.Embedded() && named != nil && named.Obj().Pkg() == p.session.Package() && named.Obj().Name() == field.Name() {
		if at.definition {
			return // the type's name stands in the same place
		}
		at.obj = named.Obj()
		p.sites = append(p.sites, at)
	}
}

// importOf returns the import of a package under a name.
func (p *program) importOf(obj *types.PkgName) *entity {
	key := [2]string{obj.Name(), obj.Imported().Path()}
	if p.imports[key] == nil {
		p.imports[key] = &entity{obj: obj, base: obj.Name(), path: key[1]}
	}
	e := p.imports[key]
	if p.entities == nil {
		p.entities = map[object]*entity{}
	}
	p.entities[obj] = e
	return e
}

func closed(stack []ast.Node) bool {
	return slices.ContainsFunc(stack, func(n ast.Node) bool { _, ok := n.(*ast.FuncLit); return ok })
}

// context finds out how the name at the top of the stack is used.
func (at *site) context(s *source, stack []ast.Node) {
	info := s.cell.Info
	at.late = isLate(info, stack)
	top := len(stack) - 1
	switch at.obj.(type) {
	case *types.Func:
		for top > 0 && wraps(stack[top-1], stack[top]) {
			top--
		}
		call, ok := parent(stack, top).(*ast.CallExpr)
		at.value = !at.definition && (!ok || call.Fun != stack[top])
		at.late = at.late || at.value && !(ok && calm(info, call))
	case *types.Var:
		at.addressed = isAddressed(info, stack)
	}
}

func parent(stack []ast.Node, i int) ast.Node {
	if i < 1 {
		return nil
	}
	return stack[i-1]
}

// wraps reports whether outer is inner in parentheses, with type arguments, or selected.
func wraps(outer, inner ast.Node) bool {
	switch outer := outer.(type) {
	case *ast.ParenExpr:
		return true
	case *ast.IndexExpr:
		return outer.X == inner
	case *ast.IndexListExpr:
		return outer.X == inner
	case *ast.SelectorExpr:
		return outer.Sel == inner
	}
	return false
}

// isLate reports whether the top of the stack may be executed later than what it stands in: it is in a function literal
// that may be kept, or in a go statement.
func isLate(info *types.Info, stack []ast.Node) bool {
	for i, n := range stack {
		switch n.(type) {
		case *ast.GoStmt:
			return true
		case *ast.FuncLit:
			call, ok := parent(stack, i).(*ast.CallExpr)
			if !ok || call.Fun != n && !calm(info, call) {
				return true
			}
		}
	}
	return false
}

// calm reports whether call is of a function that keeps none of its arguments.
func calm(info *types.Info, call *ast.CallExpr) bool {
	fun := ast.Unparen(call.Fun)
	if index, ok := fun.(*ast.IndexExpr); ok {
		fun = index.X
	}
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	f, ok := info.Uses[sel.Sel].(*types.Func)
	if !ok || f.Pkg() == nil || f.Signature().Recv() != nil {
		return false
	}
	switch f.Pkg().Path() {
	case "sort", "slices", "strings", "bytes", "cmp":
		return true
	}
	return false
}

// isAddressed reports whether the variable at the top of the stack has its address taken: by &, by a method with a
// pointer receiver, or by slicing an array.
func isAddressed(info *types.Info, stack []ast.Node) bool {
	for i := len(stack) - 1; i > 0; i-- {
		switch outer := stack[i-1].(type) {
		case *ast.ParenExpr:
		case *ast.UnaryExpr:
			return outer.Op == token.AND
		case *ast.SliceExpr:
			return outer.X == stack[i] && isArray(info.TypeOf(outer.X))
		case *ast.IndexExpr:
			if outer.X != stack[i] || !isArray(info.TypeOf(outer.X)) {
				return false
			}
		case *ast.RangeStmt:
			return false
		case *ast.SelectorExpr:
			sel := info.Selections[outer]
			if sel == nil || sel.Kind() == types.MethodExpr {
				return false
			}
			if sel.Kind() == types.MethodVal {
				_, ptr := sel.Obj().(*types.Func).Signature().Recv().Type().(*types.Pointer)
				return ptr && !sel.Indirect()
			}
			if sel.Indirect() {
				return false
			}
		default:
			return false
		}
	}
	return false
}

func isArray(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Array)
	return ok
}

// mention notes the types of cells in t.
func (d *decl) mention(p *program, t types.Type) {
	p.typesIn(t, func(obj object) { d.types[obj] = true })
}

// typesIn calls f with the types of cells that t is made of, but for what those are made of.
func (p *program) typesIn(t types.Type, f func(object)) {
	var visit func(t types.Type)
	tuple := func(t *types.Tuple) {
		for v := range t.Variables() {
			visit(v.Type())
		}
	}
	visit = func(t types.Type) {
		switch t := t.(type) {
		case *types.Named:
			if t.Obj().Pkg() == p.session.Package() {
				f(t.Origin().Obj())
			}
			for arg := range t.TypeArgs().Types() {
				visit(arg)
			}
		case *types.Alias:
			visit(types.Unalias(t))
		case interface{ Elem() types.Type }: // pointers, slices, arrays, channels and maps
			if m, ok := t.(*types.Map); ok {
				visit(m.Key())
			}
			visit(t.Elem())
		case *types.Signature:
			tuple(t.Params())
			tuple(t.Results())
		case *types.Tuple:
			tuple(t)
		case *types.Struct:
			for field := range t.Fields() {
				visit(field.Type())
			}
		}
	}
	if t != nil {
		visit(t)
	}
}
