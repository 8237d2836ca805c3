package arrange_test

import (
	"context"
	"fmt"

	"kairos/stdlib/arrange"
	"kairos/stdlib/matrix"
)

func tasks() []string { return []string{"qa", "qa", "sum", "qa", "sum"} }

func ExampleGroups() {
	for _, g := range arrange.Groups(tasks()) {
		fmt.Println(g.Task, g.Rows)
	}
	// Output:
	// qa [0 1 3]
	// sum [2 4]
}

func ExampleCluster() {
	fmt.Println(arrange.Cluster(tasks()))
	// Output: [0 1 3 2 4]
}

func ExampleRoundRobin() {
	fmt.Println(arrange.RoundRobin(tasks()))
	// Output: [0 2 1 4 3]
}

func ExampleCoarse() {
	scores := []float64{-0.4, -0.7} // of qa and sum
	order, err := arrange.Coarse(tasks(), scores)
	fmt.Println(order, err)
	// Output: [2 4 0 1 3] <nil>
}

func ExampleTaskMeans() {
	vectors := &matrix.Dense{Rows: 5, Cols: 2, Data: []float32{1, 0, 0, 1, 4, 4, 2, 2, 2, 0}}
	means, err := arrange.TaskMeans(context.Background(), vectors, tasks())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(means.Row(0), means.Row(1))
	// Output: [1 1] [3 2]
}

func ExamplePerTask() {
	scores := []float64{-0.9, -0.1, -0.3, -0.5, -0.8}
	polar, err := arrange.PerTask(tasks(), scores, arrange.ChoiceConfig{Num: 2})
	fmt.Println(polar, err)
	uniform, err := arrange.PerTask(tasks(), scores, arrange.ChoiceConfig{Num: 2, Uniform: true})
	fmt.Println(uniform, err)
	// Output:
	// [0 1 4 2] <nil>
	// [0 3 4 2] <nil>
}

func ExampleThrough() {
	chosen := []int{0, 1, 4, 2}                                    // by PerTask
	order, err := arrange.Nearest([]float64{-0.9, -0.1, -0.8, -1}) // of data.Pick(examples, chosen)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(arrange.Through(chosen, order))
	// Output: [2 0 4 1] <nil>
}

func distances() *matrix.Dense {
	return &matrix.Dense{Rows: 5, Cols: 2, Data: []float32{
		-0.9, -0.1,
		-0.2, -0.8,
		-0.7, -0.3,
		-0.4, -0.7,
		-0.1, -0.2,
	}}
}

func ExampleTMAMixed() {
	rounds, err := arrange.TMAMixed(context.Background(), distances(), arrange.MixedConfig{Num: 4})
	fmt.Println(rounds, err) // the nearest rows, and then the farthest
	// Output: [[0 1] [4]] <nil>
}

func ExampleTMABalanced() {
	rounds, err := arrange.TMABalanced(context.Background(), distances(), tasks(), arrange.TMAConfig{Num: 4})
	fmt.Println(rounds, err)
	// Output: [[0 1] [2] [4]] <nil>
}

func ExampleTMADiverse() {
	vectors := &matrix.Dense{Rows: 5, Cols: 2, Data: []float32{1, 0, 0, 1, 1, 0, 0, 1, -1, -1}} // row 2 is as row 0, row 3 as row 1
	rounds, err := arrange.TMADiverse(context.Background(), distances(), vectors, arrange.DiverseConfig{Num: 3, Weight: 0.7})
	fmt.Println(rounds, err)
	// Output: [[0 1] [4]] <nil>
}

func ExampleDedup() {
	vectors := &matrix.Dense{Rows: 4, Cols: 2, Data: []float32{1, 0, 0, 1, 10, 1, 0, -1}}
	kept, dropped, err := arrange.Dedup(context.Background(), vectors, arrange.DedupConfig{})
	fmt.Println(kept, err)
	for _, twin := range dropped {
		fmt.Printf("row %d is near row %d: %.3f\n", twin.Row, twin.Of, twin.Cosine)
	}
	// Output:
	// [0 1 3] <nil>
	// row 2 is near row 0: 0.995
}

func ExampleInterleave() {
	nearest := []int{4, 2, 0, 1, 3}
	fmt.Println(arrange.Interleave(nearest, 1, 1))
	fmt.Println(arrange.Interleave(nearest, 2, 1))
	// Output:
	// [4 3 2 1 0] <nil>
	// [4 2 3 0 1] <nil>
}

func ExampleWindow() {
	rounds := [][]int{{3, 4}, {0}, {1, 2}}
	fmt.Println(arrange.Window(rounds, 1, 2))
	// Output: [0 1 2] <nil>
}

func ExamplePlaces() {
	places, err := arrange.Places([]int{2, 0}, []float64{-0.5, -0.2, -0.9})
	fmt.Println(places, err)
	// Output: [{2 -1 -0.9} {0 -1 -0.5}] <nil>
}

func ExamplePlacesOfRounds() {
	places, err := arrange.PlacesOfRounds([][]int{{1}, {0, 2}}, []float64{-0.5, -0.2, -0.9})
	fmt.Println(places, err)
	fmt.Println(arrange.Reversed(places))
	fmt.Println(arrange.Shuffled(places, 5))
	// Output:
	// [{1 0 -0.2} {0 1 -0.5} {2 1 -0.9}] <nil>
	// [{2 1 -0.9} {0 1 -0.5} {1 0 -0.2}]
	// [{2 1 -0.9} {1 0 -0.2} {0 1 -0.5}]
}

func ExampleScored() {
	places, err := arrange.Places(arrange.RoundRobin([]string{"a", "a", "b"}), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(arrange.Scored(places, []float64{-0.5, -0.2, -0.9}))
	// Output: [{0 -1 -0.5} {2 -1 -0.9} {1 -1 -0.2}] <nil>
}

func ExampleOrder() {
	fmt.Println(arrange.Order([]arrange.Place{{Index: 3}, {Index: 1}}))
	// Output: [3 1]
}

func ExampleRoundsByRow() {
	fmt.Println(arrange.RoundsByRow([][]int{{3, 4}, {0}}, 5))
	// Output: [1 -1 -1 0 0] <nil>
}
