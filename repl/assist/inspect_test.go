package assist

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestInspect(t *testing.T) {
	e := sessionOf(t, earlier)
	for _, c := range []struct {
		src  string
		want Info // of Doc the beginning
	}{
		// What earlier cells declared.
		{"cou|nt", Info{
			Name: "count", Kind: "var", Declaration: "var count int", Type: "int", Doc: "count is how many there are.",
			Where: "cell[6]:2:1", Source: "count := 3", Global: true,
		}},
		{"Twice|", Info{
			Name: "Twice", Kind: "func", Declaration: "func Twice(n int) int", Type: "func(n int) int", Doc: "Twice doubles.",
			Where: "cell[7]:2:6", Source: "func Twice(n int) int { return 2 * n }",
		}},
		{"var p Point|", Info{
			Name: "Point", Kind: "type", Declaration: "type Point struct {\n\tX int\n\tY int\n\tname string\n}", Doc: "Point is a place.",
			Where: "cell[2]:2:6", Source: "type Point struct {\n\tX, Y int // the coordinates\n\tname string\n}",
			Members: []string{"func (p *Point) Move(dx, dy int)", "func (p Point) Norm() float64"},
		}},
		{"centre.Nor|m()", Info{
			Name: "Norm", Kind: "method", Declaration: "func (p Point) Norm() float64", Type: "func() float64",
			Doc:   "Norm is its distance from the origin.",
			Where: "cell[2]:8:16", Source: "func (p Point) Norm() float64 { return 0 }",
		}},
		{"round.X|", Info{
			Name: "X", Kind: "field", Declaration: "field X int", Type: "int", Doc: "the coordinates", Where: "cell[2]:3:2", Source: "X, Y int",
		}},
		{"limit|", Info{
			Name: "limit", Kind: "const", Declaration: "const limit = 1024", Type: "untyped int", Where: "cell[8]:1:7", Source: "const limit = 1 << 10",
		}},
		{"List|", Info{
			Name: "List", Kind: "type", Declaration: "type List[T any] struct {\n\tHead T\n\tnext *List[T]\n}",
			Where: "cell[5]:1:6", Source: "type List[T any] struct { Head T; next *List[T] }", Members: []string{"func (l *List[T]) Push(v T)"},
		}},

		// What the cell itself declares.
		{"// local is mine.\nlocal := 3\nloc|al++", Info{
			Name: "local", Kind: "var", Declaration: "var local int", Type: "int", Doc: "local is mine.", Where: "this cell:2:1", Source: "local := 3",
		}},
		{"func f(a int) { _ = a| }", Info{
			Name: "a", Kind: "var", Declaration: "var a int", Type: "int", Where: "this cell:1:8", Source: "a int",
		}},
		{"type (\n\tT int // T counts.\n)\nvar x T|", Info{
			Name: "T", Kind: "type", Declaration: "type T int", Doc: "T counts.", Where: "this cell:2:2", Source: "T int",
		}},
		{"count := \"new\"; count|", Info{
			Name: "count", Kind: "var", Declaration: "var count string", Type: "string", Where: "this cell:1:1", Source: "count := \"new\"",
		}},

		// What is compiled.
		{"math.Sqrt|", Info{
			Name: "Sqrt", Kind: "func", Declaration: "func math.Sqrt(x float64) float64", Type: "func(x float64) float64",
			Doc: "Sqrt returns the square root of x.", Where: "math/sqrt.go:",
		}},
		{"http.Server{Handl|er: nil}", Info{
			Name: "Handler", Kind: "field", Declaration: "field Handler http.Handler", Type: "http.Handler", Doc: "handler to invoke", Where: "net/http/server.go:",
		}},
		{"var r http.Request\nr.URL.Ho|st", Info{
			Name: "Host", Kind: "field", Declaration: "field Host string", Type: "string", Doc: `"host" or "host:port"`, Where: "net/url/url.go:",
		}},
		{"new(strings.Builder).WriteStr|ing(\"\")", Info{
			Name: "WriteString", Kind: "method", Declaration: "func (b *strings.Builder) WriteString(s string) (int, error)",
			Type: "func(s string) (int, error)", Doc: "WriteString appends the contents", Where: "strings/builder.go:",
		}},
		{"who.String|", Info{
			Name: "String", Kind: "method", Declaration: "func (fmt.Stringer) String() string", Type: "func() string",
			Doc: "Stringer is implemented by any value that has a String method", Where: "fmt/print.go:",
		}},
		{"time.Second|", Info{
			Name: "Second", Kind: "const", Declaration: "const time.Second time.Duration = 1000000000", Type: "time.Duration",
			Doc: "Common durations.", Where: "time/time.go:",
		}},
		{"io.EOF|", Info{Name: "EOF", Kind: "var", Declaration: "var io.EOF error", Type: "error", Doc: "EOF is the error", Where: "io/io.go:"}},
		{"fs.FileMode|", Info{
			Name: "FileMode", Kind: "type", Declaration: "type fs.FileMode uint32", Doc: "A FileMode represents", Where: "io/fs/fs.go:",
			Members: []string{
				"func (m fs.FileMode) IsDir() bool", "func (m fs.FileMode) IsRegular() bool", "func (m fs.FileMode) Perm() fs.FileMode",
				"func (m fs.FileMode) String() string", "func (m fs.FileMode) Type() fs.FileMode",
			},
		}},
		{"iter|", Info{
			Name: "iter", Kind: "package", Declaration: "package iter // import \"iter\"", Doc: "Package iter provides", Where: "iter",
			Members: []string{
				"func Pull[V any](seq iter.Seq[V]) (next func() (V, bool), stop func())",
				"func Pull2[K, V any](seq iter.Seq2[K, V]) (next func() (K, V, bool), stop func())",
				"type Seq func(yield func(V) bool)", "type Seq2 func(yield func(K, V) bool)",
			},
		}},
		{"similarity.Cosine|", Info{
			Name: "Cosine", Kind: "func", Declaration: "func similarity.Cosine(ctx context.Context, train, test *matrix.Dense) (*matrix.Dense, error)",
			Type: "func(ctx context.Context, train, test *matrix.Dense) (*matrix.Dense, error)",
			Doc:  "Cosine returns", Where: "kairos/stdlib/similarity/cosine.go",
		}},
		{"append|", Info{
			Name: "append", Kind: "func", Declaration: "func append(slice []T, elems ...T) []T", Doc: "The append built-in function", Where: "builtin",
		}},
		{"error|", Info{
			Name: "error", Kind: "type", Declaration: "type error interface {\n\tError() string\n}", Doc: "The error built-in interface", Where: "builtin",
		}},

		// Nothing at the cursor: what is before it.
		{"math.Sqrt(2)|", Info{
			Name: "Sqrt", Kind: "func", Declaration: "func math.Sqrt(x float64) float64", Type: "func(x float64) float64",
			Doc: "Sqrt returns the square root of x.", Where: "math/sqrt.go:",
		}},
		{"count |", Info{
			Name: "count", Kind: "var", Declaration: "var count int", Type: "int", Doc: "count is how many there are.",
			Where: "cell[6]:2:1", Source: "count := 3", Global: true,
		}},
		{"|", Info{}},
		{"nope|", Info{}},
		{"for|", Info{}},
		{"// count|", Info{}},
		{"x := 3 +|", Info{}},
	} {
		text, pos := cut(t, c.src)
		got, ok := e.Inspect(text, pos)
		if ok != (c.want.Name != "") {
			t.Errorf("%q: found %v", c.src, ok)
		}
		if strings.HasPrefix(got.Doc, c.want.Doc) && c.want.Doc != "" {
			got.Doc = c.want.Doc
		}
		if strings.HasPrefix(got.Where, c.want.Where) && strings.HasSuffix(c.want.Where, ":") {
			got.Where = c.want.Where
		}
		if got.Call = nil; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q:\n got %+v\nwant %+v", c.src, got, c.want)
		}
	}
}

