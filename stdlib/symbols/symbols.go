// Package symbols is what interpreted code sees of compiled packages: their functions, variables, constants and types
// as reflect values, generated from the packages' export data, so that import "kairos/stdlib/data" means the same to
// the interpreter and to the compiler.
//
//	gen        the generator, and the list of packages (gen/groups.go)
//	std        the Go standard library, of the toolchain that generated it
//	gonum      numbers and plots
//	pure       the packages of kairos that are pure Go
//	native     the packages of kairos that link libtorch; only a program that imports it links them
//	typedata   the types of all of these, for go/types
//
// Left out are generic functions and types, which reflection cannot show; they are in typedata, so that a use of one is
// checked and then refused in words rather than unknown. The tables hold for linux/amd64; elsewhere package syscall is
// missing.
package symbols

//go:generate go run ./gen

import (
	"maps"
	"reflect"

	"kairos/stdlib/symbols/gonum"
	"kairos/stdlib/symbols/pure"
	"kairos/stdlib/symbols/std"
)

// Pure returns the tables of every package that does not need libtorch, in the form that yaegi's Use takes, with the
// hints under "." that it takes there. The maps are made anew by each call, which takes some milliseconds.
func Pure() map[string]map[string]reflect.Value {
	all := std.Symbols()
	maps.Copy(all, std.Platform())
	maps.Copy(all, gonum.Symbols())
	maps.Copy(all, pure.Symbols())
	all["."] = map[string]reflect.Value{"MapTypes": reflect.ValueOf(std.MapTypes())}
	return all
}
