package export_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kairos/repl/conformance/cells"
	"kairos/repl/export"
	"kairos/stdlib/symbols/typedata"
)

func ExampleProgram() {
	src, err := export.Program([]string{
		"words := strings.Fields(`a b a`)",
		"func count(w string) (n int) {\n\tfor _, x := range words {\n\t\tif x == w {\n\t\t\tn++\n\t\t}\n\t}\n\treturn\n}",
		"// How many there are.\ncount(`a`)",
	}, export.Config{})
	fmt.Print(src, err)
	// Output:
	// package main
	//
	// import (
	// 	"strings"
	//
	// 	"kairos/stdlib/cell"
	// )
	//
	// // %% 1
	//
	// var words = strings.Fields(`a b a`)
	//
	// // %% 2
	//
	// func count(w string) (n int) {
	// 	for _, x := range words {
	// 		if x == w {
	// 			n++
	// 		}
	// 	}
	// 	return
	// }
	//
	// func main() {
	// 	// %% 3
	// 	// How many there are.
	// 	cell.Show(count(`a`))
	// }
	// <nil>
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		cells   string
		numbers []int
		cell    int
		name    string
		msg     string
		last    bool // Last makes a program of it
	}{
		{"x := 1\n// %%\nfmt.Println(y)", nil, 2, "", "it does not compile: leave it out, or add the cells that it needs\ncell[2]:1:13: undefined: y", false},
		{"x := 1\n// %%\nx = \"a\"", []int{4, 7}, 7, "", "cell[7]:1:5: cannot use", false},
		{"1 + 1\n// %%\n_9", nil, 2, "", "it uses the value of cell 9, which is not among the cells before it: add that cell", false},
		{"1 + 1\n// %%\nOut[2]", []int{1, 2}, 2, "", "it uses the value of cell 2, which is not among", false},
		{"x := 1\n// %%\nfmt.Println(_1)", nil, 2, "", "it uses the value of cell 1, which has none, or more than one", false},
		{"x := 1\n// %%\nfmt.Println(_)", nil, 2, "", "cannot use _ as value", false},
		{"x := 1\nx\n// %%\nfor k := range Out { fmt.Println(k) }", nil, 2, "", "it uses Out other than as Out[3]", false},
		{"func f() int { return 1 }\ng := f\n// %%\nfunc f() int { return 2 }\n// %%\nfmt.Println(g())", nil,
			1, "f", "it keeps the function f, which cell 2 redefines, and calls it before and after that", true},
		{"type T struct{}\nfunc (T) String() string { return \"a\" }\nfmt.Println(T{})\n// %%\nfunc (T) String() string { return \"b\" }\nfmt.Println(T{})",
			[]int{3, 8}, 8, "String", "it redefines the method T.String, which cells before it use", true},
		{"type T struct{}\nfmt.Println(T{})\n// %%\nfunc (T) String() string { return \"b\" }\nfmt.Println(T{})",
			nil, 2, "String", "it gives T the method String after cell 1 did without", true},
		{"type T struct{}\nvar x any = T{}\n_, ok := x.(interface{ Legs() int })\n// %%\nfunc (T) Legs() int { return 4 }\n",
			nil, 2, "Legs", "it gives T the method Legs after cell 1 did without", true},
		{"order := binary.LittleEndian\nfunc f() string { return order.String() }", nil,
			1, "order", "order is needed by other parts of the program, but its type binary.littleEndian has no name", false},
		{"x := 1\n//line a.go:100\ny := 2", nil, 1, "", "it has a line directive", false},
		{"import . \"math\"\nfmt.Println(Floor(1))\n// %%\nfunc Floor(x int) int { return x }\nfmt.Println(Floor(2))", nil,
			2, "", "the program made of the cells does not compile", false},
	} {
		_, err := export.Program(cellsOf(c.cells), export.Config{Numbers: c.numbers})
		var e *export.Error
		if !errors.As(err, &e) {
			t.Errorf("%q: no error", c.cells)
			continue
		}
		if e.Cell != c.cell || e.Name != c.name || !strings.Contains(e.Msg, c.msg) {
			t.Errorf("%q: got %d %q %q, want %d %q %q", c.cells, e.Cell, e.Name, e.Msg, c.cell, c.name, c.msg)
		}
		if want := fmt.Sprintf("export: cell %d: ", c.cell); !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %q, want %q", c.cells, err, want)
		}
		_, err = export.Program(cellsOf(c.cells), export.Config{Numbers: c.numbers, Last: true})
		if (err == nil) != c.last {
			t.Errorf("%q: with Last: %v", c.cells, err)
		}
	}
}

// FuzzProgram looks for cells at which Program panics, and for programs that cannot be taken apart and made again.
func FuzzProgram(f *testing.F) {
	all, err := cells.Load("../testdata/cells")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range all {
		f.Add(strings.Join(c.Cells, "\n// %%\n"))
	}
	importer := typedata.NewImporter()
	f.Fuzz(func(t *testing.T, text string) {
		src, err := export.Program(cellsOf(text), export.Config{Importer: importer})
		if err != nil {
			return
		}
		parts, err := export.Cells(src)
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		if again, err := export.Program(parts, export.Config{Importer: importer}); err != nil || again != src {
			t.Fatalf("%v\n%s", err, cmp.Diff(src, again))
		}
	})
}

// TestLong makes a program of a long session.
func TestLong(t *testing.T) {
	var texts []string
	for i := range 1000 {
		texts = append(texts, fmt.Sprintf("v%d := %d\nfunc f(x int) int { return x + %d }\nfmt.Println(f(v%d))", i, i, i, i))
	}
	begin := time.Now()
	src, err := export.Program(texts, export.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d cells, %d lines in %v", len(texts), strings.Count(src, "\n"), time.Since(begin))
	if n := strings.Count(src, "\nfunc f"); n != len(texts) {
		t.Errorf("%d functions", n)
	}
}

// TestNothing makes a program of no cells, blank ones, and such as do nothing.
func TestNothing(t *testing.T) {
	for _, texts := range [][]string{nil, {""}, {" \n", "\n"}, {"import \"fmt\""}} {
		src, err := export.Program(texts, export.Config{})
		if d := cmp.Diff("package main\n\nfunc main() {\n\n}\n", src); d != "" || err != nil {
			t.Errorf("%q: %v\n%s", texts, err, d)
		}
	}
}
