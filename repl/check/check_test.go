package check

import (
	"errors"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScriptErrors(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"all at once", `package main
import ("fmt"; "os")
func main() {
	x := 1
	foo()
	fmt.Println(y.z)
}`, `# command-line-arguments
./x.go:2:16: "os" imported and not used
./x.go:4:2: declared and not used: x
./x.go:5:2: undefined: foo
./x.go:6:14: undefined: y`},
		{"details stay with their error", `package main
func f() (int, string) { return 1 }
type T struct{}
func (T) M() {}
func (T) M() {}
func main() {}`, `# command-line-arguments
./x.go:2:33: not enough return values
	have (number)
	want (int, string)
./x.go:5:10: method T.M already declared at ./x.go:4:10`},
		{"the tenth ends it", "package main\nfunc main() {\n" + strings.Repeat("a()\n", 12) + "}",
			"# command-line-arguments\n" + strings.Join([]string{
				"./x.go:3:1: undefined: a", "./x.go:4:1: undefined: a", "./x.go:5:1: undefined: a", "./x.go:6:1: undefined: a",
				"./x.go:7:1: undefined: a", "./x.go:8:1: undefined: a", "./x.go:9:1: undefined: a", "./x.go:10:1: undefined: a",
				"./x.go:11:1: undefined: a", "./x.go:12:1: undefined: a", "./x.go:12:1: too many errors",
			}, "\n")},
		{"once a line", "package main\nfunc main() { a(); a() }", "# command-line-arguments\n./x.go:2:15: undefined: a"},
		{"syntax", "package main\nfunc main() { x := }", "# command-line-arguments\n./x.go:2:20: syntax error: expected operand, found '}'"},
		{"header", "pakage main", "x.go:1:1: expected 'package', found pakage"},
		{"not main", "package foo\nfunc main() {}", "package command-line-arguments is not a main package"},
		{"no main", "package main\nfunc Main() {}", "# command-line-arguments\nruntime.main_main·f: function main is undeclared in the main package"},
		{"imports", "package main\nimport (\n\"fmt\"\n\"example.com/x\"\n\"unsafe\"\n)\nfunc main() {}",
			`x.go:4:1: no package example.com/x here: a script can import the standard library, kairos/stdlib/… and parts of gonum.org/v1
x.go:5:1: package unsafe is not among those of the standard library that a script can import`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Script(token.NewFileSet(), "./x.go", []byte(c.src))
			if err == nil {
				t.Fatal("no error")
			}
			if d := cmp.Diff(c.want, err.Error()); d != "" {
				t.Errorf("want (-), got (+):\n%s", d)
			}
			var list Errors
			if !errors.As(err, &list) || len(list.List) == 0 {
				t.Errorf("the error is a %T", err)
			}
		})
	}
}

func TestScriptTypes(t *testing.T) {
	src := `package main
import ("kairos/stdlib/data"; "slices"; "gonum.org/v1/plot")
func main() {
	order := []int{2, 1}
	slices.Sort(order)
	picked, err := data.Pick(nil, order)
	for i := range len(picked) { _ = min(i, 1.0) }
	_, _ = err, plot.New()
}`
	p, err := Script(token.NewFileSet(), "x.go", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for id, obj := range p.Info.Defs {
		if v, ok := obj.(*types.Var); ok {
			found[id.Name] = v.Type().String()
		}
	}
	want := map[string]string{"order": "[]int", "picked": "[]kairos/stdlib/data.Example", "err": "error", "i": "int"}
	if d := cmp.Diff(want, found); d != "" {
		t.Errorf("types of variables, want (-), got (+):\n%s", d)
	}
	if len(p.Info.Instances) != 1 {
		t.Errorf("%d instances of generic functions, want that of slices.Sort", len(p.Info.Instances))
	}
}

func BenchmarkScript(b *testing.B) {
	src := []byte(`package main
import ("fmt"; "os"; "strings"; "kairos/stdlib/data")
func main() { fmt.Println(strings.ToUpper("a"), os.Args, data.Example{}) }`)
	for b.Loop() {
		if _, err := Script(token.NewFileSet(), "x.go", src); err != nil {
			b.Fatal(err)
		}
	}
}
