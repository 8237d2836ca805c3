package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"kairos/internal/atomicfile"
	"kairos/stdlib/internal/safetensors"
)

// The files of an adapter that the peft library's save_pretrained writes, and
// what it puts before the names of parameters.
const (
	adapterConfig  = "adapter_config.json"
	adapterWeights = "adapter_model.safetensors"
	adapterPrefix  = "base_model.model."
)

// SaveLoRA writes the adapters to a directory, as the peft library has them:
// adapter_config.json and adapter_model.safetensors, of float32. [Model.LoadLoRA]
// and peft's PeftModel load them. The directory appears whole or not at all, and
// is on disk when SaveLoRA returns; one that was saved before is replaced, any
// other that is there already is an error. So is a model without adapters.
func (m *Model) SaveLoRA(dir string) error {
	if err := m.saveLoRA(dir); err != nil {
		return fmt.Errorf("model: save LoRA %s: %w", dir, err)
	}
	return nil
}

func (m *Model) saveLoRA(dir string) error {
	defer runtime.KeepAlive(m)
	if m.weights.lora == nil {
		return errors.New("the model has no adapters: Save saves its weights")
	}
	if err := replaceable(dir, "adapter_model"); err != nil {
		return err
	}
	saved := struct {
		Peft string `json:"peft_type"`
		Task string `json:"task_type"`
		Base string `json:"base_model_name_or_path"`
		LoRAConfig
		Bias      string  `json:"bias"`
		Dropout   float64 `json:"lora_dropout"`
		Inference bool    `json:"inference_mode"`
	}{"LORA", "CAUSAL_LM", m.Source, *m.weights.lora, "none", 0, true}
	return atomicfile.WriteDir(dir, func(dir string) error {
		if err := writeJSON(filepath.Join(dir, adapterConfig), saved); err != nil {
			return err
		}
		return writeParams(filepath.Join(dir, adapterWeights), adapterPrefix, m.trainable())
	})
}

// LoadLoRA gives the model the adapters of a directory that [Model.SaveLoRA] or
// the peft library has written, as [Model.AddLoRA] gives it new ones: from then
// on only they are trained. Variants of LoRA, such as DoRA, and whatever else is
// in there than the two matrices of each map are errors, after which the model
// has no adapters. So is a model that has some already.
func (m *Model) LoadLoRA(dir string) error {
	if err := m.loadLoRA(dir); err != nil {
		return fmt.Errorf("model: load LoRA %s: %w", dir, err)
	}
	return nil
}

func (m *Model) loadLoRA(dir string) error {
	defer runtime.KeepAlive(m)
	cfg, err := readAdapterConfig(filepath.Join(dir, adapterConfig))
	if err != nil {
		return err
	}
	file, err := safetensors.Open(filepath.Join(dir, adapterWeights))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := m.addLoRA(cfg); err != nil {
		return err
	}
	if err := readAdapters(file, m.trainable()); err != nil {
		m.removeLoRA()
		return err
	}
	return nil
}

// readAdapters fills parameters from a file that has them and nothing else.
func readAdapters(file *safetensors.File, params []*param) error {
	known := map[string]bool{}
	for _, p := range params {
		name := adapterPrefix + p.Name
		if err := file.FloatsInto(p.value.Floats(), name, p.Shape); err != nil {
			return err
		}
		known[name] = true
	}
	for _, t := range file.Tensors {
		if !known[t.Name] {
			return fmt.Errorf("%s also holds %s, which belongs to no adapter of its settings", adapterWeights, t.Name)
		}
	}
	return nil
}

// plainLoRA are the settings that make an adapter more than LoRA, or say that it
// belongs to other weights than the model's own, and the values that do not. Null
// or left out they do not either; what has other tensors shows by them.
var plainLoRA = map[string][]string{
	"peft_type": {`"LORA"`}, "bias": {`"none"`}, "init_lora_weights": {"true", "false", `"gaussian"`, `"eva"`, `"orthogonal"`},
	"use_rslora": {"false"}, "use_dora": {"false"}, "use_qalora": {"false"}, "fan_in_fan_out": {"false"}, "lora_bias": {"false"},
	"alpha_pattern": {"{}"}, "alora_invocation_tokens": {"null"}, "arrow_config": {"null"}, "kasa_config": {"null"},
}

func readAdapterConfig(path string) (LoRAConfig, error) {
	var cfg LoRAConfig
	var all map[string]json.RawMessage
	if err := readJSON(path, &all); err != nil {
		return cfg, err
	}
	for key, plain := range plainLoRA {
		if value, ok := all[key]; ok && string(value) != "null" && !slices.Contains(plain, string(value)) {
			return cfg, fmt.Errorf("%s: %s is %s, which cannot be run: want %s", path, key, value, strings.Join(plain, ", "))
		}
	}
	if err := readJSON(path, &cfg); err != nil {
		return cfg, err
	}
	if cfg.Rank < 1 || !(cfg.Alpha > 0) || len(cfg.Targets) == 0 {
		return cfg, fmt.Errorf("%s: r is %d, lora_alpha %v and target_modules %q: want the first two above 0, and names", path, cfg.Rank, cfg.Alpha, cfg.Targets)
	}
	return cfg, nil
}
