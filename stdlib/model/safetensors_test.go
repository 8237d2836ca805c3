package model

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// changed is the config.json of a model of testdata with other settings; those that are nil are left out.
func changed(t *testing.T, name string, change map[string]any) string {
	t.Helper()
	fields := map[string]any{}
	if err := readJSON(filepath.Join("testdata", name, configFile), &fields); err != nil {
		t.Fatal(err)
	}
	for k, v := range change {
		if fields[k] = v; v == nil {
			delete(fields, k)
		}
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// lay writes files to a directory of their own.
func lay(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func weightsOf(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name, weightsFile))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestWhatLoadRefuses(t *testing.T) {
	weights := weightsOf(t, "tiny")
	config := func(key string, value any) string { return changed(t, "tiny", map[string]any{key: value}) }
	whole := config("vocab_size", 96)
	for _, c := range []struct {
		config, weights string
		want            string
	}{
		{config("model_type", "mamba"), weights, `model_type is "mamba": llama, qwen2 and mistral can be run`},
		{config("hidden_act", "gelu"), weights, `hidden_act is "gelu"`},
		{config("rope_parameters", map[string]any{"rope_type": "yarn", "factor": 2}), weights, `RoPE scaling is of type "yarn"`},
		{config("rope_scaling", map[string]any{"type": "dynamic", "factor": 2}), weights, `RoPE scaling is of type "dynamic"`},
		{config("rope_scaling", map[string]any{"rope_type": "linear"}), weights, "has the factor 0"},
		{config("partial_rotary_factor", 0.5), weights, "partial_rotary_factor is 0.5"},
		{config("quantization_config", map[string]any{"bits": 4}), weights, "the weights are quantised"},
		{config("attention_bias", true), weights, "has no tensor model.layers.0.self_attn.q_proj.bias"},
		{config("num_key_value_heads", 4), weights, "not a multiple"},
		{config("num_hidden_layers", -1), weights, "num_hidden_layers is -1"},
		{config("hidden_size", 12), weights, "has shape [96 24], want [96 12]"},
		{config("num_hidden_layers", 3), weights, "model.layers.2"},
		{"{", weights, configFile},
		{whole, weights[:len(weights)/2], weightsFile},
		{whole, "", weightsFile},
	} {
		dir := lay(t, map[string]string{configFile: c.config, weightsFile: c.weights})
		if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), dir) {
			t.Errorf("error %v, want one that says %q", err, c.want)
		}
	}
	if _, err := Load(lay(t, map[string]string{configFile: whole})); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "only weights in safetensors and GGUF files") {
		t.Errorf("no weights: %v", err)
	}
}

// What transformers 4 wrote and what 5 writes mean the same.
func TestConfigKeysOfOldAndNew(t *testing.T) {
	llama3 := Rope{"llama3", 8, 1, 4, 64}
	for _, c := range []struct {
		name, of string
		change   map[string]any
		want     func(Config) bool
	}{
		{"new base", "tiny", nil, func(c Config) bool { return c.RopeBase == 5000 && c.Rope == Rope{} }},
		{"old base", "tiny", map[string]any{"rope_parameters": nil, "rope_theta": 7000}, func(c Config) bool { return c.RopeBase == 7000 }},
		{"no base", "tiny", map[string]any{"rope_parameters": nil}, func(c Config) bool { return c.RopeBase == 0 }},
		{"new scaling", "llama3", nil, func(c Config) bool { return c.Rope == llama3 && c.RopeBase == 5000 }},
		{"old scaling", "tiny", map[string]any{"rope_parameters": nil, "rope_theta": 7000, "rope_scaling": map[string]any{
			"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 64,
		}}, func(c Config) bool { return c.Rope == llama3 && c.RopeBase == 7000 }},
		{"older scaling", "tiny", map[string]any{"rope_scaling": map[string]any{"type": "linear", "factor": 4}},
			func(c Config) bool { return c.Rope == Rope{Type: "linear", Factor: 4} }},
		{"llama3 without the original length", "llama3", map[string]any{"rope_parameters": map[string]any{
			"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4,
		}}, func(c Config) bool { return c.Rope.Original == 128 }},
		{"as many kv heads", "mistral", map[string]any{"num_key_value_heads": json.RawMessage("null")}, func(c Config) bool { return c.KVHeads == 0 }},
		{"kv heads left out", "mistral", map[string]any{"num_key_value_heads": nil}, func(c Config) bool { return c.KVHeads == 8 }},
		{"window", "mistral", nil, func(c Config) bool { return c.MaxLen == 24 }},
		{"no window", "mistral", map[string]any{"sliding_window": json.RawMessage("null")}, func(c Config) bool { return c.MaxLen == 32 }},
		{"window left out", "mistral", map[string]any{"sliding_window": nil, "max_position_embeddings": 32768}, func(c Config) bool { return c.MaxLen == 4096 }},
		{"window not used", "qwen2", map[string]any{"sliding_window": 8}, func(c Config) bool { return c.MaxLen == 32 }},
		{"window used", "qwen2", map[string]any{"sliding_window": 8, "use_sliding_window": true}, func(c Config) bool { return c.MaxLen == 8 }},
	} {
		src, err := openSafetensors(lay(t, map[string]string{configFile: changed(t, c.of, c.change)}))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if !c.want(src.config()) {
			t.Errorf("%s: %+v", c.name, src.config())
		}
	}
}

func TestIndexOfShards(t *testing.T) {
	config, weights := changed(t, "tiny", nil), weightsOf(t, "tiny")
	for index, want := range map[string]string{
		`{"weight_map": {}}`: "parameter model.embed_tokens.weight: not listed in model.safetensors.index.json",
		`{"weight_map": {"model.embed_tokens.weight": "../x.safetensors"}}`: `a file outside the directory: "../x.safetensors"`,
		`{"weight_map": {"model.embed_tokens.weight": "x.safetensors"}}`:    "x.safetensors: no such file",
		`{"weight_map": []}`: indexFile,
	} {
		dir := lay(t, map[string]string{configFile: config, weightsFile: weights, indexFile: index})
		if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}
