package engine

import (
	"fmt"
	"go/ast"
	"go/token"
	"runtime"
	"strings"
	"sync"
	"testing"

	"kairos/repl/lower/rt"
)

// The line numbers that the traces below name are those of this program.
const tracing = `package main

func third(s k.Ints, i int) int {
	var x int
	x = 1
	return x +
		s[i]
}

func second(s k.Ints, i int) int {
	var a, b int
	a = 1
	b = third(s,
		i)
	return a + b
}

func lit(s k.Ints) k.Fn {
	return func(i int) int {
		if i > 100 {
			return i
		}
		return second(s, i)
	}
}

func direct() {
	second(nil, 3)
}

func closure() {
	var f k.Fn
	f = lit(nil)
	for f(1000) > 0 {
		f(4)
	}
}

func compiled() {
	k.Print(
		k.Apply(lit(nil), 5))
}

func value() {
	k.PanicNow("mine")
}

func twice() {
	k.Call(value)
}

func divide(a, b int) int { return a / b }

func branch() {
	if divide(1, 1) == 1 && divide(1, 0) == 1 {
		k.Print("no")
	}
}

func loop() {
	var i int
	var p k.PPoint
	p = new(k.Point)
	for i = 0; i < 3; i++ {
		p.X = i
		if i == 2 {
			p = nil
		}
	}
}

func init() {
	k.Case("direct", direct)
	k.Case("closure", closure)
	k.Case("compiled", compiled)
	k.Case("value", value)
	k.Case("twice", twice)
	k.Case("branch", branch)
	k.Case("loop", loop)
}
`

func TestTrace(t *testing.T) {
	e, cases := newEngine(t)
	load(t, e, "tracing.go", tracing)
	for _, test := range []struct{ name, value, lines string }{
		{"direct", "runtime error: index out of range [3] with length 0", "7 13 28"},
		{"closure", "runtime error: index out of range [4] with length 0", "7 13 23 35"},
		{"compiled", "runtime error: index out of range [5] with length 0", "7 13 23 41"},
		{"value", "mine", "45"},
		{"twice", "mine", "45 49"},
		{"branch", "runtime error: integer divide by zero", "52 55"},
	} {
		for range 2 {
			expect(t, e, test.name, catch(cases[test.name]), test.value, test.lines)
		}
	}
	if thrown := catch(cases["loop"]); thrown != nil {
		t.Errorf("loop panicked with %v", thrown.Value)
	}
}

func expect(t *testing.T, e *Engine, name string, thrown *rt.Thrown, value, lines string) {
	t.Helper()
	if thrown == nil {
		t.Errorf("%s: no panic", name)
		return
	}
	var got []string
	for _, pos := range thrown.Trace {
		got = append(got, fmt.Sprint(e.FileSet().Position(pos).Line))
	}
	if fmt.Sprint(thrown.Value) != value || strings.Join(got, " ") != lines {
		t.Errorf("%s: got %v at %v, want %v at %v", name, thrown.Value, got, value, lines)
	}
	if _, ok := thrown.Value.(runtime.Error); ok != strings.HasPrefix(value, "runtime error") {
		t.Errorf("%s: the value is a %T", name, thrown.Value)
	}
}

// Panics in goroutines arrive with their traces, and at once in many of them.
func TestTraceInGoroutines(t *testing.T) {
	e, cases := newEngine(t)
	load(t, e, "tracing.go", tracing)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			expect(t, e, "compiled", catch(cases["compiled"]), "runtime error: index out of range [5] with length 0", "7 13 23 41")
		})
	}
	wg.Wait()
}

// Nodes that lowering added have no position. A function that stands at one is no part of the trace.
func TestTraceOfAddedNodes(t *testing.T) {
	e, cases := newEngine(t)
	file := parse(t, e, "added.go", benchHead+`func inner() {
			k.PanicNow(3) }
		func added() { inner() }
		func outer() {
			added() }
		func init() { k.Case("outer", outer) }`)
	ast.Inspect(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == "inner" {
			id.NamePos = token.NoPos
		}
		return true
	})
	if err := e.Load(file); err != nil {
		t.Fatal(err)
	}
	expect(t, e, "outer", catch(cases["outer"]), "3", "4 7")
}
