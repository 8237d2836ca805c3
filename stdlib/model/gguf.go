package model

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kairos/stdlib/internal/gguf"
	"kairos/stdlib/tokenize"
)

// ggufFile is a model, with its tokenizer, in one GGUF file.
type ggufFile struct {
	*gguf.File
	cfg Config
	bpe *tokenize.BPE
}

func openGGUF(path string) (source, error) {
	f, err := gguf.Open(path)
	if err != nil {
		return nil, err
	}
	g := &ggufFile{File: f}
	if err := g.readConfig(); err != nil {
		f.Close()
		return nil, err
	}
	if g.bpe, err = tokenize.FromGGUF(path); err != nil {
		f.Close()
		return nil, err
	}
	return g, nil
}

func (g *ggufFile) readConfig() error {
	var errs []error
	integer := func(key string) int {
		v, err := g.Int(key)
		errs = append(errs, err)
		return v
	}
	float := func(key string) float64 {
		v, err := g.Float(key)
		errs = append(errs, err)
		return v
	}
	arch, err := g.Text("general.architecture")
	if err != nil {
		return err
	}
	if arch != "llama" {
		return fmt.Errorf("architecture is %q: only llama can be run", arch)
	}
	for _, key := range g.Keys() {
		if strings.HasPrefix(key, "llama.rope.scaling.") {
			return fmt.Errorf("%s: RoPE scaling cannot be run", key)
		}
	}
	embeddings, err := g.Tensor("token_embd.weight")
	if err != nil {
		return err
	}
	_, err = g.Tensor("output.weight")
	g.cfg = Config{
		Vocab:    int(embeddings.Shape[0]),
		Hidden:   integer("llama.embedding_length"),
		FFN:      integer("llama.feed_forward_length"),
		Layers:   integer("llama.block_count"),
		Heads:    integer("llama.attention.head_count"),
		KVHeads:  integer("llama.attention.head_count_kv"),
		MaxLen:   integer("llama.context_length"),
		RopeBase: float("llama.rope.freq_base"),
		NormEps:  float("llama.attention.layer_norm_rms_epsilon"),
		Tied:     err != nil,
	}
	return errors.Join(errs...)
}

func (g *ggufFile) config() Config { return g.cfg }

func (g *ggufFile) tokenizer() *tokenize.BPE { return g.bpe }

func (g *ggufFile) close() { g.Close() }

// tensor reads a parameter under llama.cpp's name for it.
func (g *ggufFile) tensor(name string, shape []int64) ([]float32, error) {
	local := ggufName(name)
	t, err := g.Tensor(local)
	if err != nil {
		return nil, err
	}
	if !slices.EqualFunc(t.Shape, shape, func(a int, b int64) bool { return int64(a) == b }) {
		return nil, fmt.Errorf("tensor %s has shape %v, want %v", local, t.Shape, shape)
	}
	values, err := g.Dequantise(local)
	if err != nil {
		return nil, err
	}
	switch {
	case strings.HasSuffix(local, "attn_q.weight"):
		values = pairsToHalves(values, g.cfg.Heads, int(shape[1]))
	case strings.HasSuffix(local, "attn_k.weight"):
		values = pairsToHalves(values, cmp.Or(g.cfg.KVHeads, g.cfg.Heads), int(shape[1]))
	}
	return values, nil
}

var ggufNames = strings.NewReplacer(
	"model.embed_tokens", "token_embd", "model.norm", "output_norm", "lm_head", "output",
	"model.layers.", "blk.", "input_layernorm", "attn_norm", "post_attention_layernorm", "ffn_norm",
	"self_attn.q_proj", "attn_q", "self_attn.k_proj", "attn_k", "self_attn.v_proj", "attn_v", "self_attn.o_proj", "attn_output",
	"mlp.gate_proj", "ffn_gate", "mlp.up_proj", "ffn_up", "mlp.down_proj", "ffn_down",
)

func ggufName(name string) string { return ggufNames.Replace(name) }

// pairsToHalves reorders the rows of each head from llama.cpp's order, in which
// the two rows that a rotary angle turns are neighbours, to transformers', in
// which they lie half a head apart.
func pairsToHalves(values []float32, heads, width int) []float32 {
	out := make([]float32, len(values))
	rows := len(values) / width / heads
	for h := range heads {
		for r := range rows {
			to := h*rows + r%2*(rows/2) + r/2
			from := h*rows + r
			copy(out[to*width:(to+1)*width], values[from*width:(from+1)*width])
		}
	}
	return out
}
