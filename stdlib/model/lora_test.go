package model

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"kairos/stdlib/tokenize"
)

var allMaps = []string{"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}

// withAdapters has adapters on every map, and B no longer zero.
func withAdapters(t *testing.T) (*Model, []tokenize.Sequence) {
	m, _, sequences := loadTiny(t, "tiny")
	if err := m.AddLoRA(LoRAConfig{Rank: 3, Alpha: 6, Targets: allMaps, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	for _, p := range m.weights.params {
		if strings.Contains(p.Name, "lora_B") {
			for i := range p.value.Floats() {
				p.value.Floats()[i] = float32(math.Sin(float64(i))) / 10
			}
		}
	}
	return m, sequences
}

func meanLoss(t *testing.T, m *Model, sequences []tokenize.Sequence) float64 {
	t.Helper()
	losses, err := m.Loss(context.Background(), sequences, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all Loss
	for _, l := range losses {
		all.Sum += l.Sum
		all.Tokens += l.Tokens
	}
	return all.Mean()
}

func TestAdaptersBeginAsNothing(t *testing.T) {
	m, _, sequences := loadTiny(t, "tiny")
	before := meanLoss(t, m, sequences)
	if err := m.AddLoRA(LoRAConfig{}); err != nil {
		t.Fatal(err)
	}
	if after := meanLoss(t, m, sequences); after != before {
		t.Errorf("loss %v with new adapters, %v without", after, before)
	}
	if n := len(m.trainable()); n != 8 { // two layers, q and v, A and B
		t.Errorf("%d parameters are trained, want 8", n)
	}
}

// Gradients of adapters against differences of the loss.
func TestGradientsOfAdapters(t *testing.T) {
	m, sequences := withAdapters(t)
	if _, err := m.Backward(context.Background(), sequences, 0); err != nil {
		t.Fatal(err)
	}
	for _, p := range m.trainable() {
		grad, err := m.Grad(p.Name)
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for i, g := range grad {
			if math.Abs(float64(g)) > math.Abs(float64(grad[at])) {
				at = i
			}
		}
		const h = 1e-2
		v := p.value.Floats()[at]
		p.value.Floats()[at] = v + h
		up := meanLoss(t, m, sequences)
		p.value.Floats()[at] = v - h
		slope := (up - meanLoss(t, m, sequences)) / (2 * h)
		p.value.Floats()[at] = v
		if math.Abs(slope-float64(grad[at])) > 0.02*math.Abs(slope)+1e-4 {
			t.Errorf("%s, value %d: gradient %v, the loss's slope is %v", p.Name, at, grad[at], slope)
		}
	}
	if _, err := m.Grad("model.norm.weight"); err == nil {
		t.Error("a frozen parameter got a gradient")
	}
}

func TestMergingKeepsTheLoss(t *testing.T) {
	m, sequences := withAdapters(t)
	before := meanLoss(t, m, sequences)
	if err := m.MergeLoRA(); err != nil {
		t.Fatal(err)
	}
	if after := meanLoss(t, m, sequences); math.Abs(after-before) > 1e-5*before {
		t.Errorf("loss %v merged, %v before", after, before)
	}
	if len(m.trainable()) != len(layout(m.Config)) || len(m.Params()) != len(layout(m.Config)) {
		t.Errorf("%d parameters, %d of them trained, want %d", len(m.Params()), len(m.trainable()), len(layout(m.Config)))
	}
	if err := m.MergeLoRA(); err == nil || !strings.Contains(err.Error(), "no adapters") {
		t.Errorf("merged twice: %v", err)
	}
}

func TestAddLoRARefuses(t *testing.T) {
	m, _, sequences := loadTiny(t, "tiny")
	before := meanLoss(t, m, sequences)
	if err := m.AddLoRA(LoRAConfig{Targets: []string{"q_proj", "qkv"}}); err == nil || !strings.Contains(err.Error(), `"qkv"`) {
		t.Errorf("an unknown target: %v", err)
	}
	if len(m.trainable()) != len(layout(m.Config)) || meanLoss(t, m, sequences) != before {
		t.Error("a refused call changed the model")
	}
	if err := m.AddLoRA(LoRAConfig{Rank: -1}); err == nil || !strings.Contains(err.Error(), "rank is -1") {
		t.Errorf("a negative rank: %v", err)
	}
	if err := m.AddLoRA(LoRAConfig{}); err != nil {
		t.Fatal(err)
	}
	if err := m.AddLoRA(LoRAConfig{}); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("adapters twice: %v", err)
	}
}

// Mixed precision rounds to three decimal places: losses and gradients stay near those of float32.
func TestMixedIsNear(t *testing.T) {
	m, _, sequences := loadTiny(t, "untied")
	exact := meanLoss(t, m, sequences)
	if _, err := m.Backward(context.Background(), sequences, 0); err != nil {
		t.Fatal(err)
	}
	name := "model.layers.0.mlp.up_proj.weight"
	want, _ := m.Grad(name)
	m.ZeroGrad()
	m.Mixed = true
	if mixed := meanLoss(t, m, sequences); mixed == exact || math.Abs(mixed-exact) > 0.02*exact {
		t.Errorf("loss %v in mixed precision, %v in float32", mixed, exact)
	}
	if _, err := m.Backward(context.Background(), sequences, 0); err != nil {
		t.Fatal(err)
	}
	got, _ := m.Grad(name)
	if diff := relative(got, want); diff == 0 || diff > 0.1 {
		t.Errorf("gradient differs by %.2g of its largest value", diff)
	}
	if err := NewAdamW(m, AdamWConfig{}).Step(1e-2); err != nil {
		t.Fatal(err)
	}
	if after := meanLoss(t, m, sequences); after >= exact {
		t.Errorf("the loss went from %v to %v: are the rounded weights those of before the step?", exact, after)
	}
}

func ExampleModel_AddLoRA() {
	m, err := Tiny(1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	if err := m.AddLoRA(LoRAConfig{Rank: 4}); err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range m.Params()[len(m.Params())-2:] {
		fmt.Println(p.Name, p.Shape)
	}
	// Output:
	// model.layers.1.self_attn.v_proj.lora_A.weight [4 64]
	// model.layers.1.self_attn.v_proj.lora_B.weight [32 4]
}

func ExampleModel_MergeLoRA() {
	m, err := Tiny(1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	whole := m.NumParams()
	if err := m.AddLoRA(LoRAConfig{}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("adapters add", m.NumParams()-whole)
	if err := m.MergeLoRA(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("merged:", m.NumParams()-whole)
	// Output:
	// adapters add 3584
	// merged: 0
}
