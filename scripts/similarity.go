//go:build ignore

// Command similarity asks which measure of similarity between training and unseen data tells in what order
// to train: nearest first (NFT), at random (RT) or farthest first (FFT), by the paper's weighted distance
// WSD, by either of its two parts alone, and by optimal transport.
//
// Varied is the order of one pool; all orders have the same examples. Measured is the loss on unseen
// tasks at every checkpoint, for all of them together and for single tasks that the order is made for.
// Drawn are the curves of each measure, and how the orders compare over seeds.
//
//	kairos run scripts/similarity.go                  the tiny size: about a minute on two cores
//	kairos run scripts/similarity.go -size laptop     hours; the same command goes on after an interruption
package main

import (
	"context"
	"flag"
	"fmt"

	"kairos/stdlib/arrange"
	"kairos/stdlib/cell"
	"kairos/stdlib/experiment"
	"kairos/stdlib/matrix"
	"kairos/stdlib/similarity"
)

// measures score the rows of the pool by their distances from the unseen examples; less is nearer.
var measures = []struct {
	name  string
	score func(ctx context.Context, dist matrix.Blocks) ([]float64, error)
}{
	{"WSD", similarity.WSD},
	{"min only", minimum},
	{"avg only", average},
	{"OT", transport},
}

func minimum(ctx context.Context, dist matrix.Blocks) ([]float64, error) {
	return parts(ctx, dist, func(t similarity.Terms) float64 { return t.Min })
}

func average(ctx context.Context, dist matrix.Blocks) ([]float64, error) {
	return parts(ctx, dist, func(t similarity.Terms) float64 { return t.Mean })
}

func parts(ctx context.Context, dist matrix.Blocks, part func(similarity.Terms) float64) ([]float64, error) {
	terms, err := similarity.RowTerms(ctx, dist)
	scores := make([]float64, len(terms))
	for i, t := range terms {
		scores[i] = part(t)
	}
	return scores, err
}

func transport(ctx context.Context, dist matrix.Blocks) ([]float64, error) {
	plan, err := similarity.Transport(ctx, dist, similarity.TransportConfig{})
	if err != nil {
		return nil, err
	}
	return plan.Scores(), nil
}

func main() {
	cfg := experiment.Config{Name: "similarity", Progress: cell.Progress}
	cfg.Flags(flag.CommandLine)
	flag.Parse()
	ctx := cell.Context()
	e, err := experiment.New(cfg)
	cell.Check(err)
	samples, err := e.Samples(ctx, e.Size.PerTask)
	cell.Check(err)

	var together, alone []*experiment.Set
	for _, m := range measures {
		set := e.NewSet(m.name, "RT")
		for _, s := range samples {
			set.AddOrders(s, by(ctx, s, m.score))
		}
		together = append(together, set)
	}
	tasks, err := e.UnseenTasks()
	cell.Check(err)
	for _, task := range tasks[:min(e.Size.Singles, len(tasks))] {
		set := e.NewSet("only "+experiment.ShortTask(task), "RT")
		singles, err := e.Single(ctx, samples, task)
		cell.Check(err)
		for _, s := range singles {
			nearest, err := s.Nearest(ctx)
			cell.Check(err)
			set.AddOrders(s, nearest)
		}
		alone = append(alone, set)
	}

	cell.Check(e.Run(ctx))

	cell.Check(e.Draw("measures", "Orders by similarity to all unseen tasks", together...))
	cell.Check(e.Draw("single-tasks", "Orders for one unseen task", alone...))
	text, err := e.Report()
	cell.Check(err)
	fmt.Println(text)
}

// by are the rows of a sample's pool by a measure, nearest first.
func by(ctx context.Context, s *experiment.Sample, measure func(context.Context, matrix.Blocks) ([]float64, error)) []int {
	dist, err := s.Distances()
	cell.Check(err)
	scores, err := measure(ctx, dist)
	cell.Check(err)
	nearest, err := arrange.Nearest(scores)
	cell.Check(err)
	return nearest
}
