package model_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"kairos/stdlib/data"
	"kairos/stdlib/model"
	"kairos/stdlib/tokenize"
)

// tiny is a model and an example for it.
func tiny() (*model.Model, []tokenize.Sequence) {
	m, err := model.Tiny(1)
	if err != nil {
		panic(err)
	}
	sequences, err := m.Sequences([]data.Example{{Data: []string{"2 + 2?", "4"}}}, tokenize.DialogueConfig{})
	if err != nil {
		panic(err)
	}
	return m, sequences
}

func ExampleTiny() {
	m, err := model.Tiny(1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	fmt.Println(m)
	// Output: Llama of 115136 parameters (2 layers, width 64)
}

func ExampleAdamW() {
	m, sequences := tiny()
	defer m.Close()
	optimiser := model.NewAdamW(m, model.AdamWConfig{WeightDecay: 0.01})
	defer optimiser.Free()
	for range 30 {
		losses, err := m.Backward(context.Background(), sequences, 0)
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := optimiser.Step(1e-2); err != nil {
			fmt.Println(err)
			return
		}
		if n := optimiser.Steps(); n == 1 || n == 30 {
			fmt.Printf("step %d: loss %.0f\n", n, losses[0].Mean())
		}
	}
	// Output:
	// step 1: loss 6
	// step 30: loss 0
}

func ExampleAdamWConfig_WithDefaults() {
	fmt.Println(model.AdamWConfig{Beta2: 0.95}.WithDefaults())
	// Output: {0.9 0.95 1e-08 0}
}

// What torch.nn.utils.clip_grad_norm_ does with a largest norm of 1.
func ExampleModel_GradNorm() {
	m, sequences := tiny()
	defer m.Close()
	if _, err := m.Backward(context.Background(), sequences, 0); err != nil {
		fmt.Println(err)
		return
	}
	norm := m.GradNorm()
	m.ScaleGrad(min(1, 1/(norm+1e-6)))
	fmt.Printf("%v, then %.3f\n", norm > 1, m.GradNorm())
	// Output: true, then 1.000
}

func ExampleAdamW_Save() {
	dir, err := os.MkdirTemp("", "model")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "state.safetensors")
	m, sequences := tiny()
	defer m.Close()
	optimiser := model.NewAdamW(m, model.AdamWConfig{})
	if _, err := m.Backward(context.Background(), sequences, 0); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(optimiser.Step(1e-3), optimiser.Save(path, map[string]string{"data": "sums"}))

	again, _ := tiny() // in another process
	defer again.Close()
	restored := model.NewAdamW(again, model.AdamWConfig{})
	metadata, err := restored.Restore(path)
	fmt.Println(restored.Steps(), metadata["data"], err)
	a, _ := m.Digests()
	b, _ := again.Digests()
	fmt.Println(a == b)
	// Output:
	// <nil> <nil>
	// 1 sums <nil>
	// true
}

func ExampleModel_ReadWeights() {
	dir, err := os.MkdirTemp("", "model")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	first, err := model.Tiny(1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer first.Close()
	second, err := model.Tiny(2)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer second.Close()
	path := filepath.Join(dir, "first")
	fmt.Println(first.Save(path), second.ReadWeights(path))
	a, _ := first.Digests()
	b, _ := second.Digests()
	fmt.Println(a == b)
	// Output:
	// <nil> <nil>
	// true
}
