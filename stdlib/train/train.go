// Package train fine-tunes a model on examples in exactly the order given: the
// order is the experiment.
//
//   - [Run] trains to the end: batches in order, the paper's prompt format with
//     the loss on the answers only, AdamW, a callback at every checkpoint.
//   - A [Trainer] does the same a step at a time; [Trainer.Save] and
//     [Trainer.Restore] let it go on in another process, bit for bit.
//   - [Config] sets the rate and its schedule, the batch, clipping and the
//     optimiser.
//
// It never shuffles, drops or repeats an example. A batch is the whole batch of
// one update, of any size: it is worked through in packs of about 1,000 tokens
// whose gradients add up, so that memory does not grow with it. That is what
// gradient accumulation is for elsewhere.
//
// No random number is drawn while a model is trained. The same model, examples,
// settings and number of cores give the same losses to the last bit.
//
// What this package leaves out: evaluation, and runs that outlive the process,
// which are package run's.
package train

import (
	"context"
	"fmt"
	"slices"

	"kairos/stdlib/data"
	"kairos/stdlib/model"
)

// Config sets a run. The zero value is the paper's setting but for the batch.
type Config struct {
	LR       float64           `json:"lr"`       // learning rate; 0 = 1e-6
	Schedule string            `json:"schedule"` // how the rate changes: "constant", "linear" or "cosine", see Rate; "" = constant
	Warmup   int               `json:"warmup"`   // first steps, over which the rate rises from 0
	Clip     float64           `json:"clip"`     // the gradient is scaled down to this norm where it is longer; 0 = never
	Batch    int               `json:"batch"`    // examples a step; 0 = 8
	Steps    int               `json:"steps"`    // steps in all; 0 = one pass over the examples, which is the most
	Every    int               `json:"every"`    // steps between checkpoints; 0 = 10
	MaxLen   int               `json:"max_len"`  // longest example in tokens, see tokenize.Dialogue; 0 = 1024
	Chat     bool              `json:"chat"`     // examples are laid out by the model's chat template rather than as in the paper
	AdamW    model.AdamWConfig `json:"adamw"`    // the optimiser

	OnStep       func(Step)            `json:"-"` // called after each step, if not nil
	OnCheckpoint func(step int) error  `json:"-"` // called every Every steps and after the last; an error ends the run
	Progress     func(done, total int) `json:"-"` // called after each step, in steps, if not nil
}

// Resolve returns the settings for so many examples, with the defaults in place
// of zeros and Steps the number of steps. What New would refuse of them is an
// error.
func (c Config) Resolve(examples int) (Config, error) {
	if c.LR == 0 {
		c.LR = 1e-6
	}
	if c.Schedule == "" {
		c.Schedule = Constant
	}
	if c.Batch == 0 {
		c.Batch = 8
	}
	if c.Every == 0 {
		c.Every = 10
	}
	if c.MaxLen == 0 {
		c.MaxLen = 1024
	}
	c.AdamW = c.AdamW.WithDefaults()
	if err := c.check(); err != nil {
		return c, fmt.Errorf("train: %w", err)
	}
	if examples == 0 {
		return c, fmt.Errorf("train: no examples")
	}
	most := (examples + c.Batch - 1) / c.Batch
	if c.Steps == 0 {
		c.Steps = most
	}
	if c.Steps > most {
		return c, fmt.Errorf("train: Steps is %d, but %d examples are %d steps of %d: none is trained on twice", c.Steps, examples, most, c.Batch)
	}
	return c, nil
}

func (c Config) check() error {
	for _, f := range []struct {
		name  string
		value float64
	}{
		{"LR", c.LR}, {"Warmup", float64(c.Warmup)}, {"Clip", c.Clip}, {"Batch", float64(c.Batch)}, {"Steps", float64(c.Steps)},
		{"Every", float64(c.Every)}, {"MaxLen", float64(c.MaxLen)}, {"AdamW.WeightDecay", c.AdamW.WeightDecay},
	} {
		if !(f.value >= 0) {
			return fmt.Errorf("%s is %g: it may not be negative", f.name, f.value)
		}
	}
	if !slices.Contains([]string{Constant, Linear, Cosine}, c.Schedule) {
		return fmt.Errorf("the schedule is %q: want constant, linear or cosine", c.Schedule)
	}
	return nil
}

// Step is what one optimiser step did.
type Step struct {
	Step     int     `json:"step"`      // counted from 1
	Loss     float64 `json:"loss"`      // before the update, mean over the batch's label tokens, in nats
	LR       float64 `json:"lr"`        // the learning rate of the update
	GradNorm float64 `json:"grad_norm"` // the Euclidean norm of the gradient, before it was clipped
	Tokens   int     `json:"tokens"`    // tokens run, prompts included
	Seconds  float64 `json:"seconds"`   // wall time of the step, callbacks excluded
}

// Run trains m on examples in their order, Batch at a time; the last batch may
// be smaller. It looks at ctx within every step, between packs of about 1,000
// tokens; a cancelled run returns the steps done, with an error that wraps
// ctx's, and m keeps the updates of those steps.
func Run(ctx context.Context, m *model.Model, examples []data.Example, cfg Config) ([]Step, error) {
	t, err := New(m, examples, cfg)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	var steps []Step
	for t.Done() < t.Total() {
		step, err := t.Step(ctx)
		if err != nil {
			return steps, err
		}
		steps = append(steps, step)
		if cfg.OnCheckpoint != nil && t.AtCheckpoint() {
			if err := cfg.OnCheckpoint(step.Step); err != nil {
				return steps, fmt.Errorf("train: checkpoint at step %d of %d: %w", step.Step, t.Total(), err)
			}
		}
	}
	return steps, nil
}
