package engine

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"kairos/repl/engine/testdata/k"
	"kairos/repl/lower/rt"
	"kairos/repl/stop"
)

// endless are programs that only an interrupt ends.
var endless = []struct{ name, src string }{
	{"empty", `func run() { for {} }`},
	{"counting", `func run() { var i int; for { i++ } }`},
	{"condition", `func run() { var i int; for i = 0; i >= 0; i++ { if i > 10 { i = 0; continue } } }`},
	{"nested", `func run() { var i, j int; for { for i = 0; i < 1000; i++ { for j = 0; j < 1000; j++ {} } } }`},
	{"goto", `func run() { var i int
		again: i++; goto again }`},
	{"range", `func run() { var s k.Ints; var n int; s = make(k.Ints, 100000); for { for _, x := range s { n += x } } }`},
	{"map", `func run() { var m k.Map; m = k.Map{"a": 1, "b": 2}; for { for key, v := range m { m[key] = v + 1 } } }`},
	{"calls", `func f(x int) int { return x + 1 }
		func run() { var i int; for { i = f(f(i)) } }`},
	{"recursion", `func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }
		func run() { fib(100) }`},
	{"deep", `func down(n int) int { if n == 100000 { return 0 }; return down(n+1) + 1 }
		func run() { for { down(0) } }`},
	{"closures", `func lit(n *int) k.Fn { return func(x int) int { *n = *n + x; return *n } }
		func run() { var f k.Fn; f = lit(new(int)); for { f(1) } }`},
	{"through compiled code", `func lit(f k.Fn) k.Fn { return func(x int) int { for { x = k.Apply(f, x) } } }
		func inc(x int) int { return x + 1 }
		func run() { k.Apply(lit(inc), 0) }`},
}

func TestInterrupt(t *testing.T) {
	const each = 9
	slow := 0
	for _, p := range endless {
		t.Run(p.name, func(t *testing.T) {
			e, cases := newEngine(t)
			load(t, e, "run.go", benchHead+p.src+"\nfunc init() { k.Case(`run`, run) }")
			for range each {
				cell := stop.New(p.name)
				var stopped time.Time
				time.AfterFunc(rand.N(10*time.Millisecond), func() { stopped = time.Now(); cell.Stop() })
				if !stop.With(cell, cases["run"]) {
					t.Fatal("returned without interrupt")
				}
				if d := time.Since(stopped); d > 50*time.Millisecond {
					t.Logf("returned %v after the interrupt", d)
					slow++
				}
			}
			load(t, e, "after.go", benchHead+"func after() { k.Print(`usable`) }\nfunc init() { k.Case(`after`, after) }")
			k.Output()
			cases["after"]()
			if got := k.Output(); got != "string:usable\n" {
				t.Errorf("the next cell printed %q", got)
			}
		})
	}
	if total := each * len(endless); slow > total/20 { // others may want the machine
		t.Errorf("%d of %d interrupts took more than 50 ms", slow, total)
	}
}

// A goroutine of a stopped cell ends, whoever started it.
func TestInterruptGoroutines(t *testing.T) {
	e, cases := newEngine(t)
	load(t, e, "run.go", benchHead+endless[1].src+"\nfunc init() { k.Case(`run`, run) }")
	cell := stop.New("")
	var wg sync.WaitGroup
	stop.With(cell, func() {
		wg.Go(cases["run"])
		wg.Go(func() { stop.Guard(cases["run"]) })
	})
	time.Sleep(time.Millisecond)
	cell.Stop()
	wg.Wait()
}

func TestStackOverflow(t *testing.T) {
	e, cases := newEngine(t)
	load(t, e, "run.go", benchHead+`
func down(n int) int { return down(n+1) + 1 }
func run() { down(0) }
func lit(n int) k.Fn { return func(x int) int { return k.Apply(lit(n), x+1) } }
func indirect() { k.Apply(lit(3), 1) }
func recovered() { k.Try("run", run) }
func init() { k.Case("run", run); k.Case("indirect", indirect); k.Case("recovered", recovered) }`)
	for _, name := range []string{"run", "indirect", "recovered", "run"} {
		thrown := catch(cases[name])
		if thrown == nil || thrown.Value != any(stop.Overflow{}) {
			t.Fatalf("%s: got %v", name, thrown)
		}
		if name != "recovered" && len(thrown.Trace) < 10_000 {
			t.Errorf("%s: overflowed at %d frames", name, len(thrown.Trace))
		}
	}
}

// catch runs f and returns what it panics with.
func catch(f func()) (thrown *rt.Thrown) {
	defer func() { thrown, _ = recover().(*rt.Thrown) }()
	f()
	return nil
}
