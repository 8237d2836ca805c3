package model

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hub lays out a Hugging Face cache with one model, as huggingface_hub does: the files of a snapshot are links.
func hub(t *testing.T, dir, name string) (snapshot string) {
	t.Helper()
	model := filepath.Join(dir, "models--"+name)
	snapshot = filepath.Join(model, "snapshots", "0a1b2c")
	for _, d := range []string{snapshot, filepath.Join(model, "blobs"), filepath.Join(model, "refs")} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for i, file := range []string{configFile, weightsFile} {
		content, err := os.ReadFile(filepath.Join("testdata", "tiny", file))
		if err != nil {
			t.Fatal(err)
		}
		blob := string(rune('a' + i))
		if err := os.WriteFile(filepath.Join(model, "blobs", blob), content, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join("..", "..", "blobs", blob), filepath.Join(snapshot, file)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(model, "refs", "main"), []byte("0a1b2c"), 0o644); err != nil {
		t.Fatal(err)
	}
	return snapshot
}

func TestHuggingFaceCache(t *testing.T) {
	root := t.TempDir()
	for _, v := range []string{"HF_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"} {
		t.Setenv(v, "")
	}
	for _, c := range []struct{ variable, dir string }{ // each counts for more than the one before
		{"HOME", ".cache/huggingface/hub"}, {"XDG_CACHE_HOME", "huggingface/hub"}, {"HF_HOME", "hub"}, {"HF_HUB_CACHE", ""},
	} {
		t.Setenv(c.variable, filepath.Join(root, c.variable))
		want := hub(t, filepath.Join(root, c.variable, c.dir), "org--tiny.model-1")
		m, err := Load("org/tiny.model-1")
		if err != nil {
			t.Fatal(err)
		}
		if m.Source != want || m.Config.Vocab != 96 {
			t.Errorf("%s: loaded %s, want %s", c.variable, m.Source, want)
		}
		m.Close()
	}
}

func TestNamesThatAreNotThere(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("HF_HUB_CACHE", cache)
	t.Setenv("KAIROS_CACHE", t.TempDir())
	say := func(name, want string) {
		t.Helper()
		if _, err := Load(name); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v, want one that says %q", name, err, want)
		}
	}
	say("org/tiny", "not in the Hugging Face cache, which has no "+filepath.Join(cache, "models--org--tiny"))
	say("gpt2", "hf download gpt2")
	say("SmolLM2-135M-Instruct", "kairos fetch")
	snapshot := hub(t, cache, "org--tiny")
	if err := os.Rename(snapshot, snapshot+"0"); err != nil {
		t.Fatal(err)
	}
	say("org/tiny", "lacks the current snapshot")
	if err := os.Remove(filepath.Join(cache, "models--org--tiny", "refs", "main")); err != nil {
		t.Fatal(err)
	}
	say("org/tiny", "does not say which snapshot is the current one")
	for _, path := range []string{"no/such.gguf", "./no-such", "no/such/model", "../x"} {
		if _, err := Load(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("missing file: %v", err)
		}
	}
}

func TestDirectoriesWithGGUF(t *testing.T) {
	gguf, err := os.ReadFile("testdata/qwen2.gguf")
	if err != nil {
		t.Fatal(err)
	}
	one := lay(t, map[string]string{"a.gguf": string(gguf)})
	if path, err := resolve(one); err != nil || path != filepath.Join(one, "a.gguf") {
		t.Errorf("one file: %s, %v", path, err)
	}
	two := lay(t, map[string]string{"a.gguf": string(gguf), "b.gguf": string(gguf)})
	if _, err := resolve(two); err == nil || !strings.Contains(err.Error(), "holds 2 GGUF files: load one of them") {
		t.Errorf("two files: %v", err)
	}
	both := lay(t, map[string]string{"a.gguf": string(gguf), weightsFile: "", configFile: "{}"})
	if path, err := resolve(both); err != nil || path != both {
		t.Errorf("safetensors beside it: %s, %v", path, err)
	}
}
