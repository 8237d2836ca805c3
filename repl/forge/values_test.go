package forge_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/types"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"
	"text/template"
	"time"

	"kairos/repl/forge"
)

// bindAll gives every method of the package's types (and of the instances
// among extra) the code of the compiled twin.
func (w *testWorld) bindAll(t testing.TB) {
	t.Helper()
	for name, twin := range twins {
		w.bindTo(t, w.named(name), twin)
	}
	w.bindTo(t, w.fieldType("EmbedGen", 0), reflect.TypeFor[Pair[string, int]]())
	w.bindTo(t, w.fieldType("UseRose", 1), reflect.TypeFor[Pair[string, Point]]())
}

func (w *testWorld) fieldType(name string, i int) *types.Named {
	return w.named(name).Underlying().(*types.Struct).Field(i).Type().(*types.Named)
}

func (w *testWorld) bindTo(t testing.TB, named *types.Named, twin reflect.Type) {
	t.Helper()
	for m := range named.Methods() {
		recv := m.Signature().Recv().Type()
		compiled := twin
		if _, ok := recv.(*types.Pointer); ok {
			compiled = reflect.PointerTo(twin)
		}
		if err := w.Bind(named, m.Name(), w.body(t, m, compiled)); err != nil {
			t.Fatal(err)
		}
	}
}

// body calls the compiled method.
func (w *testWorld) body(t testing.TB, m *types.Func, compiled reflect.Type) reflect.Value {
	t.Helper()
	sig := m.Signature()
	var params []*types.Var
	params = append(params, sig.Recv())
	for v := range sig.Params().Variables() {
		params = append(params, v)
	}
	open, err := w.Open(types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic()))
	if err != nil {
		t.Fatal(err)
	}
	method, ok := compiled.MethodByName(m.Name())
	return reflect.MakeFunc(open, func(args []reflect.Value) []reflect.Value {
		if !ok {
			panic("the compiled method " + m.Name() + " is out of reach")
		}
		for i := range args {
			args[i] = forge.As(args[i], method.Type.In(i))
		}
		call := method.Func.Call
		if sig.Variadic() {
			call = method.Func.CallSlice
		}
		results := call(args)
		for i := range results {
			results[i] = forge.As(results[i], open.Out(i))
		}
		return results
	})
}

// as is the value x points to, seen as the forged type of the same name.
func (w *testWorld) as(t testing.TB, x any) any {
	t.Helper()
	return w.at(t, x).Elem().Interface()
}

func (w *testWorld) at(t testing.TB, x any) reflect.Value {
	t.Helper()
	v := reflect.ValueOf(x)
	r, err := w.True(w.named(v.Type().Elem().Name()))
	if err != nil {
		t.Fatal(err)
	}
	return forge.As(v, reflect.PointerTo(r))
}

func ptr[T any](x T) *T { return &x }

