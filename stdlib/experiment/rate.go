package experiment

import (
	"context"
	"fmt"
	"math"
	"path/filepath"

	"kairos/stdlib/arrange"
	"kairos/stdlib/data"
	"kairos/stdlib/dynamics"
)

// Sweep is what came of trying learning rates.
type Sweep struct {
	Model  string    `json:"model"`
	Rates  []float64 `json:"rates"`
	Losses []float64 `json:"held_in_losses"` // of each, after training
	Chosen float64   `json:"chosen"`
}

// Sweeps are those that Run has looked at, one for each model; none if a rate was given.
func (e *Experiment) Sweeps() []Sweep { return e.sweeps }

// rate is the learning rate for the model of a set.
func (e *Experiment) rate(ctx context.Context, set *Set) (float64, error) {
	if e.cfg.LR > 0 {
		return e.cfg.LR, nil
	}
	name := e.modelName(set.Model)
	for _, s := range e.sweeps {
		if s.Model == name {
			return s.Chosen, nil
		}
	}
	s := Sweep{Model: name, Rates: e.size.Rates}
	if set.Rates != nil {
		s.Rates = set.Rates
	}
	if err := e.sweep(ctx, &s, set.Model); err != nil {
		return 0, fmt.Errorf("choose a learning rate: %w", err)
	}
	e.sweeps = append(e.sweeps, s)
	return s.Chosen, nil
}

// sweep trains once with every rate, in a random order of a pool that no experiment draws, and chooses
// the one that ends with the lowest loss on other examples of the same tasks. Unseen tasks have no
// part in it.
func (e *Experiment) sweep(ctx context.Context, s *Sweep, model string) error {
	if len(s.Rates) == 1 {
		s.Chosen = s.Rates[0]
		return nil
	}
	name, err := e.model(ctx, model)
	if err != nil {
		return err
	}
	sample, order, err := e.heldIn()
	if err != nil {
		return err
	}
	var plans []*plan
	for _, rate := range s.Rates {
		settings := e.size.Train
		settings.Every = len(order) // more than there are steps: only the end counts
		p := &plan{trials: []*Trial{{Sample: sample, Order: order}}}
		if p.cfg, err = e.config(p.trials[0], settings, rate); err != nil {
			return err
		}
		p.cfg.Model, p.cfg.Out = name, filepath.Join(e.shared("rates"), clean(s.Model), fmt.Sprintf("lr-%g", rate))
		plans = append(plans, p)
	}
	if err := e.count("try learning rates for "+s.Model, plans); err != nil {
		return err
	}
	return s.choose(ctx, plans)
}

// heldIn is a sample whose unseen examples are of the tasks that it trains on: an eighth of what is drawn. The order is
// that of the rest.
func (e *Experiment) heldIn() (*Sample, []int, error) {
	src, err := e.load()
	if err != nil {
		return nil, nil, err
	}
	perTask := e.size.PerTask
	if len(data.TaskNames(src.train)) == 1 {
		perTask = e.size.Chosen
	}
	drawn, _ := src.draw(0, perTask, 1)
	order := arrange.Random(len(drawn), 0)
	back := (len(order) + 7) / 8
	return &Sample{Pool: drawn, Unseen: pick(drawn, order[:back])}, order[back:], nil
}

// choose trains, and takes the rate whose run ends lowest.
func (s *Sweep) choose(ctx context.Context, plans []*plan) error {
	if err := startAll(ctx, plans); err != nil {
		return err
	}
	best := math.Inf(1)
	for i, p := range plans {
		loss, err := dynamics.Last(p.trials[0].Record.Curve())
		if err != nil {
			return err
		}
		s.Losses = append(s.Losses, loss)
		if loss < best {
			best, s.Chosen = loss, s.Rates[i]
		}
	}
	return nil
}
