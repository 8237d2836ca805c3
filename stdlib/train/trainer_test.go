package train

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kairos/stdlib/model"
)

// everything is a setting in which every part of a step has an effect.
var everything = Config{LR: 1e-2, Schedule: Cosine, Warmup: 3, Clip: 0.5, Batch: 3, AdamW: model.AdamWConfig{WeightDecay: 0.1}}

func newTrainer(t *testing.T, m *model.Model, examples int, cfg Config) *Trainer {
	t.Helper()
	trainer, err := New(m, sums(examples), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(trainer.Close)
	return trainer
}

// advance takes steps, and returns all but their times.
func advance(t *testing.T, trainer *Trainer, n int) (steps []Step) {
	t.Helper()
	for range n {
		s, err := trainer.Step(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		s.Seconds = 0
		steps = append(steps, s)
	}
	return steps
}

// A trainer that was saved at any step, and restored into another model, must
// take the very steps that the first one takes.
func TestRestoreGoesOnBitForBit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.safetensors")
	whole := newTrainer(t, tiny(t), 40, everything)
	want := advance(t, whole, whole.Total())
	for _, at := range []int{0, 1, 7, whole.Total() - 1, whole.Total()} {
		first := newTrainer(t, tiny(t), 40, everything)
		got := advance(t, first, at)
		if err := first.Save(path); err != nil {
			t.Fatal(err)
		}
		other, err := model.Tiny(9)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(other.Close)
		if at == 1 { // of another shape
			if err := newTrainer(t, other, 40, everything).Restore(path); err == nil || !strings.Contains(err.Error(), "another model") {
				t.Errorf("a state of another model: %v", err)
			}
		}
		second := newTrainer(t, tiny(t), 40, everything)
		advance(t, second, min(2, at)) // it may have been anywhere
		if err := second.Restore(path); err != nil {
			t.Fatal(err)
		}
		if last := second.Last(); second.Done() != at || last.Step != at {
			t.Errorf("restored at step %d, with step %d as the last, want %d", second.Done(), last.Step, at)
		}
		got = append(got, advance(t, second, whole.Total()-at)...)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("saved after step %d:\n%v\nnot saved:\n%v", at, got, want)
		}
		if a, b := weights(t, whole.model), weights(t, second.model); a != b {
			t.Errorf("saved after step %d: the weights differ at the end", at)
		}
	}
}

func weights(t *testing.T, m *model.Model) string {
	trained, frozen := m.Digests()
	if trained == "" || frozen != "" {
		t.Fatalf("digests %q and %q of a model of which everything is trained", trained, frozen)
	}
	return trained
}

func TestRestoreRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "state.safetensors")
	long := newTrainer(t, tiny(t), 40, everything)
	advance(t, long, 5)
	if err := long.Save(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(dir, "cut")
	if err := os.WriteFile(cut, text[:len(text)-1], 0o666); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(dir, "foreign")
	if err := os.WriteFile(foreign, []byte(strings.Replace(string(text), "adamw.steps", "adamw.dance", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	trainer := newTrainer(t, tiny(t), 9, everything)
	before := weights(t, trainer.model)
	for file, want := range map[string]string{cut: "cut short", foreign: "no state of an optimiser", filepath.Join(dir, "none"): "no such file"} {
		if err := trainer.Restore(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one that says %q", filepath.Base(file), err, want)
		}
	}
	if weights(t, trainer.model) != before || trainer.Done() != 0 {
		t.Error("what was refused changed the model")
	}
	if err := trainer.Restore(path); err == nil || !strings.Contains(err.Error(), "training of 3 steps: it was saved after 5") {
		t.Errorf("a state of more steps than there are: %v", err)
	}
	if err := trainer.Save(filepath.Join(dir, "no", "such")); err == nil || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
}

// Clipping and schedule must have the effect that they have on each update, worked out by hand.
func TestStepReportsWhatItDid(t *testing.T) {
	plain := newTrainer(t, tiny(t), 12, Config{LR: 1e-2, Batch: 3})
	want := advance(t, plain, 1)[0]
	clipped := newTrainer(t, tiny(t), 12, Config{LR: 1e-2, Batch: 3, Clip: want.GradNorm / 3, Schedule: Linear})
	steps := advance(t, clipped, 4)
	if steps[0] != want {
		t.Errorf("clipping changed what the first step saw: %+v, want %+v", steps[0], want)
	}
	for i, s := range steps {
		if want := 1e-2 * float64(4-i) / 4; s.LR-want > 1e-12 || want-s.LR > 1e-12 {
			t.Errorf("step %d: rate %v, want %v", i+1, s.LR, want)
		}
	}
	// AdamW's first step does not depend on the gradient's length, its second does.
	if a, b := advance(t, plain, 2)[1], steps[2]; a.Loss == b.Loss {
		t.Error("clipping and schedule changed nothing")
	}
	warm := newTrainer(t, tiny(t), 12, Config{LR: 1e-2, Batch: 3, Warmup: 2})
	before := weights(t, warm.model)
	if s := advance(t, warm, 1)[0]; s.LR != 0 || weights(t, warm.model) != before {
		t.Errorf("the first step of a warm-up has rate %v and changes weights", s.LR)
	}
}

func TestStepsThatCannotBeTaken(t *testing.T) {
	m := tiny(t)
	short := newTrainer(t, m, 12, Config{LR: 1e-2, Batch: 3, Steps: 2})
	advance(t, short, 2)
	if !short.AtCheckpoint() {
		t.Error("no checkpoint after the last step")
	}
	if _, err := short.Step(context.Background()); err == nil || !strings.Contains(err.Error(), "all 2 steps are done") {
		t.Errorf("a step after the last: %v", err)
	}
	wild := newTrainer(t, m, 12, Config{LR: 1e38, Batch: 3})
	for range 3 {
		before := weights(t, m)
		if _, err := wild.Step(context.Background()); err != nil {
			if !strings.Contains(err.Error(), "the loss of step") || !strings.Contains(err.Error(), "a lower LR") || weights(t, m) != before {
				t.Errorf("a loss that is no number: %v", err)
			}
			return
		}
	}
	t.Error("weights of 1e38 have a loss")
}
