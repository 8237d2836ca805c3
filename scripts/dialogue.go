//go:build ignore

// Command dialogue arranges conversations that have no task labels, as the paper does with ShareGPT and NoRobots: all that
// is known of an example is its first question and answer.
//
// Varied are which conversations of a larger pool are trained on, and in what order; measured is the loss on
// unseen conversations. Any file of conversations will do, see -data; without -test some of it stay
// unseen. By default they are those of the ChatterBot corpus, short and mostly of one exchange, which kairos fetches.
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
	"kairos/stdlib/data"
	"kairos/stdlib/experiment"
)

func main() {
	cfg := experiment.Config{Name: "dialogue", Unlabelled: true, Progress: cell.Progress}
	cfg.Flags(flag.CommandLine)
	flag.Parse()
	ctx := cell.Context()
	if cfg.Data == "" {
		var err error
		cfg.Examples, err = data.ChatterBot()
		cell.Check(err)
	}
	e, err := experiment.New(cfg)
	cell.Check(err)
	e.Size.PerUnseen *= 10 // there are no tasks to take some of each from
	samples, err := e.Samples(ctx, 4*e.Size.Chosen)
	cell.Check(err)

	choice, order := e.NewSet("choice", "random"), e.NewSet("order of what TMA selects", "RT")
	for _, s := range samples {
		n := min(e.Size.Chosen, len(s.Pool))
		nearest, err := s.Nearest(ctx)
		cell.Check(err)
		selected := tma(ctx, s, n, false)
		choice.Add("TMA min", s, selected)
		choice.Add("TMA max", s, tma(ctx, s, n, true))
		choice.Add("WSD nearest", s, nearest[:n])
		choice.Add("random", s, arrange.Random(len(s.Pool), s.Seed)[:n])
		order.AddOrders(s, selected)
	}

	cell.Check(e.Run(ctx))

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
