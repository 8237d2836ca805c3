package lower

import (
	"bytes"
	"go/printer"
	"go/token"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kairos/repl/check"
)

// lowered checks and lowers a program that consists of header, imports and the given declarations, and prints it.
func lowered(t *testing.T, src string) (string, error) {
	t.Helper()
	p, err := check.Script(token.NewFileSet(), "x.go", []byte("package main\n"+src))
	if err != nil {
		t.Fatal(err)
	}
	if err := Program(p); err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := printer.Fprint(&b, token.NewFileSet(), p.File); err != nil {
		t.Fatal(err)
	}
	return b.String(), nil
}

// fields compares programs but for white space, which the printer places by positions that lowering does not keep.
func fields(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer(";", " ", "{", " { ", "}", " } ").Replace(s)), " ")
}

const withRT = `package main import rt· "kairos/repl/lower/rt" `

func TestPasses(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"deferred arguments",
			`func f(int, string) {}; func main() { x := 1; defer f(x, "a"); x = 2 }`,
			`package main func f(int, string) { } func main() { x := 1 t·1 := x defer f(t·1, "a") x = 2 }`},
		{"deferred method",
			`type T struct{}; func (T) V() {}; func (*T) P(int) {}
			func main() { var v T; p := &v; defer v.V(); defer v.P(1); defer p.P(2) }`,
			`package main type T struct { } func (T) V() { } func (*T) P(int) { }
			func main() { var v T p := &v t·1 := v defer t·1.V() t·2 := &v defer t·2.P(1) t·3 := p defer t·3.P(2) }`},
		{"deferred function",
			`import "context"; func main() { _, cancel := context.WithCancel(context.Background()); defer cancel() }`,
			`package main import "context" func main() { _, cancel := context.WithCancel(context.Background()) t·1 := cancel defer t·1() }`},
		{"unnamed results",
			`func f(k bool) (n int, err error) { if k { return }; n = 1; return n, nil }; func main() { f(true) }`,
			`package main func f(k bool) (int, error) { var n int var err error if k { return n, err } n = 1 return n, nil } func main() { f(true) }`},
		{"results used in a literal",
			`func f() (a, b int) { defer func() { a++ }(); return b, a }; func main() { f() }`,
			`package main func f() (a, b int) { var t·1 int a = t·1 var t·2 int b = t·2
			defer func() { a++ }() t·3 := b t·4 := a return t·3, t·4 } func main() { f() }`},
		{"results of a function that defers",
			`func f() (n int) { defer recover(); n = 1; return }; func main() { f() }`,
			withRT + `func f() (n int) { var t·1 int n = t·1 defer rt·.Catch(recover()) n = 1 return } func main() { f() }`},
		{"method in a goroutine",
			`type T struct{}; func (T) M(...int) {}; func main() { var v T; x := []int{1}; go v.M(x...); go func() {}() }`,
			`package main type T struct { } func (T) M(...int) { }
			func main() { var v T x := []int { 1 } t·1 := v t·2 := x go func() { t·1.M(t·2...) } () go func() { } () }`},
		{"conditions",
			`func main() { a, b := true, 1; switch { case a, b > 2, !a && b < 3: }; switch b { case 1, 2: } }`,
			`package main func main() { a, b := true, 1 switch { case ((a) || (b > 2)) || (!a && b < 3): } switch b { case 1, 2: } }`},
		{"promoted names",
			`type A struct{ x int }; func (*A) M() {}; type B struct{ *A }; type C struct{ B }; func main() { c := C{B{&A{}}}; c.M(); c.x++; c.B.x = c.A.x }`,
			`package main type A struct { x int ` + "`json:\"-\" xml:\"-\"`" + ` } func (*A) M() { } type B struct { *A } type C struct { B }
			func main() { c := C { B { &A { } } } c.B.A.M() c.B.A.x++ c.B.A.x = c.B.A.x }`},
		{"assignment",
			`func main() { a, b := []int{1}, []int{2}; a, b = a[1:], append(b, a[0]); a, b = b, a; _, _ = a, b }`,
			`package main func main() { a, b := []int { 1 } , []int { 2 } t·1 := a[1:] t·2 := append(b, a[0]) a, b = t·1, t·2 a, b = b, a _, _ = a, b }`},
		{"assignment of several results",
			`func f() (int, error) { return 1, nil }; func main() { m := map[int]int{}; var err error; m[1], err = f(); _ = err }`,
			`package main func f() (int, error) { return 1, nil }
			func main() { m := map[int]int { } var err error t·1, t·2 := f() m[1], err = t·1, t·2 _ = err }`},
		{"counting",
			`func main() { for i := range 3 { _ = i }; for range 2 {}; var n int8 = 4; for i := range n { _ = i } }`,
			`package main func main() {
			for t·1, t·2 := int(0), int(3); t·1 < t·2; t·1++ { i := t·1 _ = i }
			for t·3, t·4 := int(0), int(2); t·3 < t·4; t·3++ { }
			var n int8 = 4 for t·5, t·6 := int8(0), int8(n); t·5 < t·6; t·5++ { i := t·5 _ = i } }`},
		{"loop variables",
			`func main() { for i := 0; i < 3; i++ { go func() { _ = i }() }
			for k, v := range []int{1} { _ = k; p := &v; _ = p }; for i := 0; i < 3; i++ { _ = i } }`,
			`package main func main() { for i := 0; i < 3; i++ { i := i go func() { _ = i }() }
			for k, v := range []int { 1 } { v := v _ = k p := &v _ = p } for i := 0; i < 3; i++ { _ = i } }`},
		{"clause variables",
			`func main() { var x any = 1; c := make(chan int)
			switch v := x.(type) { case int: go func() { _ = v }() }
			select { case v := <-c: go func() { _ = v }(); default: } }`,
			`package main func main() { var x any = 1 c := make(chan int)
			switch v := x.(type) { case int: t·1 := v go func() { _ = t·1 }() }
			select { case v := <-c: v := v go func() { _ = v }() default: } }`},
		{"unexported fields",
			"type T struct { A, b int; c string `k:\"v\"` }; func main() { _ = T{} }",
			"package main type T struct { A int b int `json:\"-\" xml:\"-\"` c string `k:\"v\"` } func main() { _ = T { } }"},
		{"panic and recover",
			`type E struct{}; func main() { defer func() { _ = recover() }(); panic(&E{}) }`,
			withRT + `type E struct { } func main() { defer func() { _ = rt·.Catch(recover()) }() panic(rt·.Throw(&E { } , "*main.E")) }`},
		{"other builtins",
			`func main() { x := 1.5; println(min(x, 2), max(3, 4)); print("a"); clear(map[int]int{}) }`,
			withRT + `func main() { x := 1.5 rt·.Println(rt·.min_float64(x, 2), rt·.max_int(3, 4)) rt·.Print("a") rt·.Clear(map[int]int { } ) }`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := lowered(t, c.src)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(fields(c.want), fields(got)); d != "" {
				t.Errorf("want (-), got (+):\n%s", d)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	const types = "type S struct{ a int }; type R struct{ a int }; type N int; type I interface{ M() }; func (N) String() string { return \"\" }; func (N) M() {}\n"
	for _, c := range []struct{ src, want string }{
		{`func f[T any](T) {}; func main() { f(1) }`, "2:1: a generic function"},
		{`type L[T any] []T; func main() { var l L[int]; _ = l }`, "2:6: a generic type"},
		{`import "slices"; func main() { slices.Sort([]int{1}) }`, "2:39: Sort is generic"},
		{`func main() { for range func(func() bool) {} {} }`, "2:25: a range over a function"},
		{`import "time"; func main() { for range time.Second {} }`, "2:40: a range over a number of type time.Duration"},
		{`func main() { var i int; for i = range []int{1} {}; _ = i }`, "2:30: a range that assigns"},
		{`func main() { for i := 0; i < 3; i++ { go func() { _ = i }(); i++ } }`, "2:19: the loop variable i"},
		{`func main() { i, m := 0, map[int]int{}; i, m[i] = 1, 2 }`, "2:41: an assignment that changes both"},
		{`func f() int { return 0 }; func main() { x := []int{1}; x[f()], x[0] = f(), 1 }`, "2:57: an assignment to several variables with calls"},
		{`func f() int { return 0 }; func main() { for i, k := 0, 9; i < k; i, k = i+1, f() {} }`, "2:67: an assignment to several variables that calls"},
		{`import "os"; func main() { os.Args = nil; _ = os.Args }`, "2:28: an assignment to os.Args"},
		{types + `func main() { n := N(1); f := n.M; n = 2; f() }`, "3:31: a method value"},
		{types + `func main() { N.M(1); f := N.M; f(1) }`, "3:28: a method expression"},
		{`func main() { f := func() {}; defer f() }`, "2:37: a deferred call of the function literal in f"},
		{`func main() { f := func() {}; defer func() { f() }() }`, "2:46: a deferred call of the function literal in f"},
		{types + `func main() { for { var n N; defer n.M() } }`, "3:30: a deferred call of a method in a loop"},
		{`func main() { L: defer println(); goto L }`, "2:18: a label before defer"},
		{`func main() { _ = new(3) }`, "2:19: new of a value"},
		{`import "time"; func main() { _ = min(time.Second, 2) }`, "2:34: min of time.Duration"},
		{`import "runtime"; func main() { runtime.Caller(0) }`, "2:41: Caller would show positions"},
		{`import "log"; func main() { log.SetFlags(log.Lshortfile) }`, "2:46: Lshortfile would show positions"},
		{`func main() { var x any; switch x { case 1: } }`, "2:33: a switch over a value of interface type"},
		{types + `func main() { var x any; _ = x.(error) }`, "3:33: whether a value has the methods of error"},
		{types + `func main() { var x any; _ = x.(func()) }`, "3:33: whether a value is a function"},
		{types + `func main() { var x any; _ = x.(N) }`, "3:33: whether a value is a N"},
		{types + `func main() { var x any = S{}; _ = x.(R) }`, "3:39: R could not be told from S"},
		{types + `func f(x any) { _ = x.(int) }; type C int; func main() { f(C(1)) }`, "3:24: int could not be told from C"},
		{types + `func main() { var x any = 1; switch x.(type) { case int, []R: } }`, "3:58: whether a value is a []R"},
		{types + `func main() { var i I; _ = i == N(1) }`, "3:28: a comparison of an interface"},
		{types + `func main() { var x any = N(1); _ = x }`, "3:27: a value of type N as a value of type any"},
		{types + `func main() { x := []any{N(1)}; _ = x }`, "3:26: a value of type N as a value of type any"},
		{types + `func f() any { return N(1) }; func main() { f() }`, "3:23: a value of type N as a value of type any"},
		{types + `func main() { m := map[any]any{}; m[N(1)] = 1 }`, "3:37: a value of type N as a value of type any"},
		{`import "fmt"` + "\n" + types + `func main() { fmt.Println([]N{1}) }`, "4:27: a value of type []N here: the methods of N"},
		{`import "fmt"` + "\n" + types + `func main() { fmt.Println([]I{N(1)}) }`, "4:27: a value of type []I here: the methods of I"},
		{`import "fmt"` + "\n" + types + `func main() { fmt.Printf("%v %T", 1, S{}) }`, "4:38: %T of a type declared here"},
		{`import "fmt"` + "\n" + types + `func main() { fmt.Printf("%#v", S{}) }`, "4:33: %#v of a type declared here"},
		{`import "fmt"` + "\n" + types + `func main() { fmt.Printf("%+v", S{}) }`, "4:33: %+v of a struct with unexported fields"},
		{`import "fmt"` + "\n" + types + `func main() { fmt.Printf("%d%%", N(1)) }`, "4:34: %d of a type with a method String"},
		{`import "fmt"` + "\n" + types + `func main() { f := "%v"; fmt.Printf(f, N(1)) }`, "4:40: a value of a declared type with a format"},
		{`import "errors"; type E struct{}; func (*E) Error() string { return "" }; func main() { var e *E; errors.As(nil, &e) }`, "2:114: As with a type declared here"},
		{`import "encoding/json"` + "\n" + `type D int; func (D) MarshalJSON() ([]byte, error) { return nil, nil }; func main() { json.Marshal([]D{1}) }`, "3:100: a value of type []D here"},
		{`import "reflect"` + "\n" + types + `func main() { reflect.TypeOf(S{}) }`, "4:30: reflection on a type declared here"},
	} {
		t.Run(c.want, func(t *testing.T) {
			_, err := lowered(t, c.src)
			if err == nil {
				t.Fatal("accepted")
			}
			pos, rest, _ := strings.Cut(c.want, ": ")
			want := "x.go:" + pos + ": kairos cannot interpret this yet: " + rest
			if first, _, _ := strings.Cut(err.Error(), "\n"); !strings.HasPrefix(first, want) {
				t.Errorf("got  %s\nwant %s…", err, want)
			}
		})
	}
}

// TestAccepted has neighbours of what is refused.
func TestAccepted(t *testing.T) {
	for _, src := range []string{
		`func main() { f := func() {}; f(); defer func() { f := 1; _ = f }() }`,
		`type T struct{}; func (*T) M() {}; func main() { t := &T{}; f := t.M; f() }`,
		`type A struct{ a int }; type B struct{ b int }; func f(x any) { switch x.(type) { case A, *B, int, string: } }; func main() { f(A{}); f(&B{}) }`,
		`import "fmt"; type N int; func (N) String() string { return "" }; func main() { fmt.Println(N(1)); fmt.Printf("%5v|%s", N(1), N(2)); fmt.Printf("%d", int(N(3))) }`,
		`import ("errors"; "io"; "fmt"); func main() { err := fmt.Errorf("x: %w", io.EOF); _ = errors.Is(err, io.EOF) || err == io.EOF }`,
		`import "encoding/json"; type C struct{ A []int; b map[string]int }; func main() { json.Marshal([]C{{}}) }`,
		`import "os"; func main() { _ = os.Args[1:]; os.Args[0] = "x" }`,
		`func main() { a, b := 1, 2; for a < b { a, b = b, a+b }; for i, k := 0, 3; i < k; i, k = i+1, k-1 {} }`,
	} {
		if _, err := lowered(t, src); err != nil {
			t.Errorf("%s\n%v", src, err)
		}
	}
}

func TestParseVerbs(t *testing.T) {
	for format, want := range map[string][]string{
		"":               nil,
		"%d%% of %-5.2f": {"d", "-5.2f"},
		"%+v %#x % d":    {"+v", "#x", " d"},
	} {
		got, ok := parseVerbs(format)
		if d := cmp.Diff(want, got); d != "" || !ok {
			t.Errorf("%q: %v, want (-), got (+):\n%s", format, ok, d)
		}
	}
	for _, format := range []string{"%*d", "%[1]d", "%"} {
		if _, ok := parseVerbs(format); ok {
			t.Errorf("%q is understood", format)
		}
	}
}
