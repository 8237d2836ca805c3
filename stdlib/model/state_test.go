package model

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kairos/stdlib/tokenize"
)

// backward gathers gradients of two sequences.
func backward(t *testing.T, m *Model) {
	t.Helper()
	if _, err := m.Backward(context.Background(), []tokenize.Sequence{sequence(20, 5), sequence(31, 9)}, 0); err != nil {
		t.Fatal(err)
	}
}

// The norm must be that of all gradients laid end to end, and scaling must change it alone.
func TestGradNorm(t *testing.T) {
	m := newTiny(t)
	if n := m.GradNorm(); n != 0 {
		t.Errorf("without gradients the norm is %v", n)
	}
	m.ScaleGrad(3) // does nothing
	backward(t, m)
	var squares float64
	for _, p := range m.Params() {
		g, err := m.Grad(p.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range g {
			squares += float64(v) * float64(v)
		}
	}
	want := math.Sqrt(squares)
	if n := m.GradNorm(); math.Abs(n-want) > 1e-9*want {
		t.Errorf("the norm is %v, want %v", n, want)
	}
	before, _ := m.Grad("model.embed_tokens.weight")
	m.ScaleGrad(0.5)
	if n := m.GradNorm(); math.Abs(n-want/2) > 1e-9*want {
		t.Errorf("halved, the norm is %v, want %v", n, want/2)
	}
	after, _ := m.Grad("model.embed_tokens.weight")
	for i, v := range before {
		if after[i] != v/2 {
			t.Fatalf("element %d is %v, want half of %v", i, after[i], v)
		}
	}
}

// With adapters only they have moments, are saved, and are hashed as what is trained.
func TestStateOfAdapters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.safetensors")
	adapted := func() *Model {
		m := newTiny(t)
		if err := m.AddLoRA(LoRAConfig{Rank: 2, Seed: 5}); err != nil {
			t.Fatal(err)
		}
		return m
	}
	train := func(m *Model, o *AdamW, steps int) {
		for range steps {
			backward(t, m)
			if err := o.Step(1e-2); err != nil {
				t.Fatal(err)
			}
		}
	}
	m := adapted()
	trained, frozen := m.Digests()
	if _, plain := newTiny(t).Digests(); plain != "" || frozen == "" {
		t.Errorf("the hash of what is not trained is %q, and %q with adapters", plain, frozen)
	}
	o := NewAdamW(m, AdamWConfig{})
	train(m, o, 3)
	if err := o.Save(path, map[string]string{"who": "me"}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 1<<15 {
		t.Errorf("the state of some hundred weights has %d bytes, %v", info.Size(), err)
	}
	train(m, o, 3)
	changed, same := m.Digests()
	if same != frozen || changed == trained {
		t.Error("training changed the weights that are not trained, or not the others")
	}

	other := adapted()
	p := NewAdamW(other, AdamWConfig{})
	metadata, err := p.Restore(path)
	if err != nil || metadata["who"] != "me" || p.Steps() != 3 {
		t.Fatalf("restored %v at step %d, %v", metadata, p.Steps(), err)
	}
	train(other, p, 3)
	if d, _ := other.Digests(); d != changed {
		t.Error("a restored optimiser takes other steps")
	}
	if _, err := NewAdamW(newTiny(t), AdamWConfig{}).Restore(path); err == nil || !strings.Contains(err.Error(), "another model") {
		t.Errorf("the state of adapters for a model without: %v", err)
	}
	if err := m.MergeLoRA(); err != nil {
		t.Fatal(err)
	}
	backward(t, m)
	if err := o.Step(1e-2); err == nil || !strings.Contains(err.Error(), "make a new optimiser") {
		t.Errorf("an optimiser of adapters that are gone: %v", err)
	}
}

// How adapters are scaled is not in their weights.
func TestDigestsKnowTheScale(t *testing.T) {
	var all []string
	for _, alpha := range []float64{8, 16} {
		m := newTiny(t)
		if err := m.AddLoRA(LoRAConfig{Alpha: alpha}); err != nil {
			t.Fatal(err)
		}
		d, _ := m.Digests()
		all = append(all, d)
	}
	if all[0] == all[1] {
		t.Error("two scales have one digest")
	}
}

func TestFreeBeginsAnew(t *testing.T) {
	m := newTiny(t)
	o := NewAdamW(m, AdamWConfig{})
	backward(t, m)
	if err := o.Step(0); err != nil || o.Steps() != 1 {
		t.Fatal(err)
	}
	o.Free()
	o.Free()
	backward(t, m)
	if err := o.Step(0); err != nil || o.Steps() != 1 {
		t.Errorf("after Free: step %d, %v", o.Steps(), err)
	}
	m.Close()
	if err := o.Step(0); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("a closed model: %v", err)
	}
	if err := o.Save(filepath.Join(t.TempDir(), "x"), nil); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("a closed model: %v", err)
	}
}

func TestReadWeights(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "saved")
	m := newTiny(t)
	backward(t, m)
	if err := NewAdamW(m, AdamWConfig{}).Step(1e-2); err != nil {
		t.Fatal(err)
	}
	want, _ := m.Digests()
	if err := m.Save(dir); err != nil {
		t.Fatal(err)
	}
	other := newTiny(t)
	if err := other.ReadWeights(dir); err != nil {
		t.Fatal(err)
	}
	if got, _ := other.Digests(); got != want {
		t.Error("the weights are not those that were saved")
	}
	odd, err := Tiny(1)
	if err != nil {
		t.Fatal(err)
	}
	defer odd.Close()
	for place, want := range map[string]string{dir: "parameter model.embed_tokens.weight", filepath.Join(dir, "none"): "no such file"} {
		if err := odd.ReadWeights(place); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", place, err, want)
		}
	}
}
