package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
)

// scan finds the variables that need a box: those whose address is taken, and those that a function literal uses and
// that are assigned after their declaration. A variable that is never assigned again can be copied into the literal.
type scan struct {
	info     *types.Info
	owner    map[types.Object]ast.Node // the function or literal that declares the variable
	captured map[types.Object]bool     // variables that a literal inside their owner uses
	changed  map[types.Object]bool     // variables assigned to, as a whole or in part, after their declaration
	pointed  map[types.Object]bool     // variables whose address is taken, or that of a part of them
	shared   map[types.Object]bool     // variables that need a box, as follows from these three
	defers   map[ast.Node]bool         // functions and literals that defer something
	jumps    map[types.Object]bool     // labels that goto names
}

// scanFunction looks through a function with all literals in it.
func scanFunction(info *types.Info, fn ast.Node) *scan {
	s := &scan{info: info, owner: map[types.Object]ast.Node{}, captured: map[types.Object]bool{},
		changed: map[types.Object]bool{}, pointed: map[types.Object]bool{}, shared: map[types.Object]bool{},
		defers: map[ast.Node]bool{}, jumps: map[types.Object]bool{}}
	s.within(fn, []ast.Node{fn})
	maps.Copy(s.shared, s.pointed)
	for obj := range s.changed {
		if s.captured[obj] || s.defers[s.owner[obj]] { // what defers becomes a literal inside its function
			s.shared[obj] = true
		}
	}
	return s
}

// within looks through n, which stands in the functions of path, the innermost last. The body of a range over a
// function is a function, too, but what it defers belongs to the one around.
func (s *scan) within(n ast.Node, path []ast.Node) {
	fn := path[len(path)-1]
	ast.Inspect(n, func(m ast.Node) bool {
		switch m := m.(type) {
		case *ast.FuncLit:
			if m == n {
				return true
			}
			s.within(m, append(path[:len(path):len(path)], m))
			return false
		case *ast.RangeStmt:
			if m != n && isFunction(s.info.TypeOf(m.X)) {
				s.rangeFunc(m, path)
				return false
			}
			if m.Tok == token.ASSIGN {
				s.change(m.Key)
				s.change(m.Value)
			}
		case *ast.DeferStmt:
			s.defers[returnsFrom(path)] = true
		case *ast.ReturnStmt:
			if len(m.Results) > 0 {
				s.changeResults(returnsFrom(path))
			}
		case *ast.BranchStmt:
			if m.Tok == token.GOTO {
				s.jumps[s.info.Uses[m.Label]] = true
			}
		case *ast.Ident:
			s.ident(m, fn)
		case *ast.CaseClause:
			if obj := s.info.Implicits[m]; obj != nil {
				s.owner[obj] = fn
			}
		default:
			s.effect(m)
		}
		return true
	})
}

// effect notes variables that n itself assigns to, or takes the address of.
func (s *scan) effect(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for _, left := range n.Lhs {
			s.change(left)
		}
	case *ast.IncDecStmt:
		s.change(n.X)
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			s.point(n.X)
		}
	case *ast.SliceExpr:
		if mayBeArray(s.info.TypeOf(n.X)) {
			s.point(n.X)
		}
	case *ast.SelectorExpr:
		if sel := s.info.Selections[n]; sel != nil && sel.Kind() == types.MethodVal && takesAddress(sel) {
			s.point(n.X)
		}
	}
}

// returnsFrom is the function of path that a return statement leaves.
func returnsFrom(path []ast.Node) ast.Node {
	for i := len(path) - 1; i > 0; i-- {
		if _, isRange := path[i].(*ast.RangeStmt); !isRange {
			return path[i]
		}
	}
	return path[0]
}

// changeResults notes that a return statement assigns to the named results of fn.
func (s *scan) changeResults(fn ast.Node) {
	var typ *ast.FuncType
	switch fn := fn.(type) {
	case *ast.FuncDecl:
		typ = fn.Type
	case *ast.FuncLit:
		typ = fn.Type
	}
	if typ == nil {
		return
	}
	for _, name := range resultNames(typ) {
		if obj := s.info.Defs[name]; obj != nil {
			s.changed[obj] = true
		}
	}
}

