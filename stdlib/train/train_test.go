package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/tokenize"
)

// tiny is a Llama of 40,000 weights over bytes.
func tiny(t testing.TB) *model.Model {
	t.Helper()
	m, err := model.New(model.Config{
		Vocab: 258, Hidden: 48, FFN: 96, Layers: 2, Heads: 4, KVHeads: 2, MaxLen: 256, Tied: true,
	}, tokenize.NewBytes(), 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// sums are n examples of different lengths.
func sums(n int) []data.Example {
	list := make([]data.Example, n)
	for i := range list {
		a, b := i*37%90, i*i%10
		list[i] = data.Example{Task: "sum", Data: []string{fmt.Sprintf("%d + %d%s?", a, b, strings.Repeat(" ", i%7)), fmt.Sprint(a + b)}}
	}
	return list
}

func TestOrderIsKept(t *testing.T) {
	m, examples := tiny(t), sums(12)
	sequences, err := m.Sequences(examples, tokenize.DialogueConfig{})
	if err != nil {
		t.Fatal(err)
	}
	steps, err := Run(context.Background(), m, examples, Config{Batch: 1, LR: 1e-4})
	if err != nil {
		t.Fatal(err)
	}
	for i, step := range steps {
		if step.Step != i+1 || step.Tokens != len(sequences[i].IDs) {
			t.Errorf("step %d trained on %d tokens, example %d has %d", step.Step, step.Tokens, i, len(sequences[i].IDs))
		}
	}
	if len(steps) != len(examples) {
		t.Errorf("%d steps for %d examples one at a time", len(steps), len(examples))
	}
}

// The same data in the same order must give the same run, in another order another.
func TestRunsRepeatExactly(t *testing.T) {
	run := func(examples []data.Example) string {
		steps, err := Run(context.Background(), tiny(t), examples, Config{Batch: 4, LR: 1e-2})
		if err != nil {
			t.Fatal(err)
		}
		var losses []string
		for _, s := range steps {
			losses = append(losses, fmt.Sprint(s.Loss))
		}
		return strings.Join(losses, " ")
	}
	examples := sums(20)
	first := run(examples)
	if again := run(examples); again != first {
		t.Errorf("two runs differ:\n%s\n%s", first, again)
	}
	examples[0], examples[19] = examples[19], examples[0]
	if other := run(examples); other == first {
		t.Error("swapping two examples changed nothing")
	}
}

func TestItLearns(t *testing.T) {
	examples := sums(8)
	var many []data.Example
	for range 60 {
		many = append(many, examples...)
	}
	steps, err := Run(context.Background(), tiny(t), many, Config{LR: 1e-2})
	if err != nil {
		t.Fatal(err)
	}
	if first, last := steps[0].Loss, steps[len(steps)-1].Loss; last > first/20 {
		t.Errorf("the loss on eight examples seen 60 times went from %.3f to %.3f", first, last)
	}
}

func TestCheckpointsAndProgress(t *testing.T) {
	var at, done []int
	_, err := Run(context.Background(), tiny(t), sums(27), Config{
		Batch: 3, Every: 4,
		OnCheckpoint: func(step int) error { at = append(at, step); return nil },
		Progress:     func(d, total int) { done = append(done, d*100/total) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(at) != "[4 8 9]" || fmt.Sprint(done) != "[11 22 33 44 55 66 77 88 100]" {
		t.Errorf("checkpoints at %v, progress %v", at, done)
	}
}

func TestCancelKeepsWhatWasDone(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	m := tiny(t)
	before, _ := m.Param("model.norm.weight")
	steps, err := Run(ctx, m, sums(40), Config{Batch: 2, LR: 1e-2, OnStep: func(s Step) {
		if s.Step == 3 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || len(steps) != 3 || !strings.Contains(err.Error(), "after step 3 of 20") {
		t.Errorf("%d steps, error %v", len(steps), err)
	}
	if after, _ := m.Param("model.norm.weight"); fmt.Sprint(after) == fmt.Sprint(before) {
		t.Error("the updates of the steps done are gone")
	}
	if _, err := Run(context.Background(), m, sums(4), Config{}); err != nil {
		t.Errorf("the model is not usable afterwards: %v", err)
	}
	failed := errors.New("disk full")
	steps, err = Run(context.Background(), m, sums(40), Config{Every: 2, OnCheckpoint: func(int) error { return failed }})
	if !errors.Is(err, failed) || len(steps) != 2 {
		t.Errorf("a failed checkpoint: %d steps, error %v", len(steps), err)
	}
}

func TestBadInput(t *testing.T) {
	m := tiny(t)
	for _, c := range []struct {
		examples []data.Example
		cfg      Config
		want     string
	}{
		{nil, Config{}, "no examples"},
		{sums(2), Config{Batch: -1}, "Batch is -1: it may not be negative"},
		{sums(2), Config{LR: math.NaN()}, "LR is NaN"},
		{sums(2), Config{Schedule: "steep", Warmup: 1}, `the schedule is "steep": want constant, linear or cosine`},
		{sums(17), Config{Steps: 4}, "Steps is 4, but 17 examples are 3 steps of 8"},
		{[]data.Example{{Task: "lonely", Data: []string{"no answer"}}}, Config{}, `example 0 (task "lonely")`},
	} {
		if _, err := Run(context.Background(), m, c.examples, c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one that says %q", err, c.want)
		}
	}
}

// resident is this process's resident memory in bytes.
func resident(t *testing.T) int {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var size, pages int
	if _, err := fmt.Sscan(string(raw), &size, &pages); err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

func TestMemoryIsFlat(t *testing.T) {
	const steps = 1000
	at := map[int]int{}
	_, err := Run(context.Background(), tiny(t), sums(steps*8), Config{LR: 1e-3, OnStep: func(s Step) {
		at[s.Step] = resident(t)
	}})
	if err != nil {
		t.Fatal(err)
	}
	growth := at[steps] - at[steps/6]
	t.Logf("train: resident memory %d MB at step %d, %+d KB from there to step %d", at[steps/6]>>20, steps/6, growth>>10, steps)
	if growth > 16<<20 {
		t.Errorf("memory grew by %d MB over %d steps", growth>>20, steps-steps/6)
	}
}

// With Chat the words around the turns are the template's, and a model without one is refused.
func TestChatIsTheModelsTemplate(t *testing.T) {
	m, examples := tiny(t), sums(4)
	if _, err := Run(context.Background(), m, examples, Config{Chat: true}); err == nil || !strings.Contains(err.Error(), "chat template") {
		t.Errorf("without a template: %v", err)
	}
	smol, err := model.Load("SmolLM2-135M-Instruct")
	if err != nil {
		t.Fatal(err)
	}
	defer smol.Close()
	tokens := func(cfg Config) int {
		trainer, err := New(smol, examples[:1], cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer trainer.Close()
		step, err := trainer.Step(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return step.Tokens
	}
	if paper, chat := tokens(Config{}), tokens(Config{Chat: true}); chat < paper+20 { // the template begins with a system prompt
		t.Errorf("%d tokens in the chat format, %d in the paper's", chat, paper)
	}
}
