package generic

import (
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// open is hidden as interpreted code sees it.
var open = reflect.StructOf([]reflect.StructField{
	{Name: "N", Type: reflect.TypeFor[int]()},
	{Name: "Name", Type: reflect.TypeFor[string]()},
})

// TestOpen gives the functions slices of an open type and compares with the genuine ones of the true type.
func TestOpen(t *testing.T) {
	hiddens := []any{hidden{}, hidden{1, "a"}, hidden{2, "a"}, hidden{2, "b"}}
	closed := reflect.TypeFor[hidden]()
	for name, f := range comparableTable[hidden]() {
		if untested[name] {
			continue
		}
		typ := reflect.TypeOf(f)
		ours, ok := provided(name, replaced(typ, closed, open), typeArgs(name, open), typeArgs(name, closed))
		if !ok {
			t.Errorf("%s: not provided", name)
			continue
		}
		for seed := range uint64(50) {
			genuine := trial{elem: closed, values: map[reflect.Type][]any{closed: hiddens}}
			opened := trial{elem: open, values: map[reflect.Type][]any{open: hiddens}, trues: map[reflect.Type]reflect.Type{open: closed}}
			want, got := genuine.attempt(seed, reflect.ValueOf(f)), opened.attempt(seed, ours)
			for i := range got {
				got[i] = strings.ReplaceAll(got[i], open.String(), closed.String())
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, seed %d:\n%s\nwant\n%s", name, seed, strings.Join(got, "\n"), strings.Join(want, "\n"))
				break
			}
		}
	}
}

// replaced returns t with a type in the place of another.
func replaced(t, old, new reflect.Type) reflect.Type {
	if t == old {
		return new
	}
	switch t.Kind() {
	case reflect.Slice:
		return reflect.SliceOf(replaced(t.Elem(), old, new))
	case reflect.Func:
		var in, out []reflect.Type
		for p := range t.Ins() {
			in = append(in, replaced(p, old, new))
		}
		for r := range t.Outs() {
			out = append(out, replaced(r, old, new))
		}
		return reflect.FuncOf(in, out, t.IsVariadic())
	}
	return t
}

type smalls []small

// TestNamedSlice checks that a slice of a named type keeps its name, and takes variadic arguments of the unnamed one.
func TestNamedSlice(t *testing.T) {
	args := []reflect.Type{reflect.TypeFor[smalls](), reflect.TypeFor[small]()}
	insert, _ := Func("slices", "Insert", reflect.TypeFor[func(smalls, int, ...small) smalls](), args, args)
	replace, _ := Func("slices", "Replace", reflect.TypeFor[func(smalls, int, int, ...small) smalls](), args, args)
	s := insert.Interface().(func(smalls, int, ...small) smalls)(smalls{{1, 1}, {2, 2}}, 1, small{3, 3})
	s = replace.Interface().(func(smalls, int, int, ...small) smalls)(s, 2, 3, small{4, 4}, small{5, 5})
	s = insert.Interface().(func(smalls, int, ...small) smalls)(s, len(s), small{6, 6})
	if want := (smalls{{1, 1}, {3, 3}, {4, 4}, {5, 5}, {6, 6}}); !slices.Equal(s, want) {
		t.Errorf("%v, want %v", s, want)
	}
}

// TestManyEqual sorts more than insertion sort is used for: an unstable sort leaves the same order as the genuine one.
func TestManyEqual(t *testing.T) {
	args := []reflect.Type{reflect.TypeFor[smalls](), reflect.TypeFor[small]()}
	byA := func(a, b small) int { return a.A - b.A }
	for name, genuine := range map[string]func(smalls, func(a, b small) int){
		"SortFunc":       slices.SortFunc[smalls],
		"SortStableFunc": slices.SortStableFunc[smalls],
	} {
		ours, _ := Func("slices", name, reflect.TypeOf(genuine), args, args)
		for _, keys := range []int{1, 2, 50, 5000} {
			want := make(smalls, 3000)
			for i := range want {
				want[i] = small{rand.IntN(keys), i}
			}
			got := slices.Clone(want)
			genuine(want, byA)
			ours.Interface().(func(smalls, func(a, b small) int))(got, byA)
			if !slices.Equal(got, want) {
				t.Errorf("%s with %d keys: another order", name, keys)
			}
		}
	}
}

func TestHuge(t *testing.T) {
	type s = []wide
	args := []reflect.Type{reflect.TypeFor[s](), reflect.TypeFor[wide]()}
	repeat, _ := Func("slices", "Repeat", reflect.TypeFor[func(s, int) s](), args, args)
	grow, _ := Func("slices", "Grow", reflect.TypeFor[func(s, int) s](), args, args)
	for _, n := range []int{-1, math.MinInt, math.MaxInt, math.MaxInt - 1, 1 << 56, 1 << 44} {
		samePanic(t, func() { _ = slices.Repeat(make(s, 2), n) }, func() { repeat.Interface().(func(s, int) s)(make(s, 2), n) })
		samePanic(t, func() { growGenuine(n) }, func() { grow.Interface().(func(s, int) s)(make(s, 2), n) })
	}
}

// growGenuine fails as slices.Grow does, also where the race detector has it allocate in two steps.
func growGenuine(n int) {
	defer func() {
		r := recover()
		if err, ok := r.(runtime.Error); ok && strings.Contains(err.Error(), "makeslice") {
			_ = slices.Grow(make([]struct{}, 2), math.MaxInt)
		}
		panic(r)
	}()
	_ = slices.Grow(make([]wide, 2), n)
}
