package model

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The GGUF files hold the models of the directories beside them, the llama's rows in llama.cpp's order.
func TestGGUFIsTheSameModel(t *testing.T) {
	for _, name := range []string{"biased", "qwen2"} {
		want, err := Load(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		defer want.Close()
		got, err := Load(filepath.Join("testdata", name+".gguf"))
		if err != nil {
			t.Fatal(err)
		}
		defer got.Close()
		if got.Config != want.Config {
			t.Errorf("%s.gguf: %+v\nwant %+v", name, got.Config, want.Config)
		}
		sameParams(t, name+".gguf", got, want)
	}
}

// sameParams compares all weights bit for bit.
func sameParams(t *testing.T, name string, got, want *Model) {
	t.Helper()
	if len(got.Params()) != len(want.Params()) {
		t.Errorf("%s: %d parameters, want %d", name, len(got.Params()), len(want.Params()))
	}
	for _, p := range want.Params() {
		a, err := got.Param(p.Name)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := want.Param(p.Name); err != nil || !slices.Equal(a, b) {
			t.Errorf("%s: %s is another, or not there: %v", name, p.Name, err)
		}
	}
}

func TestPairsToHalves(t *testing.T) {
	// Two heads of four rows; llama.cpp keeps the rows of a rotary pair side by side.
	values := []float32{0, 2, 1, 3, 10, 12, 11, 13}
	if pairsToHalves(values, 2, 1); !slices.Equal(values, []float32{0, 1, 2, 3, 10, 11, 12, 13}) {
		t.Errorf("got %v", values)
	}
}

// smallGGUF is the metadata of a GGUF file that says no more than it must.
func smallGGUF(arch string) map[string]any {
	return map[string]any{
		"general.architecture":                     arch,
		arch + ".embedding_length":                 uint32(32),
		arch + ".feed_forward_length":              uint32(48),
		arch + ".block_count":                      uint32(1),
		arch + ".attention.head_count":             uint32(4),
		arch + ".context_length":                   uint32(64),
		arch + ".attention.layer_norm_rms_epsilon": float32(1e-5),
	}
}

// writeGGUF writes a file of metadata and one-dimensional tensors, beside an embedding table [8, 32].
func writeGGUF(t *testing.T, metadata map[string]any, tensors map[string][]float32) string {
	t.Helper()
	var b, data bytes.Buffer
	put := func(values ...any) {
		for _, v := range values {
			if s, ok := v.(string); ok {
				binary.Write(&b, binary.LittleEndian, uint64(len(s)))
				b.WriteString(s)
				continue
			}
			binary.Write(&b, binary.LittleEndian, v)
		}
	}
	put([]byte("GGUF"), uint32(3), uint64(1+len(tensors)), uint64(len(metadata)))
	for key, value := range metadata {
		switch put(key); value.(type) {
		case uint32:
			put(uint32(4))
		case float32:
			put(uint32(6))
		case string:
			put(uint32(8))
		}
		put(value)
	}
	put("token_embd.weight", uint32(2), uint64(32), uint64(8), uint32(0), uint64(0))
	binary.Write(&data, binary.LittleEndian, make([]float32, 8*32))
	for name, values := range tensors {
		put(name, uint32(1), uint64(len(values)), uint32(0), uint64(data.Len()))
		binary.Write(&data, binary.LittleEndian, values)
		data.Write(make([]byte, -data.Len()&31))
	}
	b.Write(make([]byte, -b.Len()&31))
	b.Write(data.Bytes())
	path := filepath.Join(t.TempDir(), "small.gguf")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// What a file leaves out has llama.cpp's defaults.
func TestGGUFDefaults(t *testing.T) {
	src, err := openGGUF(writeGGUF(t, smallGGUF("llama"), nil))
	if err != nil {
		t.Fatal(err)
	}
	defer src.close()
	want := Config{Type: "llama", Vocab: 8, Hidden: 32, FFN: 48, Layers: 1, Heads: 4, KVHeads: 4, HeadDim: 8, MaxLen: 64, RopeBase: 10000, NormEps: 1e-5, Tied: true}
	if got := src.config(); got != want || src.tokenizer() != nil {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

func TestGGUFRope(t *testing.T) {
	// What llama.cpp's converter writes for base 500,000, heads of 8 and llama3's scaling by 32 of 8,192 tokens:
	// the frequencies turn 1304, 49, 1.84 and 0.07 times in them.
	llama3 := []float32{1, 1, 3.2922621, 32}
	for _, c := range []struct {
		change  map[string]any
		tensors map[string][]float32
		want    Rope
		err     string
	}{
		{map[string]any{"llama.rope.scaling.type": "none", "llama.rope.scaling.factor": float32(2)}, nil, Rope{}, ""},
		{map[string]any{"llama.rope.scaling.type": "linear", "llama.rope.scaling.factor": float32(2.5)}, nil, Rope{Type: "linear", Factor: 2.5}, ""},
		{map[string]any{"llama.rope.scaling.type": "yarn"}, nil, Rope{}, `llama.rope.scaling.type is "yarn"`},
		{nil, map[string][]float32{"rope_freqs.weight": llama3}, Rope{"llama3", 32, 1, 4, 8192}, ""},
		{nil, map[string][]float32{"rope_freqs.weight": {1, 1, 3, 32}}, Rope{}, "rope_freqs.weight divides frequency 2 by 3"},
		{nil, map[string][]float32{"rope_freqs.weight": {1, 1}}, Rope{}, "rope_freqs.weight has 2 values, want 4"},
	} {
		metadata := smallGGUF("llama")
		metadata["llama.rope.freq_base"] = float32(500000)
		for k, v := range c.change {
			metadata[k] = v
		}
		src, err := openGGUF(writeGGUF(t, metadata, c.tensors))
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("error %v, want one that says %q", err, c.err)
			}
		case err != nil:
			t.Error(err)
		case src.config().Rope != c.want:
			t.Errorf("%+v, want %+v", src.config().Rope, c.want)
		}
	}
}

func TestWhatGGUFRefuses(t *testing.T) {
	for _, c := range []struct {
		key   string
		value any
		want  string
	}{
		{"general.architecture", "gemma", `architecture is "gemma": llama and qwen2 can be run`},
		{"llama.expert_count", uint32(8), "a mixture of 8 experts"},
		{"llama.rope.dimension_count", uint32(4), "llama.rope.dimension_count is 4"},
		{"llama.attention.head_count", "four", `key "llama.attention.head_count": want a value of type int`},
		{"llama.attention.head_count", uint32(0), "num_attention_heads is 0"},
		{"llama.rope.freq_base", "large", `key "llama.rope.freq_base": want a value of type float64`},
		{"tokenizer.ggml.model", "gpt2", `key "tokenizer.ggml.tokens": missing`},
	} {
		metadata := smallGGUF("llama")
		metadata[c.key] = c.value
		if _, err := openGGUF(writeGGUF(t, metadata, nil)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one that says %q", err, c.want)
		}
	}
	path := writeGGUF(t, smallGGUF("llama"), nil)
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), `parameter model.layers.0.input_layernorm.weight: gguf: read `+path+`: tensor "blk.0.attn_norm.weight": not in the file`) {
		t.Errorf("a file without weights: %v", err)
	}
}
