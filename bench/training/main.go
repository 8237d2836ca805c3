// Command training measures training, evaluation, generation and embedding beside transformers and
// sentence-transformers.
//
//	go run ./bench/training [-runs 5] [-only train,eval] [-peers PYTHON]
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kairos/bench/compare"
	"kairos/stdlib/assets"
	"kairos/stdlib/data"
	"kairos/stdlib/embed"
	"kairos/stdlib/model"
	"kairos/stdlib/tokenize"
)

// The works are the same as in peers.py.
func main() {
	compare.Main("bench/training/peers.py",
		compare.Work{Name: "start", Setup: start, Steps: -1, Whole: true},
		compare.Work{Name: "train", Setup: func() (compare.Step, error) { return training(false) }},
		compare.Work{Name: "train-bf16", Setup: func() (compare.Step, error) { return training(true) }},
		compare.Work{Name: "train-ni", Setup: func() (compare.Step, error) { return trainingOrder(false) }, Steps: 1},
		compare.Work{Name: "train-ni-bf16", Setup: func() (compare.Step, error) { return trainingOrder(true) }, Steps: 1},
		compare.Work{Name: "optimiser", Setup: optimiser},
		compare.Work{Name: "eval", Setup: evaluation},
		compare.Work{Name: "eval-ni", Setup: evaluationTasks, Steps: -1},
		compare.Work{Name: "generate", Setup: generation, Steps: 1},
		compare.Work{Name: "embed", Setup: embedding, Steps: -1},
	)
}

const (
	batch   = 8
	length  = 256
	prompt  = 180 // tokens of each sequence that carry no label
	longest = 512 // tokens of an example of Natural Instructions
	news    = 64  // tokens generated
)

var ctx = context.Background()

func load() (*model.Model, error) { return model.Load("SmolLM2-135M-Instruct") }

// tokens is a full batch of token ids, masked up to the prompt's end.
func tokens(count, length int) []tokenize.Sequence {
	sequences := make([]tokenize.Sequence, count)
	for b := range sequences {
		for i := range length {
			id := int32((b*length + i) * 7919 % 49152)
			label := id
			if i < length*prompt/256 {
				label = tokenize.Ignore
			}
			sequences[b].IDs = append(sequences[b].IDs, id)
			sequences[b].Labels = append(sequences[b].Labels, label)
		}
	}
	return sequences
}

// start is from the start of the process to the end of a first step, which is a small one.
func start() (compare.Step, error) {
	m, err := load()
	if err != nil {
		return compare.Step{}, err
	}
	adamw := model.NewAdamW(m, model.AdamWConfig{})
	return compare.Step{Do: func() error { return update(m, adamw, tokens(1, 16)) }, Amount: 1, Unit: "starts/s"}, nil
}

func update(m *model.Model, adamw *model.AdamW, sequences []tokenize.Sequence) error {
	if _, err := m.Backward(ctx, sequences, 0); err != nil {
		return err
	}
	return adamw.Step(1e-5)
}

// training is one step on a full batch.
func training(mixed bool) (compare.Step, error) {
	m, err := load()
	if err != nil {
		return compare.Step{}, err
	}
	m.Mixed = mixed
	adamw := model.NewAdamW(m, model.AdamWConfig{})
	return compare.Step{Do: func() error { return update(m, adamw, tokens(batch, length)) }, Amount: batch * length, Unit: "tokens/s"}, nil
}

// trainingOrder is three steps on examples of Natural Instructions in a given order.
func trainingOrder(mixed bool) (compare.Step, error) {
	m, err := load()
	if err != nil {
		return compare.Step{}, err
	}
	m.Mixed = mixed
	sequences, err := instructions(m, "train-ni", 3*batch, func(i, tasks int) (task, instance int) { return i * 7 % tasks, i / tasks })
	if err != nil {
		return compare.Step{}, err
	}
	adamw := model.NewAdamW(m, model.AdamWConfig{})
	steps := func() error {
		for part := range slices.Chunk(sequences, batch) {
			if err := update(m, adamw, part); err != nil {
				return err
			}
		}
		return nil
	}
	return compare.Step{Do: steps, Amount: total(sequences), Unit: "tokens/s"}, nil
}

