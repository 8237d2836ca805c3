package export_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"kairos/repl/export"
	"kairos/stdlib/symbols/typedata"
)

// scripts returns programs of the kind people write that end well, with what they print.
func scripts(t *testing.T) (names []string, programs, outputs map[string]string) {
	t.Helper()
	archive, err := txtar.ParseFile("../script/testdata/everyday.txtar")
	if err != nil {
		t.Fatal(err)
	}
	programs, outputs = map[string]string{}, map[string]string{}
	for i, f := range archive.Files {
		name, isProgram := strings.CutSuffix(f.Name, ".go")
		if !isProgram {
			continue
		}
		if out, well := strings.CutSuffix(string(archive.Files[i+1].Data), "status 0\n"); well && archive.Files[i+1].Name == name+".out" {
			names = append(names, name)
			programs[name], outputs[name] = string(f.Data), out
		}
	}
	return names, programs, outputs
}

// TestScripts takes scripts apart and has a session evaluate the cells, and makes programs of those.
func TestScripts(t *testing.T) {
	names, programs, outputs := scripts(t)
	sources := map[string]exported{}
	importer := typedata.NewImporter()
	total := 0
	for i, name := range names {
		parts, err := export.Cells(programs[name])
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		total += len(parts)
		text := strings.Join(parts, "\n// %%\n")
		out, err := session(t, parts)
		if d := cmp.Diff(outputs[name], out); d != "" || err != nil {
			t.Errorf("%s: %v, script (-), cells (+):\n%s\n%s", name, err, d, text)
		}
		src, err := export.Program(parts, export.Config{Importer: importer})
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, text)
			continue
		}
		if again, err := export.Cells(src); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if twice, err := export.Program(again, export.Config{Importer: importer}); err != nil || twice != src {
			t.Errorf("%s: %v, once (-), twice (+):\n%s", name, err, cmp.Diff(src, twice))
		}
		if *all || i%sample == 0 {
			sources[name] = exported{id: name, src: src}
		}
	}
	bin := build(t, sources)
	for name := range sources {
		got, errs, err := execute(t, filepath.Join(bin, binary(name)))
		if d := cmp.Diff(outputs[name], got); d != "" || err != nil {
			t.Errorf("%s: %v, script (-), program (+):\n%s\n%s", name, err, d, errs)
		}
	}
	t.Logf("%d scripts, %d cells, %d compiled again", len(names), total, len(sources))
}

func ExampleCells() {
	cells, _ := export.Cells(`// Count counts.
package main

import "fmt"

func main() {
	n := count("a b")

	// What came out.
	fmt.Println(n)
	defer fmt.Println("end")

	fmt.Println("last")
}

func count(s string) int { return len(words(s)) }

func words(s string) []string { return strings.Fields(s) }
`)
	fmt.Println(strings.Join(cells, "\n---\n"))
	// Output:
	// // %% [markdown]
	// // Count counts.
	// ---
	// func words(s string) []string { return strings.Fields(s) }
	// ---
	// func count(s string) int { return len(words(s)) }
	// ---
	// n := count("a b")
	// ---
	// import "fmt"
	//
	// // What came out.
	// fmt.Println(n)
	// defer fmt.Println("end")
	//
	// fmt.Println("last")
}

// TestCells is about the forms of files.
func TestCells(t *testing.T) {
	for _, c := range []struct {
		name, src string
		want      []string
	}{
		{"return", "package main\n\nfunc f() bool { return true }\n\nfunc main() {\n\tif f() {\n\t\treturn\n\t}\n\n\tf()\n}\n",
			[]string{"func f() bool { return true }", "func main() {\n\tif f() {\n\t\treturn\n\t}\n\n\tf()\n}"}},
		{"dropped", "package main\n\nfunc f() bool { return true }\n\nfunc main() {\n\tf()\n\n\tf() // again\n}\n",
			[]string{"func f() bool { return true }", "f();", "f(); // again"}},
		{"mutual", "package main\n\nfunc a() { b() }\n\nvar x = 1\n\nfunc b() { a() }\n\nfunc (T) m() T { return T{} }\n\ntype T struct{}\n\nfunc main() {}\n",
			[]string{"func a() { b() }\n\nfunc b() { a() }", "var x = 1", "func (T) m() T { return T{} }\n\ntype T struct{}"}},
		{"init", "package main\n\nfunc init() { x++ }\n\nvar x = 1 // one\n\nfunc main() {}\n",
			[]string{"var x = 1 // one", "func init() { x++ }"}},
		{"shown", "package main\n\nimport \"kairos/stdlib/cell\"\n\nfunc main() {\n\tx := 1\n\tcell.Show(x)\n\n\tcell.Show(x + 1) // two\n}\n",
			[]string{"x := 1\nx", "x + 1 // two"}},
		{"separators", "x := 1\n// %%\nx + 1\n\n//%% [markdown]\n// Text.\n// %% 3\n",
			[]string{"x := 1", "x + 1", "// %% [markdown]\n// Text."}},
		{"unnumbered", "package main\n\n// %% types\n\ntype T int\n\nfunc main() {\n\t// %%\n\tx := T(1)\n\t// %% show\n\tprintln(x)\n}\n",
			[]string{"// %% types\ntype T int", "x := T(1)", "// %% show\nprintln(x)"}},
	} {
		got, err := export.Cells(c.src)
		if d := cmp.Diff(c.want, got); d != "" || err != nil {
			t.Errorf("%s: %v\n%s", c.name, err, d)
		}
	}
}

func TestCellsErrors(t *testing.T) {
	for src, want := range map[string]string{
		"package main\n\nfunc main() {":  "export: read program: 3:14: expected '}', found 'EOF'",
		"package tool\n\nfunc main() {}": "export: read program: 1:9: it is of package tool: only programs, of package main, can become cells",
	} {
		if _, err := export.Cells(src); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", src, err, want)
		}
	}
}

// TestDemo takes the demonstration apart, which is a longer program.
func TestDemo(t *testing.T) {
	src, err := os.ReadFile("../../scripts/demo.go")
	if err != nil {
		t.Fatal(err)
	}
	parts, err := export.Cells(string(src))
	if err != nil {
		t.Fatal(err)
	}
	again, err := export.Program(parts, export.Config{})
	if err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(parts, "\n// %%\n"))
	}
	t.Logf("%d cells, %d lines of %d", len(parts), strings.Count(again, "\n"), strings.Count(string(src), "\n"))
}
