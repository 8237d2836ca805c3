// Package rt holds what lowered programs call at run time: the parts of Go that yaegi does not have or gets wrong,
// compiled. Lowering imports it under a name that no program can spell.
//
//	Thrown            a panic on its way through interpreted frames (thrown.go, fault.go)
//	Print, Println    the builtins of the same names
//	Clear             the builtin clear
//	min_T, max_T      the builtins min and max for each ordered basic type T
package rt

import (
	"fmt"
	"os"
	"reflect"
	"strings"
)

// Path is the import path of this package as the interpreter knows it.
const Path = "kairos/repl/lower/rt"

// Symbols returns the names of this package in the form that yaegi's Use takes.
func Symbols() map[string]map[string]reflect.Value {
	table := map[string]reflect.Value{
		"Catch":   reflect.ValueOf(Catch),
		"Clear":   reflect.ValueOf(Clear),
		"Print":   reflect.ValueOf(Print),
		"Println": reflect.ValueOf(Println),
		"Throw":   reflect.ValueOf(Throw),
	}
	addMinMax(table)
	methods := []reflect.Type{reflect.TypeFor[error](), reflect.TypeFor[fmt.Stringer]()}
	return map[string]map[string]reflect.Value{
		Path + "/rt": table,
		".":          {"MapTypes": reflect.ValueOf(map[reflect.Value][]reflect.Type{reflect.ValueOf(Throw): methods})},
	}
}

// Print writes its arguments to standard error as the builtin does.
func Print(args ...any) {
	for _, arg := range args {
		os.Stderr.WriteString(builtinText(arg))
	}
}

// Println writes its arguments to standard error as the builtin does, with spaces between and a line end.
func Println(args ...any) {
	texts := make([]string, len(args))
	for i, arg := range args {
		texts[i] = builtinText(arg)
	}
	os.Stderr.WriteString(strings.Join(texts, " ") + "\n")
}

// Clear deletes every entry of a map, or zeroes every element of a slice.
func Clear(mapOrSlice any) { reflect.ValueOf(mapOrSlice).Clear() }
