package assist

import (
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kairos/repl/check"
	"kairos/stdlib/symbols/typedata"
)

// earlier are the cells that the tests follow.
var earlier = []string{
	`import str "strings"`,
	"// Point is a place.\ntype Point struct {\n\tX, Y int // the coordinates\n\tname string\n}\n\n// Norm is its distance from the origin.\nfunc (p Point) Norm() float64 { return 0 }\n\nfunc (p *Point) Move(dx, dy int) { p.X += dx }",
	`type Named interface { Name() string; fmt.Stringer }`,
	`type Circle struct { Point; *Style; Radius float64 }; type Style struct { Color, Name string }`,
	`type List[T any] struct { Head T; next *List[T] }; func (l *List[T]) Push(v T) {}`,
	"// count is how many there are.\ncount := 3\ncentre := Point{}\nround := &Circle{}\nvar who Named\nnumbers := []float64{1}\nbyName := map[string]Point{}\nwords := List[string]{}",
	"// Twice doubles.\nfunc Twice(n int) int { return 2 * n }\nfunc twins() (Point, error) { return centre, nil }\nfunc apply[T any](xs []T, f func(T) T) []T { return xs }",
	`const limit = 1 << 10`,
}

// sessionOf returns an engine after the given cells.
func sessionOf(t testing.TB, cells []string) *Engine {
	t.Helper()
	fset := token.NewFileSet()
	imp := typedata.NewImporter()
	c := check.NewCells(fset, check.CellsConfig{Packages: typedata.Paths(), Importer: imp})
	sources := map[string]string{}
	for i, src := range cells {
		name := fmt.Sprintf("cell[%d]", i+1)
		cell, err := c.Check(name, src)
		if err != nil {
			t.Fatal(err)
		}
		c.Declare(cell)
		sources[name] = src
	}
	return New(Config{
		Session: c, Fset: fset, Importer: imp,
		Source: func(name string) string { return sources[name] },
	})
}

// cut takes the mark of the cursor out of a source.
func cut(t testing.TB, src string) (text string, pos int) {
	t.Helper()
	pos = strings.Index(src, "|")
	if pos < 0 {
		t.Fatalf("no cursor in %q", src)
	}
	return src[:pos] + src[pos+1:], pos
}

