// Kairos-worker runs scripts with every package of kairos, those that link libtorch included. It is started by kairos,
// which finds it beside itself:
//
//	kairos-worker FILE [ARG...]
package main

import (
	"fmt"
	"maps"
	"os"
	"reflect"

	"kairos/repl/script"
	"kairos/stdlib/symbols"
	"kairos/stdlib/symbols/native"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: kairos-worker FILE [ARG...]")
		os.Exit(2)
	}
	os.Exit(script.Run(os.Args[1], os.Args[2:], script.Config{Symbols: all}))
}

// all returns the tables of every package a script can import.
func all() map[string]map[string]reflect.Value {
	tables := symbols.Pure()
	maps.Copy(tables, native.Symbols())
	return tables
}
