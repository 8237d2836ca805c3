package engine

import (
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"kairos/repl/engine/testdata/k"
)

// What cannot be compiled is an error with its position, and leaves the engine as it was.
func TestLoadErrors(t *testing.T) {
	e, cases := newEngine(t)
	for _, test := range []struct{ src, message string }{
		{"func f1() { k.Nothing() }", `bad.go:3:13: kairos cannot interpret this yet: package k· "k·" has no symbol Nothing`},
		{"func f2() { missing() }", "bad.go:3:13: kairos cannot interpret this yet: undefined: missing"},
		{"func f3() {\n\tgo k.Add(1, 2) }", "bad.go:4:2: kairos cannot interpret this yet: core has no go statements"},
		{"func f4() {\n\tdefer k.Add(1, 2) }", "bad.go:4:2: kairos cannot interpret this yet: core has no deferred calls"},
		{"func f5() {\n\tvar a, b int\n\ta, b = b, a }", "bad.go:5:2: kairos cannot interpret this yet: core assigns one value at a time, or the results of a call"},
		{"func f6(a ...int) {}\nfunc g6() { f6(1) }", "bad.go:4:13: kairos cannot interpret this yet: core has no variadic functions"},
		{"func f7(c k.Chan) { c <- k.Point{} }", "bad.go:3:21: kairos cannot interpret this yet: core has no channel operations"},
		{"func f9() (n int) { return 1 }", "bad.go:3:1: kairos cannot interpret this yet: core does not name results"},
		{"func f8(int) {}", "bad.go:3:1: kairos cannot interpret this yet: core names all parameters"},
	} {
		err := loadErr(e, "bad.go", benchHead+test.src)
		if err == nil || err.Error() != test.message {
			t.Errorf("%s:\n got %v\nwant %s", test.src, err, test.message)
		}
		load(t, e, "good.go", benchHead+"func good() { k.Print(1) }\nfunc init() { k.Case(`good`, good) }")
		k.Output()
		cases["good"]()
		if got := k.Output(); got != "int:1\n" {
			t.Errorf("after %s: got %q", test.src, got)
		}
	}
}

// A panic in an init function comes out of Load.
func TestPanicInLoad(t *testing.T) {
	e, _ := newEngine(t)
	src := benchHead + "func init() {\n\tk.PanicNow(`early`)\n}"
	thrown := catch(func() { load(t, e, "init.go", src) })
	expect(t, e, "init", thrown, "early", "4")
}

// Files may use what earlier files declared, and have names that were used before.
func TestLoadOneAfterTheOther(t *testing.T) {
	e, cases := newEngine(t)
	load(t, e, "a.go", benchHead+"func one() int { return 1 }")
	load(t, e, "a.go", benchHead+"func two() int { return one() + one() }\nfunc addTwo(x int) int { return x + two() }")
	load(t, e, "b.go", benchHead+`func show() { var f k.Fn; f = addTwo; k.Print(f(two()), k.Apply(addTwo, 1)) }
		func init() { k.Case("show", show) }`)
	k.Output()
	cases["show"]()
	if got := k.Output(); got != "int:4 int:3\n" {
		t.Errorf("got %q", got)
	}
}

const cell = `
func cell$() {
	var s int
	var i int
	for i = 0; i < 10; i++ {
		s += i
	}
	*k.Var = s
	k.Show(k.F64(s) * 2)
}
func init() { k.Case("cell$", cell$) }
`

// cells returns a function that loads one cell after the other.
func cells(t testing.TB) func() {
	e, _ := newEngine(t)
	e.Use("Var", reflect.ValueOf(new(int)))
	e.Use("Show", reflect.ValueOf(func(any) {}))
	e.Use("Case", reflect.ValueOf(func(string, func()) {}))
	n := 0
	return func() {
		n++
		id := strconv.Itoa(n)
		load(t, e, "cell["+id+"]", benchHead+strings.ReplaceAll(cell, "$", id))
	}
}

// What is kept of a cell is small.
func TestMemory(t *testing.T) {
	next := cells(t)
	used := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	next()
	const n = 2000
	before := used()
	for range n {
		next()
	}
	if each := (used() - before) / n; each > 5000 {
		t.Errorf("a cell keeps %d bytes", each)
	}
	next()
}

// BenchmarkLoad loads cells one after the other into one engine, parsing included.
func BenchmarkLoad(b *testing.B) {
	next := cells(b)
	b.ReportAllocs()
	for b.Loop() {
		next()
	}
}
