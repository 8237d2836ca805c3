package plot_test

import (
	"fmt"

	"kairos/stdlib/matrix"
	"kairos/stdlib/plot"
	"kairos/stdlib/similarity"
)

func ExampleBand() {
	var seeds []plot.Curve
	for _, loss := range [][]float64{{3.1, 1.0, 0.6}, {3.1, 1.2, 0.7}, {3.1, 1.1, 0.8}} {
		seeds = append(seeds, plot.Curve{Steps: []int{0, 10, 20}, Loss: loss})
	}
	band, err := plot.Band("NFT", seeds)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, step := range band.Steps {
		fmt.Printf("step %d: %.2f, from %.2f to %.2f\n", step, band.Loss[i], band.Low[i], band.High[i])
	}
	// Output:
	// step 0: 3.10, from 3.10 to 3.10
	// step 10: 1.10, from 1.00 to 1.20
	// step 20: 0.70, from 0.60 to 0.80
}

func ExamplePanels() {
	var panels []plot.Panel
	for k, task := range []string{"quoref", "apps", "multirc"} {
		panels = append(panels, plot.Panel{Title: task, Curves: []plot.Curve{
			{Name: "NFT", Steps: []int{0, 10, 20}, Loss: []float64{3, 1.1, 0.6 + 0.1*float64(k)}},
			{Name: "RT", Steps: []int{0, 10, 20}, Loss: []float64{3, 1.7, 0.8 + 0.1*float64(k)}},
		}})
	}
	figure, err := plot.Panels(panels, 3, plot.Config{Title: "Loss of each unseen task"})
	if err != nil {
		fmt.Println(err)
		return
	}
	picture, err := figure.PNG()
	fmt.Printf("%.4q %v\n", picture, err)
	// Output: "\x89PNG" <nil>
}

