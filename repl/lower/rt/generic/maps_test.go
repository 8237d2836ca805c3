package generic

import (
	"fmt"
	"iter"
	"maps"
	"math"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"testing"
)

func mapTable[K, V comparable]() table {
	type m = map[K]V
	return table{
		"maps.All":        maps.All[m],
		"maps.Clone":      maps.Clone[m],
		"maps.Collect":    maps.Collect[K, V],
		"maps.Copy":       maps.Copy[m, m],
		"maps.DeleteFunc": maps.DeleteFunc[m],
		"maps.Equal":      maps.Equal[m, m],
		"maps.EqualFunc":  maps.EqualFunc[m, m],
		"maps.Insert":     maps.Insert[m],
		"maps.Keys":       maps.Keys[m],
		"maps.Values":     maps.Values[m],

		"iter.Pull2":              iter.Pull2[K, V],
		"sync.OnceValues":         sync.OnceValues[K, V],
		"slices.BinarySearchFunc": slices.BinarySearchFunc[[]K, K, V],
		"slices.CompareFunc":      slices.CompareFunc[[]K, []V],
		"slices.EqualFunc":        slices.EqualFunc[[]K, []V],
	}
}

// pairsOf checks all functions of two type parameters.
func pairsOf[K, V comparable](t *testing.T, keys []any, elems []any) {
	k, v := reflect.TypeFor[K](), reflect.TypeFor[V]()
	m := reflect.MapOf(k, v)
	values := map[reflect.Type][]any{k: keys, v: elems}
	for name, f := range mapTable[K, V]() {
		targs := []reflect.Type{m, k, v}
		switch name {
		case "maps.Collect", "iter.Pull2", "sync.OnceValues":
			targs = targs[1:]
		case "maps.Copy", "maps.Equal", "maps.EqualFunc":
			targs = []reflect.Type{m, m, k, v}
		case "slices.BinarySearchFunc":
			targs = []reflect.Type{reflect.SliceOf(k), k, v}
		case "slices.CompareFunc", "slices.EqualFunc":
			targs = []reflect.Type{reflect.SliceOf(k), reflect.SliceOf(v), k, v}
		}
		t.Run(name, func(t *testing.T) { sameAs(t, name, f, targs, values) })
	}
}

func TestPairs(t *testing.T) {
	pairsOf[string, int](t, []any{"a", "b", "c", ""}, []any{0, 1, 2})
	pairsOf[float64, label](t, []any{1.0, nan, 0.0, math.Copysign(0, -1)}, []any{label("x"), label("y")})
	pairsOf[small, *int](t, []any{small{}, small{1, 2}, small{2, 1}}, []any{nil, one, two})
	pairsOf[any, hidden](t, []any{nil, 1, "a", small{}, []int{}}, []any{hidden{}, hidden{1, "a"}})
	pairsOf[number, any](t, []any{number(1), number(2)}, []any{nil, 1, 2})
	pairsOf[bool, mixed](t, []any{true, false}, []any{mixed{}, mixed{X: nan}, mixed{Any: 1}})
}

// A map of a named type keeps its name.
func TestNamedMap(t *testing.T) {
	type ages map[label]number
	type a = []reflect.Type
	args := a{reflect.TypeFor[ages](), reflect.TypeFor[label](), reflect.TypeFor[number]()}
	clone, _ := Func("maps", "Clone", reflect.TypeFor[func(ages) ages](), args, args)
	keys, _ := Func("maps", "Keys", reflect.TypeFor[func(ages) iter.Seq[label]](), args, args)
	got := clone.Interface().(func(ages) ages)(ages{"a": 1, "b": 2})
	if sorted := slices.Sorted(keys.Interface().(func(ages) iter.Seq[label])(got)); !slices.Equal(sorted, []label{"a", "b"}) {
		t.Error(sorted)
	}
}

func TestMapsPanics(t *testing.T) {
	type m = map[string]any
	args := []reflect.Type{reflect.TypeFor[m](), reflect.TypeFor[m](), reflect.TypeFor[string](), reflect.TypeFor[any]()}
	equal, _ := Func("maps", "Equal", reflect.TypeFor[func(m, m) bool](), args, args)
	samePanic(t, func() { _ = maps.Equal(m{"a": []int{}}, m{"a": []int{}}) }, func() {
		equal.Interface().(func(m, m) bool)(m{"a": []int{}}, m{"a": []int{}})
	})
}

// samePanic checks that ours panics as genuine does.
func samePanic(t *testing.T, genuine, ours func()) {
	t.Helper()
	thrown := func(f func()) (text string) {
		defer func() {
			r := recover()
			_, isError := r.(runtime.Error)
			text = fmt.Sprintf("%T %v %v", r, r, isError)
		}()
		f()
		return "none"
	}
	if got, want := thrown(ours), thrown(genuine); got != want || want == "none" {
		t.Errorf("panic: %s, want %s", got, want)
	}
}
