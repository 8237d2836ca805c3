package engine

import (
	"go/ast"
	"go/parser"
	"io"
	"reflect"
	"testing"

	"github.com/traefik/yaegi/interp"
)

// programs are what the benchmarks run, with plain yaegi and with the engine.
var programs = []struct{ name, src string }{
	{"loop", `func run() { var s int; var i int; for i = 0; i < 1000; i++ { s += i } }`},
	{"forever", `func run() { var i int; for { i++; if i == 1000 { break } } }`},
	{"fib", `func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }; func run() { fib(12) }`},
	{"slice", `func run() { var s k.Ints; var i, t int; s = make(k.Ints, 100); for i = 0; i < 1000; i++ { s[i%100] += i; t += s[i%100] } }`},
	{"map", `func run() { var m k.Map; var i int; m = make(k.Map); for i = 0; i < 300; i++ { m["a"] += i; m["b"] = m["a"] } }`},
	{"struct", `func run() { var p *k.Point; var i int; p = new(k.Point); for i = 0; i < 1000; i++ { p.X += i; p.Y = p.X } }`},
	{"closure", `func lit(a *int) k.Fn { return func(x int) int { *a = *a + x; return *a } }
		func run() { var a *int; var f k.Fn; var i int; a = new(int); f = lit(a); for i = 0; i < 100; i++ { f(i) } }`},
	{"makers", `func lit(a *int) k.Fn { return func(x int) int { return *a } }
		func run() { var a *int; var f k.Fn; var i int; a = new(int); for i = 0; i < 100; i++ { f = lit(a) }; f(1) }`},
	{"compiled", `func run() { var i, s int; for i = 0; i < 300; i++ { s = k.Add(s, i) } }`},
	{"sieve", `func run() { var s k.Ints; var i, j, n int; s = make(k.Ints, 500)
		for i = 2; i < 500; i++ { if s[i] == 0 { n++; for j = i * i; j < 500; j += i { s[j] = 1 } } } }`},
	{"strings", `func run() { var s string; var i, n int; for i = 0; i < 300; i++ { s = "abc" + "def"; if s[i%6] == 'c' { n++ } } }`},
	{"range", `func run() { var s k.Ints; var n int; s = make(k.Ints, 1000); for _, x := range s { n += x } }`},
}

const benchHead = "package main\nimport k \"k\"\n"

func plain(t testing.TB, src string) func() {
	in := interp.New(interp.Options{Stderr: io.Discard})
	m := entries()
	var run func()
	m["Case"] = reflect.ValueOf(func(name string, f func()) { run = f })
	if err := in.Use(interp.Exports{"k/k": m}); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Eval(benchHead + src + "\nfunc init() { k.Case(`run`, run) }"); err != nil {
		t.Fatal(err)
	}
	return run
}

func BenchmarkRun(b *testing.B) {
	for _, p := range programs {
		b.Run(p.name+"/yaegi", func(b *testing.B) {
			f := plain(b, p.src)
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
		b.Run(p.name+"/engine", func(b *testing.B) {
			e, cases := newEngine(b)
			load(b, e, "run.go", benchHead+p.src+"\nfunc init() { k.Case(`run`, run) }")
			f := cases["run"]
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
}

func parse(t testing.TB, e *Engine, name, src string) *ast.File {
	file, err := parser.ParseFile(e.FileSet(), name, src, 0)
	if err != nil {
		t.Fatal(err)
	}
	toCore(file)
	return file
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(Config{}); err != nil {
			b.Fatal(err)
		}
	}
}