func TestInspectCall(t *testing.T) {
	e := sessionOf(t, earlier)
	for _, c := range []struct {
		src, name, signature string
		params               string
		active               int
	}{
		{"strings.Cut(|", "Cut", "func strings.Cut(s, sep string) (before, after string, found bool)", "s, sep string", 0},
		{"strings.Cut(\"a\", |)", "Cut", "func strings.Cut(s, sep string) (before, after string, found bool)", "s, sep string", 1},
		{"strings.Cut(\"a|\", \"b\")", "Cut", "func strings.Cut(s, sep string) (before, after string, found bool)", "s, sep string", 0},
		{"strings.Cut(cou|nt, \"b\")", "count", "func strings.Cut(s, sep string) (before, after string, found bool)", "s, sep string", 0},
		{"Twice(count, |", "Twice", "func Twice(n int) int", "n int", -1},
		{"append(numbers, 1, |", "append", "func append(slice []T, elems ...T) []T", "slice []T, elems ...T", 1},
		{"fmt.Println(1, 2, 3, |)", "Println", "func fmt.Println(a ...any) (n int, err error)", "a ...any", 0},
		{"fmt.Println(strings.Repeat(\"a\", |", "Repeat", "func strings.Repeat(s string, count int) string", "s string, count int", 1},
		{"x := func(a, b int) {}; x(1, |)", "x", "var x func(a int, b int)", "a, b int", 1},
		{"round.Move(|", "Move", "func (p *Point) Move(dx, dy int)", "dx, dy int", 0},
		{"apply[int](nil, |", "apply", "func apply[T any](xs []T, f func(T) T) []T", "xs []int, f func(int) int", 1},
		{"func f() {\n\tif Twice(|\n}\nfunc g() {}", "Twice", "func Twice(n int) int", "n int", 0},
		{"fmt.Println(centre.|)", "Println", "func fmt.Println(a ...any) (n int, err error)", "a ...any", 0},
	} {
		text, pos := cut(t, c.src)
		got, ok := e.Inspect(text, pos)
		if !ok || got.Call == nil {
			t.Errorf("%q: %+v", c.src, got)
			continue
		}
		if call := *got.Call; got.Name != c.name || call.Signature != c.signature ||
			strings.Join(call.Params, ", ") != c.params || call.Active != c.active {
			t.Errorf("%q: in %s, %+v", c.src, got.Name, call)
		}
	}
	text, pos := cut(t, "sort.Slice(numbers, func(i, j int) bool { return i| < j })")
	if got, _ := e.Inspect(text, pos); got.Call != nil {
		t.Errorf("in the body of an argument: %+v", got.Call)
	}
}

func ExampleEngine_Inspect() {
	const src = `strings.TrimLeft("  word", `
	info, _ := New(Config{}).Inspect(src, len(src))
	fmt.Println(info.Declaration)
	fmt.Println("now:", info.Call.Params[info.Call.Active])
	fmt.Println(info.Doc)
	// Output:
	// func strings.TrimLeft(s, cutset string) string
	// now: cutset string
	// TrimLeft returns a slice of the string s with all leading
	// Unicode code points contained in cutset removed.
	//
	// To remove a prefix, use [TrimPrefix] instead.
}
