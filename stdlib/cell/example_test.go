package cell_test

import (
	"fmt"

	"kairos/stdlib/cell"
)

func ExampleContext() {
	fmt.Println(cell.Context().Err())
	// Output: <nil>
}

func ExampleCheck() {
	_, err := fmt.Sscan("12", new(int))
	cell.Check(err) // err is nil: nothing happens
	fmt.Println("still here")
	// Output: still here
}

func ExampleProgress() {
	progress := cell.Progress("count") // draws on standard error
	sum := 0
	for i := range 5 {
		sum += i
		progress(i+1, 5)
	}
	fmt.Println(sum)
	// Output: 10
}

func ExampleLive() {
	count := cell.Live("0 of 2")
	for i := range 2 {
		count.Update(fmt.Sprintf("%d of 2", i+1))
	}
	// Output:
	// 0 of 2
	// 1 of 2
	// 2 of 2
}

func ExampleShow() {
	cell.Show(struct {
		Order []int
		Loss  float64
	}{[]int{2, 0, 1}, 1.5})
	// Output: {Order:[2 0 1] Loss:1.5}
}
