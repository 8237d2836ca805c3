package similarity_test

import (
	"context"
	"fmt"

	"kairos/stdlib/matrix"
	"kairos/stdlib/similarity"
)

func ExampleCosine() {
	train := &matrix.Dense{Rows: 3, Cols: 2, Data: []float32{
		1, 0,
		0, 2,
		-3, 0,
	}}
	test := &matrix.Dense{Rows: 2, Cols: 2, Data: []float32{
		5, 0,
		3, 4,
	}}
	dist, err := similarity.Cosine(context.Background(), train, test)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(dist)
	// Output:
	// 3×2 matrix
	//          -1       -0.6
	//           0       -0.8
	//           1        0.6
}

func ExampleWSD() {
	dist := &matrix.Dense{Rows: 3, Cols: 2, Data: []float32{
		-1, 0, // near one test example
		-0.5, -0.5, // halfway to both
		0.5, 0, // far from both
	}}
	scores, err := similarity.WSD(dist)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(scores)
	// Output: [-2 -1.5 0.5]
}
