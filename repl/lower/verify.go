package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"kairos/repl/check"
)

// verify looks whether a file is core, as the package's documentation says it, and nothing else. What it finds is a fault
// of lowering; rather than let yaegi have it, the program is refused.
func verify(fset *token.FileSet, file *ast.File) error {
	v := &verifier{fset: fset}
	names := map[string]bool{}
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && isMadeOrInit(fn.Name.Name) && !names[fn.Name.Name] {
			names[fn.Name.Name] = true
			v.funcDecl(fn)
			continue
		}
		v.fault(d)
	}
	if len(v.faults) > 0 {
		return check.Errors{List: v.faults}
	}
	return nil
}

type verifier struct {
	fset   *token.FileSet
	near   token.Pos // of what was looked at last and has a position
	faults []check.Error

	loops  []string        // labels of the loops around
	labels map[string]bool // of the function, for goto
	jumps  []*ast.BranchStmt
}

func (v *verifier) fault(n ast.Node) {
	v.at(n)
	v.faults = append(v.faults, check.Error{
		Pos: v.fset.Position(v.near),
		Msg: fmt.Sprintf("kairos cannot interpret this yet: a fault of kairos itself made it %s; please report it with the program", strings.TrimPrefix(fmt.Sprintf("%T", n), "*ast.")),
	})
}

// at notes where n stands in the source, if it stands there.
func (v *verifier) at(n ast.Node) {
	if pos := n.Pos(); pos.IsValid() {
		v.near = pos
	}
}

// want notes a fault unless ok.
func (v *verifier) want(ok bool, n ast.Node) {
	if !ok {
		v.fault(n)
	}
}

// isMade reports whether a name is one that lowering made. No source has such names.
func isMade(name string) bool { return strings.Contains(name, "·") }

func isMadeOrInit(name string) bool { return isMade(name) || name == "init" }

// funcDecl looks at a function: one with a body of core, or a maker, which only returns a literal with such a body.
func (v *verifier) funcDecl(fn *ast.FuncDecl) {
	v.want(fn.Recv == nil && fn.Body != nil, fn)
	v.funcType(fn.Type)
	if fn.Body == nil {
		return
	}
	if lit := made(fn.Body); lit != nil {
		v.funcType(lit.Type)
		v.body(lit.Body)
		return
	}
	v.body(fn.Body)
}

// made returns the literal if returning it is all that a body does.
func made(body *ast.BlockStmt) *ast.FuncLit {
	if len(body.List) != 1 {
		return nil
	}
	ret, ok := body.List[0].(*ast.ReturnStmt)
	if !ok || len(ret.Results) != 1 {
		return nil
	}
	lit, _ := ret.Results[0].(*ast.FuncLit)
	return lit
}

func (v *verifier) funcType(t *ast.FuncType) {
	v.want(t.TypeParams == nil, t)
	for _, p := range t.Params.List {
		v.want(len(p.Names) == 1 && isMade(p.Names[0].Name), p)
		v.typ(p.Type)
	}
	if t.Results == nil {
		return
	}
	for _, r := range t.Results.List {
		v.want(len(r.Names) == 0, r)
		v.typ(r.Type)
	}
}

// body looks at the body of a function. Variables are declared here, and not in the blocks inside.
func (v *verifier) body(b *ast.BlockStmt) {
	v.loops, v.labels, v.jumps = nil, map[string]bool{}, nil
	for _, s := range b.List {
		if d, ok := s.(*ast.DeclStmt); ok {
			v.variable(d)
			continue
		}
		v.stmt(s)
	}
	for _, s := range v.jumps {
		v.want(v.labels[s.Label.Name], s)
	}
}

func (v *verifier) variable(d *ast.DeclStmt) {
	gen, ok := d.Decl.(*ast.GenDecl)
	if !ok || gen.Tok != token.VAR || len(gen.Specs) != 1 {
		v.fault(d)
		return
	}
	spec := gen.Specs[0].(*ast.ValueSpec)
	v.want(len(spec.Names) == 1 && isMade(spec.Names[0].Name) && spec.Type != nil && len(spec.Values) == 0, d)
	if spec.Type != nil {
		v.typ(spec.Type)
	}
}

