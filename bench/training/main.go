// Command training measures training, evaluation and embedding beside transformers and sentence-transformers.
//
//	go run ./bench/training [-runs 5] [-only train,eval] [-peers PYTHON]
package main

import (
	"context"
	"fmt"

	"kairos/bench/compare"
	"kairos/stdlib/data"
	"kairos/stdlib/embed"
	"kairos/stdlib/model"
	"kairos/stdlib/tokenize"
)

// The works are the same as in peers.py.
func main() {
	compare.Main("bench/training/peers.py",
		compare.Work{Name: "train", Setup: training},
		compare.Work{Name: "eval", Setup: evaluation},
		compare.Work{Name: "embed", Setup: embedding, Steps: -1},
	)
}

const (
	batch  = 8
	length = 256
	prompt = 180 // tokens of each sequence that carry no label
)

// tokens is a full batch of token ids, masked up to the prompt's end.
func tokens() []tokenize.Sequence {
	sequences := make([]tokenize.Sequence, batch)
	for b := range sequences {
		for i := range length {
			id := int32((b*length + i) * 7919 % 49152)
			label := id
			if i < prompt {
				label = tokenize.Ignore
			}
			sequences[b].IDs = append(sequences[b].IDs, id)
			sequences[b].Labels = append(sequences[b].Labels, label)
		}
	}
	return sequences
}

func training() (func() error, int, string, error) {
	m, err := model.Load("SmolLM2-135M-Instruct")
	if err != nil {
		return nil, 0, "", err
	}
	optimiser := model.NewAdamW(m, model.AdamWConfig{})
	step := func() error {
		if _, err := m.Backward(context.Background(), tokens(), 0); err != nil {
			return err
		}
		return optimiser.Step(1e-5)
	}
	return step, batch * length, "tokens/s", nil
}

func evaluation() (func() error, int, string, error) {
	m, err := model.Load("SmolLM2-135M-Instruct")
	if err != nil {
		return nil, 0, "", err
	}
	step := func() error {
		_, err := m.Loss(context.Background(), tokens(), nil)
		return err
	}
	return step, batch * length, "tokens/s", nil
}

func embedding() (func() error, int, string, error) {
	encoder, err := embed.Load("all-MiniLM-L6-v2")
	if err != nil {
		return nil, 0, "", err
	}
	tasks, err := data.NaturalInstructions()
	if err != nil {
		return nil, 0, "", err
	}
	var texts []string
	for i := range 2000 {
		instances := tasks[i%len(tasks)].Instances
		instance := instances[i*7919%len(instances)]
		texts = append(texts, fmt.Sprint(instance.Input, " ", instance.Outputs[0]))
	}
	step := func() error {
		_, err := encoder.Embed(context.Background(), texts, embed.Config{})
		return err
	}
	return step, len(texts), "texts/s", nil
}
