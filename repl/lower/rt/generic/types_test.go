package generic

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unique"
	"weak"
)

// method returns a method of an instance for hidden as a method expression of type F.
func method[F any](t *testing.T, pkg, typ, name string) F {
	t.Helper()
	i, ok := Type(pkg, typ, []reflect.Type{reflect.TypeFor[hidden]()})
	if !ok {
		t.Fatal("no ", typ)
	}
	var in, out []reflect.Type
	for p := range reflect.TypeFor[F]().Ins() {
		in = append(in, p)
	}
	for r := range reflect.TypeFor[F]().Outs() {
		out = append(out, r)
	}
	f, ok := i.Method(in[0], name, reflect.FuncOf(in[1:], out, false))
	if !ok {
		t.Fatal("no method ", name)
	}
	return f.Interface().(F)
}

func ExampleType() {
	pointer, _ := Type("sync/atomic", "Pointer", []reflect.Type{reflect.TypeFor[string]()})
	p := reflect.New(pointer.Layout)
	store, _ := pointer.Method(p.Type(), "Store", reflect.TypeFor[func(*string)]())
	load, _ := pointer.Method(p.Type(), "Load", reflect.TypeFor[func() *string]())
	text := "stored"
	store.Call([]reflect.Value{p, reflect.ValueOf(&text)})
	fmt.Println(load.Call([]reflect.Value{p})[0].Elem())
	// Output: stored
}

func TestAtomicPointer(t *testing.T) {
	type pointer = *atomic.Pointer[hidden]
	const pkg, typ = "sync/atomic", "Pointer"
	load := method[func(pointer) *hidden](t, pkg, typ, "Load")
	swap := method[func(pointer, *hidden) *hidden](t, pkg, typ, "Swap")
	exchange := method[func(p pointer, old, new *hidden) bool](t, pkg, typ, "CompareAndSwap")
	var p atomic.Pointer[hidden]
	a, b := &hidden{n: 1}, &hidden{n: 2}
	method[func(pointer, *hidden)](t, pkg, typ, "Store")(&p, a)
	if load(&p) != a || p.Load() != a || swap(&p, b) != a || p.Load() != b || exchange(&p, a, b) || !exchange(&p, b, nil) || load(&p) != nil {
		t.Error("not what an atomic pointer does")
	}
	samePanic(t, func() { pointer(nil).Load() }, func() { load(nil) })

	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 1000 {
				for old := load(&p); ; old = load(&p) {
					next := &hidden{n: 1}
					if old != nil {
						next.n = old.n + 1
					}
					if exchange(&p, old, next) {
						break
					}
				}
			}
		})
	}
	all.Wait()
	if n := load(&p).n; n != 4000 {
		t.Error(n, "of 4000")
	}
}

func TestLayouts(t *testing.T) {
	for _, genuine := range []reflect.Type{
		reflect.TypeFor[atomic.Pointer[hidden]](), reflect.TypeFor[unique.Handle[hidden]](), reflect.TypeFor[weak.Pointer[hidden]](),
	} {
		name := genuine.Name()[:len(genuine.Name())-len("["+reflect.TypeFor[hidden]().PkgPath()+".hidden]")]
		i, ok := Type(genuine.PkgPath(), name, []reflect.Type{reflect.TypeFor[hidden]()})
		if !ok || i.Layout.Size() != genuine.Size() || i.Layout.NumField() != genuine.NumField() {
			t.Errorf("%v: laid out as %v", genuine, i.Layout)
		}
		if fmt.Sprintf("%+v", reflect.Zero(i.Layout)) != fmt.Sprintf("%+v", reflect.Zero(genuine)) {
			t.Errorf("%v: %+v", genuine, reflect.Zero(i.Layout))
		}
	}
}

// TestUnfinished lays out a type whose argument is not there yet.
func TestUnfinished(t *testing.T) {
	i, ok := Type("sync/atomic", "Pointer", []reflect.Type{nil})
	if genuine := reflect.TypeFor[atomic.Pointer[hidden]](); !ok || i.Layout.Size() != genuine.Size() {
		t.Error(i.Layout)
	}
	load, ok := i.Method(reflect.PointerTo(i.Layout), "Load", reflect.TypeFor[func() *hidden]())
	if !ok || !load.Call([]reflect.Value{reflect.New(i.Layout)})[0].IsNil() {
		t.Error("Load")
	}
}