func (v *verifier) block(b *ast.BlockStmt) {
	for _, s := range b.List {
		v.stmt(s)
	}
}

func (v *verifier) stmt(s ast.Stmt) {
	v.at(s)
	switch s := s.(type) {
	case *ast.AssignStmt:
		v.assign(s)
	case *ast.IncDecStmt:
		v.want(isName(s.X), s)
	case *ast.ExprStmt:
		_, isCall := s.X.(*ast.CallExpr)
		v.want(isCall, s)
		v.expr(s.X)
	case *ast.IfStmt:
		v.ifStmt(s)
	case *ast.ForStmt, *ast.RangeStmt:
		v.loop(s)
	case *ast.LabeledStmt:
		v.labeled(s)
	case *ast.BranchStmt:
		v.branch(s)
	case *ast.ReturnStmt:
		v.exprs(s.Results)
	default:
		v.fault(s)
	}
}

// assign looks at an assignment of one value, alone or with an operation, or of all values of a call or of an index of a map.
func (v *verifier) assign(s *ast.AssignStmt) {
	isOperation := slices.Contains(assignOperators, s.Tok) && len(s.Lhs) == 1
	v.want((s.Tok == token.ASSIGN || isOperation) && len(s.Rhs) == 1, s)
	if len(s.Lhs) > 1 {
		switch s.Rhs[0].(type) {
		case *ast.CallExpr, *ast.IndexExpr:
		default:
			v.fault(s)
		}
	}
	for _, left := range s.Lhs {
		v.want(isPlace(left), s)
	}
	v.exprs(s.Lhs)
	v.exprs(s.Rhs)
}

// assignOperators are those that core can assign with. Shifts are not among them: their counts are looked at before.
var assignOperators = []token.Token{token.ADD_ASSIGN, token.SUB_ASSIGN, token.MUL_ASSIGN, token.QUO_ASSIGN, token.REM_ASSIGN,
	token.AND_ASSIGN, token.OR_ASSIGN, token.XOR_ASSIGN, token.AND_NOT_ASSIGN}

// isPlace reports whether x can be assigned to.
func isPlace(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return isMade(x.Name)
	case *ast.StarExpr, *ast.IndexExpr:
		return true
	case *ast.SelectorExpr:
		return !isPoolRef(x)
	}
	return false
}

func (v *verifier) ifStmt(s *ast.IfStmt) {
	v.want(s.Init == nil, s)
	v.expr(s.Cond)
	v.block(s.Body)
	switch other := s.Else.(type) {
	case nil:
	case *ast.BlockStmt:
		v.block(other)
	default:
		_, isIf := other.(*ast.IfStmt)
		v.want(isIf, other)
		v.stmt(other)
	}
}

func (v *verifier) loop(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.ForStmt:
		v.want(s.Init == nil && s.Cond != nil && isPost(s.Post), s)
		if s.Cond != nil {
			v.expr(s.Cond)
		}
		if s.Post != nil {
			v.stmt(s.Post)
		}
		v.block(s.Body)
	case *ast.RangeStmt:
		v.want(s.Tok == token.DEFINE && isName(s.Key) && (s.Value == nil || isName(s.Value)), s)
		v.expr(s.X)
		v.block(s.Body)
	}
}

func isPost(s ast.Stmt) bool {
	switch s.(type) {
	case nil, *ast.AssignStmt, *ast.IncDecStmt, *ast.ExprStmt:
		return true
	}
	return false
}

// isName reports whether x is a variable of core.
func isName(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && isMade(id.Name)
}

func (v *verifier) labeled(s *ast.LabeledStmt) {
	switch inner := s.Stmt.(type) {
	case *ast.EmptyStmt: // the aim of a goto
		v.labels[s.Label.Name] = true
	case *ast.ForStmt, *ast.RangeStmt:
		v.loops = append(v.loops, s.Label.Name)
		v.loop(inner)
		v.loops = v.loops[:len(v.loops)-1]
	default:
		v.fault(s)
	}
}

