package model

import (
	"cmp"
	"fmt"
	"math"
)

// Config is the shape of a model of the Llama family. The JSON names are those
// of a transformers config.json.
type Config struct {
	Type     string  `json:"model_type"` // "llama", which "" means, "qwen2" or "mistral"
	Vocab    int     `json:"vocab_size"`
	Hidden   int     `json:"hidden_size"`
	FFN      int     `json:"intermediate_size"`
	Layers   int     `json:"num_hidden_layers"`
	Heads    int     `json:"num_attention_heads"`
	KVHeads  int     `json:"num_key_value_heads"`
	HeadDim  int     `json:"head_dim"`
	MaxLen   int     `json:"max_position_embeddings"` // longest sequence, in tokens
	RopeBase float64 `json:"rope_theta"`
	Rope     Rope    `json:"rope_scaling,omitzero"`
	NormEps  float64 `json:"rms_norm_eps"`
	Tied     bool    `json:"tie_word_embeddings"` // the output head is the embedding table

	// Llama's maps may have a bias. Those of qwen2 have one on q, k and v, and
	// those of mistral none, whatever is said here.
	AttentionBias bool `json:"attention_bias"` // q, k, v and o
	MLPBias       bool `json:"mlp_bias"`       // gate, up and down
}

// Rope is how the rotary frequencies are scaled, with the names and the
// formulas of transformers' modeling_rope_utils. The zero value leaves them as
// they are.
type Rope struct {
	Type     string  `json:"rope_type"`                                 // "linear" or "llama3", "" for none
	Factor   float64 `json:"factor"`                                    // what frequencies are divided by
	LowFreq  float64 `json:"low_freq_factor,omitzero"`                  // llama3: fewer turns in Original tokens are scaled
	HighFreq float64 `json:"high_freq_factor,omitzero"`                 // llama3: more turns in Original tokens are left alone
	Original int     `json:"original_max_position_embeddings,omitzero"` // llama3: the longest sequence before scaling, in tokens
}

// validate fills what may be left out and refuses a shape that cannot be run.
func (c *Config) validate() error {
	c.Type = cmp.Or(c.Type, "llama")
	c.KVHeads = cmp.Or(c.KVHeads, c.Heads)
	if c.HeadDim == 0 && c.Heads > 0 {
		c.HeadDim = c.Hidden / c.Heads
	}
	c.RopeBase = cmp.Or(c.RopeBase, 10000)
	c.NormEps = cmp.Or(c.NormEps, 1e-6)
	if c.Type != "llama" && c.Type != "qwen2" && c.Type != "mistral" {
		return fmt.Errorf("config: model_type is %q: llama, qwen2 and mistral can be run", c.Type)
	}
	for _, f := range []struct {
		name  string
		value int
		max   int
	}{
		{"vocab_size", c.Vocab, 1 << 24}, {"hidden_size", c.Hidden, 1 << 20}, {"intermediate_size", c.FFN, 1 << 22},
		{"num_hidden_layers", c.Layers, 1 << 12}, {"num_attention_heads", c.Heads, 1 << 12},
		{"num_key_value_heads", c.KVHeads, 1 << 12}, {"head_dim", c.HeadDim, 1 << 12},
		{"max_position_embeddings", c.MaxLen, 1 << 22},
	} {
		if f.value < 1 || f.value > f.max {
			return fmt.Errorf("config: %s is %d, want 1 to %d", f.name, f.value, f.max)
		}
	}
	if c.Heads%c.KVHeads != 0 {
		return fmt.Errorf("config: num_attention_heads %d is not a multiple of num_key_value_heads %d", c.Heads, c.KVHeads)
	}
	if c.HeadDim%2 != 0 {
		return fmt.Errorf("config: head_dim is %d, want an even number", c.HeadDim)
	}
	if !(c.RopeBase >= 1 && c.RopeBase < 1e15 && c.NormEps >= 0 && c.NormEps < 1) {
		return fmt.Errorf("config: rope_theta is %v and rms_norm_eps %v, want 1 to 1e15, and 0 to 1", c.RopeBase, c.NormEps)
	}
	return c.Rope.validate()
}

func (r Rope) validate() error {
	switch {
	case r == Rope{}:
		return nil
	case r.Type != "linear" && r.Type != "llama3":
		return fmt.Errorf("config: RoPE scaling is of type %q: linear and llama3 can be run", r.Type)
	case !(r.Factor >= 1 && r.Factor < 1e6):
		return fmt.Errorf("config: RoPE scaling has the factor %v, want 1 to 1e6", r.Factor)
	case r.Type == "llama3" && !(r.LowFreq > 0 && r.HighFreq > r.LowFreq && r.Original > 0):
		return fmt.Errorf("config: llama3 RoPE scaling with low_freq_factor %v, high_freq_factor %v and original_max_position_embeddings %d: want them above 0, and the second above the first",
			r.LowFreq, r.HighFreq, r.Original)
	}
	return nil
}

// biased tells which of a layer's linear maps have a bias.
func (c Config) biased() (qkv, o, mlp bool) {
	switch c.Type {
	case "qwen2":
		return true, false, false
	case "mistral":
		return false, false, false
	}
	return c.AttentionBias, c.AttentionBias, c.MLPBias
}

// frequencies are the angles, in radians, by which a token more turns each of
// the HeadDim/2 pairs of a head: base^(−2i/HeadDim), scaled.
func (c Config) frequencies() []float64 {
	list := make([]float64, c.HeadDim/2)
	for i := range list {
		list[i] = c.Rope.scale(math.Pow(c.RopeBase, -float64(2*i)/float64(c.HeadDim)))
	}
	return list
}

// scale is a frequency after scaling: linear divides all, llama3 only those
// that turn less than LowFreq times in Original tokens, those above HighFreq
// not at all, and blends in between.
func (r Rope) scale(frequency float64) float64 {
	switch r.Type {
	case "linear":
		return frequency / r.Factor
	case "llama3":
		turns := float64(r.Original) * frequency / (2 * math.Pi)
		kept := (turns - r.LowFreq) / (r.HighFreq - r.LowFreq)
		kept = min(max(kept, 0), 1)
		return frequency * (kept + (1-kept)/r.Factor)
	}
	return frequency
}
