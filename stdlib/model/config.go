package model

import "fmt"

// Config is the shape of a Llama model. The JSON names are those of a
// transformers config.json.
type Config struct {
	Vocab    int     `json:"vocab_size"`
	Hidden   int     `json:"hidden_size"`
	FFN      int     `json:"intermediate_size"`
	Layers   int     `json:"num_hidden_layers"`
	Heads    int     `json:"num_attention_heads"`
	KVHeads  int     `json:"num_key_value_heads"`
	HeadDim  int     `json:"head_dim"`
	MaxLen   int     `json:"max_position_embeddings"` // longest sequence, in tokens
	RopeBase float64 `json:"rope_theta"`
	NormEps  float64 `json:"rms_norm_eps"`
	Tied     bool    `json:"tie_word_embeddings"` // the output head is the embedding table
}

// validate fills what may be left out and refuses a shape that cannot be run.
func (c *Config) validate() error {
	if c.KVHeads == 0 {
		c.KVHeads = c.Heads
	}
	if c.HeadDim == 0 && c.Heads > 0 {
		c.HeadDim = c.Hidden / c.Heads
	}
	if c.RopeBase == 0 {
		c.RopeBase = 10000
	}
	if c.NormEps == 0 {
		c.NormEps = 1e-6
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
	return nil
}
