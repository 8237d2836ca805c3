package engine

import (
	"reflect"
	"testing"

	"kairos/repl/engine/testdata/k"
	"kairos/repl/lower/rt"
	"kairos/repl/stop"
)

// deferring is core with what package rt has for deferred calls.
const deferring = `package main

func fail(s k.Ints, i int) int { return s[i] }

func body(r k.PInt, i int) k.Body {
	return func(f k.Frame) {
		f.Defer(rescue(r))
		*r = fail(k.Ints{1, 2}, i)
	}
}

func rescue(r k.PInt) k.Func {
	return func() {
		if k.Recover() != nil {
			*r = -1
		}
	}
}

func guarded(i int) int {
	var r k.PInt
	r = new(int)
	k.Run(body(r, i))
	return *r
}

func down(n int) int {
	if n == 0 {
		return fail(nil, 7)
	}
	return down(n-1) + 1
}

func spin(f k.Frame) {
	f.Defer(report)
	for {
	}
}

func report() { k.Print("deferred", k.Recover()) }

func show() { k.Print(guarded(0), guarded(1), guarded(2), guarded(-1)) }

func deep() { down(100) }

func stopped() { k.Run(spin) }

func deferred() { guarded(1) }

func init() {
	k.Case("show", show)
	k.Case("deep", deep)
	k.Case("stopped", stopped)
	k.Case("deferred", deferred)
}
`

func loadDeferring(t testing.TB) map[string]func() {
	e, cases := newEngine(t)
	e.Use("Body", reflect.ValueOf((*func(*rt.Frame))(nil)))
	e.Use("Frame", reflect.ValueOf((**rt.Frame)(nil)))
	e.Use("Run", reflect.ValueOf(rt.Run))
	e.Use("Recover", reflect.ValueOf(rt.Recover))
	load(t, e, "deferring.go", deferring)
	return cases
}

func TestRecover(t *testing.T) {
	cases := loadDeferring(t)
	k.Output()
	cases["show"]()
	if got := k.Output(); got != "int:1 int:2 int:-1 int:-1\n" {
		t.Errorf("got %q", got)
	}
}

// Deferred calls run when a cell is stopped, and can recover nothing.
func TestInterruptWithDeferred(t *testing.T) {
	cases := loadDeferring(t)
	cell := stop.New("")
	k.Output()
	if !stop.With(cell, func() { go cell.Stop(); cases["stopped"]() }) {
		t.Error("was not interrupted")
	}
}

// BenchmarkPanic panics under 100 functions.
func BenchmarkPanic(b *testing.B) {
	deep := loadDeferring(b)["deep"]
	for b.Loop() {
		catch(deep)
	}
}

// BenchmarkDeferred calls a function that defers another.
func BenchmarkDeferred(b *testing.B) {
	deferred := loadDeferring(b)["deferred"]
	for b.Loop() {
		deferred()
	}
}
