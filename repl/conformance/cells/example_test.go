package cells_test

import (
	"fmt"
	"go/importer"
	"go/token"

	"kairos/repl/conformance/cells"
)

// A case as a program. The variable belongs to the package, so that the function of the second cell can use it.
func ExampleCase_Program() {
	c := cells.Case{Cells: []string{
		"words := strings.Fields(`a b a`)",
		"func count(w string) (n int) {\n\tfor _, x := range words {\n\t\tif x == w {\n\t\t\tn++\n\t\t}\n\t}\n\treturn\n}",
		"fmt.Println(count(`a`))\nlen(words)",
	}}
	src, err := c.Program(importer.ForCompiler(token.NewFileSet(), "gc", exports{}.open))
	fmt.Print(src, err)
	// Output:
	// package main
	//
	// import (
	// 	"fmt"
	// 	"strings"
	// )
	//
	// func count(w string) (n int) {
	// 	for _, x := range words {
	// 		if x == w {
	// 			n++
	// 		}
	// 	}
	// 	return
	// }
	//
	// var words []string
	//
	// func main() {
	// 	// %% 1
	// 	words = strings.Fields(`a b a`)
	// 	// %% 2
	// 	// %% 3
	// 	fmt.Println(count(`a`))
	// 	fmt.Printf("Out[%d]: %#v\n", 3, len(words))
	// }
	// <nil>
}
