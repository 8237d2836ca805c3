package forge_test

import (
	"fmt"
	"go/types"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"kairos/repl/forge"
)

// source checks a package of a few lines, as a session would.
func source(t testing.TB, text string) *testWorld {
	t.Helper()
	return newWorld(check("main", "main.go", "package main\n"+text))
}

func (w *testWorld) get(t testing.TB, name string) (open, real reflect.Type) {
	t.Helper()
	typ := w.pkg.Scope().Lookup(name).Type()
	open, err := w.Open(typ)
	if err != nil {
		t.Fatal(err)
	}
	real, err = w.True(typ)
	if err != nil {
		t.Fatal(err)
	}
	return open, real
}

// bind gives a method the code of f, whose parameters lie in memory as the
// method's do, or which reflect.MakeFunc is to make the method of.
func (w *testWorld) bind(t testing.TB, name, method string, f any) {
	t.Helper()
	n := w.named(name)
	obj, _, _ := types.LookupFieldOrMethod(n, true, w.pkg, method)
	var params []*types.Var
	params = append(params, types.NewParam(0, nil, "", obj.(*types.Func).Signature().Recv().Type()))
	for v := range obj.(*types.Func).Signature().Params().Variables() {
		params = append(params, v)
	}
	sig := obj.(*types.Func).Signature()
	open, err := w.Open(types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic()))
	if err != nil {
		t.Fatal(err)
	}
	body := reflect.ValueOf(f)
	if run, ok := f.(func([]reflect.Value) []reflect.Value); ok {
		body = reflect.MakeFunc(open, run)
	}
	if body.Type().In(0).Kind() == reflect.Pointer && open.In(0).Kind() != reflect.Pointer {
		in := []reflect.Type{reflect.PointerTo(open.In(0))}
		for i := 1; i < open.NumIn(); i++ {
			in = append(in, open.In(i))
		}
		var out []reflect.Type
		for o := range open.Outs() {
			out = append(out, o)
		}
		open = reflect.FuncOf(in, out, open.IsVariadic())
	}
	if err := w.Bind(n, method, forge.As(body, open)); err != nil {
		t.Fatal(err)
	}
}

// wrapped is f behind reflect.MakeFunc, as an interpreter makes functions.
func wrapped(f any) any {
	v := reflect.ValueOf(f)
	return reflect.MakeFunc(v.Type(), func(args []reflect.Value) []reflect.Value {
		if v.Type().IsVariadic() {
			return v.CallSlice(args)
		}
		return v.Call(args)
	}).Interface()
}

// No function but those of twins_test.go may declare types: the compiler
// numbers them all, and TestLocalTypes compares the numbers.
type (
	rec interface{ Down(n int, s string) int }
	m   interface{ M() }
)

type deep struct {
	s    string
	n    int
	next *deep
	f    float64
}

type worker interface {
	Work(n int, s string, f float64, p *int, list []string, m map[string]int, a any, e error, more ...string) (string, [4]int, float64, *int, any)
}

func work(d deep, n int, s string, f float64, p *int, list []string, m map[string]int, a any, e error, more ...string) (string, [4]int, float64, *int, any) {
	if n%100 == 0 {
		runtime.GC()
	}
	garbage := make([]*int, 100)
	for i := range garbage {
		garbage[i] = new(int)
	}
	return fmt.Sprint(d.s, d.n, d.next.s, d.f, n, s, f, *p, list, m, a, e, more), [4]int{n, len(s), len(list), len(more)}, d.f + f, p, d.next
}

const workSource = `
type Deep struct { s string; n int; next *Deep; f float64 }
func (d Deep) Work(n int, s string, f float64, p *int, list []string, m map[string]int, a any, e error, more ...string) (_ string, _ [4]int, _ float64, _ *int, _ any) { return }
type PDeep struct { Deep }
func (d *PDeep) Work(n int, s string, f float64, p *int, list []string, m map[string]int, a any, e error, more ...string) (_ string, _ [4]int, _ float64, _ *int, _ any) { return }
type Promoted struct { pad [3]string; Deep }
type PromotedP struct { pad int; *PDeep; more string }
type PromotedI struct { x int; worker }
type worker interface{ Work(n int, s string, f float64, p *int, list []string, m map[string]int, a any, e error, more ...string) (_ string, _ [4]int, _ float64, _ *int, _ any) }
`

