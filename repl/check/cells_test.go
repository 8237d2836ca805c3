package check

import (
	"errors"
	"flag"
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the cells of testdata/cells give into the files")

// leaveOut are the packages that cells of tests can leave out.
var leaveOut = []string{
	"bytes", "crypto/rand", "errors", "fmt", "gonum.org/v1/gonum/mat", "gonum.org/v1/plot", "html/template", "image/draw",
	"kairos/stdlib/data", "kairos/stdlib/plot", "math", "math/rand", "math/rand/v2", "os", "sort", "strings",
	"text/template", "gonum.org/v1/plot/vg/draw",
}

// TestCells runs the sessions of testdata/cells. Below each cell stands what it gives, in lines that begin with marker.
func TestCells(t *testing.T) {
	archives, err := filepath.Glob("testdata/cells/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no sessions", err)
	}
	for _, path := range archives {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range a.Files {
			name := strings.TrimSuffix(filepath.Base(path), ".txtar") + "/" + f.Name
			t.Run(name, func(t *testing.T) {
				got := session(t, string(f.Data))
				if *update {
					a.Files[i].Data = []byte(got)
				} else if d := cmp.Diff(string(f.Data), got); d != "" {
					t.Errorf("want (-), got (+):\n%s", d)
				}
			})
		}
		if *update {
			if err := os.WriteFile(path, txtar.Format(a), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

const (
	separator = "// %%\n"
	marker    = "//= "
)

// session checks and declares the cells of a transcript, and returns it with what they gave.
func session(t *testing.T, transcript string) string {
	c := NewCells(token.NewFileSet(), CellsConfig{Packages: leaveOut})
	var out []string
	for i, part := range strings.Split(transcript, separator) {
		src := withoutMarked(part)
		before := snapshot(c)
		cell, err := c.Check(fmt.Sprintf("cell[%d]", i+1), src)
		if err == nil {
			c.Declare(cell)
		} else if d := cmp.Diff(before, snapshot(c)); d != "" {
			t.Errorf("cell[%d] failed and changed what is declared:\n%s", i+1, d)
		}
		out = append(out, src+result(cell, err))
	}
	return strings.Join(out, separator)
}

func withoutMarked(part string) string {
	var b strings.Builder
	for line := range strings.Lines(part) {
		if !strings.HasPrefix(line, marker) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// result prints what is known of a cell.
func result(cell *Cell, err error) string {
	var lines []string
	say := func(format string, args ...any) {
		for line := range strings.Lines(fmt.Sprintf(format, args...)) {
			lines = append(lines, marker+strings.TrimSuffix(line, "\n"))
		}
	}
	var list Errors
	if errors.As(err, &list) {
		say("%s", list.Pretty())
		return strings.Join(lines, "\n") + "\n"
	}
	local := types.RelativeTo(cell.Pkg)
	for _, p := range cell.Imports {
		say("import %s %q", p.Name(), p.Imported().Path())
	}
	for _, r := range cell.Replaced {
		say("%s replaces that of %s", types.ObjectString(r.New, local), cell.Fset.Position(r.Old.Pos()).Filename)
	}
	for _, v := range cell.Vars {
		say("var %s %s", v.Name(), types.TypeString(v.Type(), local))
	}
	for _, d := range cell.Decls {
		for f, uses := range cell.Uses {
			if f == d {
				say("func %s uses %s", f.Name.Name, objectNames(uses))
			}
		}
	}
	if cell.Init > 0 {
		say("%d statements, then init", cell.Init)
	}
	if n := len(cell.Stmts) - cell.Init; n > 0 {
		say("%d statements", n)
	}
	if cell.Value != nil {
		say("value %s %s%s", types.ExprString(cell.Value), types.TypeString(cell.Info.TypeOf(cell.Value), local),
			map[bool]string{true: ", suppressed"}[cell.Suppressed])
	}
	return strings.Join(append(lines, ""), "\n")
}

func objectNames(objects []types.Object) string {
	var names []string
	for _, o := range objects {
		names = append(names, o.Name())
	}
	return strings.Join(names, ", ")
}

// snapshot describes all that is declared, with the identity of objects.
func snapshot(c *Cells) map[string]string {
	all := map[string]string{}
	for name, obj := range c.All() {
		all[name] = fmt.Sprintf("%p %s", obj, types.ObjectString(obj, types.RelativeTo(c.pkg)))
		if named, ok := obj.Type().(*types.Named); ok {
			for m := range named.Methods() {
				all[name] += fmt.Sprintf("\n%p %s", m, m)
			}
		}
	}
	all["pending"] = fmt.Sprint(len(c.pending), slices.Sorted(maps.Keys(c.renewed)))
	return all
}

func ExampleCells() {
	c := NewCells(token.NewFileSet(), CellsConfig{Packages: []string{"strings"}})
	for i, src := range []string{"name := strings.ToUpper(\"go\")\nlen(name)", "name + 1"} {
		cell, err := c.Check(fmt.Sprintf("cell[%d]", i+1), src)
		if err != nil {
			fmt.Println(err.(Errors).Pretty())
			continue
		}
		c.Declare(cell)
		fmt.Println(cell.Vars, cell.Info.TypeOf(cell.Value))
	}
	// Output:
	// [var main.name string] int
	// cell[2]:1:1: invalid operation: name + 1 (mismatched types string and untyped int)
	//     name + 1
	//     ^
}

func ExampleComplete() {
	for _, src := range []string{"x := 1", "if x > 0 {", "x := }"} {
		status, indent := Complete(src)
		fmt.Printf("%q: %v %q\n", src, status, indent)
	}
	// Output:
	// "x := 1": whole ""
	// "if x > 0 {": unfinished "\t"
	// "x := }": invalid ""
}

func TestCellIdentity(t *testing.T) {
	c := NewCells(token.NewFileSet(), CellsConfig{})
	declare := func(name, src string) *Cell {
		cell, err := c.Check(name, src)
		if err != nil {
			t.Fatal(err)
		}
		c.Declare(cell)
		return cell
	}
	first := declare("cell[1]", "x := 1\nfunc f() int { return x }\ntype T struct{}")
	second := declare("cell[2]", "y := x + f()\nvar t T\nx := x + y")
	for id, obj := range second.Info.Uses {
		if id.Name == "x" && obj != first.Vars[0] {
			t.Errorf("%s: x is not that of cell[1]", c.fset.Position(id.Pos()))
		}
		if !TopLevel(obj) && obj.Pkg() == c.Package() {
			t.Errorf("%v is not at the top level", obj)
		}
	}
	if c.Lookup("x") != second.Vars[2] {
		t.Errorf("x is %v", c.Lookup("x"))
	}
	for id, obj := range first.Info.Uses {
		if id.Name == "x" && obj != first.Vars[0] {
			t.Error("in a function, x is not the variable of the cell")
		}
	}
}

// TestUndeclared checks a cell that is right and is not declared after all.
func TestUndeclared(t *testing.T) {
	c := NewCells(token.NewFileSet(), CellsConfig{})
	cell, err := c.Check("cell[1]", "type T struct{}\nfunc (T) M() int { return 1 }")
	if err != nil {
		t.Fatal(err)
	}
	c.Declare(cell)
	named := c.Lookup("T").Type().(*types.Named)
	old := named.Method(0)
	if _, err := c.Check("cell[2]", "func (T) M() int { return 2 }\nfunc (T) N() {}\nx := T{}"); err != nil {
		t.Fatal(err)
	}
	if named.NumMethods() != 2 || named.Method(0) == old {
		t.Errorf("after the check T has %d methods", named.NumMethods())
	}
	if _, err := c.Check("cell[3]", "T{}.N()"); err == nil {
		t.Error("T has a method of a cell that was not declared")
	}
	if named.NumMethods() != 1 || named.Method(0) != old || c.Lookup("x") != nil {
		t.Error("a cell that was not declared left something")
	}
}

func TestPretty(t *testing.T) {
	c := NewCells(token.NewFileSet(), CellsConfig{})
	_, err := c.Check("cell[1]", "\tif true {\r\n\t\ts := \"日本é\u0301\" + wrong\r\n\t}\r\n")
	want := "cell[1]:2:23: undefined: wrong\n    \t\ts := \"日本é\u0301\" + wrong\n    \t\t               ^"
	var list Errors
	if errors.As(err, &list); list.Pretty() != want {
		t.Errorf("want\n%s\ngot\n%s", want, list.Pretty())
	}
}

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		src    string
		want   Status
		indent string
	}{
		{"", Whole, ""},
		{"// only a comment", Whole, ""},
		{"x := 1", Whole, ""},
		{"x := 1;", Whole, ""},
		{"if x {}", Whole, ""},
		{"if x {}\n", Whole, ""},
		{"func f() {}", Whole, ""},
		{"undeclared", Whole, ""},
		{"if x {", Unfinished, "\t"},
		{"if x {\n\tfor {", Unfinished, "\t\t"},
		{"f(func() {", Unfinished, "\t"},
		{"f(func() {\n\tg(", Unfinished, "\t\t"},
		{"x :=", Unfinished, "\t"},
		{"a +", Unfinished, "\t"},
		{"a.", Unfinished, "\t"},
		{"if x {} else", Unfinished, "\t"},
		{"f(a,", Unfinished, "\t"},
		{"[]int{1,", Unfinished, "\t"},
		{"import", Unfinished, "\t"},
		{"import (", Unfinished, "\t"},
		{"type T struct {", Unfinished, "\t"},
		{"const (\n\ta = iota", Unfinished, "\t"},
		{"func f(", Unfinished, "\t"},
		{"x := `a\nb", Unfinished, ""},
		{"x := 1 /* why", Unfinished, ""},
		{"a + // more", Unfinished, "\t"},
		{"x := \"a", Invalid, ""},
		{"x := 1 2", Invalid, ""},
		{"}", Invalid, ""},
		{"f(]", Invalid, ""},
		{"var x", Invalid, ""},
		{"if x", Invalid, ""},
		{"x := @", Invalid, ""},
		{"x = = 1\nif x {", Invalid, ""},
		{"1, 2", Invalid, ""},
	} {
		got, indent := Complete(c.src)
		if got != c.want || indent != c.indent {
			t.Errorf("%q: %v, indent %q; want %v, %q", c.src, got, indent, c.want, c.indent)
		}
	}
}

func BenchmarkCell(b *testing.B) {
	c := NewCells(token.NewFileSet(), CellsConfig{Packages: leaveOut})
	for i := range 1000 {
		cell, err := c.Check("cell[1]", fmt.Sprintf("func f%d(x int) int { return x }\nv%d := f%d(1)", i, i, i))
		if err != nil {
			b.Fatal(err)
		}
		c.Declare(cell)
	}
	src := `total := 0
for i := range 10 {
	total += f1(i) + v2
}
name := strings.ToUpper(fmt.Sprint("n", total))
name`
	for b.Loop() {
		cell, err := c.Check("cell[2]", src)
		if err != nil {
			b.Fatal(err)
		}
		c.Declare(cell)
	}
}
