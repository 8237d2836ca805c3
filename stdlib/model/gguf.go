package model

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
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
	err = g.readConfig()
	if err == nil && g.Has("tokenizer.ggml.model") {
		g.bpe, err = tokenize.FromGGUF(path)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return g, nil
}

// readConfig reads a configuration from keys that begin with the name of the
// architecture. Those that may be left out have llama.cpp's defaults.
func (g *ggufFile) readConfig() error {
	arch, err := g.Text("general.architecture")
	if err != nil {
		return err
	}
	if arch != "llama" && arch != "qwen2" {
		return fmt.Errorf("architecture is %q: llama and qwen2 can be run", arch)
	}
	embeddings, err := g.Tensor("token_embd.weight")
	if err != nil {
		return err
	}
	if len(embeddings.Shape) != 2 {
		return fmt.Errorf("tensor token_embd.weight has shape %v, want two dimensions", embeddings.Shape)
	}
	var errs []error
	integer := func(key string) int {
		v, err := g.Int(arch + "." + key)
		errs = append(errs, err)
		return v
	}
	integerOr := func(key string, missing int) int {
		if !g.Has(arch + "." + key) {
			return missing
		}
		return integer(key)
	}
	g.cfg = Config{
		Type:          arch,
		Vocab:         embeddings.Shape[0],
		Hidden:        integer("embedding_length"),
		FFN:           integer("feed_forward_length"),
		Layers:        integer("block_count"),
		Heads:         integer("attention.head_count"),
		KVHeads:       integerOr("attention.head_count_kv", 0),
		HeadDim:       integerOr("attention.key_length", 0),
		MaxLen:        integer("context_length"),
		RopeBase:      g.float(arch+".rope.freq_base", &errs),
		NormEps:       g.float(arch+".attention.layer_norm_rms_epsilon", &errs),
		Tied:          !g.hasTensor("output.weight"),
		AttentionBias: arch == "llama" && g.hasTensor("blk.0.attn_q.bias"),
		MLPBias:       arch == "llama" && g.hasTensor("blk.0.ffn_gate.bias"),
	}
	if n := integerOr("expert_count", 0); n > 0 {
		errs = append(errs, fmt.Errorf("it is a mixture of %d experts, which cannot be run", n))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if err := g.cfg.validate(); err != nil {
		return err
	}
	if n := integerOr("rope.dimension_count", g.cfg.HeadDim); n != g.cfg.HeadDim {
		return fmt.Errorf("%s.rope.dimension_count is %d: only heads that are turned whole can be run, which have %d", arch, n, g.cfg.HeadDim)
	}
	g.cfg.Rope, err = g.rope(arch)
	return err
}

func (g *ggufFile) hasTensor(name string) bool {
	_, err := g.Tensor(name)
	return err == nil
}

// float reads a number that may be missing. It is stored as float32, and what
// was meant is the shortest number that becomes that: 1e-05, not 9.99999974e-06.
func (g *ggufFile) float(key string, errs *[]error) float64 {
	if !g.Has(key) {
		return 0
	}
	v, err := g.Float(key)
	*errs = append(*errs, err)
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', -1, 32), 64)
	*errs = append(*errs, err)
	return short
}

// rope reads how the rotary frequencies are scaled.
func (g *ggufFile) rope(arch string) (Rope, error) {
	if g.hasTensor("rope_freqs.weight") {
		return g.llama3Rope()
	}
	kind := "none"
	if key := arch + ".rope.scaling.type"; g.Has(key) {
		var err error
		if kind, err = g.Text(key); err != nil {
			return Rope{}, err
		}
	}
	var errs []error
	factor := g.float(arch+".rope.scaling.factor", &errs)
	switch kind {
	case "none":
		return Rope{}, errors.Join(errs...)
	case "linear":
		return Rope{Type: kind, Factor: factor}, errors.Join(errs...)
	}
	return Rope{}, fmt.Errorf("%s.rope.scaling.type is %q: linear can be run, and llama3 as rope_freqs.weight", arch, kind)
}

// llama3Rope tells the scaling from what rope_freqs.weight divides each
// frequency by. The file does not say how that came about: it must be llama3's
// scaling as every Llama from 3.1 on has it, but for the factor.
func (g *ggufFile) llama3Rope() (Rope, error) {
	divisors, err := g.Dequantise("rope_freqs.weight")
	if err != nil {
		return Rope{}, err
	}
	plain := g.cfg.frequencies()
	if len(divisors) != len(plain) {
		return Rope{}, fmt.Errorf("tensor rope_freqs.weight has %d values, want %d", len(divisors), len(plain))
	}
	r := Rope{Type: "llama3", Factor: float64(slices.Max(divisors)), LowFreq: 1, HighFreq: 4, Original: 8192}
	for i, f := range plain {
		if want := f / r.scale(f); !(math.Abs(float64(divisors[i])-want) <= 1e-4*want) {
			return Rope{}, fmt.Errorf("tensor rope_freqs.weight divides frequency %d by %v, which llama3's scaling by %v divides by %.6g: only that can be run", i, divisors[i], r.Factor, want)
		}
	}
	return r, nil
}

func (g *ggufFile) config() Config { return g.cfg }

func (g *ggufFile) tokenizer() *tokenize.BPE { return g.bpe }

func (g *ggufFile) close() { g.Close() }

// tensor reads a parameter under llama.cpp's name for it.
func (g *ggufFile) tensor(dst []float32, name string, shape []int64) error {
	local := ggufName(name)
	t, err := g.Tensor(local)
	if err != nil {
		return err
	}
	if !slices.EqualFunc(t.Shape, shape, func(a int, b int64) bool { return int64(a) == b }) {
		return fmt.Errorf("tensor %s has shape %v, want %v", local, t.Shape, shape)
	}
	if err := g.DequantiseInto(dst, local); err != nil {
		return err
	}
	width := len(dst) / int(shape[0])
	switch {
	case g.cfg.Type != "llama":
	case strings.Contains(local, ".attn_q."):
		pairsToHalves(dst, g.cfg.Heads, width)
	case strings.Contains(local, ".attn_k."):
		pairsToHalves(dst, g.cfg.KVHeads, width)
	}
	return nil
}

var ggufNames = strings.NewReplacer(
	"model.embed_tokens", "token_embd", "model.norm", "output_norm", "lm_head", "output",
	"model.layers.", "blk.", "input_layernorm", "attn_norm", "post_attention_layernorm", "ffn_norm",
	"self_attn.q_proj", "attn_q", "self_attn.k_proj", "attn_k", "self_attn.v_proj", "attn_v", "self_attn.o_proj", "attn_output",
	"mlp.gate_proj", "ffn_gate", "mlp.up_proj", "ffn_up", "mlp.down_proj", "ffn_down",
)

func ggufName(name string) string { return ggufNames.Replace(name) }

// pairsToHalves reorders the rows of each head from the order in which llama.cpp
// keeps a llama (but not a qwen2), where the two rows that a rotary angle turns
// are neighbours, to transformers', in which they lie half a head apart.
func pairsToHalves(values []float32, heads, width int) {
	paired := slices.Clone(values)
	rows := len(values) / width / heads
	for h := range heads {
		for r := range rows {
			to := h*rows + r%2*(rows/2) + r/2
			from := h*rows + r
			copy(values[to*width:(to+1)*width], paired[from*width:(from+1)*width])
		}
	}
}
