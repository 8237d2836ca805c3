package generic

import (
	"iter"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"
)

func BenchmarkSortFloats(b *testing.B) {
	random := make([]float64, 1e6)
	for i := range random {
		random[i] = rand.Float64()
	}
	args := []reflect.Type{reflect.TypeFor[[]float64](), reflect.TypeFor[float64]()}
	ours, _ := Func("slices", "Sort", reflect.TypeFor[func([]float64)](), args, args)
	bench := func(sort func([]float64)) func(*testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s := slices.Clone(random)
				b.StartTimer()
				sort(s)
			}
		}
	}
	b.Run("compiled", bench(slices.Sort[[]float64]))
	b.Run("provided", bench(func(s []float64) { ours.Call([]reflect.Value{reflect.ValueOf(s)}) }))
}

func BenchmarkSortStructs(b *testing.B) {
	random := make([]small, 1e5)
	for i := range random {
		random[i] = small{rand.Int(), i}
	}
	args := []reflect.Type{reflect.TypeFor[[]small](), reflect.TypeFor[small]()}
	ours, _ := Func("slices", "SortFunc", reflect.TypeFor[func([]small, func(a, b small) int)](), args, args)
	byA := func(a, b small) int { return a.A - b.A }
	bench := func(sort func([]small, func(a, b small) int)) func(*testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s := slices.Clone(random)
				b.StartTimer()
				sort(s, byA)
			}
		}
	}
	b.Run("compiled", bench(slices.SortFunc[[]small]))
	b.Run("provided", bench(ours.Interface().(func([]small, func(a, b small) int))))
}

func BenchmarkSortedKeys(b *testing.B) {
	type m = map[string]int
	table := m{}
	for i := range 100000 {
		table[strconv.Itoa(i)] = i
	}
	str := reflect.TypeFor[string]()
	keysArgs := []reflect.Type{reflect.TypeFor[m](), str, reflect.TypeFor[int]()}
	keys, _ := Func("maps", "Keys", reflect.TypeFor[func(m) iter.Seq[string]](), keysArgs, keysArgs)
	sorted, _ := Func("slices", "Sorted", reflect.TypeFor[func(iter.Seq[string]) []string](), []reflect.Type{str}, []reflect.Type{str})
	b.Run("compiled", func(b *testing.B) {
		for b.Loop() {
			_ = slices.Sorted(maps.Keys(table))
		}
	})
	b.Run("provided", func(b *testing.B) {
		for b.Loop() {
			sorted.Call(keys.Call([]reflect.Value{reflect.ValueOf(table)}))
		}
	})
}

func BenchmarkFunc(b *testing.B) {
	args := []reflect.Type{reflect.TypeFor[[]small](), reflect.TypeFor[small]()}
	for b.Loop() {
		Func("slices", "SortFunc", reflect.TypeFor[func([]small, func(a, b small) int)](), args, args)
	}
}
