package interpreter_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kairos/repl"
	"kairos/repl/internal/record"
)

// The value of a cell is a variable of its type: _3, and _ until there is another.
func TestLastValue(t *testing.T) {
	for _, c := range []struct{ name, cells, want string }{
		{"typed", "[]int{3, 1}\n// %%\nlen(_)\n// %%\n_ + 1", "[3 1]|2|3"},
		{"by number", "\"a\"\n// %%\n2.5\n// %%\n_1 + \"b\"\n// %%\n_2 * 2", `"a"|2.5|"ab"|5`},
		{"out", "7\n// %%\nOut[1].(int) + _1", "7|14"},
		{"types of cells", "type P struct{ x int }\nfunc (p P) Twice() int { return 2 * p.x }\nP{4}\n// %%\n_.Twice() + _.x", "{x:4}|12"},
		{"blanks stay blanks", "1\n// %%\n_, b := 2, 3\n_ = b\nfor _, x := range []int{4} { _ = x }\n_ + b", "1|4"},
		{"in closures", "10\n// %%\nf := func(_ int) int { return _ * 2 }\nf(0)", "10|20"},
		{"suppressed", "5;\n// %%\n_", "5"},
		{"printing is none", "5\n// %%\nfmt.Print(\"\")\n// %%\n_", "5|5"},
		{"nil errors are none", "5\n// %%\nerror(nil)\n// %%\n_", "5|5"},
		{"constants", "1 << 3\n// %%\nvar x float64 = 1\nx\n// %%\n_1 + int(_)", "8|1|9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var shown []string
			s := open(t)
			for _, cell := range repl.Cells(c.cells) {
				result, err := s.Eval(t.Context(), cell, new(record.Output))
				if err != nil {
					t.Fatal(err)
				}
				if len(result.Values) > 0 {
					shown = append(shown, result.Text())
				}
			}
			if got := strings.Join(shown, "|"); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	s := open(t)
	if _, err := s.Eval(t.Context(), "_ + 1", new(record.Output)); err == nil || !strings.Contains(err.Error(), "cannot use _ as value") {
		t.Errorf("before there is a value: %v", err)
	}
}

func TestSessionNames(t *testing.T) {
	s := open(t)
	for _, cell := range []string{"x, y := 1, []string{\"a\"}\nx", "type T struct{ n int }\nfunc (t T) String() string { return fmt.Sprint(\"T\", t.n) }\nv := T{2}", "func f() {}\nconst c = 1", "x := 2.5"} {
		if _, err := s.Eval(t.Context(), cell, new(record.Output)); err != nil {
			t.Fatal(err)
		}
	}
	names, err := s.Names(t.Context())
	want := []repl.Name{
		{Name: "T", Kind: "type", Type: "struct{n int}", Number: 2},
		{Name: "c", Kind: "const", Type: "untyped int", Number: 3},
		{Name: "f", Kind: "func", Type: "func()", Number: 3},
		{Name: "v", Kind: "var", Type: "T", Number: 2, Value: "T2"},
		{Name: "x", Kind: "var", Type: "float64", Number: 4, Value: "2.5"},
		{Name: "y", Kind: "var", Type: "[]string", Number: 1, Value: `["a"]`},
	}
	if diff := cmp.Diff(want, names); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// A method that does not end keeps nobody from asking for the names.
func TestNamesOfStubbornValue(t *testing.T) {
	s := open(t)
	src := "type L struct{ n int }\nfunc (l L) String() string { for {} }\nl := L{}"
	if _, err := s.Eval(t.Context(), src, new(record.Output)); err != nil {
		t.Fatal(err)
	}
	names, err := s.Names(t.Context())
	if err != nil || len(names) != 2 || names[1].Value != "…" {
		t.Errorf("%v, %v", names, err)
	}
	info, err := s.Inspect(t.Context(), "l", 1, 0)
	if err != nil || info.Value != "…" {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestCompleteLastValue(t *testing.T) {
	s := open(t)
	if _, err := s.Eval(t.Context(), "[]struct{ Loss float64; Task string }{{1, \"a\"}}", new(record.Output)); err != nil {
		t.Fatal(err)
	}
	for _, src := range []string{"_[0].", "_1[0].", "x := 1\nfmt.Println(_[0]."} {
		got, err := s.Complete(t.Context(), src, len(src))
		if err != nil || len(got.Items) != 2 || got.Items[0].Text != "Loss" {
			t.Errorf("%s: %+v, %v", src, got, err)
		}
	}
}

// The parts of a cell with commands between them are evaluated one by one under its number.
func TestSourceOfParts(t *testing.T) {
	s := open(t)
	for _, part := range []string{"// F does.\nfunc F() {}", "\n\nfunc G() {}"} {
		if _, err := s.EvalAs(t.Context(), 7, part, new(record.Output)); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{"F": "func F() {}", "G": "func G() {}"} {
		if got, err := s.Inspect(t.Context(), name, 1, 1); err != nil || got.Source != want {
			t.Errorf("%s: %q, %v", name, got.Source, err)
		}
	}
}

// Of many values the last thousand are kept.
func TestManyValues(t *testing.T) {
	s := open(t)
	for i := range 1010 {
		if _, err := s.Eval(t.Context(), fmt.Sprint(i), new(record.Output)); err != nil {
			t.Fatal(err)
		}
	}
	result, err := s.Eval(t.Context(), "fmt.Sprint(len(Out), _11, _)", new(record.Output))
	if err != nil || result.Text() != `"1000 10 1009"` {
		t.Errorf("%s, %v", result.Text(), err)
	}
	if _, err := s.Eval(t.Context(), "_10", new(record.Output)); err == nil {
		t.Error("the tenth value is still there")
	}
}
