package safetensors_test

import (
	"fmt"
	"os"
	"path/filepath"

	"kairos/stdlib/internal/safetensors"
)

func ExampleWrite() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "x.safetensors")
	file, err := os.Create(path)
	if err != nil {
		panic(err)
	}
	tensors := []safetensors.Named{{Name: "w", Shape: []int64{2, 2}, Values: []float32{1, 2, 3, 4}}, {Name: "b", Shape: []int64{2}, Values: []float32{5, 6}}}
	if err := safetensors.Write(file, map[string]string{"format": "pt"}, tensors); err != nil {
		panic(err)
	}
	if err := file.Close(); err != nil {
		panic(err)
	}

	f, err := safetensors.Open(path)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	values, err := f.Floats("b", []int64{2})
	fmt.Println(f.Metadata["format"], len(f.Tensors), values, err)
	// Output: pt 2 [5 6] <nil>
}
