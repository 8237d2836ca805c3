package experiment

import (
	"context"
	"fmt"
	"slices"

	"kairos/stdlib/arrange"
	"kairos/stdlib/model"
	"kairos/stdlib/plot"
	"kairos/stdlib/run"
)

// Set is a group of arms that are compared with each other, and often a panel of a figure. Trials that
// are the same in several sets, such as the random order beside each measure, are trained once. Orders may differ in
// length: what is compared are the steps that all runs of the set were evaluated at.
type Set struct {
	Name     string
	Baseline string    // the arm that the others are compared with
	Model    string    // what is trained instead of the size's model, see run.Config
	Rates    []float64 // learning rates to choose from for Model, instead of the size's
	Arms     []*Arm    // in the order in which they were added

	// Score, if not nil, measures the model at every checkpoint by more than its loss, such as the ROUGE of what it
	// generates: a number for each name. It is called for the untrained model as well. An interrupted experiment
	// finishes a Score that it has begun: ctx is never done.
	Score func(ctx context.Context, m *model.Model, s *Sample) (map[string]float64, error)
}

// Arm is an arrangement, with a trial for each seed.
type Arm struct {
	Name   string
	Trials []*Trial

	set *Set
}

// Trial is an arm with one seed.
type Trial struct {
	Sample *Sample
	Order  []int // rows of the sample's pool, as they are trained on

	// What Run finds.
	Record *run.Record
	Scores map[string]plot.Curve // by the names that Score gave them; nil without
}

// NewSet adds an empty set to the experiment, whose arms will be compared with one of them.
func (e *Experiment) NewSet(name, baseline string) *Set {
	s := &Set{Name: name, Baseline: baseline}
	e.sets = append(e.sets, s)
	return s
}

// Add adds the order that an arm has for a sample.
func (s *Set) Add(arm string, sample *Sample, order []int) {
	a := s.arm(arm)
	if a == nil {
		a = &Arm{Name: arm, set: s}
		s.Arms = append(s.Arms, a)
	}
	a.Trials = append(a.Trials, &Trial{Sample: sample, Order: order})
}

// AddOrders adds three arms for a sample: rows of its pool as they are given, nearest first (NFT), the same rows at
// random (RT), and backwards, farthest first (FFT). Whatever the order in which rows are given, their RT is the same.
func (s *Set) AddOrders(sample *Sample, nearest []int) {
	rows := slices.Sorted(slices.Values(nearest))
	random := arrange.Random(len(rows), sample.Seed)
	for place, i := range random {
		random[place] = rows[i]
	}
	farthest := slices.Clone(nearest)
	slices.Reverse(farthest)
	s.Add("NFT", sample, nearest)
	s.Add("RT", sample, random)
	s.Add("FFT", sample, farthest)
}

// arm finds an arm, nil if there is none.
func (s *Set) arm(name string) *Arm {
	if i := slices.IndexFunc(s.Arms, func(a *Arm) bool { return a.Name == name }); i >= 0 {
		return s.Arms[i]
	}
	return nil
}

// check refuses an arm that has a seed twice.
func (s *Set) check() error {
	for _, a := range s.Arms {
		seeds := map[uint64]bool{}
		for _, t := range a.Trials {
			if seeds[t.Sample.Seed] {
				return fmt.Errorf("set %q: arm %q has two orders for seed %d", s.Name, a.Name, t.Sample.Seed)
			}
			seeds[t.Sample.Seed] = true
		}
	}
	return nil
}
