package tokenize

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const chatML = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{{ eos_token }}\n{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"

// made are tokenizers that were not read from a directory, of every style that
// WriteFiles has to describe.
func made(t *testing.T) map[string]*BPE {
	t.Helper()
	tokenizers := map[string]*BPE{
		"bytes": withChat(t, NewBytes(), chatML), "smollm2": smolLM2(t), "scores": scored(t, true), "bare": scored(t, false),
	}
	for _, pre := range []string{"gpt-2", "smollm", "llama-bpe", "qwen2"} {
		var cfg BPEConfig
		for _, r := range alphabet {
			cfg.Tokens = append(cfg.Tokens, string(r))
		}
		cfg.Merges = []string{"Ġ t", "h e", "Ġt he", "1 2", "12 3", "Ã ©"}
		cfg.Tokens = append(cfg.Tokens, "Ġt", "he", "Ġthe", "12", "123", "Ã©", "ing", "<s>", "</s>", "<|im_start|>")
		cfg.Pre, cfg.BOS, cfg.EOS, cfg.Special = pre, "<s>", "</s>", []string{"<|im_start|>"}
		bpe, err := NewBPE(cfg)
		if err != nil {
			t.Fatal(err)
		}
		tokenizers[pre] = bpe
	}
	return tokenizers
}

// scored is the model of sentencepiece in testdata, as a GGUF file has it.
func scored(t *testing.T, spacePrefix bool) *BPE {
	t.Helper()
	var model sentencePiece
	readJSON(t, "testdata/families/sentencepiece.json.gz", &model)
	bpe, err := FromGGUF(writeGGUF(t, map[string]any{
		"tokenizer.ggml.model": "llama", "tokenizer.ggml.tokens": model.Tokens, "tokenizer.ggml.scores": model.Scores,
		"tokenizer.ggml.token_type": model.Types, "tokenizer.ggml.bos_token_id": uint32(1), "tokenizer.ggml.eos_token_id": uint32(2),
		"tokenizer.ggml.unknown_token_id": uint32(0), "tokenizer.ggml.add_bos_token": true, "tokenizer.ggml.add_space_prefix": spacePrefix,
	}))
	if err != nil {
		t.Fatal(err)
	}
	return bpe
}

// The files are those that transformers read when testdata/make_written.py ran,
// and its ids are ours. KAIROS_TOKENIZE_WRITTEN names the directory for that.
func TestWrittenFilesMatchTransformers(t *testing.T) {
	var want struct {
		Texts      []string
		Tokenizers map[string]struct {
			Hash     string
			IDs      [][]int32
			Decoded  []string
			BOS, EOS int32
			Chat     string
			Vocab    int
			Start    []int32 // "x" with what transformers puts before it
		}
	}
	tokenizers := made(t)
	if dir := os.Getenv("KAIROS_TOKENIZE_WRITTEN"); dir != "" {
		for name, bpe := range tokenizers {
			if err := bpe.WriteFiles(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	readJSON(t, "testdata/written.json.gz", &want)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want.Tokenizers)), slices.Sorted(maps.Keys(tokenizers))); diff != "" {
		t.Fatal(diff)
	}
	for name, w := range want.Tokenizers {
		bpe, dir := tokenizers[name], t.TempDir()
		if err := bpe.WriteFiles(dir); err != nil {
			t.Fatal(err)
		}
		if got := hashFiles(t, dir); got != w.Hash {
			t.Errorf("%s: other files than transformers read: run testdata/make_written.py", name)
		}
		if added := len(w.Start) > len(bpe.Encode("x")); added != bpe.addsBOS {
			t.Errorf("%s: transformers puts BOS before a text: %v, want %v", name, added, bpe.addsBOS)
		}
		for _, bpe := range []*BPE{bpe, fromDir(t, dir)} {
			compare(t, name, want.Texts, w.IDs, bpe.Encode)
			for i, ids := range w.IDs {
				if got := bpe.Decode(ids); got != w.Decoded[i] {
					t.Errorf("%s: %v: got %+q, want %+q", name, ids, got, w.Decoded[i])
				}
			}
			if bpe.bos.id != w.BOS || bpe.eos.id != w.EOS || bpe.VocabSize() != w.Vocab {
				t.Errorf("%s: BOS %d, EOS %d, %d ids; want %d, %d, %d", name, bpe.bos.id, bpe.eos.id, bpe.VocabSize(), w.BOS, w.EOS, w.Vocab)
			}
			if w.Chat != "" {
				got, err := bpe.Chat([]Message{{"user", "Hi é"}, {"assistant", "Yes."}}, ChatConfig{})
				if err != nil || got != w.Chat {
					t.Errorf("%s: chat: %v, got %q, want %q", name, err, got, w.Chat)
				}
			}
		}
	}
}

func hashFiles(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	for _, name := range []string{tokenizerName, configName} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		h.Write(data)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// What was read from a directory comes back byte for byte, but for a template that
// was changed.
func TestWriteFilesAsRead(t *testing.T) {
	dir, files := t.TempDir(), map[string]string{}
	if err := withChat(t, NewBytes(), chatML).WriteFiles(dir); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, specialName), `{"bos_token":   "<bos>"}`)
	write(t, filepath.Join(dir, generationName), `{"eos_token_id": 257}`)
	for _, name := range []string{tokenizerName, configName, specialName} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(data)
	}
	bpe := fromDir(t, dir)
	if diff := cmp.Diff(files, written(t, bpe)); diff != "" {
		t.Errorf("-read +written\n%s", diff)
	}
	other := withChat(t, bpe, "{{ messages[0].content }}")
	files[templateName] = "{{ messages[0].content }}"
	if diff := cmp.Diff(files, written(t, other)); diff != "" {
		t.Errorf("with another template: -read +written\n%s", diff)
	}
}

// written returns what WriteFiles writes, and checks that it can be read.
func written(t *testing.T, bpe *BPE) map[string]string {
	t.Helper()
	dir, files := t.TempDir(), map[string]string{}
	if err := bpe.WriteFiles(dir); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(data)
	}
	if got := fromDir(t, dir).ChatTemplate(); got != bpe.ChatTemplate() {
		t.Errorf("the template came back as %q, want %q", got, bpe.ChatTemplate())
	}
	return files
}

func TestWriteFilesErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "")
	if err := NewBytes().WriteFiles(path); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("into a file: %v", err)
	}
}