func ExampleSimilarity() {
	nearest := []similarity.PrefixCurve{{
		Task: "quoref", Steps: []int{10, 20, 30},
		Avg: []float64{-0.6, -0.5, -0.4}, Min: []float64{-0.9, -0.9, -0.9}, Max: []float64{-0.3, 0, 0.2}, Centroid: []float64{-0.8, -0.7, -0.6},
	}}
	random := []similarity.PrefixCurve{{
		Task: "quoref", Steps: []int{10, 20, 30},
		Avg: []float64{-0.4, -0.4, -0.4}, Min: []float64{-0.7, -0.8, -0.9}, Max: []float64{0.1, 0.2, 0.2}, Centroid: []float64{-0.6, -0.6, -0.6},
	}}
	figure, err := plot.Similarity([]plot.SimilarityRun{{Name: "NFT", Tasks: nearest}, {Name: "RT", Tasks: random}}, plot.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	picture, err := figure.PDF()
	fmt.Printf("%.4s %v\n", picture, err)
	// Output: %PDF <nil>
}

func ExampleDistribution() {
	var near, all []float64
	for i := range 400 {
		x := float64(i) / 400
		all = append(all, -x*x)
		near = append(near, -0.5-x/2)
	}
	figure, err := plot.Distribution([]plot.Sample{{Name: "chosen", Values: near}, {Name: "all", Values: all}}, plot.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(figure)
	// Output:
	//      │                                                          ⣀⣀⣀⣀⣀
	// 0.25 ┤                                                          ⡇   ⢸
	//      │                                                          ⡇   ⢸
	// 0.20 ┤                                                          ⡇   ⢸
	//      │                                                          ⡇   ⢸
	//      │                                                          ⡇   ⢸
	// 0.15 ┤                                                          ⡇   ⢸
	//      │ ⡤⠤⠤⠤●⠤⠤⠤⠤⠤⠤⠤●⠤⠤⠤●⠤⠤⠤⠤⠤⠤⠤●⠤⠤⠤⢤                            ⡇   ⢸
	//      │ ⡇                           ⢸                            ⡇   ⢸
	// 0.10 ┤ ⡇                           ⢸                        ⡏⠉⠉⠉○   ⢸
	//      │ ⡇                           ⢸                    ⡖⠒⠒⠒⠃       ⢸
	//      │ ⡇                           ●⠉⠉⠉⠉⡇   ⣀⣀⣀⣀○⠤⠤⠤⠏⠉⠉⠉○           ⢸
	// 0.05 ┤ ⡇   ⢀⣀⣀⣀○⣀⣀⣀⣀⣀⣀⣀○⠤⠤⠤⠤⠤⠤⠤○⠒⠒⠒⠒⠒⠒⠒⠒○⠉⠉⠉⠁                       ⢸
	//      │ ⡏⠉⠉⠉⠉                            ⡇                           ⢸
	// 0.00 ┤ ●                                ●                           ○
	//      └─┬───────────┬───────────┬───────────┬────────────┬───────────┬─
	//       -1.0       -0.8        -0.6        -0.4         -0.2         0.0  distance
	//       ● chosen   ○ all
}

func ExampleMapByRound() {
	train := &matrix.Dense{Rows: 6, Cols: 2, Data: []float32{0, 0, 1, 0, 2, 1, 3, 1, 4, 2, 0, 2}}
	test := &matrix.Dense{Rows: 1, Cols: 2, Data: []float32{0.5, 0.2}}
	rounds := []int{0, 0, 1, 1, 2, -1} // TMA did not take the last row
	figure, err := plot.MapByRound(train, test, rounds, plot.Config{Title: "TMA by rounds"})
	if err != nil {
		fmt.Println(err)
		return
	}
	picture, err := figure.SVG()
	fmt.Printf("%.5s %v\n", picture, err)
	// Output: <?xml <nil>
}

func ExampleMapByTask() {
	train := &matrix.Dense{Rows: 6, Cols: 2, Data: []float32{0, 0, 1, 0, 2, 1, 3, 1, 4, 2, 0, 2}}
	test := &matrix.Dense{Rows: 1, Cols: 2, Data: []float32{2.5, 0.2}}
	figure, err := plot.MapByTask(train, test, []string{"qa", "qa", "sum", "sum", "sum", "qa"}, plot.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(figure)
	// Output:
	//   │
	//   │
	//   │
	// 2 ┤  ●                                                          ○
	//   │
	//   │
	//   │
	// 1 ┤                               ○              ○
	//   │
	//   │
	//   │                                       ◆
	// 0 ┤  ●              ●
	//   │
	//   │
	//   │
	//   └─┬──────────────┬──────────────┬──────────────┬──────────────┬──
	//     0              1              2              3              4  principal component 1
	//    ◆ unseen   ● qa   ○ sum
}

func ExampleMark() {
	cluster := plot.Curve{Name: "cluster", Steps: []int{0, 10, 20, 30, 40, 50, 60}, Loss: []float64{3.1, 2.6, 2.5, 2.5, 1.7, 1.6, 1.6}}
	cluster.Marks = []plot.Mark{{From: 30, To: 40, Label: "quoref"}}
	figure, err := plot.LossCurves([]plot.Curve{cluster}, plot.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(figure)
	// Output:
	//      │ ●                                   ▼
	// 3.00 ┤ ⠈⠑⢄
	//      │    ⠑⠢⡀
	// 2.75 ┤      ⠈⠢⣀
	//      │         ⠑⢄
	//      │           ●⠒⠒⠢⠤⠤⣀⣀⣀
	// 2.50 ┤                    ⠉●⠉⠉⠉⠉⠉⠉⠉⠉⠉●⠢⡀
	//      │                                 ⠑⡄
	// 2.25 ┤                                  ⠈⢢
	//      │                                    ⠱⡀
	// 2.00 ┤                                     ⠘⢄
	//      │                                       ⠣⡀
	// 1.75 ┤                                        ⠑⡄
	//      │                                         ⠈●⠒⠢⠤⠤⢄⣀⣀
	//      │                                                  ⠉⠉●⠉⠉⠉⠉⠉⠉⠉⠉⠉●
	//      └─┬─────────┬─────────┬─────────┬─────────┬──────────┬─────────┬─
	//        0        10        20        30        40         50        60  training step
	//       ● cluster   ▼ quoref
}

func ExamplePanels_scores() {
	steps := []int{0, 10, 20}
	figure, err := plot.Panels([]plot.Panel{
		{Title: "loss", YLabel: "nats per token", Curves: []plot.Curve{{Name: "NFT", Steps: steps, Loss: []float64{3.1, 1.0, 0.6}}}},
		{Title: "ROUGE-L", YLabel: "F1", Curves: []plot.Curve{{Name: "NFT", Steps: steps, Loss: []float64{0.1, 0.4, 0.5}}}},
		{Title: "exact match", YLabel: "share", Curves: []plot.Curve{{Name: "NFT", Steps: steps, Loss: []float64{0, 0.2, 0.3}}}},
		{Title: "reward", YLabel: "UltraRM", Curves: []plot.Curve{{Name: "NFT", Steps: steps, Loss: []float64{-6, -4.1, -3.9}}}},
	}, 2, plot.Config{Title: "Zero-shot generalization comes early"})
	if err != nil {
		fmt.Println(err)
		return
	}
	picture, err := figure.SVG()
	fmt.Printf("%.5s %v\n", picture, err)
	// Output: <?xml <nil>
}

func ExampleSpread() {
	figure, err := plot.Spread([]plot.Sample{
		{Name: "NFT", Values: []float64{2.07, 2.12, 2.17}},
		{Name: "RT", Values: []float64{2.16, 2.20, 2.27}},
		{Name: "FFT", Values: []float64{2.21, 2.23, 2.32}},
	}, plot.Config{Title: "Final loss of three seeds"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(figure)
	// Output:
	//                         Final loss of three seeds
	//      │
	//      │                                                     ●
	// 2.30 ┤
	//      │                                ●
	// 2.25 ┤                                                        ◀
	//      │                                                   ●
	//      │                                  ◀             ●
	// 2.20 ┤                             ●
	//      │          ●
	// 2.15 ┤                           ●
	//      │
	//      │        ●    ◀
	// 2.10 ┤
	//      │      ●
	// 2.05 ┤
	//      └──────────┬────────────────────┬────────────────────┬───────────
	//                NFT                  RT                   FFT  arrangement
}
