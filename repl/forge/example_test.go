package forge_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"

	"kairos/repl/forge"
)

// A type that was only checked, never compiled, gets a method and is printed.
func Example() {
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, "main.go", `package main

type Celsius struct {
	degrees float64
}

func (c Celsius) String() string { return "what an interpreter runs" }
`, 0)
	pkg, _ := new(types.Config).Check("main", fset, []*ast.File{file}, nil)

	w := forge.New(func(path, name string) (reflect.Type, bool) { return nil, false })
	w.Own(pkg)
	celsius := pkg.Scope().Lookup("Celsius").Type().(*types.Named)

	// The open type lets reflection set the field; methods take it.
	open, _ := w.Open(celsius)
	body := reflect.MakeFunc(
		reflect.FuncOf([]reflect.Type{open}, []reflect.Type{reflect.TypeFor[string]()}, false),
		func(args []reflect.Value) []reflect.Value {
			return []reflect.Value{reflect.ValueOf(fmt.Sprintf("%.1f °C", args[0].Field(0).Float()))}
		})
	if err := w.Bind(celsius, "String", body); err != nil {
		fmt.Println(err)
	}
	v := reflect.New(open).Elem()
	v.Field(0).SetFloat(36.6)

	// Interfaces hold the true type.
	real, _ := w.True(celsius)
	x := forge.As(v, real).Interface()
	fmt.Printf("%v, a %T\n", x, x)
	fmt.Printf("%#v\n", x)
	// Output:
	// 36.6 °C, a main.Celsius
	// main.Celsius{degrees:36.6}
}

// The same memory is seen with its fields locked and unlocked.
func ExampleAs() {
	v := reflect.ValueOf(&struct{ n int }{1}).Elem()
	fmt.Println(v.Field(0).CanSet())
	forge.As(v, reflect.TypeFor[struct{ N int }]()).Field(0).SetInt(3)
	fmt.Printf("%+v\n", v)
	// Output:
	// false
	// {n:3}
}
