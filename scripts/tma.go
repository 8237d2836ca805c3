//go:build ignore

// Command tma looks at test-centric multi-turn arrangement (TMA), which chooses and arranges training data by
// their distances from unseen examples, without the names of tasks.
//
// Varied are what TMA takes (the nearest rows of every unseen example, min; the farthest, max; half of either, min-max
// and max-min), beside rows at random; the order of what min selects; which of its rounds are trained on; and, beyond
// the paper, whether nearest-first of rows without near duplicates does as well. Measured is the loss on
// unseen tasks, drawn are the curves.
//
//	kairos run scripts/tma.go
//	kairos run scripts/tma.go -size laptop
package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"slices"

	"kairos/stdlib/arrange"
	"kairos/stdlib/cell"
	"kairos/stdlib/data"
	"kairos/stdlib/experiment"
	"kairos/stdlib/matrix"
)

// The rounds that are trained on, 5 from each of these on.
var firstRounds = []int{0, 5, 10, 15, 20, 25}

const roundsTogether = 5

func main() {
	cfg := experiment.Config{Name: "tma", Progress: cell.Progress}
	cfg.Flags(flag.CommandLine)
	flag.Parse()
	ctx := cell.Context()
	e, err := experiment.New(cfg)
	cell.Check(err)
	samples, err := e.Samples(ctx, e.Size.Candidates)
	cell.Check(err)

	settings := e.NewSet("settings", "random")
	order := e.NewSet("order of what min selects", "RT")
	rounds := e.NewSet("rounds of min", windowName(firstRounds[0]))
	others := e.NewSet("other choices", "random")
	for _, s := range samples {
		dist, err := s.Distances()
		cell.Check(err)
		n := min(e.Size.Chosen, len(s.Pool))
		nearest, random := tma(ctx, dist, n, false), arrange.Random(len(s.Pool), s.Seed)[:n]

		settings.Add("min", s, nearest)
		settings.Add("max", s, tma(ctx, dist, n, true))
		settings.Add("min-max", s, mixed(ctx, dist, n, false))
		settings.Add("max-min", s, mixed(ctx, dist, n, true))
		settings.Add("random", s, random)

		order.AddOrders(s, nearest)

		others.Add("TMA", s, nearest)
		whole, err := s.Nearest(ctx)
		cell.Check(err)
		others.Add("WSD nearest", s, whole[:n])
		others.Add("WSD nearest, no twins", s, withoutTwins(ctx, s, whole, n))
		others.Add("random", s, random)
	}
	addRounds(ctx, rounds, samples)
	e.Note("tasks of what is taken", taskCounts(settings, others))

	cell.Check(e.Run(ctx))

	cell.Check(e.Draw("settings", "What TMA takes", settings))
	cell.Check(e.Draw("order", "The order of what TMA selects", order))
	cell.Check(e.Draw("rounds", "Five rounds of TMA each", rounds))
	cell.Check(e.Draw("others", "TMA and other choices", others))
	text, err := e.Report()
	cell.Check(err)
	fmt.Println(text)
}

// tma takes n rows, by nearest or by farthest.
func tma(ctx context.Context, dist matrix.Blocks, n int, farthest bool) []int {
	rounds, err := arrange.TMA(ctx, dist, arrange.TMAConfig{Num: n, Farthest: farthest})
	cell.Check(err)
	return arrange.Flatten(rounds)[:n]
}

// mixed takes half of the rows by nearest and half by farthest. Those that both take come once, so there may be fewer.
func mixed(ctx context.Context, dist matrix.Blocks, n int, maxFirst bool) []int {
	rounds, err := arrange.TMAMixed(ctx, dist, arrange.MixedConfig{Num: n, MaxFirst: maxFirst})
	cell.Check(err)
	order := arrange.Flatten(rounds)
	return order[:min(n, len(order))]
}

// addRounds adds the rounds 0 to 4, 5 to 9, … as long as there are that many with every seed.
func addRounds(ctx context.Context, set *experiment.Set, samples []*experiment.Sample) {
	var all [][][]int
	fewest := math.MaxInt
	for _, s := range samples {
		dist, err := s.Distances()
		cell.Check(err)
		rounds, err := arrange.TMA(ctx, dist, arrange.TMAConfig{})
		cell.Check(err)
		all, fewest = append(all, rounds), min(fewest, len(rounds))
	}
	for _, first := range firstRounds {
		for i := 0; i < len(samples) && first+roundsTogether <= fewest; i++ {
			window, err := arrange.Window(all[i], first, roundsTogether)
			cell.Check(err)
			set.Add(windowName(first), samples[i], window)
		}
	}
}

// windowName counts from 0, and names the last round too.
func windowName(first int) string { return fmt.Sprintf("%d-%d", first, first+roundsTogether-1) }

// taskCounts says how many tasks what each arm takes comes from, with each seed.
func taskCounts(sets ...*experiment.Set) map[string][]int {
	counts := map[string][]int{}
	for _, set := range sets {
		for _, arm := range set.Arms {
			counts[arm.Name] = nil
			for _, trial := range arm.Trials {
				taken, err := data.Pick(trial.Sample.Pool, trial.Order)
				cell.Check(err)
				counts[arm.Name] = append(counts[arm.Name], len(data.TaskNames(taken)))
			}
		}
	}
	return counts
}

// withoutTwins are the first of an order without near duplicates, of which the one that the pool has first is kept.
func withoutTwins(ctx context.Context, s *experiment.Sample, order []int, n int) []int {
	kept, _, err := arrange.Dedup(ctx, s.Vectors, arrange.DedupConfig{})
	cell.Check(err)
	keep := map[int]bool{}
	for _, row := range kept {
		keep[row] = true
	}
	order = slices.DeleteFunc(slices.Clone(order), func(row int) bool { return !keep[row] })
	return order[:min(n, len(order))]
}
