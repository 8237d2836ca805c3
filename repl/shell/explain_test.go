//go:build linux

package shell_test

import (
	"strings"
	"testing"
)

// TestExplain makes mistakes, and compares which explanation there is.
func TestExplain(t *testing.T) {
	out := &screen{}
	s := open(t, out)
	for _, src := range []string{
		"n, f, ok, xs, m, str := 1, 1.5, true, []int{1}, map[string]struct{ a int }{}, \"text\"",
		"type T struct{ a int }\nfunc (t *T) Close() error { return nil }\nfunc two() (int, error) { return 1, nil }\nfunc none() {}\nfunc id[E any]() E { var e E; return e }",
		"var nilMap map[string]int\nvar nilT *T\nvar x any = 1",
	} {
		if _, err := s.Eval(t.Context(), src, out); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ src, want string }{
		{"nope", "No cell declared the name nope"},
		{"strings.Nope", "nothing of the name after the dot"},
		{"T{}.nope", "nothing of the name after the dot"},
		{"str.Len()", "nothing of the name after the dot"},
		{"nope.Foo", "No cell declared the name nope"},
		{"func g() { y := 1; y := 2; _ = y }", "declared here already"},
		{"func g() {}\nfunc g() {}", "declared here already"},
		{"import \"example.com/nope\"\nnope.F()", "no such package"},
		{"strings.Repeat(str, 1); strings.explode(str, 1)", "nothing of the name after the dot"},
		{"var c io.Closer = T{}", "methods that io.Closer wants are those of a pointer"},
		{"var c io.Closer = n", "types that have all of its methods"},
		{"var q string = n", "does not convert values by itself"},
		{"strings.Repeat(str, str)", "does not convert values by itself"},
		{"n + f", "here int and float64"},
		{"!n", "operator does not exist"},
		{"xs == xs", "operator does not exist"},
		{"T{} + T{}", "operator does not exist"},
		{"if n { }", "is a bool in Go"},
		{"for n > 1 && f { }", ""},
		{"n()", "of a type with which that cannot be done"},
		{"n[0]", "of a type with which that cannot be done"},
		{"for range f { }", "of a type with which that cannot be done"},
		{"*n", "of a type with which that cannot be done"},
		{"v := two(); v", "returns 2 values, and there are names for 1"},
		{"a, b := 1", "not as many values"},
		{"n + two()", "only one can stand"},
		{"strings.Cut(str)", "not as many arguments"},
		{"strings.ToUpper(str, str)", "not as many arguments"},
		{"func g() int { }", "does not return what its signature says"},
		{"func g() (int, error) { return 1 }", "does not return what its signature says"},
		{"v := none()", "returns nothing"},
		{"func g() { n }", "a value alone is no statement"},
		{"m[\"a\"].a = 1", "is no variable"},
		{"str[0] = 'a'", "is no variable"},
		{"var b byte = 300", "does not fit"},
		{"var i int = 1.5", "does not fit"},
		{"n.(string)", "asks what is in an interface"},
		{"id()", "type parameter E is"},
		{"slices.Sort([]T{})", "not among those that the type parameter allows"},
		{"type R struct{ r R }", "needs itself"},
		{"break", "leads nowhere"},
		{"func g() { L: }", "leads nowhere"},
		{"xs = []int{\n1,\n2\n}", "ends a statement at the end of the line"},
		{"str = \"abc", "quotes are the wrong ones"},
		{"str = 'abc'", "quotes are the wrong ones"},
		{"f(]", "does not read as Go"},
		{"if n == 1\n{\n}", ""},
		{"while n < 3 { }", "does not read as Go"},
		{"xs[n+5]", "with a length of n"},
		{"xs[n:n+9]", "0 <= a <= b"},
		{"xs[n+3:n]", "0 <= a <= b"},
		{"nilMap[\"a\"] = 1", "declared, but not made"},
		{"nilMap[\"a\"]++", "declared, but not made"},
		{"nilT.a", "is nil, and was used"},
		{"x.(string)", "another type than x.(T) says"},
		{"n / (n - 1)", "divided by zero"},
		{"ch := make(chan int); close(ch); close(ch)", "closed too early or twice"},
		{"func deep(n int) int { return deep(n+1) + 1 }\ndeep(0)", "stack was full"},
		{"cell.Check(context.DeadlineExceeded)", "longer than it was given"},
		{"_, err := os.Open(\"nosuch\"); cell.Check(err)", "no file of this name"},
		{"cell.Check(io.ErrUnexpectedEOF)", "data ended before"},
		{"make([]int, n-5)", "does not allow"},
		{"map[any]int{any(xs): 1}", "does not allow"},
		{"runtime.Caller(0)", "not among what a session can run"},
	} {
		_, err := s.Eval(t.Context(), c.src, out)
		if err == nil {
			t.Errorf("%q: no error", c.src)
			continue
		}
		out.taken()
		if _, err := s.Eval(t.Context(), "%explain", out); err != nil {
			t.Fatal(err)
		}
		got := out.taken()
		if !strings.Contains(got, c.want) || strings.Contains(got, "There is no more to say") || strings.Contains(got, "$") {
			t.Errorf("%q: %v\n%s", c.src, err, got)
		}
	}
}