func samples() []any {
	p := &Point{1, 2}
	return []any{
		ptr(Int(3)), ptr(Small(4)), ptr(Float(2.5)), ptr(Complex(1 + 2i)), ptr(Str("abc")), ptr(Flag(true)),
		ptr(Ints{1, 2}), ptr(Arr{1, 2, 3}), ptr(Table{"a": 1, "b": 2}), ptr(Fn(nil)), ptr(PtrTo(nil)), ptr(Nested{}),
		p, ptr(Point{}), ptr(hidden{a: 1, B: "b", c: 3, d: *p}), ptr(Empty{}), ptr(Tail{A: 1}), ptr(Padded{1, 2, 3}), ptr(Blank{A: "x"}),
		ptr(Wrap{}), ptr(WrapF{}), ptr(Floaty{1, 2, 3i}), ptr(Big{S: "s"}), ptr(NoCmp{[]int{1}}), ptr(NoCmpF{}),
		ptr(Iface{E: errBase, s: time.Second, A: 3}), ptr(Tagged{1, "two"}), ptr(List{v: 1}), ptr(Tree{name: "t", kids: []Tree{{name: "k"}}}),
		ptr(Node{map[string]Node{"a": {}}}), ptr(Slice{{}, {{}}}), ptr(Map{"a": {"b": nil}}),
		ptr(UseRose{p: Pair[string, Point]{"k", Point{1, 2}}}), ptr(Wide{"a", "b", "c", 1.5}),
		ptr(Embed{Pad: 1, Point: Point{3, 4}}), ptr(EmbedPtr{p}), ptr(EmbedPtr2{EmbedPtr{p}}), ptr(EmbedDeep{1, EmbedPtr{p}, 2}),
		ptr(EmbedBuf{bytes.NewBufferString("buffer")}), ptr(EmbedIfc{1, time.Minute}), ptr(EmbedErr{errBase}), ptr(EmbedTime{time.Unix(0, 0).UTC()}),
		ptr(EmbedInt{7}), ptr(embedded{8}), ptr(EmbedGen{Pair[string, int]{"p", 9}}), ptr(EmbedOwn{square{2}, 1}), ptr(EmbedTwice{Z: 3}),
		ptr(EmbedAlias{1, alias{2, Point{3, 4}}}), ptr(Anonymous{}),
		ptr(EmbedZero{}), ptr(UseIfc{c: square{3}}), ptr(square{4}), ptr(MyErr{5, errBase}),
	}
}

// TestPrinting compares what fmt, encoding/json and text/template make of
// forged values with what they make of compiled ones.
func TestPrinting(t *testing.T) {
	w := newWorld(checked())
	w.bindAll(t)
	for _, x := range samples() {
		want := reflect.ValueOf(x).Elem().Interface()
		got := w.as(t, x)
		for _, verb := range []string{"%v", "%+v", "%#v", "%T", "%s", "%d", "%q", "%x"} {
			g, w := fmt.Sprintf(verb, got), fmt.Sprintf(verb, want)
			if g != w {
				t.Errorf("%T: %s gives %q, want %q", want, verb, g, w)
			}
		}
		gj, gerr := json.Marshal(got)
		wj, werr := json.Marshal(want)
		if string(gj) != string(wj) || fmt.Sprint(gerr) != fmt.Sprint(werr) {
			t.Errorf("%T: json gives %s %v, want %s %v", want, gj, gerr, wj, werr)
		}
		gj, _ = json.Marshal(w.at(t, x).Interface())
		wj, _ = json.Marshal(x)
		if string(gj) != string(wj) {
			t.Errorf("%T: json of a pointer gives %s, want %s", want, gj, wj)
		}
		if g, w := execute(got), execute(want); g != w {
			t.Errorf("%T: a template gives %q, want %q", want, g, w)
		}
	}
}

var page = template.Must(template.New("").Parse("{{.}}{{with .X}}{{.}}{{end}}{{.String}}{{.Error}}"))

func execute(x any) string {
	var b strings.Builder
	err := page.Execute(&b, x)
	return fmt.Sprint(b.String(), err)
}

