package dynamics_test

import (
	"fmt"

	"kairos/stdlib/cell/render"
	"kairos/stdlib/dynamics"
	"kairos/stdlib/matrix"
	"kairos/stdlib/plot"
)

// The loss of an unseen task while a model was trained on one task after the other, measured every 10 steps.
var cluster = curve("cluster", 3.10, 2.61, 2.50, 2.48, 2.47, 2.45, 2.06, 1.79, 1.78, 1.76, 1.75)

func curve(name string, losses ...float64) plot.Curve {
	c := plot.Curve{Name: name}
	for i, loss := range losses {
		c.Add(10*i, loss)
	}
	return c
}

// Two arrangements and three seeds.
var arrangements = []dynamics.Arrangement{
	{Name: "NFT", Curves: []plot.Curve{curve("seed 1", 3.1, 2.4, 2.07), curve("seed 2", 3.1, 2.5, 2.12), curve("seed 3", 3.1, 2.3, 2.17)}},
	{Name: "RT", Curves: []plot.Curve{curve("seed 1", 3.1, 2.7, 2.16), curve("seed 2", 3.1, 2.7, 2.20), curve("seed 3", 3.1, 2.6, 2.27)}},
}

func ExampleEarly() {
	summary, err := dynamics.Early(curve("NFT", 3.1, 1.4, 0.9, 0.7, 0.6))
	fmt.Println(summary, err)
	// Output: NFT: from 3.1 to 0.6, lowest 0.6 at step 40; half of the fall by step 10, 90 % by step 30; mean 1.212 <nil>
}

func ExampleReached() {
	reached, err := dynamics.Reached(curve("NFT", 3.0, 1.5, 1.0))
	fmt.Println(reached.Steps, reached.Loss, err)
	// Output: [0 10 20] [0 0.75 1] <nil>
}

func ExampleDrops() {
	drops, err := dynamics.Drops(cluster, dynamics.DropConfig{After: 20})
	for _, d := range drops {
		fmt.Println(d)
	}
	fmt.Println(err)
	// Output:
	// cluster, step 50 to 70: from 2.45 to 1.79, 15 deviations
	// <nil>
}

