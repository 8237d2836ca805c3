// Package programs has what the benchmark of the interpreter runs: each file is a program, whose exported function returns
// a number that all interpreters must agree on.
package programs

import "embed"

//go:embed *.go
var sources embed.FS

// Program is one of the programs.
type Program struct {
	Name     string // of its function
	File     string
	Compiled func() int
}

// All are the programs.
var All = []Program{
	{"Fib", "fib.go", Fib},
	{"Ints", "ints.go", Ints},
	{"Floats", "floats.go", Floats},
	{"Sieve", "sieve.go", Sieve},
	{"Appends", "appends.go", Appends},
	{"Matrix", "matrix.go", Matrix},
	{"Structs", "structs.go", Structs},
	{"Maps", "maps.go", Maps},
	{"Texts", "texts.go", Texts},
	{"Compiled", "compiled.go", Compiled},
	{"Closures", "closures.go", Closures},
	{"Captured", "captured.go", Captured},
	{"Methods", "methods.go", Methods},
	{"Interfaces", "interfaces.go", Interfaces},
	{"Trees", "trees.go", Trees},
	{"Sorts", "sorts.go", Sorts},
	{"Generics", "generics.go", Generics},
	{"Defers", "defers.go", Defers},
	{"Channels", "channels.go", Channels},
	{"Switches", "switches.go", Switches},
}

// Source is the text of the program's file.
func (p Program) Source() (string, error) {
	text, err := sources.ReadFile(p.File)
	return string(text), err
}
