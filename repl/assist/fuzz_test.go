package assist

import (
	"strings"
	"testing"
	"time"
)

// seeds are texts that cells are mutated from.
var seeds = []string{
	"", "|", "fmt.Println(|)", "x := []int{1, 2|}", "func f(a int) (b string) { return a.| }", "type T struct { A int; | }",
	"for i := range 10 { if i > 3 { fmt.|", "switch x := any(1).(type) { case int: x.| }", "import \"|", "\"a/b|", "`raw|",
	"select { case v := <-c|: }", "go func() { defer r.|", "map[string]func() int{\"a\": |}", "func (p *Point) M() { p.| }",
	"var a, b = 1, |", "const (\n\tA = iota\n\tB|\n)", "goto L|\nL:", "x.y.z|()[0].w", "/* c|", "// c|", "'|", "f[int, |](x)",
	"type L[T any] struct { next *L[T] }; func (l L[T]) F() { l.next.| }", "package main\nimport \"os\"\nfunc main() { os.| }",
	"a|b\x00\xff", "}}}|", "((((|", "func func func |", "type T T|", "type T struct { T }; T{|}.T", "var x = x|", "import . \"math\"; P|",
}

func FuzzCell(f *testing.F) {
	for _, src := range seeds {
		pos := max(0, strings.Index(src, "|"))
		f.Add(strings.Replace(src, "|", "", 1), pos)
	}
	e := sessionOf(f, earlier)
	f.Fuzz(func(t *testing.T, src string, pos int) {
		start := time.Now()
		defer func() {
			if d := time.Since(start); d > 2*time.Second {
				t.Errorf("%q at %d took %v", src, pos, d)
			}
		}()
		c := e.Complete(src, pos)
		if c.Start < 0 || c.End < c.Start || c.End > len(src) {
			t.Errorf("%q: completes %d to %d", src, c.Start, c.End)
		}
		e.Inspect(src, pos)
	})
}
