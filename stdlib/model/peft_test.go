package model

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What peft wrote, loaded and saved again, is the same adapters, to the bit.
func TestSaveAndLoadLoRA(t *testing.T) {
	m, _, _ := loadTiny(t, adapted)
	dir := filepath.Join(t.TempDir(), "adapter")
	for range 2 { // the second replaces the first
		if err := m.SaveLoRA(dir); err != nil {
			t.Fatal(err)
		}
	}
	again, _, _ := loadTiny(t, "tiny")
	if err := again.LoadLoRA(dir); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(*again.weights.lora), fmt.Sprint(*m.weights.lora); got != want {
		t.Errorf("settings %s, want %s", got, want)
	}
	if len(again.trainable()) != 12 { // two layers, three maps, A and B
		t.Errorf("%d parameters are trained", len(again.trainable()))
	}
	sameParams(t, "adapters", again, m)
}

func TestWhatLoadLoRARefuses(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("testdata", "lora", adapterWeights))
	if err != nil {
		t.Fatal(err)
	}
	m, _, _ := loadTiny(t, "tiny")
	for _, c := range []struct {
		key   string
		value any
		want  string
	}{
		{"peft_type", "IA3", `peft_type is "IA3", which cannot be run`},
		{"use_rslora", true, "use_rslora is true"},
		{"alpha_pattern", map[string]any{"q_proj": 3}, "alpha_pattern is"},
		{"init_lora_weights", "pissa", `init_lora_weights is "pissa"`},
		{"target_modules", ".*proj", "target_modules"},
		{"target_modules", []string{"lm_head"}, `no map of the layers is called "lm_head"`},
		{"target_modules", []string{"q_proj", "o_proj"}, "holds base_model.model.model.layers.0.mlp.down_proj.lora_A.weight, which belongs to no adapter"},
		{"target_modules", []string{"q_proj", "o_proj", "down_proj", "up_proj"}, "has no tensor base_model.model.model.layers.0.mlp.up_proj.lora_A.weight"},
		{"r", 4, "has shape [3 24], want [4 24]"},
		{"r", 0, "r is 0, lora_alpha 7"},
		{"lora_alpha", 0, "lora_alpha 0"},
	} {
		fields := map[string]any{}
		if err := readJSON(filepath.Join("testdata", "lora", adapterConfig), &fields); err != nil {
			t.Fatal(err)
		}
		fields[c.key] = c.value
		config, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		dir := lay(t, map[string]string{adapterConfig: string(config), adapterWeights: string(raw)})
		if err := m.LoadLoRA(dir); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), dir) {
			t.Errorf("error %v, want one that says %q", err, c.want)
		}
		if len(m.Params()) != 20 || len(m.trainable()) != 20 {
			t.Fatalf("%s %v left adapters behind", c.key, c.value)
		}
	}
	if err := m.SaveLoRA(t.TempDir()); err == nil || !strings.Contains(err.Error(), "no adapters") {
		t.Errorf("saving none: %v", err)
	}
	if err := m.LoadLoRA("testdata/lora"); err != nil {
		t.Fatal(err)
	}
	if err := m.LoadLoRA("testdata/lora"); err == nil || !strings.Contains(err.Error(), "has adapters already") {
		t.Errorf("twice: %v", err)
	}
	other := filepath.Join(t.TempDir(), "model")
	tiny := newTiny(t)
	if err := tiny.Save(other); err != nil {
		t.Fatal(err)
	}
	if err := m.SaveLoRA(other); err == nil || !strings.Contains(err.Error(), "model.safetensors was not saved by kairos as this would be") {
		t.Errorf("over a model: %v", err)
	}
}

func ExampleModel_LoadLoRA() {
	m, err := Load("testdata/tiny")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	if err := m.LoadLoRA("testdata/lora"); err != nil { // or AddLoRA, and training
		fmt.Println(err)
		return
	}
	parent, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(parent)
	if err := m.SaveLoRA(filepath.Join(parent, "adapter")); err != nil { // the adapters alone
		fmt.Println(err)
		return
	}
	if err := m.MergeLoRA(); err != nil {
		fmt.Println(err)
		return
	}
	if err := m.Save(filepath.Join(parent, "merged")); err != nil { // a model as any other
		fmt.Println(err)
		return
	}
	fmt.Println(m)
	// Output: Llama of 11256 parameters (2 layers, width 24)
}