func (v *verifier) branch(s *ast.BranchStmt) {
	switch {
	case s.Label == nil:
		v.fault(s)
	case s.Tok == token.GOTO:
		v.jumps = append(v.jumps, s)
	default:
		v.want(s.Tok != token.FALLTHROUGH && slices.Contains(v.loops, s.Label.Name), s)
	}
}

func (v *verifier) exprs(list []ast.Expr) {
	for _, x := range list {
		v.expr(x)
	}
}

func (v *verifier) expr(x ast.Expr) {
	v.at(x)
	switch x := x.(type) {
	case *ast.Ident:
		v.want(isMade(x.Name) && x.Name != poolName || x.Name == "true" || x.Name == "false" || x.Name == "nil", x)
	case *ast.BasicLit:
		v.want(x.Kind == token.INT || x.Kind == token.STRING, x)
	case *ast.ParenExpr:
		v.expr(x.X)
	case *ast.StarExpr:
		v.expr(x.X)
	case *ast.UnaryExpr:
		v.want(slices.Contains(unaryOperators, x.Op), x)
		v.expr(x.X)
	case *ast.BinaryExpr:
		v.expr(x.X)
		v.expr(x.Y)
	case *ast.SelectorExpr:
		if !isPoolRef(x) {
			v.expr(x.X)
		}
	case *ast.IndexExpr:
		v.expr(x.X)
		v.expr(x.Index)
	case *ast.SliceExpr:
		v.slice(x)
	case *ast.CompositeLit:
		v.composite(x)
	case *ast.CallExpr:
		v.call(x)
	default:
		v.fault(x)
	}
}

var unaryOperators = []token.Token{token.SUB, token.NOT, token.XOR, token.AND}

func (v *verifier) slice(x *ast.SliceExpr) {
	v.expr(x.X)
	for _, bound := range []ast.Expr{x.Low, x.High, x.Max} {
		if bound != nil {
			v.expr(bound)
		}
	}
}

func (v *verifier) composite(x *ast.CompositeLit) {
	if x.Type == nil {
		v.fault(x)
		return
	}
	v.typ(x.Type)
	for _, elem := range x.Elts {
		pair, ok := elem.(*ast.KeyValueExpr)
		if !ok {
			v.expr(elem)
			continue
		}
		if _, isField := pair.Key.(*ast.Ident); !isField {
			v.expr(pair.Key)
		}
		v.expr(pair.Value)
	}
}

// call looks at a call, or at a conversion.
func (v *verifier) call(x *ast.CallExpr) {
	args := x.Args
	switch fun := x.Fun.(type) {
	case *ast.Ident:
		if takesType := fun.Name == "new" || fun.Name == "make"; takesType && len(args) > 0 {
			v.typ(args[0])
			args = args[1:]
		} else {
			v.want(isMade(fun.Name) || isBasic(fun.Name) || slices.Contains(builtins, fun.Name), x)
		}
	case *ast.SelectorExpr:
		v.expr(fun)
	default:
		v.fault(x)
	}
	v.exprs(args)
}

// builtins are the builtin functions of core, besides new and make.
var builtins = []string{"append", "cap", "delete", "len"}

// typ looks at a type: a basic one, or an entry of the pool.
func (v *verifier) typ(x ast.Expr) {
	switch x := x.(type) {
	case *ast.Ident:
		v.want(isBasic(x.Name), x)
	case *ast.SelectorExpr:
		v.want(isPoolRef(x) && strings.HasPrefix(x.Sel.Name, "T"), x)
	default:
		v.fault(x)
	}
}

// isBasic reports whether a name is that of a basic type, in the spelling of core.
func isBasic(name string) bool {
	return slices.ContainsFunc(types.Typ[types.Bool:types.UnsafePointer], func(b *types.Basic) bool { return b.Name() == name })
}
