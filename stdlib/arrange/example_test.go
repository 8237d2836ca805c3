package arrange_test

import (
	"context"
	"errors"
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
	rounds, err := arrange.TMA(context.Background(), dist, arrange.TMAConfig{Num: 3})
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

// Two parts of a matrix, as two machines would see them.
func ExampleCandidates() {
	near := arrange.NewCandidates(2, 2, false)
	far := arrange.NewCandidates(2, 2, false)
	err := errors.Join(
		near.Add(0, &matrix.Dense{Rows: 3, Cols: 2, Data: []float32{-0.9, -0.1, -0.2, -0.8, -0.7, -0.3}}),
		far.Add(3, &matrix.Dense{Rows: 2, Cols: 2, Data: []float32{-0.4, -0.7, -0.1, -0.2}}),
		near.Merge(far),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(near.Column(1))
	fmt.Println(near.Rounds(3))
	// Output:
	// [{1 -0.8} {3 -0.7}]
	// [[0 1] [2 3]] true
}

func ExampleDepth() {
	fmt.Println(arrange.Depth(30_000, 1_125), arrange.Depth(50, 1_125))
	// Output: 272 50
}
