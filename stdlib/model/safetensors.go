package model

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"kairos/stdlib/internal/safetensors"
	"kairos/stdlib/tokenize"
)

// source is where a model's weights come from. tensor fills dst with the values of
// a shape, row-major, in transformers' names and layout.
type source interface {
	config() Config
	tensor(dst []float32, name string, shape []int64) error
	tokenizer() *tokenize.BPE
	close()
}

// The files of a model that transformers' save_pretrained writes.
const (
	configFile  = "config.json"
	weightsFile = "model.safetensors"
	indexFile   = "model.safetensors.index.json" // of weights in several files
)

// directory reads what save_pretrained writes: config.json beside
// model.safetensors, or beside the shards that an index lists.
type directory struct {
	path   string
	cfg    Config
	bpe    *tokenize.BPE     // nil where there is no tokenizer.json
	shards map[string]string // tensor name to file, nil when there is one file
	open   map[string]*safetensors.File
}

func openSafetensors(path string) (source, error) {
	d := &directory{path: path, open: map[string]*safetensors.File{}}
	if err := d.readConfig(); err != nil {
		return nil, err
	}
	if err := d.readIndex(); err != nil {
		return nil, err
	}
	var err error
	if d.bpe, err = tokenize.FromDirectory(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
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

func (d *directory) readIndex() error {
	var index struct {
		WeightMap map[string]string `json:"weight_map"`
	}
	err := readJSON(filepath.Join(d.path, indexFile), &index)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	d.shards = index.WeightMap
	return err
}

// settings is a config.json: a Config, and what else decides what is run.
type settings struct {
	*Config
	KVHeads   *int            `json:"num_key_value_heads"` // null means as many as heads
	Act       string          `json:"hidden_act"`
	Rope      ropeSettings    `json:"rope_parameters"` // transformers 5
	Scaling   ropeSettings    `json:"rope_scaling"`    // transformers 4
	Partial   float64         `json:"partial_rotary_factor"`
	Window    *int            `json:"sliding_window"`
	UseWindow bool            `json:"use_sliding_window"`
	Quantised json.RawMessage `json:"quantization_config"`
}

type ropeSettings struct {
	Rope
	Old     string  `json:"type"` // before it was called rope_type
	Base    float64 `json:"rope_theta"`
	Partial float64 `json:"partial_rotary_factor"`
}

// defaults fills in what a config.json of a type means that leaves a key out.
func (s *settings) defaults() error {
	number := func(n int) *int { return &n }
	switch s.Type {
	case "llama":
		s.MaxLen = 2048
	case "mistral":
		s.MaxLen, s.KVHeads, s.Window, s.UseWindow = 131072, number(8), number(4096), true
	case "qwen2":
		s.MaxLen, s.KVHeads, s.Window = 32768, number(32), number(4096)
	default:
		return fmt.Errorf("model_type is %q: llama, qwen2 and mistral can be run", s.Type)
	}
	return nil
}

// readConfig reads config.json and refuses what would be run wrongly.
func (d *directory) readConfig() error {
	path := filepath.Join(d.path, configFile)
	var kind struct {
		Type string `json:"model_type"`
	}
	if err := readJSON(path, &kind); err != nil {
		return err
	}
	d.cfg.Type = kind.Type
	s := settings{Config: &d.cfg}
	if err := s.defaults(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := readJSON(path, &s); err != nil {
		return err
	}
	if err := s.apply(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// apply turns settings into those of a Config.
func (s *settings) apply() error {
	rope := s.Scaling
	if rope == (ropeSettings{}) {
		rope = s.Rope
	}
	s.RopeBase = cmp.Or(rope.Base, s.RopeBase)
	s.Config.Rope = rope.Rope
	switch s.Config.Rope.Type = cmp.Or(rope.Type, rope.Old); s.Config.Rope.Type {
	case "", "default":
		s.Config.Rope = Rope{}
	case "llama3":
		s.Config.Rope.Original = cmp.Or(rope.Original, s.MaxLen)
	}
	for _, part := range []float64{s.Partial, rope.Partial} {
		if part != 0 && part != 1 {
			return fmt.Errorf("partial_rotary_factor is %v: only heads that are turned whole can be run", part)
		}
	}
	switch {
	case s.Act != "" && s.Act != "silu":
		return fmt.Errorf("hidden_act is %q: only silu can be run", s.Act)
	case len(s.Quantised) > 0 && string(s.Quantised) != "null":
		return errors.New("the weights are quantised (quantization_config): load a model of F32, F16 or BF16 weights, or a GGUF file")
	}
	if s.KVHeads != nil {
		s.Config.KVHeads = *s.KVHeads
	}
	if s.UseWindow && s.Window != nil { // shorter sequences never feel it
		s.MaxLen = min(s.MaxLen, *s.Window)
	}
	return nil
}

func (d *directory) config() Config { return d.cfg }

func (d *directory) tokenizer() *tokenize.BPE { return d.bpe }

func (d *directory) close() {
	for _, f := range d.open {
		f.Close()
	}
}

func (d *directory) tensor(dst []float32, name string, shape []int64) error {
	f, err := d.shard(name)
	if err != nil {
		return err
	}
	return f.FloatsInto(dst, name, shape)
}

// shard is the open file that has a tensor.
func (d *directory) shard(name string) (*safetensors.File, error) {
	file := weightsFile
	if d.shards != nil {
		file = d.shards[name]
		if file == "" {
			return nil, fmt.Errorf("not listed in %s", indexFile)
		}
	}
	if filepath.Base(file) != file {
		return nil, fmt.Errorf("%s names a file outside the directory: %q", indexFile, file)
	}
	if f := d.open[file]; f != nil {
		return f, nil
	}
	f, err := safetensors.Open(filepath.Join(d.path, file))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: only weights in safetensors and GGUF files can be read", err)
	}
	if err != nil {
		return nil, err
	}
	d.open[file] = f
	return f, nil
}
