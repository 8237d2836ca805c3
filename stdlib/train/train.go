// Package train fine-tunes a model on examples in exactly the order given: the
// order is the experiment.
//
// [Run] is the loop: batches in order, the paper's prompt format with the loss
// on the answers only, AdamW at a constant rate, a callback at every
// checkpoint. It never shuffles, drops or repeats an example.
//
// What this package leaves out: schedules, gradient clipping, and runs that
// outlive the process.
package train

import (
	"context"
	"fmt"
	"time"

	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/tokenize"
)

// Config sets a run. The zero value is the paper's setting but for the batch.
type Config struct {
	LR     float64           // learning rate, constant; 0 = 1e-6
	Batch  int               // examples a step; 0 = 8
	Every  int               // steps between checkpoints; 0 = 10
	MaxLen int               // longest example in tokens, see tokenize.Dialogue; 0 = 1024
	AdamW  model.AdamWConfig // the optimiser

	OnStep       func(Step)            // called after each step, if not nil
	OnCheckpoint func(step int) error  // called every Every steps and after the last; an error ends the run
	Progress     func(done, total int) // called after each step, in steps, if not nil
}

func (c *Config) setDefaults() error {
	if c.LR == 0 {
		c.LR = 1e-6
	}
	if c.Batch == 0 {
		c.Batch = 8
	}
	if c.Every == 0 {
		c.Every = 10
	}
	if c.LR < 0 || c.Batch < 0 || c.Every < 0 || c.MaxLen < 0 {
		return fmt.Errorf("train: LR %g, Batch %d, Every %d, MaxLen %d: none may be negative", c.LR, c.Batch, c.Every, c.MaxLen)
	}
	return nil
}

// Step is what one optimiser step did.
type Step struct {
	Step    int     `json:"step"`    // counted from 1
	Loss    float64 `json:"loss"`    // before the update, mean over the batch's label tokens, in nats
	Tokens  int     `json:"tokens"`  // tokens run, prompts included
	Seconds float64 `json:"seconds"` // wall time of the step, callbacks excluded
}

// Run trains m on examples in their order, Batch at a time; the last batch may
// be smaller. It looks at ctx within every step, between packs of about 1,000
// tokens; a cancelled run returns the steps done, with an error that wraps
// ctx's, and m keeps the updates of those steps.
func Run(ctx context.Context, m *model.Model, examples []data.Example, cfg Config) ([]Step, error) {
	if err := cfg.setDefaults(); err != nil {
		return nil, err
	}
	if len(examples) == 0 {
		return nil, fmt.Errorf("train: no examples")
	}
	sequences, err := m.Sequences(examples, cfg.MaxLen)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	var steps []Step
	optimiser := model.NewAdamW(m, cfg.AdamW)
	total := (len(sequences) + cfg.Batch - 1) / cfg.Batch
	for from := 0; from < len(sequences); from += cfg.Batch {
		batch := sequences[from:min(from+cfg.Batch, len(sequences))]
		step, err := update(ctx, m, optimiser, batch, cfg.LR)
		if err != nil {
			return steps, fmt.Errorf("train: after step %d of %d: %w", len(steps), total, err)
		}
		step.Step = len(steps) + 1
		steps = append(steps, step)
		if err := cfg.report(step, total); err != nil {
			return steps, fmt.Errorf("train: checkpoint at step %d of %d: %w", step.Step, total, err)
		}
	}
	return steps, nil
}

// update does one step on a batch.
func update(ctx context.Context, m *model.Model, optimiser *model.AdamW, batch []tokenize.Sequence, lr float64) (Step, error) {
	start := time.Now()
	losses, err := m.Backward(ctx, batch, 0)
	if err != nil {
		return Step{}, err
	}
	if err := optimiser.Step(lr); err != nil {
		return Step{}, err
	}
	var all model.Loss
	tokens := 0
	for i, l := range losses {
		all.Sum += l.Sum
		all.Tokens += l.Tokens
		tokens += len(batch[i].IDs)
	}
	return Step{Loss: all.Mean(), Tokens: tokens, Seconds: time.Since(start).Seconds()}, nil
}

func (c *Config) report(step Step, total int) error {
	if c.OnStep != nil {
		c.OnStep(step)
	}
	if c.Progress != nil {
		c.Progress(step.Step, total)
	}
	if c.OnCheckpoint != nil && (step.Step%c.Every == 0 || step.Step == total) {
		return c.OnCheckpoint(step.Step)
	}
	return nil
}
