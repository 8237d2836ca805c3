package arrange_test

import (
	"fmt"

	"kairos/stdlib/arrange"
	"kairos/stdlib/matrix"
)

func ExampleNearest() {
	order, err := arrange.Nearest([]float64{-0.2, -0.9, 0.4, -0.9})
	fmt.Println(order, err)
	// Output: [1 3 0 2] <nil>
}

func ExampleFarthest() {
	order, err := arrange.Farthest([]float64{-0.2, -0.9, 0.4, -0.9})
	fmt.Println(order, err)
	// Output: [2 0 3 1] <nil>
}

func ExampleRandom() {
	fmt.Println(arrange.Random(8, 1))
	// Output: [2 7 1 5 6 4 0 3]
}

func ExampleTMA() {
	dist := &matrix.Dense{Rows: 5, Cols: 2, Data: []float32{
		-0.9, -0.1,
		-0.2, -0.8,
		-0.7, -0.3,
		-0.4, -0.7,
		-0.1, -0.2,
	}}
	rounds, err := arrange.TMA(dist, arrange.TMAConfig{Num: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(rounds) // the second round is kept whole, so there are four rows
	// Output: [[0 1] [2 3]]
}

func ExampleFlatten() {
	fmt.Println(arrange.Flatten([][]int{{0, 1}, {2, 3}, {4}}))
	// Output: [0 1 2 3 4]
}
