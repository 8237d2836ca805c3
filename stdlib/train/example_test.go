package train_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/tokenize"
	"kairos/stdlib/train"
)

func ExampleRun() {
	m, err := model.New(model.Config{Vocab: 258, Hidden: 16, FFN: 32, Layers: 1, Heads: 2, MaxLen: 64, Tied: true}, tokenize.NewBytes(), 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	var examples []data.Example
	for i := range 20 {
		examples = append(examples, data.Example{Task: "next", Data: []string{fmt.Sprint("after ", i, "?"), fmt.Sprint(i + 1)}})
	}
	steps, err := train.Run(context.Background(), m, examples, train.Config{
		LR:    1e-3,
		Batch: 4,
		Every: 2,
		OnCheckpoint: func(step int) error {
			fmt.Println("checkpoint at step", step)
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d steps, the first loss near that of chance: %.0f\n", len(steps), steps[0].Loss)
	// Output:
	// checkpoint at step 2
	// checkpoint at step 4
	// checkpoint at step 5
	// 5 steps, the first loss near that of chance: 6
}

func ExampleConfig_Rate() {
	cfg := train.Config{LR: 8, Schedule: train.Linear, Warmup: 2, Steps: 6}
	for step := range cfg.Steps {
		fmt.Print(cfg.Rate(step), " ")
	}
	// Output: 0 4 8 6 4 2
}

func ExampleConfig_Resolve() {
	cfg, err := train.Config{Batch: 4}.Resolve(42)
	fmt.Println(cfg.Steps, cfg.LR, cfg.Schedule, err)
	// Output: 11 1e-06 constant <nil>
}

func ExampleTrainer() {
	m, err := model.Tiny(1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	examples := []data.Example{{Data: []string{"1?", "2"}}, {Data: []string{"2?", "3"}}, {Data: []string{"3?", "4"}}}
	t, err := train.New(m, examples, train.Config{LR: 1e-3, Batch: 1, Clip: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer t.Close()
	for t.Done() < t.Total() {
		step, err := t.Step(context.Background())
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("step", step.Step, "of", t.Total(), "on", step.Tokens, "tokens")
	}
	// Output:
	// step 1 of 3 on 23 tokens
	// step 2 of 3 on 23 tokens
	// step 3 of 3 on 23 tokens
}

func ExampleTrainer_Restore() {
	dir, err := os.MkdirTemp("", "train")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "state.safetensors")
	examples := []data.Example{{Data: []string{"1?", "2"}}, {Data: []string{"2?", "3"}}}
	trainer := func() *train.Trainer { // of the same model and examples, as in another process
		m, err := model.Tiny(1)
		if err != nil {
			panic(err)
		}
		t, err := train.New(m, examples, train.Config{LR: 1e-3, Batch: 1})
		if err != nil {
			panic(err)
		}
		return t
	}
	first := trainer()
	first.Step(context.Background())
	fmt.Println(first.Save(path))
	second := trainer()
	fmt.Println(second.Restore(path), second.Done(), second.Last().Step)
	// Output:
	// <nil>
	// <nil> 1 1
}
