// Package symbols is what interpreted code sees of compiled packages, generated from their export data and sources, so
// that import "kairos/stdlib/data" means the same to the interpreter and to the compiler.
//
//	gen        the generator, and the list of packages (gen/groups.go)
//	table      the form of the tables: functions, variables and types as values of this process
//	std        the Go standard library, of the toolchain that generated it
//	gonum      numbers and plots
//	pure       the packages of kairos that are pure Go
//	native     the packages of kairos that link libtorch; only a program that imports it links them
//	typedata   the types of all of these, for go/types
//	docs       the doc comments of all of these
//
// Left out of the tables are constants, whose values are in typedata, and generic functions and types, which reflection
// cannot show. The tables hold for linux/amd64; elsewhere package syscall is missing.
package symbols

//go:generate go run ./gen

import (
	"kairos/stdlib/symbols/gonum"
	"kairos/stdlib/symbols/pure"
	"kairos/stdlib/symbols/std"
	"kairos/stdlib/symbols/table"
)

// Pure returns the table of every package that does not need libtorch.
func Pure() table.Table {
	return table.Table{std.Package, std.Platform, gonum.Package, pure.Package}
}
