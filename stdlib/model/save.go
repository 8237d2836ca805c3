package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"kairos/internal/atomicfile"
	"kairos/stdlib/internal/safetensors"
)

// maxShard is the number of bytes from which on weights are written to several files.
const maxShard = 5_000_000_000

// Save writes the model to a directory, as transformers' save_pretrained would:
// config.json, the weights as float32 in model.safetensors, or above 5 GB in
// shards with an index, and the files of its tokenizer if it has one. [Load]
// and transformers' AutoModelForCausalLM load it.
//
// The directory appears whole or not at all, and is on disk when Save returns.
// One that Save has made before is replaced; any other that is there already is
// an error, and so are adapters that were not merged: see [Model.MergeLoRA] and
// [Model.SaveLoRA].
func (m *Model) Save(dir string) error {
	if err := m.save(dir, maxShard); err != nil {
		return fmt.Errorf("model: save %s: %w", dir, err)
	}
	return nil
}

func (m *Model) save(dir string, maxShard int) error {
	defer runtime.KeepAlive(m)
	if m.weights.params == nil {
		return errors.New("the model is closed")
	}
	if m.weights.lora != nil {
		return errors.New("the model has LoRA adapters: MergeLoRA makes them part of its weights, SaveLoRA saves them alone")
	}
	if err := replaceable(dir, "model"); err != nil {
		return err
	}
	return atomicfile.WriteDir(dir, func(dir string) error {
		if err := writeJSON(filepath.Join(dir, configFile), m.savedConfig()); err != nil {
			return err
		}
		if m.tokenizer != nil {
			if err := m.tokenizer.WriteFiles(dir); err != nil {
				return err
			}
		}
		return writeWeights(dir, m.weights.params, maxShard)
	})
}

// replaceable refuses a directory that is there, unless it holds nothing but what
// was saved here, in weight files whose names begin with kind.
func replaceable(dir, kind string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || len(entries) == 0 {
		return err
	}
	ours := false
	for _, e := range entries {
		switch name := e.Name(); {
		case strings.HasPrefix(name, kind) && saved(filepath.Join(dir, name)):
			ours = true
		case filepath.Ext(name) != ".json" && filepath.Ext(name) != ".jinja":
			return fmt.Errorf("what is there already would be replaced, but %s was not saved by kairos as this would be: choose another directory, or move it away", name)
		}
	}
	if !ours {
		return errors.New("there is something already that was not saved by kairos: choose another directory, or move it away")
	}
	return nil
}

// metadata is that of the weights that are saved. It marks directories that may
// be replaced.
var metadata = map[string]string{"format": "pt", "saved_by": "kairos"}

// saved tells whether a file holds weights that were saved here.
func saved(path string) bool {
	if filepath.Ext(path) != ".safetensors" {
		return false
	}
	f, err := safetensors.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	return f.Metadata["saved_by"] == metadata["saved_by"]
}

// classes are transformers' names of the architectures.
var classes = map[string]string{"llama": "LlamaForCausalLM", "qwen2": "Qwen2ForCausalLM", "mistral": "MistralForCausalLM"}

// savedConfig is what Save writes to config.json. Its keys are those that every
// version of transformers reads.
func (m *Model) savedConfig() any {
	saved := struct {
		Architectures []string `json:"architectures"`
		Config
		Act   string `json:"hidden_act"`
		Dtype string `json:"torch_dtype"`
		BOS   *int32 `json:"bos_token_id"`
		EOS   *int32 `json:"eos_token_id"`
		// A mistral's longest sequence is what its window holds: beyond that transformers needs to know it.
		Window int `json:"sliding_window,omitzero"`
	}{Architectures: []string{classes[m.Config.Type]}, Config: m.Config, Act: "silu", Dtype: "float32"}
	if m.Config.Type == "mistral" {
		saved.Window = m.Config.MaxLen
	}
	if t := m.tokenizer; t != nil {
		saved.BOS, saved.EOS = known(t.BOS()), known(t.EOS())
	}
	return saved
}

// known is a token's id, or null.
func known(id int32, ok bool) *int32 {
	if !ok {
		return nil
	}
	return &id
}

func writeJSON(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o666)
}

// writeWeights writes parameters to one file, or to as many as it takes for none
// of them to be larger than maxShard bytes, with their index.
func writeWeights(dir string, params []*param, maxShard int) error {
	shards := split(params, maxShard)
	if len(shards) == 1 {
		return writeParams(filepath.Join(dir, weightsFile), "", shards[0])
	}
	var index struct {
		Metadata struct {
			Size int `json:"total_size"`
		} `json:"metadata"`
		Files map[string]string `json:"weight_map"`
	}
	index.Files = map[string]string{}
	for i, shard := range shards {
		name := fmt.Sprintf("model-%05d-of-%05d.safetensors", i+1, len(shards))
		for _, p := range shard {
			index.Files[p.Name] = name
			index.Metadata.Size += 4 * elements(p.Shape)
		}
		if err := writeParams(filepath.Join(dir, name), "", shard); err != nil {
			return err
		}
	}
	return writeJSON(filepath.Join(dir, indexFile), index)
}

// split parts parameters, in their order, into shards.
func split(params []*param, maxShard int) [][]*param {
	var shards [][]*param
	room := -1
	for _, p := range params {
		size := 4 * elements(p.Shape)
		if size > room {
			shards, room = append(shards, nil), maxShard
		}
		room -= size
		last := len(shards) - 1
		shards[last] = append(shards[last], p)
	}
	return shards
}

// writeParams writes parameters under their names behind a prefix.
func writeParams(path, prefix string, params []*param) error {
	tensors := make([]safetensors.Named, len(params))
	for i, p := range params {
		tensors[i] = safetensors.Named{Name: prefix + p.Name, Shape: p.Shape, Values: p.value.Floats()}
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(safetensors.Write(file, metadata, tensors), file.Close())
}
