package model

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"kairos/stdlib/internal/safetensors"
	"kairos/stdlib/tokenize"
)

// The numbers under testdata come from transformers, peft and torch: make_reference.py and make_lora.py.

// architectures are the small models that are there, each with numbers of its own.
var architectures = []string{"tiny", "untied", "biased", "llama3", "linear", "qwen2", "mistral"}

// adapted is tiny with peft's adapters.
const adapted = "lora"

type tinyReference struct {
	Sequences []struct{ IDs, Labels []int32 }
	Losses    []float64
	AdamW     struct {
		LR          float64
		WeightDecay float64 `json:"weight_decay"`
		Losses      []float64
	}
}

func loadTiny(t *testing.T, name string) (*Model, tinyReference, []tokenize.Sequence) {
	t.Helper()
	base := name
	if name == adapted {
		base = "tiny"
	}
	m, err := Load(filepath.Join("testdata", base))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	if name == adapted {
		if err := m.LoadLoRA(filepath.Join("testdata", name)); err != nil {
			t.Fatal(err)
		}
	}
	var ref tinyReference
	raw, err := os.ReadFile(filepath.Join("testdata", name, "reference.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &ref); err != nil {
		t.Fatal(err)
	}
	var sequences []tokenize.Sequence
	for _, s := range ref.Sequences {
		sequences = append(sequences, tokenize.Sequence{IDs: s.IDs, Labels: s.Labels})
	}
	return m, ref, sequences
}

// relative is the largest difference as a part of the largest wanted value.
func relative(got, want []float32) float64 {
	var diff, size float64
	for i := range want {
		diff = max(diff, math.Abs(float64(got[i])-float64(want[i])))
		size = max(size, math.Abs(float64(want[i])))
	}
	return diff / size
}

func TestTinyModelsAgreeWithPyTorch(t *testing.T) {
	for _, name := range append(architectures, adapted) {
		t.Run(name, func(t *testing.T) {
			m, ref, sequences := loadTiny(t, name)
			losses, err := m.Loss(context.Background(), sequences, nil)
			if err != nil {
				t.Fatal(err)
			}
			worstLoss := 0.0
			for i, l := range losses {
				worstLoss = max(worstLoss, math.Abs(l.Sum-ref.Losses[i])/ref.Losses[i])
			}
			if _, err := m.Backward(context.Background(), sequences, 0); err != nil {
				t.Fatal(err)
			}
			gradients, err := safetensors.Open(filepath.Join("testdata", name, "gradients.safetensors"))
			if err != nil {
				t.Fatal(err)
			}
			defer gradients.Close()
			worstGrad := 0.0
			for _, p := range m.trainable() {
				want, err := gradients.Floats(p.Name, p.Shape)
				if err != nil {
					t.Fatal(err)
				}
				got, err := m.Grad(p.Name)
				if err != nil {
					t.Fatal(err)
				}
				diff := relative(got, want)
				if worstGrad = max(worstGrad, diff); diff > 1e-4 {
					t.Errorf("gradient of %s differs by %.2g of its largest value", p.Name, diff)
				}
			}
			t.Logf("model: %s: %d losses and %d gradients equal PyTorch's, worst relative difference %.1e and %.1e",
				name, len(losses), len(m.trainable()), worstLoss, worstGrad)
			if worstLoss > 1e-5 {
				t.Errorf("worst loss differs by %.2g", worstLoss)
			}
		})
	}
}

func TestTenAdamWStepsAgreeWithPyTorch(t *testing.T) {
	for _, name := range append(architectures, adapted) {
		m, ref, sequences := loadTiny(t, name)
		optimiser := NewAdamW(m, AdamWConfig{WeightDecay: ref.AdamW.WeightDecay})
		for step, want := range ref.AdamW.Losses {
			losses, err := m.Backward(context.Background(), sequences, 0)
			if err != nil {
				t.Fatal(err)
			}
			var all Loss
			for _, l := range losses {
				all.Sum += l.Sum
				all.Tokens += l.Tokens
			}
			if math.Abs(all.Mean()-want) > 1e-4*want {
				t.Errorf("%s: loss before step %d is %.6f, PyTorch's %.6f", name, step+1, all.Mean(), want)
			}
			if err := optimiser.Step(ref.AdamW.LR); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestSmolLM2LogitsAgreeWithTransformers(t *testing.T) {
	m, err := Load("SmolLM2-135M-Instruct")
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	var ref struct {
		IDs    []int32
		Stride int
		Argmax []int
	}
	raw, err := os.ReadFile("testdata/smollm2.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &ref); err != nil {
		t.Fatal(err)
	}
	file, err := safetensors.Open("testdata/smollm2.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	picked := m.Config.Vocab / ref.Stride
	want, err := file.Floats("logits", []int64{int64(len(ref.IDs)), int64(picked)})
	if err != nil {
		t.Fatal(err)
	}
	logits, err := m.Logits(context.Background(), ref.IDs)
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	for i := range ref.IDs {
		row, got := logits.Row(i), make([]float32, picked)
		best := 0
		for j, v := range row {
			if v > row[best] {
				best = j
			}
			if j%ref.Stride == 0 {
				got[j/ref.Stride] = v
			}
		}
		if best != ref.Argmax[i] {
			t.Errorf("position %d: most likely token is %d, transformers' %d", i, best, ref.Argmax[i])
		}
		worst = max(worst, relative(got, want[i*picked:(i+1)*picked]))
	}
	t.Logf("model: SmolLM2-135M: logits of %d positions equal transformers', worst relative difference %.1e", len(ref.IDs), worst)
	if worst > 1e-4 {
		t.Errorf("worst relative difference %.2g, want at most 1e-4", worst)
	}
}

// Twenty steps on real examples: what is trained here must be what transformers trains.
func TestTwentyStepsAgreeWithTransformers(t *testing.T) {
	var ref struct {
		LR        float64
		Batch     int
		Sequences []struct{ IDs, Labels []int32 }
		Losses    []float64
	}
	raw, err := os.ReadFile("testdata/smollm2_curve.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &ref); err != nil {
		t.Fatal(err)
	}
	m, err := Load("SmolLM2-135M-Instruct")
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	optimiser := NewAdamW(m, AdamWConfig{})
	defer optimiser.Free()
	worst := 0.0
	for step, want := range ref.Losses {
		var batch []tokenize.Sequence
		for _, s := range ref.Sequences[step*ref.Batch:][:ref.Batch] {
			batch = append(batch, tokenize.Sequence{IDs: s.IDs, Labels: s.Labels})
		}
		losses, err := m.Backward(context.Background(), batch, 0)
		if err != nil {
			t.Fatal(err)
		}
		var all Loss
		for _, l := range losses {
			all.Sum += l.Sum
			all.Tokens += l.Tokens
		}
		diff := math.Abs(all.Mean() - want)
		if worst = max(worst, diff); diff > 1e-3 {
			t.Errorf("the loss before step %d is %.5f, transformers' %.5f", step+1, all.Mean(), want)
		}
		if err := optimiser.Step(ref.LR); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("model: SmolLM2-135M: the losses of %d steps equal transformers', worst difference %.1e", len(ref.Losses), worst)
}
