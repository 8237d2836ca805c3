package trace_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"kairos/repl/trace"
)

const source = `package main
func f(x int) { // 2
	func() { // 3
		func() { _ = x }() // 4
	}()
}
func (t *T) m() { // 7
}
func (l List[E]) m() { // 9
}
var v = func() { // 11
}
`

func ExampleFunctions() {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "cell[3]", source, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	var functions trace.Functions
	functions.Add("main", file.Decls, nil)
	var frames []token.Pos
	for _, line := range []int{4, 3, 2, 7, 9, 11, 1} {
		frames = append(frames, fset.File(file.Pos()).LineStart(line)+token.Pos(strings.Index(strings.Split(source, "\n")[line-1], "{")+1))
	}
	fmt.Print(functions.Stack(fset, "goroutine 1 [running]:", frames, "main.main()", nil))
	// Output:
	// goroutine 1 [running]:
	// main.f.func1.1()
	// 	cell[3]:4
	// main.f.func1()
	// 	cell[3]:3
	// main.f(...)
	// 	cell[3]:2
	// main.(*T).m(...)
	// 	cell[3]:7
	// main.List.m(...)
	// 	cell[3]:9
	// main.glob..func1()
	// 	cell[3]:11
	// main.main()
	// 	cell[3]:1
}

func TestDeepStack(t *testing.T) {
	fset := token.NewFileSet()
	fset.AddFile("x", -1, 10)
	var functions trace.Functions
	text := functions.Stack(fset, trace.Header(), make([]token.Pos, 1000), "main.main()", nil)
	if lines := strings.Count(text, "\n"); lines != 1+2*100+1 || !strings.Contains(text, "\n...900 frames elided...\n") {
		t.Errorf("%d lines:\n%s", lines, text)
	}
}
