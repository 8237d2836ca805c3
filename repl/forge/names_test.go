package forge_test

import (
	"bytes"
	"fmt"
	"go/types"
	"iter"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"kairos/repl/forge"
)

// TestLocalTypes compares the names of types that functions declare.
func TestLocalTypes(t *testing.T) {
	w := newWorld(checked())
	for name, f := range map[string]func() any{"localType": localType, "localType2": localType2} {
		scope := w.pkg.Scope().Lookup(name).(*types.Func).Scope()
		local := scope.Lookup("local").Type()
		inst, err := types.Instantiate(nil, w.named("Gen").Origin(), []types.Type{local}, true)
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.True(inst)
		if err != nil {
			t.Fatal(err)
		}
		c := comparison{t, map[[2]reflect.Type]bool{}}
		c.types(name, got, reflect.TypeOf(f()))
	}
}

// TestIdentity checks that types without forged ones in them are the very
// types of compiled code.
func TestIdentity(t *testing.T) {
	w := source(t, `
import ("io"; "bytes"; "iter"; "sync/atomic"; "time"; "unsafe"; "fmt")
var V struct {
	A int
	B []map[string]*bytes.Buffer
	C func(int, ...string) (error, bool)
	D <-chan [3]io.Reader
	E any
	F struct{ X, Y int; Z string `+"`tag:\"x\"`"+` }
	G error
	H unsafe.Pointer
	I byte
	J rune
	K iter.Seq[int]
	L atomic.Pointer[time.Time]
	M interface{ Frobnicate(int) string; Other(*bytes.Buffer) }
	N struct { *bytes.Buffer; fmt.Stringer }
	O func(interface { Frobnicate(int) string; Other(*bytes.Buffer) }) struct{}
	P interface{ Frobnicate(string) string }
}`)
	// That these are within variables that reflection sees puts them into the binary.
	want := reflect.TypeFor[struct {
		A int
		B []map[string]*bytes.Buffer
		C func(int, ...string) (error, bool)
		D <-chan [3]fmt.Stringer
		E any
		F struct {
			X, Y int
			Z    string `tag:"x"`
		}
		G error
		H *int
		I byte
		J rune
		K iter.Seq[int]
		L atomic.Pointer[bytes.Buffer]
		M interface {
			Frobnicate(int) string
			Other(*bytes.Buffer)
		}
		N struct {
			*bytes.Buffer
			fmt.Stringer
		}
		O func(interface {
			Frobnicate(int) string
			Other(*bytes.Buffer)
		}) struct{}
	}]()
	_, err := w.True(w.pkg.Scope().Lookup("V").Type())
	if err == nil || !strings.Contains(err.Error(), "sync/atomic.Pointer[time.Time] is not known") {
		t.Fatal(err)
	}
	w.Bound = func(n *types.Named) bool { return n.Obj().Name() == "Pointer" }
	got, err := w.True(w.pkg.Scope().Lookup("V").Type())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range strings.Split("A B C E F G I J K M N O", " ") {
		g, _ := got.FieldByName(f)
		w, _ := want.FieldByName(f)
		if g.Type != w.Type {
			t.Errorf("%s is a %v other than the compiled %v", f, g.Type, w.Type)
		}
	}
	if p, _ := got.FieldByName("P"); p.Type.String() != "interface { Frobnicate(string) string }" {
		t.Error(p.Type)
	}
}

// TestPackagePaths checks the names of instances with arguments from packages
// whose paths the linker escapes.
func TestPackagePaths(t *testing.T) {
	pkg := check("example.com/a.b/c.d/v2.go", "x.go", `package cd
type T struct{ x int }
type G[P any] struct { p P }
var V G[map[T]struct { x int; T }]
`)
	w := newWorld(pkg)
	r, err := w.True(pkg.Scope().Lookup("V").Type())
	if err != nil {
		t.Fatal(err)
	}
	const path = "example.com/a.b/c.d/v2%2ego"
	want := fmt.Sprintf("G[map[%s.T]struct { %s.x int; %s.T }]", path, path, path)
	if r.Name() != want || r.String() != "cd."+want || r.PkgPath() != pkg.Path() {
		t.Errorf("%q %q, want %q", r, r.PkgPath(), want)
	}
}

