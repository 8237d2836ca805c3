package generic

import (
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"hash/maphash"
	"io"
	"io/fs"
	"iter"
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"
	"time"
)

// get returns a function for type arguments that are their own true types.
func get[F any](t *testing.T, name string, targs ...reflect.Type) F {
	t.Helper()
	f, ok := provided(name, reflect.TypeFor[F](), targs, targs)
	if !ok {
		t.Fatal("no ", name)
	}
	return f.Interface().(F)
}

func TestAsType(t *testing.T) {
	path := &fs.PathError{Op: "open", Err: io.EOF}
	for _, err := range []error{nil, io.EOF, path, fmt.Errorf("a: %w", path), errors.Join(io.EOF, fmt.Errorf("b: %w", path)), &failure{}, chameleon{}} {
		got, ok := get[func(error) (*fs.PathError, bool)](t, "errors.AsType", reflect.TypeFor[*fs.PathError]())(err)
		want, wantOK := errors.AsType[*fs.PathError](err)
		if got != want && err != (chameleon{}) || ok != wantOK {
			t.Errorf("%v as *fs.PathError: %v, %v", err, got, ok)
		}
		type timeout = interface {
			error
			Timeout() bool
		}
		x, ok := get[func(error) (timeout, bool)](t, "errors.AsType", reflect.TypeFor[timeout]())(err)
		wantX, wantOK := errors.AsType[timeout](err)
		if x != wantX || ok != wantOK {
			t.Errorf("%v as an interface: %v, %v", err, x, ok)
		}
	}
}

// chameleon is a *fs.PathError to those that ask.
type chameleon struct{}

func (chameleon) Error() string { return "chameleon" }
func (chameleon) As(target any) bool {
	p, ok := target.(**fs.PathError)
	if ok {
		*p = &fs.PathError{}
	}
	return ok
}

func TestReflect(t *testing.T) {
	if typ := get[func() reflect.Type](t, "reflect.TypeFor", reflect.TypeFor[hidden]())(); typ != reflect.TypeFor[hidden]() {
		t.Error(typ)
	}
	var nobody error
	for _, x := range []any{1, "a", hidden{1, "a"}, &failure{}, &nobody} {
		v := reflect.ValueOf(x)
		if v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Interface {
			v = v.Elem()
		}
		assertsAs[int](t, v)
		assertsAs[hidden](t, v)
		assertsAs[*failure](t, v)
		assertsAs[error](t, v)
		assertsAs[any](t, v)
	}
	ours := get[func(reflect.Value) (int, bool)](t, "reflect.TypeAssert", reflect.TypeFor[int]())
	for _, v := range []reflect.Value{{}, reflect.ValueOf(hidden{}).Field(0)} {
		samePanic(t, func() { reflect.TypeAssert[int](v) }, func() { ours(v) })
	}
}

func assertsAs[T comparable](t *testing.T, v reflect.Value) {
	got, ok := get[func(reflect.Value) (T, bool)](t, "reflect.TypeAssert", reflect.TypeFor[T]())(v)
	if want, wantOK := reflect.TypeAssert[T](v); got != want || ok != wantOK {
		t.Errorf("%v as %v: %v, %v", v, reflect.TypeFor[T](), got, ok)
	}
}

// TestOpenResults has functions return an open type where interfaces hold the true one.
func TestOpenResults(t *testing.T) {
	opened, closed := []reflect.Type{open}, []reflect.Type{reflect.TypeFor[hidden]()}
	typ := reflect.FuncOf([]reflect.Type{reflect.TypeFor[reflect.Value]()}, []reflect.Type{open, reflect.TypeFor[bool]()}, false)
	assert, _ := Func("reflect", "TypeAssert", typ, opened, closed)
	got := assert.Call([]reflect.Value{reflect.ValueOf(reflect.ValueOf(hidden{1, "a"}))})
	if !got[1].Bool() || fmt.Sprint(got[0]) != "{1 a}" || got[0].Type() != open {
		t.Error(got)
	}
}

