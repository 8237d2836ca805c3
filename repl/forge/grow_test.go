package forge_test

import (
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"strings"
	"testing"
)

// declare adds a method to a type, as a later cell would. typ is func(int) string or the like.
func (w *testWorld) declare(t testing.TB, name, method, typ string, pointer bool) {
	t.Helper()
	named := w.named(name)
	tv, err := types.Eval(token.NewFileSet(), w.pkg, token.NoPos, typ)
	if err != nil {
		t.Fatal(err)
	}
	recv := types.Type(named)
	if pointer {
		recv = types.NewPointer(named)
	}
	sig := tv.Type.(*types.Signature)
	named.AddMethod(types.NewFunc(token.NoPos, w.pkg, method, types.NewSignatureType(
		types.NewParam(token.NoPos, w.pkg, "", recv), nil, nil, sig.Params(), sig.Results(), sig.Variadic())))
}

// grow declares a method and binds it.
func (w *testWorld) grow(t testing.TB, name, method, typ string, body any) {
	t.Helper()
	w.declare(t, name, method, typ, reflect.TypeOf(body).In(0).Kind() == reflect.Pointer)
	if err := w.Grow(w.named(name)); err != nil {
		t.Fatal(err)
	}
	w.bind(t, name, method, body)
}

// methods lists the methods of a type as reflect does.
func methods(t reflect.Type) string {
	var list []string
	for m := range t.Methods() {
		list = append(list, m.Name)
	}
	return strings.Join(list, " ")
}

func TestGrow(t *testing.T) {
	w := source(t, `
type Cat struct{ Name string; Age int }
type Ptr struct{ *Cat }
type Val struct{ n int; Cat }
type Deep struct{ Val }
type Other struct{ Cat string }
var Anon struct{ Cat }
`)
	_, cat := w.get(t, "Cat")
	types := map[string]reflect.Type{"Cat": cat, "*Cat": reflect.PointerTo(cat)}
	for _, name := range []string{"Ptr", "Val", "Deep", "Anon", "Other"} {
		_, types[name] = w.get(t, name)
	}
	type cell = struct {
		Name string
		Age  int
	}
	value := func(name string) any {
		v := reflect.New(types[name]).Elem()
		if name == "*Cat" {
			v.Set(reflect.New(cat))
		}
		if name == "Ptr" {
			v.Field(0).Set(reflect.New(cat))
		}
		return v.Interface()
	}
	for name := range types {
		x := value(name)
		if _, ok := x.(fmt.Stringer); ok || strings.Contains(fmt.Sprint(x), "meow") {
			t.Error(name, "is a Stringer too early")
		}
		if _, ok := x.(interface {
			String() string
			Zoom(int) int
		}); ok {
			t.Error(name)
		}
	}
	w.grow(t, "Cat", "String", "(func() string)(nil)", func(cell) string { return "meow" })
	w.grow(t, "Cat", "Zoom", "(func(int) int)(nil)", func(c *cell, n int) int { return n + 1 })
	w.grow(t, "Cat", "Age2", "(func() int)(nil)", func(c cell) int { return 2 * c.Age })
	for name := range types {
		x := value(name)
		_, isStringer := x.(fmt.Stringer)
		z, zooms := x.(interface {
			String() string
			Zoom(int) int
		})
		if want := name != "Other"; isStringer != want || want && fmt.Sprint(x) != "meow" {
			t.Error(name, isStringer, fmt.Sprint(x))
		}
		if want := name == "*Cat" || name == "Ptr"; zooms != want || want && z.Zoom(4) != 5 {
			t.Error(name, zooms)
		}
		want := map[string]string{"*Cat": "Age2 String Zoom", "Ptr": "Age2 String Zoom", "Other": ""}
		if _, ok := want[name]; !ok {
			want[name] = "Age2 String"
		}
		if got := methods(types[name]); got != want[name] {
			t.Errorf("%s has %s", name, got)
		}
	}
	if got := methods(reflect.PointerTo(types["Deep"])); got != "Age2 String Zoom" {
		t.Error(got)
	}
}

// TestGrowRefused uses up the room.
func TestGrowRefused(t *testing.T) {
	w := source(t, "type T int")
	_, typ := w.get(t, "T")
	for i := range 32 {
		w.grow(t, "T", fmt.Sprint("M", i), "(func() int)(nil)", func(int) int { return i })
	}
	for i := range 32 {
		if got := reflect.Zero(typ).MethodByName(fmt.Sprint("M", i)).Call(nil)[0].Int(); got != int64(i) {
			t.Error(i, got)
		}
	}
	w.declare(t, "T", "More", "(func())(nil)", false)
	if err := w.Grow(w.named("T")); err == nil || !strings.Contains(err.Error(), "main.T has no room for more than 32 methods: declare the type again") {
		t.Error(err)
	}
	if typ.NumMethod() != 32 {
		t.Error(typ.NumMethod())
	}
}

// TestGrowShadow gives types a method nearer than the one they had, one that
// they do not promote any more, and one that is not declared after all.
func TestGrowShadow(t *testing.T) {
	w := source(t, `
type Far struct{ n int }
func (Far) M() int
type Near struct{ Far }
type Top struct{ Near }
type A struct{}
func (A) F() int
type B struct{}
type Both struct{ A; B }
`)
	_, top := w.get(t, "Top")
	_, both := w.get(t, "Both")
	w.bind(t, "Far", "M", func(int) int { return 1 })
	x := reflect.Zero(top).Interface().(interface{ M() int })
	if x.M() != 1 {
		t.Error(x.M())
	}
	w.grow(t, "Near", "M", "(func() int)(nil)", func(int) int { return 2 })
	if got := reflect.Zero(top).MethodByName("M").Call(nil)[0].Int(); got != 2 {
		t.Error(got)
	}
	w.grow(t, "B", "F", "(func() int)(nil)", func(struct{}) int { return 3 })
	if got := methods(both); got != "" {
		t.Error(got)
	}
}

// TestGrowFails leaves the type as it was.
func TestGrowFails(t *testing.T) {
	w := source(t, `
import "io"
type T int
func (T) A() int
type Unknown struct{ io.LimitedReader }
`)
	_, typ := w.get(t, "T")
	w.bind(t, "T", "A", func(int) int { return 7 })
	w.declare(t, "T", "B", "(func(Unknown))(nil)", false)
	for range 2 {
		if err := w.Grow(w.named("T")); err == nil || !strings.Contains(err.Error(), "is not known") {
			t.Error(err)
		}
	}
	if got := methods(typ); got != "A" || reflect.Zero(typ).Method(0).Call(nil)[0].Int() != 7 {
		t.Error(got)
	}
}

// TestGrowOften prints values until the code of package fmt has remembered
// that they have no methods.
func TestGrowOften(t *testing.T) {
	w := source(t, "type T struct{ n int }\ntype U int")
	for _, name := range []string{"T", "U"} {
		_, typ := w.get(t, name)
		x := reflect.Zero(typ).Interface()
		for range 20000 {
			if s := fmt.Sprint(x); s == "grown" {
				t.Fatal(s)
			}
		}
		w.grow(t, name, "String", "(func() string)(nil)", func(int) string { return "grown" })
		for range 20000 {
			if s := fmt.Sprint(x); s != "grown" {
				t.Fatal(name, s)
			}
		}
	}
}