// TestEquality compares == and map keys.
func TestEquality(t *testing.T) {
	w := newWorld(checked())
	groups := [][]any{
		{ptr(Int(1)), ptr(Int(1)), ptr(Int(2))},
		{ptr(Str("a")), ptr(Str("a" + strings.Repeat("", 2))), ptr(Str("b"))},
		{ptr(Float(0)), ptr(Float(math.Copysign(0, -1))), ptr(Float(1))},
		{ptr(Point{1, 2}), ptr(Point{1, 2}), ptr(Point{2, 1})},
		{ptr(hidden{a: 1, d: "x"}), ptr(hidden{a: 1, d: "x"}), ptr(hidden{a: 1, d: 2})},
		{blank(1), blank(2), ptr(Blank{A: "y"})},
		{padded(1), padded(2), ptr(Padded{1, 2, 4})},
		{ptr(Empty{}), ptr(Empty{})},
		{ptr(Floaty{F: 1}), ptr(Floaty{F: 1}), ptr(Floaty{G: 1})},
		{ptr(Iface{E: errBase, s: time.Second}), ptr(Iface{E: errBase, s: time.Second}), ptr(Iface{s: time.Second})},
		{ptr(Big{S: "a"}), ptr(Big{S: "a"}), ptr(Big{S: "b"})},
		{ptr(EmbedDeep{A: 1}), ptr(EmbedDeep{A: 1}), ptr(EmbedDeep{N: 1})},
		{ptr(Array{}), ptr(Array{}), ptr(Array{new(Array)})},
		{ptr(Wrap{}), ptr(Wrap{}), ptr(Wrap{&Point{}})},
		{ptr(Anon{}), ptr(Anon{})},
		{ptr(NoCmp{}), ptr(NoCmp{})},
		{ptr(Arr{1}), ptr(Arr{1}), ptr(Arr{2})},
	}
	for _, group := range groups {
		forgedSet, compiledSet := map[any]int{}, map[any]int{}
		for _, x := range group {
			for _, y := range group {
				cx, cy := reflect.ValueOf(x).Elem().Interface(), reflect.ValueOf(y).Elem().Interface()
				got, want := try(func() any { return w.as(t, x) == w.as(t, y) }), try(func() any { return cx == cy })
				if got != want {
					t.Errorf("%T: %+v == %+v is %v, want %v", cx, cx, cy, got, want)
				}
			}
			got := try(func() any { forgedSet[w.as(t, x)]++; return len(forgedSet) })
			want := try(func() any { compiledSet[reflect.ValueOf(x).Elem().Interface()]++; return len(compiledSet) })
			if got != want {
				t.Errorf("%T: a map has %v keys, want %v", x, got, want)
			}
		}
	}
}

func blank(n byte) *Blank {
	b := &Blank{A: "x"}
	reflect.NewAt(reflect.TypeFor[byte](), reflect.ValueOf(b).UnsafePointer()).Elem().SetUint(uint64(n))
	return b
}

func padded(n byte) *Padded {
	p := new(Padded)
	b := forge.As(reflect.ValueOf(p), reflect.TypeFor[*[24]byte]()).Interface().(*[24]byte)
	b[3] = n
	*p = Padded{1, 2, 3}
	b[3] = n
	return p
}

// try returns what f returns or the text of its panic.
func try(f func() any) (x any) {
	defer func() {
		if p := recover(); p != nil {
			_, isRuntime := p.(interface{ RuntimeError() })
			x = fmt.Sprintf("panic %v %v", p, isRuntime)
		}
	}()
	return f()
}

// TestMethods calls every method of forged types by way of reflection and
// compares with the compiled ones.
func TestMethods(t *testing.T) {
	w := newWorld(checked())
	w.bindAll(t)
	for _, x := range samples() {
		w.compareMethods(t, w.at(t, x), reflect.ValueOf(x))
		w.compareMethods(t, w.at(t, x).Elem(), reflect.ValueOf(x).Elem())
	}
}

func (w *testWorld) compareMethods(t *testing.T, got, want reflect.Value) {
	for i := range want.NumMethod() {
		m := want.Type().Method(i)
		if strings.Contains("Lock Unlock Point", m.Name) || m.Type.NumIn() > 1 && m.Type.In(1).Kind() == reflect.Interface {
			continue
		}
		g, w := results(got, m.Name, false), results(want, m.Name, false)
		if fmt.Sprint(g) != fmt.Sprint(w) {
			t.Errorf("%v.%s gives %v, want %v", want.Type(), m.Name, g, w)
		}
		g, w = results(got, m.Name, true), results(want, m.Name, true)
		if fmt.Sprint(g) != fmt.Sprint(w) {
			t.Errorf("expression %v.%s gives %v, want %v", want.Type(), m.Name, g, w)
		}
	}
}

// results calls a method with arguments made up from its type.
func results(v reflect.Value, name string, expression bool) any {
	return try(func() any {
		f := v.MethodByName(name)
		var args []reflect.Value
		if expression {
			m, _ := v.Type().MethodByName(name)
			f = m.Func
			args = append(args, v)
		}
		for i := len(args); i < f.Type().NumIn(); i++ {
			args = append(args, argument(f.Type().In(i), i-len(args)))
		}
		if f.Type().IsVariadic() {
			return f.CallSlice(args)
		}
		return f.Call(args)
	})
}

