package matrix_test

import (
	"fmt"

	"kairos/stdlib/matrix"
)

func ExampleNew() {
	m := matrix.New(2, 3)
	m.Row(1)[2] = 0.5
	fmt.Println(m.Rows, m.Cols, m.Data)
	// Output: 2 3 [0 0 0 0 0 0.5]
}

func ExampleFromRows() {
	m, err := matrix.FromRows([][]float32{{1, 2}, {3, 4}, {5, 6}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Row(1), m.At(2, 0))
	// Output: [3 4] 5
}

func ExampleDense_Dims() {
	rows, cols := matrix.New(2, 3).Dims()
	fmt.Println(rows, cols)
	// Output: 2 3
}

func ExampleDense_String() {
	m := matrix.New(100, 50)
	for i := range m.Data {
		m.Data[i] = float32(i)
	}
	fmt.Println(m)
	// Output:
	// 100×50 matrix
	//           0          1          2   …         49
	//          50         51         52   …         99
	//         100        101        102   …        149
	//           ⋮
	//        4950       4951       4952   …       4999
}

func ExampleDense_Check() {
	m := &matrix.Dense{Rows: 2, Cols: 2, Data: []float32{1, 2, 3}}
	fmt.Println(m.Check())
	// Output: 2×2 matrix with 3 values: want 4
}
