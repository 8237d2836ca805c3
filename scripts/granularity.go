//go:build ignore

// Command granularity asks how finely training data should be arranged: example by example, or whole tasks at a time; and
// which examples of a task to take, those at both ends of its distances (polar) or at even steps (uniform).
//
// Varied is, of one pool, the granularity of nearest first (NFT) and farthest first (FFT), beside random order (RT); and of
// a larger pool the choice of each task's examples, which are then arranged example by example. Measured is
// the loss on unseen tasks. Drawn are the curves beside each other, and beside random order.
//
//	kairos run scripts/granularity.go
//	kairos run scripts/granularity.go -size laptop
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"slices"

	"kairos/stdlib/arrange"
	"kairos/stdlib/cell"
	"kairos/stdlib/experiment"
	"kairos/stdlib/matrix"
	"kairos/stdlib/similarity"
)

func main() {
	cfg := experiment.Config{Name: "granularity", Progress: cell.Progress}
	cfg.Flags(flag.CommandLine)
	flag.Parse()
	ctx := cell.Context()
	e, err := experiment.New(cfg)
	cell.Check(err)

	samples, err := e.Samples(ctx, e.Size.PerTask)
	cell.Check(err)
	fine, coarse := e.NewSet("fine", "RT"), e.NewSet("coarse", "RT")
	for _, s := range samples {
		nearest, err := s.Nearest(ctx)
		cell.Check(err)
		fine.AddOrders(s, nearest)
		coarse.AddOrders(s, byTask(ctx, s))
	}

	larger, err := e.Samples(ctx, e.Size.Candidates)
	cell.Check(err)
	polar, uniform := e.NewSet("polar choice", "RT"), e.NewSet("uniform choice", "RT")
	for _, s := range larger {
		polar.AddOrders(s, choose(ctx, s, arrange.ChoiceConfig{Num: e.Size.PerTask}))
		uniform.AddOrders(s, choose(ctx, s, arrange.ChoiceConfig{Num: e.Size.PerTask, Uniform: true}))
	}

	cell.Check(e.Run(ctx))

	cell.Check(e.Draw("granularity", "How finely to arrange", fine, coarse))
	cell.Check(e.Draw("choice", "Which examples of a task to take", polar, uniform))
	text, err := e.Report()
	cell.Check(err)
	fmt.Println(text)
}

// wsd are the weighted distances of rows of vectors from the unseen examples.
func wsd(ctx context.Context, vectors, targets *matrix.Dense) []float64 {
	dist, err := similarity.LazyCosine(vectors, targets)
	cell.Check(err)
	scores, err := similarity.WSD(ctx, dist)
	cell.Check(err)
	return scores
}

// byTask arranges task by task, by the distance of the mean of its examples.
func byTask(ctx context.Context, s *experiment.Sample) []int {
	means, err := arrange.TaskMeans(ctx, s.Vectors, s.Tasks())
	cell.Check(err)
	order, err := arrange.Coarse(s.Tasks(), wsd(ctx, means, s.Targets))
	cell.Check(err)
	return order
}

// choose takes some examples of every task, and arranges them example by example.
func choose(ctx context.Context, s *experiment.Sample, cfg arrange.ChoiceConfig) []int {
	scores := wsd(ctx, s.Vectors, s.Targets)
	rows, err := arrange.PerTask(s.Tasks(), scores, cfg)
	cell.Check(err)
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	return rows
}
