package model

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kairos/stdlib/tokenize"
)

// What is saved and loaded again is the same model, to the bit.
func TestSaveAndLoad(t *testing.T) {
	for _, name := range architectures {
		m, err := Load(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		dir := filepath.Join(t.TempDir(), "saved")
		for range 2 { // the second replaces the first
			if err := m.Save(dir); err != nil {
				t.Fatal(err)
			}
		}
		again, err := Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		if again.Config != m.Config {
			t.Errorf("%s: %+v\nwant %+v", name, again.Config, m.Config)
		}
		sameParams(t, name, again, m)
		if beside, _ := os.ReadDir(filepath.Dir(dir)); len(beside) != 1 {
			t.Errorf("%s: left behind: %v", name, beside)
		}
	}
}

func TestSaveInShards(t *testing.T) {
	m := newTiny(t)
	dir := filepath.Join(t.TempDir(), "saved")
	if err := m.save(dir, 20000); err != nil { // the embeddings, 24,768 bytes, have a file of their own
		t.Fatal(err)
	}
	shards, _ := filepath.Glob(filepath.Join(dir, "model-0000?-of-00003.safetensors"))
	var index struct {
		Metadata map[string]int    `json:"metadata"`
		Files    map[string]string `json:"weight_map"`
	}
	if err := readJSON(filepath.Join(dir, indexFile), &index); err != nil {
		t.Fatal(err)
	}
	if len(shards) != 3 || index.Metadata["total_size"] != 4*m.NumParams() || index.Files["model.norm.weight"] != "model-00003-of-00003.safetensors" {
		t.Errorf("shards %v, index %+v", shards, index)
	}
	again, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	sameParams(t, "in shards", again, m)
	const text = "Grüße <eos>"
	if again.Tokenizer() == nil || !slices.Equal(again.Tokenizer().Encode(text), m.Tokenizer().Encode(text)) {
		t.Error("the tokenizer is another")
	}
	if err := m.Save(dir); err != nil { // fewer files replace them
		t.Fatal(err)
	}
	if entries, _ := filepath.Glob(filepath.Join(dir, "model*")); len(entries) != 1 {
		t.Errorf("after saving to one file there are %v", entries)
	}
}

func TestWhatSaveRefuses(t *testing.T) {
	m := newTiny(t)
	dir := t.TempDir()
	if err := m.Save(filepath.Join(dir, "no", "such")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no such parent: %v", err)
	}
	for name, c := range map[string]struct{ file, content, want string }{
		"foreign": {"notes.json", "{}", "not saved by kairos"},
		"weights": {weightsFile, "", "model.safetensors was not saved by kairos"},
		"another": {configFile, `{"model_type": "llama"}`, "not saved by kairos"},
	} {
		path := lay(t, map[string]string{c.file: c.content})
		if err := m.Save(path); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want an error that says %q", name, err, c.want)
		}
		if content, err := os.ReadFile(filepath.Join(path, c.file)); err != nil || string(content) != c.content {
			t.Errorf("%s: now holds %q, %v", name, content, err)
		}
	}
	mine := t.TempDir() // an empty one is as good as none
	if err := m.Save(mine); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(mine, "notes.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := m.Save(mine); err == nil || !strings.Contains(err.Error(), "notes.txt was not saved by kairos") {
		t.Errorf("a file of someone else's: %v", err)
	}
	if err := m.AddLoRA(LoRAConfig{}); err != nil {
		t.Fatal(err)
	}
	if err := m.Save(filepath.Join(dir, "adapted")); err == nil || !strings.Contains(err.Error(), "MergeLoRA makes them part of its weights, SaveLoRA saves them alone") {
		t.Errorf("a model with adapters: %v", err)
	}
	m.Close()
	if err := m.Save(filepath.Join(dir, "closed")); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("a closed model: %v", err)
	}
}

func ExampleModel_Save() {
	m, err := New(Config{Vocab: 258, Hidden: 16, FFN: 32, Layers: 1, Heads: 2, MaxLen: 64, Tied: true}, tokenize.NewBytes(), 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	parent, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(parent)
	dir := filepath.Join(parent, "my-model")
	if err := m.Save(dir); err != nil {
		fmt.Println(err)
		return
	}
	again, err := Load(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer again.Close()
	fmt.Println(again)
	// Output: Llama of 6736 parameters (1 layers, width 16)
}