// optimiser is AdamW alone.
func optimiser() (compare.Step, error) {
	m, err := load()
	if err != nil {
		return compare.Step{}, err
	}
	adamw := model.NewAdamW(m, model.AdamWConfig{})
	gradients := func() error {
		_, err := m.Backward(ctx, tokens(1, 16), 0)
		return err
	}
	return compare.Step{Before: gradients, Do: func() error { return adamw.Step(1e-5) }, Amount: 1, Unit: "steps/s"}, nil
}

// evaluation is the loss of a full batch.
func evaluation() (compare.Step, error) {
	m, err := load()
	if err != nil {
		return compare.Step{}, err
	}
	loss := func() error {
		_, err := m.Loss(ctx, tokens(batch, length), nil)
		return err
	}
	return compare.Step{Do: loss, Amount: batch * length, Unit: "tokens/s"}, nil
}

// evaluationTasks is the loss of 20 examples of each of ten tasks, whose definitions they share.
func evaluationTasks() (compare.Step, error) {
	m, err := load()
	if err != nil {
		return compare.Step{}, err
	}
	sequences, err := instructions(m, "eval-ni", 200, func(i, _ int) (task, instance int) { return i / 20 * 6, i % 20 })
	if err != nil {
		return compare.Step{}, err
	}
	loss := func() error {
		_, err := m.Loss(ctx, sequences, nil)
		return err
	}
	return compare.Step{Do: loss, Amount: total(sequences), Unit: "tokens/s"}, nil
}

// generation continues the prompts of eight tasks by as many tokens each, greedily.
func generation() (compare.Step, error) {
	m, err := load()
	if err != nil {
		return compare.Step{}, err
	}
	sequences, err := instructions(m, "generate", batch, func(i, _ int) (task, instance int) { return i * 7, 0 })
	if err != nil {
		return compare.Step{}, err
	}
	var prompts [][]int32
	for _, s := range sequences {
		answer := slices.IndexFunc(s.Labels, func(label int32) bool { return label != tokenize.Ignore })
		prompts = append(prompts, s.IDs[:answer])
	}
	generate := func() error {
		_, err := m.Generate(ctx, prompts, model.GenerateConfig{MaxNew: news, Stop: []int32{}})
		return err
	}
	return compare.Step{Do: generate, Amount: batch * news, Unit: "tokens/s"}, nil
}

// instructions are examples of Natural Instructions in the paper's format: the definition, an input and its first
// answer, of which choose says the task and the instance. The peer finds them in the cache.
func instructions(m *model.Model, work string, n int, choose func(i, tasks int) (task, instance int)) ([]tokenize.Sequence, error) {
	tasks, err := data.NaturalInstructions()
	if err != nil {
		return nil, err
	}
	slices.SortFunc(tasks, func(a, b data.Task) int { return strings.Compare(a.Name, b.Name) })
	examples := make([]data.Example, n)
	for i := range examples {
		task, at := choose(i, len(tasks))
		instance := tasks[task].Instances[at]
		examples[i].Data = []string{tasks[task].Definition + "\n\n" + instance.Input, instance.Outputs[0]}
	}
	sequences, err := m.Sequences(examples, tokenize.DialogueConfig{MaxLen: longest})
	if err != nil {
		return nil, err
	}
	cache, err := assets.Dir()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cache, "bench")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	return sequences, data.WriteJSON(filepath.Join(dir, work+".json"), sequences)
}

func total(sequences []tokenize.Sequence) (n int) {
	for _, s := range sequences {
		n += len(s.IDs)
	}
	return n
}

// embedding makes vectors of 2,000 texts of mixed length.
func embedding() (compare.Step, error) {
	encoder, err := embed.Load("all-MiniLM-L6-v2")
	if err != nil {
		return compare.Step{}, err
	}
	tasks, err := data.NaturalInstructions()
	if err != nil {
		return compare.Step{}, err
	}
	var texts []string
	for i := range 2000 {
		instances := tasks[i%len(tasks)].Instances
		instance := instances[i*7919%len(instances)]
		texts = append(texts, fmt.Sprint(instance.Input, " ", instance.Outputs[0]))
	}
	step := func() error {
		_, err := encoder.Embed(ctx, texts, embed.Config{})
		return err
	}
	return compare.Step{Do: step, Amount: len(texts), Unit: "texts/s"}, nil
}
