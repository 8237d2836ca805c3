package lower_test

import (
	"fmt"
	"reflect"

	"kairos/repl/check"
	"kairos/repl/engine"
	"kairos/repl/lower"
	"kairos/repl/lower/rt"
)

// compose returns an interpreter, and a Lowering that fills its pool. Programs can import what the lookup finds.
func compose() (*engine.Engine, *lower.Lowering) {
	e, err := engine.New(engine.Config{})
	if err != nil {
		panic(err)
	}
	visible := map[string]reflect.Value{"fmt.Println": reflect.ValueOf(fmt.Println)}
	return e, lower.New(lower.Config{
		Fset:    e.FileSet(),
		Lookup:  func(path, name string) (reflect.Value, bool) { v, ok := visible[path+"."+name]; return v, ok },
		Use:     e.Use,
		Runtime: rt.Symbols(func(t *rt.Thrown) { fmt.Println("panic:", t.Text()) }),
	})
}

// A program on its way from source to execution.
func ExampleLowering_Program() {
	e, l := compose()
	program, err := check.Script(e.FileSet(), "hello.go", []byte(`package main

import "fmt"

func main() { fmt.Println("hello") }
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	unit, err := l.Program(program)
	if err != nil { // what has no translation
		fmt.Println(err)
		return
	}
	if err := e.Load(unit.File); err != nil {
		fmt.Println(err)
		return
	}
	unit.Start()
	// Output: hello
}

// Cells of a session share what they declare.
func ExampleLowering_Cell() {
	e, l := compose()
	cells := check.NewCells(e.FileSet(), check.CellsConfig{})
	for i, src := range []string{"type T struct{ a int }\nt := T{1}", "t.a++\nt"} {
		cell, err := cells.Check(fmt.Sprintf("cell[%d]", i+1), src)
		if err != nil {
			fmt.Println(err)
			return
		}
		unit, err := l.Cell(cell)
		if err != nil {
			fmt.Println(err)
			return
		}
		cells.Declare(cell)
		if err := e.Load(unit.File); err != nil {
			fmt.Println(err)
			return
		}
		unit.Start()
		for _, v := range unit.Values {
			fmt.Printf("%v %+v\n", v.Type(), v)
		}
	}
	// Output: main.T {a:2}
}

// What cannot be interpreted is refused, with its position and what to write instead.
func ExampleLowering_refused() {
	e, l := compose()
	program, err := check.Script(e.FileSet(), "where.go", []byte(`package main

import "runtime"

func main() { println(runtime.Caller(0)) }
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = l.Program(program)
	fmt.Println(err)
	// Output: where.go:5:31: kairos cannot interpret this yet: runtime.Caller, which would show positions in the interpreter; say where in words of your own
}