// TestCollector calls methods of all sorts with the collector running all the
// time and stacks that grow.
func TestCollector(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	for name, wrap := range map[string]func(any) any{"plain": func(f any) any { return f }, "MakeFunc": wrapped} {
		t.Run(name, func(t *testing.T) {
			w := source(t, workSource)
			w.bind(t, "Deep", "Work", wrap(work))
			w.bind(t, "PDeep", "Work", wrap(func(d *deep, n int, s string, f float64, p *int, list []string, m map[string]int, a any, e error, more ...string) (string, [4]int, float64, *int, any) {
				return work(*d, n, s, f, p, list, m, a, e, more...)
			}))
			d := deep{"s", 1, &deep{s: "next"}, 2.5}
			var wait sync.WaitGroup
			for name, x := range map[string]any{
				"Deep": &d, "PDeep": &d, "Promoted": &struct {
					pad [3]string
					deep
				}{deep: d}, "PromotedP": &struct {
					pad int
					*deep
					more string
				}{deep: &d}, "PromotedI": &struct {
					x int
					worker
				}{worker: forge.As(reflect.ValueOf(&d), reflect.PointerTo(second(w.get(t, "Deep")))).Interface().(worker)},
			} {
				v := forge.As(reflect.ValueOf(x), reflect.PointerTo(second(w.get(t, name))))
				called := []worker{v.Interface().(worker)}
				if name != "PDeep" {
					called = append(called, v.Elem().Interface().(worker))
				}
				for _, c := range called {
					wait.Add(1)
					go func() {
						defer wait.Done()
						for i := range 300 {
							useWorker(t, c, i)
						}
					}()
				}
			}
			wait.Wait()
		})
	}
}

func second[T any](_, b T) T { return b }

func useWorker(t *testing.T, c worker, i int) {
	n := new(int)
	*n = i
	s, a, f, p, next := c.Work(i, strings.Repeat("x", i%7), 1.5, n, []string{"l", fmt.Sprint(i)}, map[string]int{"k": i}, i, fmt.Errorf("e%d", i), "m", "n")
	want := fmt.Sprint("s", 1, "next", 2.5, i, strings.Repeat("x", i%7), 1.5, i, []string{"l", fmt.Sprint(i)}, map[string]int{"k": i}, i, fmt.Errorf("e%d", i), []string{"m", "n"})
	if s != want || a != [4]int{i, i % 7, 2, 2} || f != 4 || p != n || *p != i || next == nil {
		t.Errorf("got %v %v %v %v %v, want %v", s, a, f, *p, next, want)
	}
}

// TestDeepRecursion grows the stack within methods.
func TestDeepRecursion(t *testing.T) {
	for name, wrap := range map[string]func(any) any{"plain": func(f any) any { return f }, "MakeFunc": wrapped} {
		t.Run(name, func(t *testing.T) {
			w := source(t, `
type V struct{ a, b, c int; s string }
func (v V) Down(n int, s string) int { return 0 }
type P struct { x int; V }
type I int
func (i I) Down(n int, s string) int { return 0 }
`)
			var self [2]rec
			w.bind(t, "V", "Down", wrap(func(v struct {
				a, b, c int
				s       string
			}, n int, s string) int {
				if n == 0 {
					runtime.GC()
					return v.a + len(s) + len(v.s)
				}
				return self[n%2].Down(n-1, s) + 1
			}))
			w.bind(t, "I", "Down", wrap(func(i, n int, s string) int { return self[0].Down(n, s) }))
			self[0] = forge.As(reflect.ValueOf(&struct {
				x, a, b, c int
				s          string
			}{1, 2, 3, 4, "five"}), reflect.PointerTo(second(w.get(t, "P")))).Interface().(rec)
			self[1] = forge.As(reflect.ValueOf(7), second(w.get(t, "I"))).Interface().(rec)
			done := make(chan int)
			go func() { done <- self[0].Down(4000, "abc") }()
			if n := <-done; n != 4000+2+3+4 {
				t.Error(n)
			}
		})
	}
}

