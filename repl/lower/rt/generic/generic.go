// Package generic provides the generic functions and types of the standard library to interpreted code, which cannot
// instantiate compiled ones. Func gives the instance of a function, Type that of a type, for type arguments that are
// known only at run time.
//
// There are two ways to an instance:
//
//	compiled   A function over []T depends on T's shape only: its size, where its pointers are, how it is compared and
//	           passed. Types of one basic kind share a shape, so do all pointers, all interfaces with methods, … The
//	           genuine instance for the shape, seen as a func of the wanted type, is exact and costs what it costs in
//	           compiled code (shape.go).
//	dynamic    Structs and arrays have no end of shapes, and neither do maps. Here package reflect does the work, around
//	           a genuine instance wherever one can decide: sorting sorts indices, bounds are checked on slices of empty
//	           structs, sequences are ranged over by compiled loops (one file per package).
//
// A type argument may come in two forms of one layout: an open one, of which the instance's signature is made, and the
// true one that interfaces hold. Both are given where they may differ.
//
// Left out are iter.Seq and iter.Seq2, which are plain func types.
package generic

import (
	"maps"
	"reflect"
	"slices"
)

// table maps the name of a function to a compiled instance.
type table map[string]any

// dynamic holds what package reflect does. A compiled instance is preferred.
var dynamic = merge(cmpFuncs, cryptoFuncs, errorsFuncs, iterFuncs, maphashFuncs, mapsFuncs, reflectFuncs, runtimeFuncs,
	slicesFuncs, syncFuncs, uniqueFuncs)

func merge(all ...dynamics) dynamics {
	merged := dynamics{}
	for _, d := range all {
		maps.Copy(merged, d)
	}
	return merged
}

// Func returns the function pkg.name, pkg being an import path, instantiated with the type arguments targs, as a value
// of the func type typ. trueTargs are targs as interfaces hold them. It reports false if there is no such function here.
func Func(pkg, name string, typ reflect.Type, targs, trueTargs []reflect.Type) (reflect.Value, bool) {
	full := pkg + "." + name
	if f, ok := compiled(full, targs); ok {
		return seenAs(f, typ), true
	}
	code, ok := dynamic[full]
	if !ok {
		return reflect.Value{}, false
	}
	return reflect.MakeFunc(typ, code(instance{typ, targs, trueTargs})), true
}

// Names returns the functions that Func knows, such as "slices.Sort", in order.
func Names() []string {
	known := map[string]bool{}
	for name := range dynamic {
		known[name] = true
	}
	for _, t := range []table{anyFuncs[int](), comparableFuncs[int](), orderedFuncs[int](), integerFuncs[int](), shapeless} {
		for name := range t {
			known[name] = true
		}
	}
	return slices.Sorted(maps.Keys(known))
}
