package gguf_test

import (
	"fmt"

	"kairos/stdlib/internal/gguf"
)

func ExampleOpen() {
	f, err := gguf.Open("testdata/types.gguf")
	if err != nil {
		panic(err)
	}
	defer f.Close()
	text, err := f.Text("text")
	fmt.Println(text, err)
	for _, t := range f.Tensors()[3:5] {
		weights, err := f.Dequantise(t.Name)
		fmt.Println(t.Name, t.Type, t.Shape, len(weights), err)
	}
	// Output:
	// Grüße, 世界 <nil>
	// q4_0 Q4_0 [3 64] 192 <nil>
	// q4_1 Q4_1 [3 64] 192 <nil>
}
