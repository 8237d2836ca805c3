package similarity_test

import (
	"context"
	"fmt"

	"kairos/stdlib/matrix"
	"kairos/stdlib/similarity"
)

func ExamplePrefixes() {
	train := &matrix.Dense{Rows: 4, Cols: 2, Data: []float32{1, 0, 0, 1, 4, 3, 3, 4}}
	test := &matrix.Dense{Rows: 2, Cols: 2, Data: []float32{1, 0, 0, 1}}
	nearest := []int{0, 2, 3, 1}
	curves, err := similarity.Prefixes(context.Background(), train, nearest, test, []string{"qa", "sum"}, similarity.PrefixConfig{Batch: 2, Steps: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range curves {
		fmt.Printf("%-3s steps %v: average %.2f, nearest %.2f\n", c.Task, c.Steps, c.Avg, c.Min)
	}
	// Output:
	// qa  steps [1 2]: average [-0.90 -0.60], nearest [-1.00 -1.00]
	// sum steps [1 2]: average [-0.30 -0.60], nearest [-0.60 -1.00]
}

func ExampleFitPCA() {
	vectors := &matrix.Dense{Rows: 4, Cols: 3, Data: []float32{0, 0, 0, 3, 4, 0, 6, 8, 0, 3, 4, 1}}
	pca, err := similarity.FitPCA(context.Background(), vectors, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f of the variance along %.1f\n", pca.Ratio[0], pca.Components[0])
	at, err := pca.Project(context.Background(), vectors)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("row 2 lies at %.2f\n", at.Row(2))
	// Output:
	// 0.99 of the variance along [0.6 0.8 0.0]
	// row 2 lies at [5.00 -0.25]
}