func argument(t reflect.Type, i int) reflect.Value {
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.Int:
		v.SetInt(int64(i + 2))
	case reflect.String:
		v.SetString(fmt.Sprint("arg", i))
	case reflect.Float64:
		v.SetFloat(float64(i) + 0.5)
	case reflect.Slice:
		v = reflect.MakeSlice(t, 3, 3)
	}
	return v
}

type wideMethods interface {
	Many(a int, b string, c float64, d Point, e []byte, f any, g error, h ...int) (string, [3]int, float64, error)
}

// TestCompiledCallers calls forged methods through interfaces that the
// compiler made.
func TestCompiledCallers(t *testing.T) {
	w := newWorld(checked())
	w.bindAll(t)
	if s := w.as(t, &Point{1, 2}).(fmt.Stringer).String(); s != "(1,2)" {
		t.Error(s)
	}
	if n := w.as(t, ptr(Arr{1, 2, 3})).(interface{ Sum() int }).Sum(); n != 6 {
		t.Error(n)
	}
	f := reflect.ValueOf(w.as(t, &Point{1, 2})).MethodByName("String").Interface().(func() string)
	if s := f(); s != "(1,2)" {
		t.Error(s)
	}
	f = w.as(t, &EmbedDeep{1, EmbedPtr{&Point{3, 4}}, 2}).(fmt.Stringer).String
	if s := f(); s != "(3,4)" {
		t.Error(s)
	}
	e := w.as(t, ptr(EmbedTime{time.Unix(5, 0)})).(interface{ Unix() int64 })
	if e.Unix() != 5 {
		t.Error(e.Unix())
	}
	mu := w.at(t, new(Embed)).Interface().(sync.Locker)
	mu.Lock()
	if mu.(interface{ TryLock() bool }).TryLock() {
		t.Error("locked twice")
	}
	mu.Unlock()
	buf := w.at(t, new(EmbedVal)).Interface()
	fmt.Fprintf(buf.(interface{ Write([]byte) (int, error) }), "hello %d", 1)
	if s := buf.(fmt.Stringer).String(); s != "hello 1" {
		t.Error(s)
	}
	if tb := w.at(t, &EmbedTB{1, t}).Interface().(testing.TB); tb.Name() != t.Name() {
		t.Error(tb.Name())
	}
	// The type with the most arguments takes a forged Point, so no compiled
	// interface but reflection reaches it.
	if _, ok := w.as(t, new(Wide)).(wideMethods); ok {
		t.Error("a forged type implements an interface with a compiled Point")
	}
	err := fmt.Errorf("wrapped: %w", w.at(t, &MyErr{1, errBase}).Interface().(error))
	if !errors.Is(err, errBase) {
		t.Error("errors.Is does not find the base")
	}
	forged, _ := w.True(types.NewPointer(w.named("MyErr")))
	target := reflect.New(forged)
	if !errors.As(err, target.Interface()) || target.Elem().Elem().Field(0).Int() != 1 {
		t.Error("errors.As does not find a forged *MyErr")
	}
}

func TestJSONInto(t *testing.T) {
	w := newWorld(checked())
	for _, text := range []string{`{"a":3,"B":"x"}`, `{"X":1,"Y":2}`, `{"bee":"q","A":4}`} {
		for _, x := range []func() any{func() any { return new(Point) }, func() any { return new(hidden) }, func() any { return new(Tail) }, func() any { return new(EmbedHid) }} {
			a, b := x(), x()
			gerr, werr := json.Unmarshal([]byte(text), w.at(t, a).Interface()), json.Unmarshal([]byte(text), b)
			if fmt.Sprintf("%#v", a) != fmt.Sprintf("%#v", b) || fmt.Sprint(gerr) != fmt.Sprint(werr) {
				t.Errorf("%T from %s: %#v %v, want %#v %v", a, text, a, gerr, b, werr)
			}
		}
	}
}
