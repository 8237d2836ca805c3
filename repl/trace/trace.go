// Package trace writes the stacks of panics as Go's runtime does, from positions in source that is interpreted.
//
//	Functions   knows the functions of what was checked, by their positions
//	Stack       is the text of a stack
package trace

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// maxFrames is how many frames of a stack the runtime shows at each end.
const maxFrames = 50

// Functions knows stretches of source by the names that stacks have for them. It can be used by several goroutines.
type Functions struct {
	mu   sync.Mutex
	list []function // by the start of their bodies; those in others after them
}

// function is a stretch of source that a stack names.
type function struct {
	pos, end token.Pos // of its body
	name     string    // with the parentheses the runtime prints after it
}

// Add learns the functions of a package that decls declare, and those in stmts, which are the body of main.
func (f *Functions) Add(pkg string, decls []ast.Decl, stmts []ast.Stmt) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, d := range decls {
		name := pkg + ".glob."
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			name = pkg + "." + declared(fn)
			f.add(fn.Body, name, fn.Type, fn.Recv != nil)
		}
		f.literals(d, name, new(int))
	}
	count := 0
	for _, s := range stmts {
		f.literals(s, pkg+".main", &count)
	}
	slices.SortStableFunc(f.list, func(a, b function) int { return cmp.Compare(a.pos, b.pos) })
}

func (f *Functions) add(body *ast.BlockStmt, name string, typ *ast.FuncType, hasReceiver bool) {
	args := "()"
	if typ.Params.NumFields() > 0 || hasReceiver {
		args = "(...)"
	}
	f.list = append(f.list, function{body.Pos(), body.End(), name + args})
}

// literals names the function literals directly in n: NAME.func1, NAME.func2, and those in them NAME.func1.1.
func (f *Functions) literals(n ast.Node, name string, count *int) {
	prefix := ".func"
	if last := name[strings.LastIndex(name, ".")+1:]; strings.HasPrefix(last, "func") || isNumber(last) {
		prefix = "."
	}
	ast.Inspect(n, func(m ast.Node) bool {
		lit, ok := m.(*ast.FuncLit)
		if !ok || m == n || !lit.Pos().IsValid() {
			return true
		}
		*count++
		inner := fmt.Sprintf("%s%s%d", name, prefix, *count)
		f.add(lit.Body, inner, lit.Type, false)
		f.literals(lit, inner, new(int))
		return false
	})
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// declared is f, T.f or (*T).f.
func declared(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	t, pointer := ast.Unparen(fn.Recv.List[0].Type), false
	if star, ok := t.(*ast.StarExpr); ok {
		t, pointer = ast.Unparen(star.X), true
	}
	switch x := t.(type) { // of a generic type
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	id, ok := t.(*ast.Ident)
	switch {
	case !ok:
		return fn.Name.Name
	case pointer:
		return "(*" + id.Name + ")." + fn.Name.Name
	}
	return id.Name + "." + fn.Name.Name
}

// At names the innermost function at a position.
func (f *Functions) At(pos token.Pos) (name string, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	after, _ := slices.BinarySearchFunc(f.list, pos+1, func(g function, pos token.Pos) int { return cmp.Compare(g.pos, pos) })
	for _, g := range slices.Backward(f.list[:after]) {
		if pos < g.end {
			return g.name, true
		}
	}
	return "", false
}

// Stack is the text of a stack whose frames stand at the positions given, innermost first, without the addresses.
// Positions in no function are in the one named otherwise. File, if not nil, says how to write a file's name.
func (f *Functions) Stack(fset *token.FileSet, header string, frames []token.Pos, otherwise string, file func(string) string) string {
	var b strings.Builder
	b.WriteString(header + "\n")
	for i, pos := range frames {
		switch left := len(frames) - i - maxFrames; {
		case i < maxFrames || left <= 0:
			name, ok := f.At(pos)
			if !ok {
				name = otherwise
			}
			p := fset.Position(pos)
			if file != nil {
				p.Filename = file(p.Filename)
			}
			fmt.Fprintf(&b, "%s\n\t%s:%d\n", name, p.Filename, p.Line)
		case i == maxFrames:
			fmt.Fprintf(&b, "...%d frames elided...\n", left)
		}
	}
	return b.String()
}

// Header is the line by which the runtime names the calling goroutine.
func Header() string {
	buf := make([]byte, 64)
	line, _, _ := strings.Cut(string(buf[:runtime.Stack(buf, false)]), "\n")
	return line
}