func TestUnique(t *testing.T) {
	handles, _ := Type("unique", "Handle", []reflect.Type{reflect.TypeFor[hidden]()})
	typ := reflect.FuncOf([]reflect.Type{open}, []reflect.Type{handles.Layout}, false)
	unique, _ := Func("unique", "Make", typ, []reflect.Type{open}, []reflect.Type{reflect.TypeFor[hidden]()})
	value, _ := handles.Method(handles.Layout, "Value", reflect.FuncOf(nil, []reflect.Type{open}, false))
	handle := func(h hidden) reflect.Value { return unique.Call([]reflect.Value{view(reflect.ValueOf(h), open)})[0] }
	a, again, b := handle(hidden{1, "a"}), handle(hidden{1, "a"}), handle(hidden{2, "a"})
	runtime.GC()
	if !a.Equal(again) || a.Equal(b) {
		t.Error(a, again, b)
	}
	if v := value.Call([]reflect.Value{b})[0]; v.Type() != open || fmt.Sprint(v) != "{2 a}" {
		t.Error(v)
	}
}

func TestWeak(t *testing.T) {
	pointers, _ := Type("weak", "Pointer", []reflect.Type{reflect.TypeFor[hidden]()})
	weakly := get[func(*hidden) weak.Pointer[hidden]](t, "weak.Make", reflect.TypeFor[hidden]())
	f, _ := pointers.Method(reflect.TypeFor[weak.Pointer[hidden]](), "Value", reflect.TypeFor[func() *hidden]())
	value := f.Interface().(func(weak.Pointer[hidden]) *hidden)
	h := &hidden{1, "a"}
	p := weakly(h)
	if value(p) != h || p.Value() != h || p != weak.Make(h) {
		t.Error(value(p))
	}
	typ := reflect.FuncOf([]reflect.Type{reflect.TypeFor[*hidden]()}, []reflect.Type{pointers.Layout}, false)
	laidOut, _ := Func("weak", "Make", typ, []reflect.Type{reflect.TypeFor[hidden]()}, nil)
	q := laidOut.Call([]reflect.Value{reflect.ValueOf(h)})[0]
	get, _ := pointers.Method(pointers.Layout, "Value", reflect.TypeFor[func() *hidden]())
	if got := get.Call([]reflect.Value{q})[0].Interface(); got != h {
		t.Error(got)
	}
	runtime.KeepAlive(h)
	for i := 0; value(p) != nil; i++ {
		if runtime.GC(); i > 10 {
			t.Fatal("still there")
		}
	}
}

func TestNull(t *testing.T) {
	nulls[string](t, nil, "a", 5, []byte("b"))
	nulls[int](t, nil, "a", "7", int64(5))
	nulls[hidden](t, nil, "a", hidden{1, "a"})
	nulls[label](t, nil, "a", 5)
	nulls[time.Time](t, time.Time{}, 5)
}

func nulls[T any](t *testing.T, sources ...any) {
	i, _ := Type("database/sql", "Null", []reflect.Type{reflect.TypeFor[T]()})
	type null = sql.Null[T]
	scan, _ := i.Method(reflect.TypeFor[*null](), "Scan", reflect.TypeFor[func(any) error]())
	value, _ := i.Method(reflect.TypeFor[null](), "Value", reflect.TypeFor[func() (driver.Value, error)]())
	for _, src := range sources {
		var got, want null
		gotErr, wantErr := scan.Interface().(func(*null, any) error)(&got, src), want.Scan(src)
		gotValue, gotErr2 := value.Interface().(func(null) (driver.Value, error))(got)
		wantValue, wantErr2 := want.Value()
		g, w := fmt.Sprintln(got, gotErr, gotValue, gotErr2), fmt.Sprintln(want, wantErr, wantValue, wantErr2)
		if g != w {
			t.Errorf("%v: scan %v: %s, want %s", reflect.TypeFor[null](), src, g, w)
		}
	}
}