func ExampleDrop_Mark() {
	drops, err := dynamics.Drops(cluster, dynamics.DropConfig{After: 20})
	if err != nil {
		fmt.Println(err)
		return
	}
	marked := cluster
	for _, d := range drops {
		marked.Marks = append(marked.Marks, d.Mark("quoref"))
	}
	figure, err := plot.LossCurves([]plot.Curve{marked}, plot.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(figure)
	// Output:
	//      │ ●                                    ▼
	// 3.00 ┤ ⠈⢆
	//      │  ⠈⠲⡀
	//      │    ⠘⡄
	// 2.75 ┤     ⠈⢆
	//      │      ⠈⠢⢄⡀
	// 2.50 ┤         ⠈⠑⠒⠤●⣀⣀⣀⣀⣀⣀⣀⣀⣀
	//      │                       ⠉⠉●⠉⠉⠉⠉⠉⠉⠢⡀
	//      │                                 ⠘⢄
	// 2.25 ┤                                   ⠣⡀
	//      │                                    ⠘⢄
	// 2.00 ┤                                      ●⢤
	//      │                                        ⠑⢄⡀
	//      │                                          ⠈⠢⣀⣀⣀⣀⣀⣀●⣀⣀⡀
	// 1.75 ┤                                                     ⠈⠉⠉⠉⠉⠉⠉⠉⠉●
	//      └─┬───────────┬───────────┬───────────┬────────────┬───────────┬─
	//        0          20          40          60           80          100  training step
	//       ● cluster   ▼ quoref
}

func ExamplePreceding() {
	order := []int{7, 5, 3, 1, 0, 2, 4, 6}
	rows, err := dynamics.Preceding(dynamics.Drop{From: 1, To: 3}, order, 2)
	fmt.Println(rows, err)
	// Output: [3 1 0 2] <nil>
}

func ExampleTasks() {
	tasks := []string{"qa", "qa", "qa", "qa", "sum", "sum", "nli", "nli"}
	order := []int{0, 1, 4, 5, 2, 6, 3, 7}
	shares, err := dynamics.Tasks([]int{1, 4, 5}, order, tasks)
	for _, s := range shares {
		fmt.Println(s)
	}
	fmt.Println(err)
	// Output:
	// sum: 2 rows, 67 % (usually 25 %)
	// qa: 1 rows, 33 % (usually 50 %)
	// <nil>
}

func ExampleNearest() {
	dist := &matrix.Dense{Rows: 3, Cols: 2, Data: []float32{-0.5, -0.25, -0.75, 0, 0.5, -0.5}}
	neighbours, err := dynamics.Nearest([]int{0, 1, 2}, dist, nil)
	fmt.Println(neighbours[0], err)
	// Output: {1 0 -0.75} <nil>
}

func ExampleCompare() {
	comparison, err := dynamics.Compare(arrangements[0], arrangements[1], dynamics.Last)
	fmt.Println(comparison, err)
	// Output:
	// NFT minus RT: -0.09 ± 0.01 over 3 pairs (2.12 and 2.21, lower in 3), t = -15.6, p = 0.0041 <nil>
}

func ExampleCompareAll() {
	comparisons, err := dynamics.CompareAll(arrangements, dynamics.Mean)
	for _, c := range comparisons {
		fmt.Printf("%s %.3f, %s %.3f, p = %.3f\n", c.A, c.MeanA, c.B, c.MeanB, c.P)
	}
	fmt.Println(err)
	// Output:
	// NFT 2.505, RT 2.661, p = 0.013
	// <nil>
}

func ExampleRange() {
	curves, err := dynamics.Range(arrangements)
	for _, c := range curves {
		fmt.Printf("%s %.2f\n", c.Name, c.Loss)
	}
	fmt.Println(err)
	// Output:
	// seed 1 [0.00 0.30 0.09]
	// seed 2 [0.00 0.20 0.08]
	// seed 3 [0.00 0.30 0.10]
	// <nil>
}

func ExampleValues() {
	samples, err := dynamics.Values(arrangements, dynamics.At(10))
	fmt.Println(samples, err)
	// Output: [{NFT [2.4 2.5 2.3]} {RT [2.7 2.7 2.6]}] <nil>
}

func ExampleLast() {
	fmt.Println(dynamics.Last(cluster))
	// Output: 1.75 <nil>
}

func ExampleLowest() {
	fmt.Println(dynamics.Lowest(curve("NFT", 3, 1, 2)))
	// Output: 1 <nil>
}

func ExampleMean() {
	fmt.Println(dynamics.Mean(curve("NFT", 3, 1, 2)))
	// Output: 1.75 <nil>
}

func ExampleAt() {
	fmt.Println(dynamics.At(10)(curve("NFT", 3, 1, 2)))
	// Output: 1 <nil>
}

func ExampleByTask() {
	rows, err := dynamics.ByTask([]dynamics.Arrangement{
		{Name: "NFT", Curves: []plot.Curve{curve("quoref", 3, 0.9), curve("mctaco", 2, 1.2), curve("winogrande", 1, 0.7)}},
		{Name: "RT", Curves: []plot.Curve{curve("quoref", 3, 1.1), curve("mctaco", 2, 1.0), curve("winogrande", 1, 0.8)}},
	}, dynamics.Last)
	fmt.Println(rows[0], err)
	fmt.Println(render.Text(rows))
	// Output:
	// quoref: NFT 0.9, RT 1.1 <nil>
	//    Task        NFT   RT  Lowest
	// ─  ──────────  ───  ───  ──────
	// 0  quoref      0.9  1.1  NFT
	// 1  mctaco      1.2  1    RT
	// 2  winogrande  0.7  0.8  NFT
	// 3 rows × 4 columns  []dynamics.TaskRow
}

func ExampleDrop_Size() {
	fmt.Println(dynamics.Drop{From: 50, To: 70, Before: 2.5, After: 1.75}.Size())
	// Output: 0.75
}

func ExampleTaskRow_Lowest() {
	fmt.Println(dynamics.TaskRow{Task: "quoref", Arrangements: []string{"NFT", "RT"}, Values: []float64{1.1, 0.9}}.Lowest())
	// Output: RT
}
