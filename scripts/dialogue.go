//go:build ignore

// Command dialogue arranges conversations that have no task labels, as the paper does with ShareGPT and NoRobots: all that
// is known of an example is its first question and answer.
//
// Varied are which conversations of a larger pool are trained on, and in what order; measured is the loss on
// unseen conversations. Any file of conversations will do, see -data; without -test some of it stay
// unseen. No package ships conversations without labels, so that the default is Natural Instructions with their
// labels taken away, which is a makeshift: its unseen examples are of ten tasks that are not in the pool.
//
//	kairos run scripts/dialogue.go
//	kairos run scripts/dialogue.go -size laptop -data sharegpt.jsonl -test norobots.jsonl
package main

import (
	"context"
	"flag"
	"fmt"

	"kairos/stdlib/arrange"
	"kairos/stdlib/cell"
	"kairos/stdlib/experiment"
	"kairos/stdlib/similarity"
)

func main() {
	cfg := experiment.Config{Name: "dialogue", Unlabelled: true, Progress: cell.Progress}
	cfg.Flags(flag.CommandLine)
	flag.Parse()
	ctx := cell.Context()
	e, err := experiment.New(cfg)
	cell.Check(err)
	e.Size.PerUnseen *= 10 // there are no tasks to take some of each from
	samples, err := e.Samples(ctx, 4*e.Size.Chosen)
	cell.Check(err)

	choice, order := e.NewSet("choice", "random"), e.NewSet("order of what TMA selects", "RT")
	for _, s := range samples {
		n := min(e.Size.Chosen, len(s.Pool))
		selected := tma(ctx, s, n, false)
		choice.Add("TMA min", s, selected)
		choice.Add("TMA max", s, tma(ctx, s, n, true))
		choice.Add("WSD nearest", s, nearest(ctx, s)[:n])
		choice.Add("random", s, arrange.Random(len(s.Pool), s.Seed)[:n])

		random, err := arrange.Through(selected, arrange.Random(n, s.Seed))
		cell.Check(err)
		farthest, err := arrange.Through(selected, backwards(n))
		cell.Check(err)
		order.Add("NFT", s, selected)
		order.Add("RT", s, random)
		order.Add("FFT", s, farthest)
	}

	cell.Check(e.Run(ctx))

	if cfg.Data == "" {
		fmt.Println("The conversations are Natural Instructions without their labels: a makeshift. Give others with -data.")
	}
	cell.Check(e.Draw("choice", "Conversations without labels: which to train on", choice))
	cell.Check(e.Draw("order", "Conversations without labels: the order of what TMA selects", order))
	text, err := e.Report()
	cell.Check(err)
	fmt.Println(text)
}

// tma takes n conversations, by nearest or by farthest.
func tma(ctx context.Context, s *experiment.Sample, n int, farthest bool) []int {
	dist, err := s.Distances()
	cell.Check(err)
	rounds, err := arrange.TMA(ctx, dist, arrange.TMAConfig{Num: n, Farthest: farthest})
	cell.Check(err)
	return arrange.Flatten(rounds)[:n]
}

// nearest arranges all conversations by their weighted distance.
func nearest(ctx context.Context, s *experiment.Sample) []int {
	dist, err := s.Distances()
	cell.Check(err)
	scores, err := similarity.WSD(ctx, dist)
	cell.Check(err)
	order, err := arrange.Nearest(scores)
	cell.Check(err)
	return order
}

// backwards are the numbers from n−1 to 0.
func backwards(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = n - 1 - i
	}
	return order
}
