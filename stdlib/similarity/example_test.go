package similarity_test

import (
	"context"
	"errors"
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
	scores, err := similarity.WSD(context.Background(), dist)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(scores)
	// Output: [-2 -1.5 0.5]
}

func ExampleEuclidean() {
	train := &matrix.Dense{Rows: 2, Cols: 2, Data: []float32{
		0, 0,
		3, 4,
	}}
	test := &matrix.Dense{Rows: 1, Cols: 2, Data: []float32{
		3, 4,
	}}
	dist, err := similarity.Euclidean(context.Background(), train, test)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(dist)
	// Output:
	// 2×1 matrix
	//           5
	//           0
}

// The scores of all rows of train, which may lie in a file, without their distances in memory.
func ExampleLazyCosine() {
	train := &matrix.Dense{Rows: 3, Cols: 2, Data: []float32{
		1, 0,
		0, 2,
		-3, 0,
	}}
	test := &matrix.Dense{Rows: 2, Cols: 2, Data: []float32{
		5, 0,
		3, 4,
	}}
	dist, err := similarity.LazyCosine(train, test)
	if err != nil {
		fmt.Println(err)
		return
	}
	scores, err := similarity.WSD(context.Background(), dist)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", scores)
	// Output: [-3.40 -2.00 3.00]
}

func ExampleLazyEuclidean() {
	train := &matrix.Dense{Rows: 1_000, Cols: 1, Data: make([]float32, 1_000)}
	for i := range train.Rows {
		train.Data[i] = float32(i)
	}
	dist, err := similarity.LazyEuclidean(train, &matrix.Dense{Rows: 2, Cols: 1, Data: []float32{10, 500}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(dist.Block(context.Background(), 500, 502, nil))
	// Output:
	// 2×2 matrix
	//         490          0
	//         491          1 <nil>
}

// Two halves of the training rows, measured apart and weighed together.
func ExampleWeigh() {
	ctx := context.Background()
	first, err1 := similarity.RowTerms(ctx, &matrix.Dense{Rows: 2, Cols: 2, Data: []float32{-1, 0, -0.5, -0.5}})
	second, err2 := similarity.RowTerms(ctx, &matrix.Dense{Rows: 1, Cols: 2, Data: []float32{0.5, 0}})
	if err := errors.Join(err1, err2); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(first, second)
	fmt.Println(similarity.Weigh(append(first, second...)))
	// Output:
	// [{-1 -0.5} {-0.5 -0.5}] [{0 0.25}]
	// [-2 -1.5 0.5] <nil>
}

// The two terms of WSD, before they are weighed: of each row the least distance, and the mean.
func ExampleRowTerms() {
	dist := &matrix.Dense{Rows: 2, Cols: 2, Data: []float32{-0.75, -0.25, -0.5, -0.5}}
	terms, err := similarity.RowTerms(context.Background(), dist)
	fmt.Println(terms, err)
	// Output: [{-0.75 -0.5} {-0.5 -0.5}] <nil>
}
