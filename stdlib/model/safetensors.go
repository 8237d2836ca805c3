package model

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"kairos/stdlib/internal/safetensors"
	"kairos/stdlib/tokenize"
)

// source is where a model's weights come from. tensor must return values that
// fill the shape, row-major, in transformers' names and layout.
type source interface {
	config() Config
	tensor(name string, shape []int64) ([]float32, error)
	tokenizer() *tokenize.BPE
	close()
}

// directory reads what transformers' save_pretrained writes: config.json beside
// model.safetensors, or shards listed in model.safetensors.index.json.
type directory struct {
	path   string
	cfg    Config
	shards map[string]string // tensor name to file, nil when there is one file
	open   map[string]*safetensors.File
}

func openSafetensors(path string) (source, error) {
	d := &directory{path: path, open: map[string]*safetensors.File{}}
	if err := d.readConfig(); err != nil {
		return nil, err
	}
	var index struct {
		WeightMap map[string]string `json:"weight_map"`
	}
	switch err := readJSON(filepath.Join(path, "model.safetensors.index.json"), &index); {
	case err == nil:
		d.shards = index.WeightMap
	case !os.IsNotExist(err):
		return nil, err
	}
	return d, nil
}

func readJSON(path string, v any) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// readConfig reads config.json and refuses what would be run wrongly.
func (d *directory) readConfig() error {
	path := filepath.Join(d.path, "config.json")
	more := struct {
		*Config
		Type    string          `json:"model_type"`
		Act     string          `json:"hidden_act"`
		Rope    map[string]any  `json:"rope_parameters"` // transformers 5
		Scaling json.RawMessage `json:"rope_scaling"`    // transformers 4
		QKVBias bool            `json:"attention_bias"`
		MLPBias bool            `json:"mlp_bias"`
	}{Config: &d.cfg}
	if err := readJSON(path, &more); err != nil {
		return err
	}
	if base, ok := more.Rope["rope_theta"].(float64); ok {
		d.cfg.RopeBase = base
	}
	kind, _ := more.Rope["rope_type"].(string)
	switch {
	case more.Type != "llama":
		return fmt.Errorf("%s: model_type is %q: only llama can be run", path, more.Type)
	case more.Act != "" && more.Act != "silu":
		return fmt.Errorf("%s: hidden_act is %q: only silu can be run", path, more.Act)
	case kind != "" && kind != "default", len(more.Scaling) > 0 && string(more.Scaling) != "null":
		return fmt.Errorf("%s: RoPE scaling cannot be run", path)
	case more.QKVBias || more.MLPBias:
		return fmt.Errorf("%s: attention_bias and mlp_bias cannot be run", path)
	}
	return nil
}

func (d *directory) config() Config { return d.cfg }

func (d *directory) tokenizer() *tokenize.BPE { return nil }

func (d *directory) close() {}

func (d *directory) tensor(name string, shape []int64) ([]float32, error) {
	file := "model.safetensors"
	if d.shards != nil {
		file = d.shards[name]
		if file == "" {
			return nil, fmt.Errorf("not listed in model.safetensors.index.json")
		}
	}
	if filepath.Base(file) != file {
		return nil, fmt.Errorf("model.safetensors.index.json names a file outside the directory: %q", file)
	}
	if d.open[file] == nil {
		f, err := safetensors.Open(filepath.Join(d.path, file))
		if err != nil {
			return nil, err
		}
		d.open[file] = f
	}
	return d.open[file].Floats(name, shape)
}