// TestComplete: want lists the completions in order, "…" any number of others, "!x" one that must not be there.
func TestComplete(t *testing.T) {
	e := sessionOf(t, earlier)
	for _, c := range []struct{ src, want string }{
		// Names.
		{"coun|", "count"},
		{"co|unt + 1", "count complex complex128 complex64 copy const … context …"},
		{"local := centre\nloc|", "local"},
		{"local, count := 1, 2\n|", "count local … !len !for"},
		{"COUN|", "count"},
		{"nmbrs|", "numbers"},
		{"nope|", ""},
		{"func f() { lo| }\nlocal := 3", "local log"},
		{"lo|\nlocal := 3", "log"},
		{"{ inner := 1 }\ninne|", ""},
		{"for i, value := range numbers { val|", "value"},
		{"func f(first int, second string) (third error) { | }", "f first second third …"},
		{"func (p *Point) Scale(by float64) { | }", "by p …"},
		{"func g[T any](xs []T) { x|", "xs x509 xml"},
		{"if n := Twice(3); n > lim|", "limit"},
		{"switch v := who.(type) {\ncase fmt.Stringer: v.|", "String"},
		{"apply(numbers, func(v float64) float64 { return v + nu|", "numbers"},
		{"func f() { for i := range 3 { go func() { defer ro|", "round"},
		{"a, cou|", "count"},
		{"x := map[string]func() int{\"a\": func() int { return cou|", "count"},
		{"Twice(cou|", "count"},
		{"numbers[cou|", "count"},
		{"count = cou|\ny := 3", "count"},
		{"func f(p Point) {\n\tcen|\nfunc g() {}\n", "centre"},
		{"func f() { inner := 1; _ = func() { inn| } }", "inner"},
		{"tru|", "true"},
		{"pri|", "print println printer"},
		{"comparabl|", ""},

		// Members.
		{"centre.|", "X Y Move Norm name"},
		{"centre.M|", "Move"},
		{"centre.m|", "Move"},
		{"round.|", "Point Radius Style Color Name X Y Move Norm name"},
		{"who.|", "Name String"},
		{"words.|", "Head Push next"},
		{"words.next.|", "Head Push next"},
		{"byName[\"a\"].|", "X Y Norm name"},
		{"twins().|", ""},
		{"a, b := twins()\na.N|", "Norm"},
		{"numbers[0].|", ""},
		{"Point.|", "Norm"},
		{"(*Point).|", "Move Norm"},
		{"x := &Point{}; x.|", "X Y Move Norm name"},
		{"f(Point{X: 1}.|", "X Y Norm name"},
		{"apply([]Point{}, nil)[0].Mo|", "Move"},
		{"for _, c := range []Point{centre} { c.N|", "Norm"},
		{"func f(p Point) {\n\tp.|\n}\nfunc g() {}", "X Y Move Norm name"},
		{"func f(p Point) {\n\tp.|\nfunc g() {}", "X Y Move Norm name"},
		{"func (p *Point) Scale() { p.N|", "Norm"},
		{"go func() { centre.N|", "Norm"},
		{"if centre.N|", "Norm"},
		{"select { case x := <-centre.N|", "Norm"},
		{"centre.\n\tN|", "Norm"},
		{"type local struct { Inner Point; hidden int }\nvar l local\nl.|", "Inner hidden"},
		{"type local struct { Inner Point }\nfunc f(l local) { l.Inner.| }", "X Y Move Norm name"},
		{"var err error\nerr.|", "Error"},
		{"func f[T fmt.Stringer](v T) { v.|", "String"},
		{"var b strings.Builder\nb.Wri|", "Write WriteByte WriteRune WriteString"},
		{"undefined.|", ""},

		// Packages.
		{"str.TrimS|", "TrimSpace TrimSuffix"},
		{"strings.to|", "ToLower ToLowerSpecial ToTitle ToTitleSpecial ToUpper ToUpperSpecial ToValidUTF8"},
		{"fmt.Fprint|", "Fprint Fprintf Fprintln"},
		{"rand.Int|", "Int Int31 Int31n Int63 Int63n Intn"},
		{"rand.IntN|", "IntN"},
		{"rand.N(3); rand.Int|", "Int Int32 Int32N Int64 Int64N IntN"},
		{"import m \"math\"\nm.Sqrt|", "Sqrt Sqrt2 SqrtE SqrtPhi SqrtPi"},
		{"import . \"math\"\nCb|", "Cbrt"},
		{"strc|", "strconv"},
		{"similarity.WS|", "WSD"},
		{"strings := \"a\"; strings.|", ""},
		{"math.Sqrt(2); func() { return math.Cb|", "Cbrt"},
		{"import \"enc|", "encoding encoding/ascii85 …"},
		{"import \"encoding/j|\"", "encoding/json"},
		{"import (\n\t\"fmt\"\n\t\"plotter|\n)", "gonum.org/v1/plot/plotter"},

		// Literals.
		{"Point{|", "X Y name Circle …"},
		{"Point{X: 1, |}", "Y name"},
		{"[]Point{{X: 1}, {n|", "name numbers new nil …"},
		{"x := map[string]Point{\"a\": {X|", "X"},
		{"&Circle{Ra|", "Radius"},
		{"[]*Point{{Y|", "Y"},
		{"http.Client{Ti|", "Timeout"},
		{"Point{X: cou|", "count"},
		{"func f() Point { return Point{\n\tX: 1,\n\tn|\n\t}\n}", "name"},

		// Types.
		{"var p Poi|", "Point"},
		{"func f(a int, p *Poi|", "Point"},
		{"func f(p []strings.B|", "Builder"},
		{"make(map[string]cen|", ""},
		{"make(map[string]Poi|", "Point"},
		{"var d time.|", "Duration Location Month ParseError Ticker Time Timer Weekday"},
		{"switch any(1).(type) { case Poi|", "Point"},
		{"who.(Cir|", "Circle"},
		{"type T struct { p Poi|", "Point"},
		{"type T interface { Na|", "Named"},
		{"apply[Cir|", "Circle"},
		{"func f[T compar|", "comparable"},
		{"var x in|", "int int16 int32 int64 int8 interface"},

		// Words.
		{"fo|", "for …"},
		{"for i := ran|", "range"},
		{"for ran|", "range rand"},
		{"if true { } el|", "else"},
		{"switch 3 { ca|", "case"},
		{"switch 3 { case 1: fallt|", "fallthrough"},
		{"for { brea|", "break"},
		{"brea|", ""},
		{"func f() { retu|", "return"},
		{"retu|", ""},
		{"func f() { impor|", "importer"},
		{"impor|", "import importer"},
		{"x := fun|", "func"},
		{"x := int| + 1", "int int16 int32 int64 int8 interface"},
		{"goto En|\nEnd: for {}", "End"},

		// Nothing to say.
		{"// co|", ""},
		{"/* co| */ x", ""},
		{"x := 12|", ""},
		{"func cou|", ""},
		{"type Poi|", ""},
		{"var cou|", ""},
		{"x := 'a|'", ""},
		{"func f(a int) { co| := 3 }", "count …"},
	} {
		text, pos := cut(t, c.src)
		var got []string
		for _, item := range e.Complete(text, pos).Items {
			got = append(got, item.Text)
		}
		if !fits(got, strings.Fields(c.want)) {
			t.Errorf("%q: %s, want %s", c.src, strings.Join(got, " "), c.want)
		}
	}
}

