package engine_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"reflect"

	"kairos/repl/engine"
)

func Example() {
	e, err := engine.New(engine.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var square func(int) int
	e.Use("Println", reflect.ValueOf(fmt.Println))
	e.Use("Export", reflect.ValueOf(func(f func(int) int) { square = f }))
	file, err := parser.ParseFile(e.FileSet(), "core.go", `package main
		func square(x int) int { return x * x }
		func init() {
			pool.Println("loaded")
			pool.Export(square)
		}`, parser.SkipObjectResolution)
	if err != nil {
		fmt.Println(err)
		return
	}
	ast.Inspect(file, func(n ast.Node) bool { // the name of the pool is one that no Go source has
		if id, ok := n.(*ast.Ident); ok && id.Name == "pool" {
			id.Name = "k·"
		}
		return true
	})
	if err := e.Load(file); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(square(12))
	// Output:
	// loaded
	// 144
}
