package rt_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"kairos/repl/engine"
	"kairos/repl/lower/rt"
)

// core is a lowered program. It puts what it has to say in calls of k.Say.
const core = `package main

func init() { k.Main(run) }

func run() {
	squelched()
	outer()
	faults()
}

// handler recovers if it was deferred.
func handler(who string) { k.Say(who, k.Recover()) }

func squelched() {
	k.Run(squelchedBody)
}

func squelchedBody(f *k.Frame) {
	f.DeferCall(func() { handler("handler") })
	f.Defer(func() { handler("not direct") })
	f.DeferCall(func() { k.Once(func() { handler("in compiled function") }) })
	f.DeferRecover()
	k.Panic("x")
}

func outer() {
	k.Run(outerBody)
}

func outerBody(f *k.Frame) {
	f.Defer(deferredWithFrame)
	k.Panic("y")
}

func deferredWithFrame() { k.Run(deferredBody) }

func deferredBody(f *k.Frame) {
	f.Defer(func() { handler("deferred by deferred") })
	squelched()
	k.Say("with frame", k.Recover())
}

func faults() {
	k.Try(k.Index)
	k.Try(k.Misuse)
	k.Try(k.Boom)
	k.Try(outOfRange)
	k.Try(nilPointer)
}

func outOfRange() {
	var s k.Ints
	s = make(k.Ints, 1)
	k.Say("not reached", s[5])
}

func nilPointer() {
	var p k.Pair
	k.Say("not reached", p.A)
}
`

// TestInterpreted runs deferred calls as lowered programs do.
func TestInterpreted(t *testing.T) {
	e, err := engine.New(engine.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var j journal
	var run func()
	for name, v := range rt.Symbols(nil) {
		e.Use(name, v)
	}
	for name, x := range map[string]any{
		"Main": func(f func()) { run = f },
		"Say":  func(who string, what any) { j.say(who, what) },
		"Try": func(f func()) {
			r := thrownBy(f).Value
			_, ok := r.(runtime.Error)
			text, _, _ := strings.Cut(fmt.Sprint(r), " [")
			j.say(text, ok)
		},
		"Once":   func(f func()) { f() },
		"Ints":   (*[]int)(nil),
		"Pair":   (**struct{ A int })(nil),
		"Index":  func() { s := []int{}; _ = s[len(s)] },
		"Misuse": func() { reflect.ValueOf(1).Len() },
		"Boom":   func() { panic("reflect: slice index out of range") },
	} {
		e.Use(name, reflect.ValueOf(x))
	}
	file, err := parser.ParseFile(e.FileSet(), "core.go", core, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == "k" {
			id.Name = "k·"
		}
		return true
	})
	if err := e.Load(file); err != nil {
		t.Fatal(err)
	}
	run()
	want := strings.TrimPrefix(`
in compiled function <nil>
not direct <nil>
handler x
in compiled function <nil>
not direct <nil>
handler x
with frame y
deferred by deferred <nil>
runtime error: index out of range true
reflect: call of reflect.Value.Len on int Value false
reflect: slice index out of range false
runtime error: index out of range true
runtime error: invalid memory address or nil pointer dereference true
`, "\n")
	if j.String() != want {
		t.Errorf("it says\n%swant\n%s", &j, want)
	}
}
