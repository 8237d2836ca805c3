package similarity_test

import (
	"context"
	"fmt"

	"kairos/stdlib/matrix"
	"kairos/stdlib/similarity"
)

// Three training rows share two test columns: each column takes one and a half rows.
func transportCosts() *matrix.Dense {
	return &matrix.Dense{Rows: 3, Cols: 2, Data: []float32{
		1, 4,
		2, 3,
		8, 6,
	}}
}

func ExampleTransport() {
	plan, err := similarity.Transport(context.Background(), transportCosts(), similarity.TransportConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range plan.Flows {
		fmt.Printf("row %d to column %d: %.3f at %v\n", f.Train, f.Test, f.Mass, f.Cost)
	}
	fmt.Printf("cost %.3f\n", plan.Cost)
	// Output:
	// row 0 to column 0: 0.333 at 1
	// row 1 to column 0: 0.167 at 2
	// row 1 to column 1: 0.167 at 3
	// row 2 to column 1: 0.333 at 6
	// cost 3.167
}

func ExamplePlan_Scores() {
	plan, err := similarity.Transport(context.Background(), transportCosts(), similarity.TransportConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f\n", plan.Scores())
	// Output: [0.333 0.833 2.000]
}

func ExamplePlan_Matrix() {
	plan, err := similarity.Transport(context.Background(), transportCosts(), similarity.TransportConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plan.Matrix())
	// Output:
	// 3×2 matrix
	//      0.3333          0
	//      0.1667     0.1667
	//           0     0.3333
}

func ExampleSinkhorn() {
	for _, regularization := range []float64{5, 0.05} {
		plan, err := similarity.Sinkhorn(context.Background(), transportCosts(), similarity.SinkhornConfig{Regularization: regularization})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%v: cost %.3f, scores %.3f\n", regularization, plan.Cost, plan.Scores())
	}
	// Output:
	// 5: cost 3.793, scores [0.719 0.828 2.246]
	// 0.05: cost 3.167, scores [0.333 0.833 2.000]
}

func ExampleEntropicPlan_Block() {
	ctx := context.Background()
	plan, err := similarity.Sinkhorn(ctx, transportCosts(), similarity.SinkhornConfig{Regularization: 5})
	if err != nil {
		fmt.Println(err)
		return
	}
	masses, err := plan.Block(ctx, 0, 3, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(masses)
	// Output:
	// 3×2 matrix
	//      0.2048     0.1286
	//      0.1721     0.1612
	//      0.1231     0.2102
}
