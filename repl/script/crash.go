package script

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/traefik/yaegi/interp"

	"kairos/repl/check"
	"kairos/repl/lower/rt"
)

// crashStatus is the exit status of a Go program that panics.
const crashStatus = 2

// maxFrames is how many frames of a stack the runtime shows at each end.
const maxFrames = 50

// crash ends the process as a panic does that nobody recovers.
type crash struct {
	fset      *token.FileSet
	functions []function // in the order of their ends, so that the first that spans a position is the innermost
}

// function is a stretch of source that a stack trace names.
type function struct {
	pos, end token.Pos // of its body
	name     string    // with the parentheses the runtime prints after it
}

// of ends the process if err is that of a program that panicked; otherwise err says why yaegi did not run it.
func (c crash) of(err error) error {
	var p interp.Panic
	if !errors.As(err, &p) {
		return err
	}
	switch v := p.Value.(type) {
	case *rt.Thrown:
		c.uncaught(v)
	case unprepared:
		return fmt.Errorf("%s: kairos cannot interpret this yet: %v", c.fset.Position(v.pos), v.cause)
	}
	return cannot(p.Value)
}

// uncaught prints t and the frames it passed through as the runtime would, and exits.
func (c crash) uncaught(t *rt.Thrown) {
	var b strings.Builder
	fmt.Fprintf(&b, "panic: %s\n", t.Text())
	if t.Value == rt.NilDereference {
		b.WriteString("[signal SIGSEGV: segmentation violation]\n")
	}
	fmt.Fprintf(&b, "\n%s\n", goroutineHeader())
	for i, pos := range t.Trace {
		switch left := len(t.Trace) - i - maxFrames; {
		case i < maxFrames || left <= 0:
			b.WriteString(c.frame(pos))
		case i == maxFrames:
			fmt.Fprintf(&b, "...%d frames elided...\n", left)
		}
	}
	os.Stderr.WriteString(b.String())
	os.Exit(crashStatus)
}

// frame is how the runtime shows a frame of the stack, without its addresses.
func (c crash) frame(pos token.Pos) string {
	p := c.fset.Position(pos)
	file, err := filepath.Abs(p.Filename)
	if err != nil {
		file = p.Filename
	}
	return fmt.Sprintf("%s\n\t%s:%d\n", c.functionAt(pos), file, p.Line)
}

// goroutineHeader is the line by which the runtime names the current goroutine.
func goroutineHeader() string {
	buf := make([]byte, 64)
	line, _, _ := strings.Cut(string(buf[:runtime.Stack(buf, false)]), "\n")
	return line
}

func (c crash) functionAt(pos token.Pos) string {
	for _, f := range c.functions {
		if f.pos <= pos && pos < f.end {
			return f.name
		}
	}
	return "main.init()"
}

// newCrash looks up the functions of a program.
func newCrash(prog *check.Program) crash {
	c := crash{fset: prog.Fset}
	for _, decl := range prog.File.Decls {
		name := "main.glob."
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil {
			name = "main." + declaredName(fn)
			c.add(fn.Body, name, fn.Type, fn.Recv != nil)
		}
		c.addLiterals(decl, name)
	}
	slices.SortStableFunc(c.functions, func(a, b function) int { return cmp.Compare(a.end-a.pos, b.end-b.pos) })
	return c
}

func (c *crash) add(body *ast.BlockStmt, name string, typ *ast.FuncType, hasReceiver bool) {
	args := "()"
	if typ.Params.NumFields() > 0 || hasReceiver {
		args = "(...)"
	}
	c.functions = append(c.functions, function{body.Pos(), body.End(), name + args})
}

// addLiterals names the function literals directly in n: NAME.func1, NAME.func2, and those in them NAME.func1.1.
func (c *crash) addLiterals(n ast.Node, name string) {
	count := 0
	prefix := ".func"
	if last := name[strings.LastIndex(name, ".")+1:]; strings.HasPrefix(last, "func") || isNumber(last) {
		prefix = "."
	}
	ast.Inspect(n, func(m ast.Node) bool {
		lit, ok := m.(*ast.FuncLit)
		if !ok || m == n || !lit.Pos().IsValid() {
			return true
		}
		count++
		inner := fmt.Sprintf("%s%s%d", name, prefix, count)
		c.add(lit.Body, inner, lit.Type, false)
		c.addLiterals(lit, inner)
		return false
	})
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// declaredName is f, T.f or (*T).f.
func declaredName(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	switch t := ast.Unparen(fn.Recv.List[0].Type).(type) {
	case *ast.StarExpr:
		if id, ok := ast.Unparen(t.X).(*ast.Ident); ok {
			return "(*" + id.Name + ")." + fn.Name.Name
		}
	case *ast.Ident:
		return t.Name + "." + fn.Name.Name
	}
	return fn.Name.Name
}
