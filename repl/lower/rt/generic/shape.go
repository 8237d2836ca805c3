package generic

import (
	"cmp"
	"hash/maphash"
	"iter"
	"maps"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"weak"
)

// shapes maps kinds to the compiled instances for their types. What does not depend on the sign of an integer is shared,
// to keep programs small. Complex numbers are left to package reflect.
var shapes = map[reflect.Kind]func() table{
	reflect.Bool:      tables(anyFuncs[uint8], comparableFuncs[uint8]),
	reflect.Int8:      tables(anyFuncs[uint8], comparableFuncs[uint8], orderedFuncs[int8], integerFuncs[int8]),
	reflect.Int16:     tables(anyFuncs[uint16], comparableFuncs[uint16], orderedFuncs[int16], integerFuncs[int16]),
	reflect.Int32:     tables(anyFuncs[uint32], comparableFuncs[uint32], orderedFuncs[int32], integerFuncs[int32]),
	reflect.Int64:     tables(anyFuncs[uint64], comparableFuncs[uint64], orderedFuncs[int64], integerFuncs[int64]),
	reflect.Uint8:     tables(anyFuncs[uint8], comparableFuncs[uint8], orderedFuncs[uint8], integerFuncs[uint8]),
	reflect.Uint16:    tables(anyFuncs[uint16], comparableFuncs[uint16], orderedFuncs[uint16], integerFuncs[uint16]),
	reflect.Uint32:    tables(anyFuncs[uint32], comparableFuncs[uint32], orderedFuncs[uint32], integerFuncs[uint32]),
	reflect.Uint64:    tables(anyFuncs[uint64], comparableFuncs[uint64], orderedFuncs[uint64], integerFuncs[uint64]),
	reflect.Float32:   tables(anyFuncs[float32], comparableFuncs[float32], orderedFuncs[float32]),
	reflect.Float64:   tables(anyFuncs[float64], comparableFuncs[float64], orderedFuncs[float64]),
	reflect.String:    tables(anyFuncs[string], comparableFuncs[string], orderedFuncs[string]),
	reflect.Pointer:   tables(anyFuncs[*byte], comparableFuncs[*byte]),
	reflect.Interface: tables(anyFuncs[any], comparableFuncs[any]),
	methodical:        tables(anyFuncs[error], comparableFuncs[error]),
	reflect.Slice:     tables(anyFuncs[[]byte]),
}

// methodical stands for the kind of interfaces that have methods.
const methodical = reflect.Invalid

// tables returns the union of some tables, which is made when first asked for.
func tables(all ...func() table) func() table {
	return sync.OnceValue(func() table {
		union := table{}
		for _, t := range all {
			maps.Copy(union, t())
		}
		return union
	})
}

// shapeless are the functions whose code is the same for all type arguments.
var shapeless = table{"weak.Make": weak.Make[byte]}

// shapeOf returns the kind in shapes that stands for t. Integers go by size, and all that is one pointer is alike.
func shapeOf(t reflect.Type) reflect.Kind {
	switch kind := t.Kind(); kind {
	case reflect.Int:
		return map[uintptr]reflect.Kind{4: reflect.Int32, 8: reflect.Int64}[t.Size()]
	case reflect.Uint, reflect.Uintptr:
		return map[uintptr]reflect.Kind{4: reflect.Uint32, 8: reflect.Uint64}[t.Size()]
	case reflect.Chan, reflect.Func, reflect.Map, reflect.UnsafePointer:
		return reflect.Pointer
	case reflect.Interface:
		if t.NumMethod() > 0 {
			return methodical
		}
		return kind
	default:
		return kind
	}
}

// compiled returns the genuine instance of a function for the shape of its type arguments.
func compiled(name string, targs []reflect.Type) (any, bool) {
	if f, ok := shapeless[name]; ok {
		return f, true
	}
	if len(targs) == 0 {
		return nil, false
	}
	// In all the functions of the tables the first half of the type parameters (rounded down: S of S, E and of S, E, T)
	// are slices of the others, or what a pointer points to.
	elems := targs[len(targs)/2:]
	shape := shapeOf(elems[0])
	instances, ok := shapes[shape]
	if !ok || slices.ContainsFunc(elems, func(t reflect.Type) bool { return shapeOf(t) != shape }) {
		return nil, false
	}
	f, ok := instances()[name]
	return f, ok
}

func anyFuncs[E any]() table {
	return table{
		"iter.Pull":               iter.Pull[E],
		"runtime.AddCleanup":      runtime.AddCleanup[byte, E],
		"slices.All":              slices.All[[]E],
		"slices.AppendSeq":        slices.AppendSeq[[]E],
		"slices.Backward":         slices.Backward[[]E],
		"slices.BinarySearchFunc": slices.BinarySearchFunc[[]E, E, E],
		"slices.Chunk":            slices.Chunk[[]E],
		"slices.Clip":             slices.Clip[[]E],
		"slices.Clone":            slices.Clone[[]E],
		"slices.Collect":          slices.Collect[E],
		"slices.CompactFunc":      slices.CompactFunc[[]E],
		"slices.CompareFunc":      slices.CompareFunc[[]E, []E],
		"slices.Concat":           slices.Concat[[]E],
		"slices.ContainsFunc":     slices.ContainsFunc[[]E],
		"slices.Delete":           slices.Delete[[]E],
		"slices.DeleteFunc":       slices.DeleteFunc[[]E],
		"slices.EqualFunc":        slices.EqualFunc[[]E, []E],
		"slices.Grow":             slices.Grow[[]E],
		"slices.IndexFunc":        slices.IndexFunc[[]E],
		"slices.Insert":           slices.Insert[[]E],
		"slices.IsSortedFunc":     slices.IsSortedFunc[[]E],
		"slices.MaxFunc":          slices.MaxFunc[[]E],
		"slices.MinFunc":          slices.MinFunc[[]E],
		"slices.Repeat":           slices.Repeat[[]E],
		"slices.Replace":          slices.Replace[[]E],
		"slices.Reverse":          slices.Reverse[[]E],
		"slices.SortFunc":         slices.SortFunc[[]E],
		"slices.SortStableFunc":   slices.SortStableFunc[[]E],
		"slices.SortedFunc":       slices.SortedFunc[E],
		"slices.SortedStableFunc": slices.SortedStableFunc[E],
		"slices.Values":           slices.Values[[]E],
		"sync.OnceValue":          sync.OnceValue[E],
	}
}

func comparableFuncs[E comparable]() table {
	return table{
		"cmp.Or":                       cmp.Or[E],
		"hash/maphash.Comparable":      maphash.Comparable[E],
		"hash/maphash.WriteComparable": maphash.WriteComparable[E],
		"slices.Compact":               slices.Compact[[]E],
		"slices.Contains":              slices.Contains[[]E],
		"slices.Equal":                 slices.Equal[[]E],
		"slices.Index":                 slices.Index[[]E],
	}
}

func orderedFuncs[E cmp.Ordered]() table {
	return table{
		"cmp.Compare":         cmp.Compare[E],
		"cmp.Less":            cmp.Less[E],
		"slices.BinarySearch": slices.BinarySearch[[]E],
		"slices.Compare":      slices.Compare[[]E],
		"slices.IsSorted":     slices.IsSorted[[]E],
		"slices.Max":          slices.Max[[]E],
		"slices.Min":          slices.Min[[]E],
		"slices.Sort":         slices.Sort[[]E],
		"slices.Sorted":       slices.Sorted[E],
	}
}

type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

func integerFuncs[E integer]() table {
	return table{"math/rand/v2.N": rand.N[E]}
}
