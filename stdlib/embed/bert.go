package embed

import (
	"fmt"

	"kairos/stdlib/internal/safetensors"
	"kairos/stdlib/internal/torch"
)

// bertConfig is the part of a BERT config.json that its forward pass needs.
type bertConfig struct {
	Type      string  `json:"model_type"`
	Act       string  `json:"hidden_act"`
	Vocab     int64   `json:"vocab_size"`
	Hidden    int     `json:"hidden_size"`
	Heads     int     `json:"num_attention_heads"`
	FFN       int64   `json:"intermediate_size"`
	Layers    int     `json:"num_hidden_layers"`
	Positions int     `json:"max_position_embeddings"`
	Types     int64   `json:"type_vocab_size"`
	Eps       float64 `json:"layer_norm_eps"`
}

func (c bertConfig) validate() error {
	if c.Type != "bert" || c.Act != "gelu" {
		return fmt.Errorf("model_type %q with hidden_act %q: only bert with gelu can be run", c.Type, c.Act)
	}
	if c.Hidden < 1 || c.Heads < 1 || c.Layers < 1 || c.Positions < 1 || c.Types < 1 || c.Hidden%c.Heads != 0 {
		return fmt.Errorf("hidden_size %d, num_attention_heads %d, num_hidden_layers %d, max_position_embeddings %d, type_vocab_size %d: no BERT has this shape",
			c.Hidden, c.Heads, c.Layers, c.Positions, c.Types)
	}
	return nil
}

// bert is the native side of an encoder.
type bert struct {
	cfg    bertConfig
	params map[string]torch.Tensor
}

func newBERT(cfg bertConfig, file *safetensors.File) (*bert, error) {
	b := &bert{cfg, map[string]torch.Tensor{}}
	hidden := int64(cfg.Hidden)
	var err error
	add := func(name string, shape ...int64) {
		if err != nil {
			return
		}
		var values []float32
		if values, err = file.Floats(name, shape); err == nil {
			b.params[name], err = torch.FromFloats(values, shape...)
		}
	}
	dense := func(name string, out, in int64) {
		add(name+".weight", out, in)
		add(name+".bias", out)
	}
	norm := func(name string) {
		add(name+".weight", hidden)
		add(name+".bias", hidden)
	}
	add("embeddings.word_embeddings.weight", cfg.Vocab, hidden)
	add("embeddings.position_embeddings.weight", int64(cfg.Positions), hidden)
	add("embeddings.token_type_embeddings.weight", cfg.Types, hidden)
	norm("embeddings.LayerNorm")
	for i := range cfg.Layers {
		layer := fmt.Sprintf("encoder.layer.%d.", i)
		for _, name := range []string{"attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"} {
			dense(layer+name, hidden, hidden)
		}
		norm(layer + "attention.output.LayerNorm")
		dense(layer+"intermediate.dense", cfg.FFN, hidden)
		dense(layer+"output.dense", hidden, cfg.FFN)
		norm(layer + "output.LayerNorm")
	}
	if err != nil {
		b.free()
		return nil, err
	}
	return b, nil
}

func (b *bert) free() {
	for _, t := range b.params {
		t.Free()
	}
	b.params = nil
}

// forward runs the encoder over a packed batch: [tokens, Hidden].
func (b *bert) forward(s *torch.Scope, batch *torch.Packed) torch.Tensor {
	n := int64(len(batch.IDs))
	words := s.Rows(b.params["embeddings.word_embeddings.weight"], s.Ints(batch.IDs, n))
	positions := s.Rows(b.params["embeddings.position_embeddings.weight"], s.Ints(batch.Positions, n))
	kind := s.Narrow(b.params["embeddings.token_type_embeddings.weight"], 0, 0, 1) // one text: segment 0
	x := b.norm(s, s.Add(s.Add(words, positions), kind), "embeddings.LayerNorm")
	for i := range b.cfg.Layers {
		in := x
		x = s.Sub(func(s *torch.Scope) torch.Tensor { return b.layer(s, i, in, batch.Groups) })
		s.Drop(in)
	}
	return x
}

func (b *bert) layer(s *torch.Scope, i int, x torch.Tensor, groups []torch.Group) torch.Tensor {
	name := fmt.Sprintf("encoder.layer.%d.", i)
	dense := func(x torch.Tensor, w string) torch.Tensor {
		return s.Linear(x, b.params[name+w+".weight"], b.params[name+w+".bias"])
	}
	heads := func(x torch.Tensor) torch.Tensor {
		return s.Reshape(x, -1, int64(b.cfg.Heads), int64(b.cfg.Hidden/b.cfg.Heads))
	}
	q, k, v := heads(dense(x, "attention.self.query")), heads(dense(x, "attention.self.key")), heads(dense(x, "attention.self.value"))
	attended, _ := s.AttendPacked(q, k, v, groups, false)
	attended = dense(attended, "attention.output.dense")
	x = b.norm(s, s.Add(attended, x), name+"attention.output.LayerNorm")
	inner := s.Gelu(dense(x, "intermediate.dense"))
	return b.norm(s, s.Add(dense(inner, "output.dense"), x), name+"output.LayerNorm")
}

func (b *bert) norm(s *torch.Scope, x torch.Tensor, name string) torch.Tensor {
	return s.LayerNorm(x, b.params[name+".weight"], b.params[name+".bias"], b.cfg.Eps)
}