// fits reports whether got is what the list want says.
func fits(got, want []string) bool {
	switch {
	case len(want) == 0:
		return len(got) == 0
	case strings.HasPrefix(want[0], "!"):
		return !slices.Contains(got, want[0][1:]) && fits(got, want[1:])
	case want[0] == "…":
		for i := range len(got) + 1 {
			if fits(got[i:], want[1:]) {
				return true
			}
		}
		return false
	}
	return len(got) > 0 && got[0] == want[0] && fits(got[1:], want[1:])
}

func TestItems(t *testing.T) {
	e := sessionOf(t, earlier)
	for _, c := range []struct {
		src        string
		start, end int
		want       Item
	}{
		{"coun|", 0, 4, Item{"count", "var", "int"}},
		{"x := Twi|ce(3)", 5, 10, Item{"Twice", "func", "func(n int) int"}},
		{"appl|", 0, 4, Item{"apply", "func", "func[T any](xs []T, f func(T) T) []T"}},
		{"limi|", 0, 4, Item{"limit", "const", "untyped int = 1024"}},
		{"Poi|", 0, 3, Item{"Point", "type", "struct"}},
		{"Nam|", 0, 3, Item{"Named", "type", "interface"}},
		{"centre.|", 7, 7, Item{"X", "field", "int"}},
		{"centre.Mo|ve()", 7, 11, Item{"Move", "method", "func(dx, dy int)"}},
		{"words.P|", 6, 7, Item{"Push", "method", "func(v string)"}},
		{"strconv.It|", 8, 10, Item{"Itoa", "func", "func(i int) string"}},
		{"fmt.Fprintf|", 4, 11, Item{"Fprintf", "func", "func(w io.Writer, format string, a ...any) (n int, err error)"}},
		{"time.Seco|", 5, 9, Item{"Second", "const", "time.Duration = 1000000000"}},
		{"os.Stdi|", 3, 7, Item{"Stdin", "var", "*os.File"}},
		{"appen|", 0, 5, Item{"append", "func", "func(slice []T, elems ...T) []T"}},
		{"strc|", 0, 4, Item{"strconv", "package", "strconv"}},
		{"st|", 0, 2, Item{"str", "package", "strings"}},
		{"whil|", 0, 0, Item{}},
		{"defe|", 0, 4, Item{"defer", "keyword", ""}},
		{"import \"os/ex|ec\"", 8, 15, Item{"os/exec", "package", ""}},
	} {
		text, pos := cut(t, c.src)
		got := e.Complete(text, pos)
		if c.want.Text == "" && len(got.Items) == 0 {
			continue
		}
		if len(got.Items) == 0 || got.Items[0] != c.want || got.Start != c.start || got.End != c.end {
			t.Errorf("%q: %+v, want %+v from %d to %d", c.src, got, c.want, c.start, c.end)
		}
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"data/train.jsonl", "data/test.jsonl", "data/.hidden", "data.csv", `odd"name`} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	e := New(Config{Dir: dir})
	for _, c := range []struct{ src, want string }{
		{`os.Open("da|")`, "data.csv data/"},
		{`os.Open("data/t|`, "test.jsonl train.jsonl"},
		{`os.Open("data/|")`, "test.jsonl train.jsonl"},
		{`os.Open("data/.|")`, ".hidden"},
		{"os.Open(`data/tr|`)", "train.jsonl"},
		{`os.Open("od|`, `odd\"name`},
		{`os.Open("` + dir + `/data/tr|`, "train.jsonl"},
		{`os.Open("none/|")`, ""},
		{`os.Open("\|")`, ""},
	} {
		text, pos := cut(t, c.src)
		var got []string
		for _, item := range e.Complete(text, pos).Items {
			got = append(got, item.Text)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: %q, want %s", c.src, got, c.want)
		}
	}
	if c := e.Complete(`os.Open("da/x")`, 11); c.Start != 9 || c.End != 11 {
		t.Errorf("in a path: replaces %d to %d", c.Start, c.End)
	}
}

func ExampleEngine_Complete() {
	const src = "for _, word := range strings.Fie"
	c := New(Config{}).Complete(src, len(src))
	for _, item := range c.Items {
		fmt.Println(src[:c.Start]+item.Text, item.Detail)
	}
	// Output:
	// for _, word := range strings.Fields func(s string) []string
	// for _, word := range strings.FieldsFunc func(s string, f func(rune) bool) []string
	// for _, word := range strings.FieldsFuncSeq func(s string, f func(rune) bool) iter.Seq[string]
	// for _, word := range strings.FieldsSeq func(s string) iter.Seq[string]
}