func TestErrors(t *testing.T) {
	w := source(t, `
import ("testing"; "strings")
type G[T any] struct { t T }
type C interface { ~int | ~string }
type Unknown struct { b strings.Builder }
type Loop struct { a int; u *Unknown; l *Loop }
type Fine struct { l int }
func (f Fine) M() {}
func (f *Fine) P() {}
type Embeds struct { Fine }
func F[T any](t T) { }
func local() { type L struct { b *testing.B }; _ = L{} }
const K = 1
type Many struct { l *strings.Builder }
func (m Many) A() {}
func (m Many) B() {}
`)
	scope := w.pkg.Scope()
	for _, x := range []struct {
		t    types.Type
		text string
	}{
		{scope.Lookup("G").Type(), "generic type"},
		{scope.Lookup("C").Type(), "constraint"},
		{scope.Lookup("C").Type().Underlying(), "constraint"},
		{scope.Lookup("Unknown").Type(), "type strings.Builder is not known"},
		{scope.Lookup("Loop").Type(), "type strings.Builder is not known"},
		{types.NewPointer(scope.Lookup("Many").Type()), "type strings.Builder is not known"},
		{scope.Lookup("F").Type(), "generic function"},
		{scope.Lookup("K").Type(), "is not the type of a value"},
		{types.Typ[types.UntypedNil], "is not the type of a value"},
		{types.NewTuple(), "is not the type of a value"},
		{nil, "no type"},
		{types.NewArray(types.Typ[types.Int], -1), "has no length"},
		{types.NewArray(types.Typ[types.Int], 1<<62), "exceed"},
		{types.NewMap(types.NewSlice(types.Typ[types.Int]), types.Typ[types.Int]), "invalid key type"},
		{types.Universe.Lookup("comparable").Type(), "is not the type of a value"},
	} {
		for range 2 {
			for _, f := range []func(types.Type) (reflect.Type, error){w.True, w.Open} {
				if r, err := f(x.t); err == nil || !strings.Contains(err.Error(), x.text) {
					t.Errorf("%v: %v %v, want error %q", x.t, r, err, x.text)
				}
			}
		}
	}
	compiled["strings.Builder"] = reflect.TypeFor[strings.Builder]()
	defer delete(compiled, "strings.Builder")
	if r, err := w.True(scope.Lookup("Loop").Type()); err != nil || r.Field(2).Type.Elem() != r {
		t.Errorf("a type that is known by now: %v %v", r, err)
	}
	w.checkBindErrors(t)
}

func (w *testWorld) checkBindErrors(t *testing.T) {
	open, _ := w.get(t, "Fine")
	body := reflect.MakeFunc(reflect.FuncOf([]reflect.Type{open}, nil, false), func([]reflect.Value) []reflect.Value { return nil })
	for _, x := range []struct {
		typ, method string
		body        reflect.Value
		text        string
	}{
		{"Fine", "N", body, "does not declare it"},
		{"Embeds", "M", body, "does not declare it"},
		{"C", "M", body, "constraint"},
		{"Fine", "P", body, "the body is a func(main.Fine), not a func(*main.Fine)"},
		{"Fine", "M", reflect.ValueOf(func() {}), "the body is a func(), not a func(main.Fine)"},
		{"Fine", "M", reflect.ValueOf(3), "the body is not a function"},
		{"Fine", "M", reflect.Zero(body.Type()), "the body is not a function"},
	} {
		if err := w.Bind(w.named(x.typ), x.method, x.body); err == nil || !strings.Contains(err.Error(), x.text) {
			t.Errorf("%s.%s: %v, want error %q", x.typ, x.method, err, x.text)
		}
	}
	if err := w.Bind(w.named("Fine"), "M", body); err != nil {
		t.Error(err)
	}
	if got := try(func() any { return forge.As(reflect.ValueOf(3), reflect.TypeFor[string]()) }); got != "panic forge: a int seen as a string false" {
		t.Error(got)
	}
}