// rangeFunc looks through a range over a function: the operand belongs to the function around, the rest to the body.
func (s *scan) rangeFunc(loop *ast.RangeStmt, path []ast.Node) {
	s.within(loop.X, path)
	inner := append(path[:len(path):len(path)], loop)
	if loop.Tok == token.ASSIGN {
		s.change(loop.Key)
		s.change(loop.Value)
	}
	for _, e := range []ast.Expr{loop.Key, loop.Value} {
		if e != nil {
			s.within(e, inner)
		}
	}
	s.within(loop.Body, inner)
}

func (s *scan) ident(id *ast.Ident, fn ast.Node) {
	if obj := s.info.Defs[id]; obj != nil {
		s.owner[obj] = fn
	}
	used := s.info.Uses[id]
	if used != nil && used.Pkg() != nil {
		if instead, ok := showsPosition[used.Pkg().Path()+"."+used.Name()]; ok {
			no(id, "%s.%s, which would show positions in the interpreter; %s", used.Pkg().Name(), used.Name(), instead)
		}
	}
	if obj, ok := used.(*types.Var); ok && s.owner[obj] != nil && s.owner[obj] != fn {
		s.captured[obj] = true
	}
}

// change notes an assignment to e that is not a declaration.
func (s *scan) change(e ast.Expr) {
	if e == nil {
		return
	}
	if id, ok := ast.Unparen(e).(*ast.Ident); ok && s.info.Defs[id] != nil {
		return
	}
	if obj := s.root(e); obj != nil {
		s.changed[obj] = true
	}
}

func (s *scan) point(e ast.Expr) {
	if obj := s.root(e); obj != nil {
		s.pointed[obj] = true
	}
}

// root returns the variable of which e is a part: x for x, x.f, x[i] of an array.
func (s *scan) root(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return s.info.ObjectOf(e)
	case *ast.SelectorExpr:
		sel := s.info.Selections[e]
		if sel != nil && !throughPointer(s.info.TypeOf(e.X), sel.Index()) {
			return s.root(e.X)
		}
	case *ast.IndexExpr:
		if t := s.info.TypeOf(e.X); t != nil {
			if mayBeArray(t) {
				return s.root(e.X)
			}
		}
	}
	return nil
}

// throughPointer reports whether the way from a value of type t along the fields of index follows a pointer.
func throughPointer(t types.Type, index []int) bool {
	for _, i := range index {
		if isPointer(t) {
			return true
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return false
		}
		t = st.Field(i).Type()
	}
	return false
}

// takesAddress reports whether a method value takes the address of its operand.
func takesAddress(sel *types.Selection) bool {
	fn := sel.Obj().(*types.Func)
	recv := fn.Signature().Recv()
	if recv == nil || !isPointer(recv.Type()) {
		return false
	}
	t, path := sel.Recv(), sel.Index()[:len(sel.Index())-1]
	return !throughPointer(t, path) && !isPointer(embedded(t, path))
}

// embedded returns the type at the end of a way along embedded fields.
func embedded(t types.Type, path []int) types.Type {
	for _, i := range path {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		t = t.Underlying().(*types.Struct).Field(i).Type()
	}
	return t
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

func isFunction(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := coreType(t).(*types.Signature)
	return ok
}

// mayBeArray reports whether t is an array type in some instance.
func mayBeArray(t types.Type) bool {
	if _, isParam := types.Unalias(t).(*types.TypeParam); isParam {
		return true
	}
	_, isArray := t.Underlying().(*types.Array)
	return isArray
}

// What says where it was called from, or shows the stack, would show the interpreter's. The values say what to do instead.
var showsPosition = map[string]string{
	"log.Llongfile":            inWords,
	"log.Lshortfile":           inWords,
	"log/slog.AddSource":       inWords,
	"runtime.Caller":           inWords,
	"runtime.Callers":          inWords,
	"runtime.FuncForPC":        "name the function in a string of your own",
	"runtime.Stack":            byPanic,
	"runtime/debug.PrintStack": byPanic,
	"runtime/debug.Stack":      byPanic,
}

const (
	inWords = "say where in words of your own"
	byPanic = "a panic that nobody recovers shows the program's own stack"
)
