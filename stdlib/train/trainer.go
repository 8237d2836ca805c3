package train

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/tokenize"
)

// Trainer trains a model a step at a time.
type Trainer struct {
	model     *model.Model
	cfg       Config
	sequences []tokenize.Sequence
	optimiser *model.AdamW
	last      Step
}

// New makes a trainer of m on examples, at their beginning. It reads all of them
// into tokens, so that an example that cannot be trained on is an error here.
func New(m *model.Model, examples []data.Example, cfg Config) (*Trainer, error) {
	cfg, err := cfg.Resolve(len(examples))
	if err != nil {
		return nil, err
	}
	sequences, err := m.Sequences(examples, tokenize.DialogueConfig{MaxLen: cfg.MaxLen, Chat: cfg.Chat})
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return &Trainer{model: m, cfg: cfg, sequences: sequences, optimiser: model.NewAdamW(m, cfg.AdamW)}, nil
}

// Close gives back the optimiser's memory. The model keeps its weights.
func (t *Trainer) Close() { t.optimiser.Free() }

// Done returns how many steps were taken, those before Restore included.
func (t *Trainer) Done() int { return t.optimiser.Steps() }

// Total returns how many steps there are.
func (t *Trainer) Total() int { return t.cfg.Steps }

// Last returns the step that was done last, before Restore or after it.
func (t *Trainer) Last() Step { return t.last }

// AtCheckpoint reports whether the last step was one that a checkpoint follows:
// every Every steps, and after the last.
func (t *Trainer) AtCheckpoint() bool {
	return t.Done() > 0 && (t.Done()%t.cfg.Every == 0 || t.Done() == t.Total())
}

// Step trains on the next batch and reports to OnStep and Progress. It looks at
// ctx between packs of about 1,000 tokens. A step that fails, or whose loss or
// gradient is not a number, changes nothing: the weights are those of the step
// before.
func (t *Trainer) Step(ctx context.Context) (Step, error) {
	if t.Done() >= t.Total() {
		return Step{}, fmt.Errorf("train: all %d steps are done", t.Total())
	}
	step, err := t.update(ctx)
	if err != nil {
		return Step{}, fmt.Errorf("train: after step %d of %d: %w", t.Done(), t.Total(), err)
	}
	if t.cfg.OnStep != nil {
		t.cfg.OnStep(step)
	}
	if t.cfg.Progress != nil {
		t.cfg.Progress(step.Step, t.Total())
	}
	return step, nil
}

func (t *Trainer) update(ctx context.Context) (Step, error) {
	start := time.Now()
	from := t.Done() * t.cfg.Batch
	batch := t.sequences[from:min(from+t.cfg.Batch, len(t.sequences))]
	losses, err := t.model.Backward(ctx, batch, 0)
	if err != nil {
		return Step{}, err
	}
	step := Step{Step: t.Done() + 1, GradNorm: t.model.GradNorm()}
	var all model.Loss
	for i, l := range losses {
		all.Sum += l.Sum
		all.Tokens += l.Tokens
		step.Tokens += len(batch[i].IDs)
	}
	step.Loss = all.Mean()
	if err := step.finite(); err != nil {
		t.model.ZeroGrad()
		return Step{}, err
	}
	step.LR = t.cfg.Rate(t.Done())
	if factor := t.cfg.factor(step.GradNorm); factor < 1 {
		t.model.ScaleGrad(factor)
	}
	if err := t.optimiser.Step(step.LR); err != nil {
		return Step{}, err
	}
	step.Seconds = time.Since(start).Seconds()
	t.last = step
	return step, nil
}

// finite refuses an update that would leave no weight a number.
func (s Step) finite() error {
	if sum := s.Loss + s.GradNorm; math.IsNaN(sum) || math.IsInf(sum, 0) {
		return fmt.Errorf("the loss of step %d is %g, the norm of its gradient %g: a lower LR, a Warmup or a Clip of 1 may help", s.Step, s.Loss, s.GradNorm)
	}
	return nil
}

// factor is what a gradient of this norm is multiplied by, as
// torch.nn.utils.clip_grad_norm_ has it.
func (c Config) factor(norm float64) float64 {
	if c.Clip == 0 {
		return 1
	}
	return min(1, c.Clip/(norm+1e-6))
}

// lastKey is where the metadata of a state has the last step, as JSON.
const lastKey = "train.last"

// Save writes to a file all that Restore needs to go on from here: the weights
// that are trained, the optimiser's moments, the number of steps done, and Last.
// See [model.AdamW.Save].
func (t *Trainer) Save(path string) error {
	last, err := json.Marshal(t.last)
	if err == nil {
		err = t.optimiser.Save(path, map[string]string{lastKey: string(last)})
	}
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	return nil
}

// Restore goes on from where Save was called, in this process or another: the
// model gets the weights of then, and the next step is the one that followed.
// The trainer must have been made of the same model, examples and settings. A
// file of another model is an error that changes nothing.
func (t *Trainer) Restore(path string) error {
	metadata, err := t.optimiser.Restore(path)
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	if err := json.Unmarshal([]byte(metadata[lastKey]), &t.last); err != nil || t.last.Step != t.Done() || t.Done() > t.Total() {
		return fmt.Errorf("train: restore %s: it is not of this training of %d steps: it was saved after %d, its last was %q", path, t.Total(), t.Done(), metadata[lastKey])
	}
	return nil
}