func TestNilReceivers(t *testing.T) {
	w := source(t, `
type V struct{ a, b string }
func (v V) M() {}
type I int
func (i I) M() {}
type Y byte
func (y Y) M() {}
type Q struct{ a, b string }
func (q Q) M() {}
type P struct{ n int; V }
func (p *P) N() bool { return p == nil }
type E struct{ *P }
type G[T any] []T
func (g G[T]) M() {}
var G1 G[int]
`)
	w.bind(t, "V", "M", func(v [2]string) {})
	w.bind(t, "I", "M", func(i int) {})
	w.bind(t, "Y", "M", func(y byte) {})
	w.bind(t, "Q", "M", func(q *[2]string) {})
	w.bind(t, "P", "N", func(p *int) bool { return p == nil })
	null := func(name string) any { return reflect.Zero(reflect.PointerTo(second(w.get(t, name)))).Interface() }
	const dereference = "panic runtime error: invalid memory address or nil pointer dereference true"
	for name, want := range map[string]string{
		"V": "panic value method main.V.M called using nil *V pointer true",
		"I": "panic value method main.I.M called using nil *I pointer true",
		"Y": "panic value method main.Y.M called using nil *Y pointer true",
		"Q": "panic value method main.Q.M called using nil *Q pointer true",
		"P": dereference, "E": dereference,
	} {
		if got := try(func() any { null(name).(m).M(); return nil }); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if !null("P").(interface{ N() bool }).N() {
		t.Error("a nil *P is not nil")
	}
	if e := reflect.Zero(second(w.get(t, "E"))).Interface().(interface{ N() bool }); !e.N() {
		t.Error("a promoted nil *P is not nil")
	}
	g, err := w.True(types.NewPointer(w.pkg.Scope().Lookup("G1").Type()))
	if err != nil {
		t.Fatal(err)
	}
	if got := try(func() any { reflect.Zero(g).Interface().(m).M(); return nil }); got != "panic forge: method main.G[int].M is not bound false" {
		t.Error(got)
	}
}

// TestViews compares open types with true ones.
func TestViews(t *testing.T) {
	w := source(t, `
type T struct { a int; B string; _ byte; c *T; m map[string]T }
type Closed struct { A int; P *Closed }
type Named []T
type F func(T) (*T, error)
type I interface { M(t T) T; N(c Closed); un(t T) }
type CI interface { N(c Closed) }
type Impl struct { x int }
func (i Impl) M(t T) T { return t }
func (i Impl) N(c Closed) {}
func (i Impl) un(t T) {}
type Fn func(Closed) CI
var X struct { t T }
var Y struct { y int }
var Z map[string]struct { Z T }
type Mt int
func (m Mt) M(t T) {}
type Un interface { un() }
`)
	for name, twins := range map[string]bool{"T": true, "Closed": false, "Named": true, "F": true, "I": true, "CI": false, "Fn": false, "X": true, "Y": true, "Z": true, "Mt": false, "Un": true} {
		open, real := w.get(t, name)
		if (open != real) != twins {
			t.Errorf("%s: open and true are two: %v, want %v", name, open != real, twins)
		}
		if strings.ReplaceAll(open.String(), " ", "") != strings.ReplaceAll(real.String(), " ", "") || open.Size() != real.Size() {
			t.Errorf("%s: open %v, true %v", name, open, real)
		}
	}
	open, real := w.get(t, "T")
	v := reflect.New(open).Elem()
	v.Field(0).SetInt(7)
	v.Field(1).SetString("b")
	v.Field(3).Set(v.Addr())
	v.Field(4).Set(reflect.MakeMap(open.Field(4).Type))
	v.Field(4).SetMapIndex(reflect.ValueOf("k"), reflect.Zero(open))
	r := forge.As(v, real)
	if got := fmt.Sprint(r.Interface())[:6]; got != "{7 b 0" {
		t.Error(got)
	}
	if r.Field(4).MapIndex(reflect.ValueOf("k")).Field(0).Int() != 0 || r.Field(0).CanSet() {
		t.Error("the true type has settable fields")
	}
	w.checkOpenInterface(t)
}

// checkOpenInterface calls methods of a true value through the open interface.
func (w *testWorld) checkOpenInterface(t *testing.T) {
	openT, _ := w.get(t, "T")
	openI, realI := w.get(t, "I")
	openImpl, realImpl := w.get(t, "Impl")
	n := 0
	for _, name := range []string{"M", "N", "un"} {
		obj, _, _ := types.LookupFieldOrMethod(w.named("Impl"), true, w.pkg, name)
		sig, err := w.Open(obj.Type())
		if err != nil {
			t.Fatal(err)
		}
		in, out := []reflect.Type{openImpl}, []reflect.Type{}
		for p := range sig.Ins() {
			in = append(in, p)
		}
		for p := range sig.Outs() {
			out = append(out, p)
		}
		if err := w.Bind(w.named("Impl"), name, reflect.MakeFunc(reflect.FuncOf(in, out, false), func(args []reflect.Value) []reflect.Value {
			n += int(args[0].Field(0).Int())
			return args[1 : 1+len(out)]
		})); err != nil {
			t.Fatal(err)
		}
	}
	impl := reflect.New(openImpl).Elem()
	impl.Field(0).SetInt(5)
	i := reflect.New(realI).Elem()
	i.Set(forge.As(impl, realImpl))
	oi := forge.As(i, openI)
	arg := reflect.New(openT).Elem()
	arg.Field(0).SetInt(9)
	if got := oi.MethodByName("M").Call([]reflect.Value{arg})[0]; got.Field(0).Int() != 9 || got.Type() != openT {
		t.Error(got)
	}
	oi.MethodByName("N").Call([]reflect.Value{reflect.Zero(oi.Type().Method(1).Type.In(0))})
	oi.MethodByName("un").Call([]reflect.Value{arg})
	if n != 15 || oi.Elem().Type() != realImpl {
		t.Error(n, oi.Elem().Type())
	}
	// The same closure in the true view's clothes.
	if got := i.MethodByName("M").Call([]reflect.Value{forge.As(arg, i.Type().Method(0).Type.In(0))})[0]; got.Field(0).Int() != 9 {
		t.Error(got)
	}
}

func TestConcurrency(t *testing.T) {
	w := newWorld(checked())
	var wait sync.WaitGroup
	for range 4 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for name := range twins {
				a, _ := w.True(w.named(name))
				b, _ := w.True(w.named(name))
				if _, err := w.Open(w.named(name)); err != nil || a != b {
					t.Error(name, err)
				}
			}
		}()
	}
	wait.Wait()
}