func TestHashes(t *testing.T) {
	constructor := reflect.TypeFor[hash.Hash]()
	key, _ := get[func(func() hash.Hash, []byte, []byte, string, int) ([]byte, error)](t, "crypto/hkdf.Key", constructor)(sha256.New, []byte("k"), nil, "x", 20)
	if want, _ := hkdf.Key(sha256.New, []byte("k"), nil, "x", 20); string(key) != string(want) {
		t.Error("hkdf.Key")
	}
	key, err := get[func(func() hash.Hash, string, []byte, int, int) ([]byte, error)](t, "crypto/pbkdf2.Key", constructor)(sha256.New, "p", []byte("salt"), 3, 20)
	if want, _ := pbkdf2.Key(sha256.New, "p", []byte("salt"), 3, 20); string(key) != string(want) || err != nil {
		t.Error("pbkdf2.Key")
	}
	_, err = get[func(func() hash.Hash, []byte, string, int) ([]byte, error)](t, "crypto/hkdf.Expand", constructor)(sha256.New, nil, "", 1<<20)
	if _, want := hkdf.Expand(sha256.New, nil, "", 1<<20); err == nil || err.Error() != want.Error() {
		t.Error(err)
	}
}

func TestMaphash(t *testing.T) {
	seed := maphash.MakeSeed()
	number := get[func(maphash.Seed, label) uint64](t, "hash/maphash.Comparable", reflect.TypeFor[label]())
	if number(seed, "a") != maphash.Comparable(seed, label("a")) {
		t.Error("another hash of a string")
	}
	structs := get[func(maphash.Seed, mixed) uint64](t, "hash/maphash.Comparable", reflect.TypeFor[mixed]())
	a, again, b := structs(seed, mixed{Name: "a"}), structs(seed, mixed{Name: "a"}), structs(seed, mixed{Name: "b"})
	if a != again || a == b {
		t.Error("hashes of structs:", a, again, b)
	}
	samePanic(t, func() { maphash.Comparable(seed, mixed{Any: []int{}}) }, func() { structs(seed, mixed{Any: []int{}}) })
	var h1, h2 maphash.Hash
	h1.SetSeed(seed)
	h2.SetSeed(seed)
	get[func(*maphash.Hash, small)](t, "hash/maphash.WriteComparable", reflect.TypeFor[small]())(&h1, small{1, 2})
	get[func(*maphash.Hash, small)](t, "hash/maphash.WriteComparable", reflect.TypeFor[small]())(&h2, small{1, 2})
	if h1.Sum64() != h2.Sum64() {
		t.Error("hashes of equal structs")
	}
}

func TestRandN(t *testing.T) {
	n := get[func(time.Duration) time.Duration](t, "math/rand/v2.N", reflect.TypeFor[time.Duration]())
	for range 100 {
		if d := n(10); d < 0 || d >= 10 {
			t.Fatal(d)
		}
	}
	samePanic(t, func() { rand.N(time.Duration(0)) }, func() { n(0) })
}

func TestCleanup(t *testing.T) {
	done := make(chan string, 2)
	func() {
		p, q := new(mixed), new(mixed)
		get[func(*mixed, func(label), label) runtime.Cleanup](t, "runtime.AddCleanup", reflect.TypeFor[mixed](), reflect.TypeFor[label]())(p, func(l label) { done <- string(l) }, "a")
		get[func(*mixed, func(mixed), mixed) runtime.Cleanup](t, "runtime.AddCleanup", reflect.TypeFor[mixed](), reflect.TypeFor[mixed]())(q, func(m mixed) { done <- m.Name }, mixed{Name: "b"})
	}()
	seen := ""
	for i := 0; len(seen) < 2 && i < 100; i++ {
		runtime.GC()
		select {
		case s := <-done:
			seen += s
		case <-time.After(10 * time.Millisecond):
		}
	}
	if seen != "ab" && seen != "ba" {
		t.Errorf("cleaned up %q", seen)
	}
}

// TestPullStop checks what the trials do not: stop before next, and an iterator that is left alone when stopped.
func TestPullStop(t *testing.T) {
	left := false
	seq := func(yield func(wide) bool) {
		defer func() { left = true }()
		for yield(wide{"a"}) {
		}
	}
	pull := get[func(iter.Seq[wide]) (func() (wide, bool), func())](t, "iter.Pull", reflect.TypeFor[wide]())
	next, stop := pull(seq)
	if v, ok := next(); !ok || v[0] != "a" {
		t.Error(v, ok)
	}
	stop()
	if v, ok := next(); ok || v != (wide{}) || !left {
		t.Error(v, ok, left)
	}
	_, stop = pull(seq)
	stop()
}
