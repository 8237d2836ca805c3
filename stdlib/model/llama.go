package model

import (
	"fmt"

	"kairos/stdlib/internal/torch"
)

// The forward pass, as transformers' LlamaModel: RMSNorm, rotary positions in
// two halves, grouped-query attention, SwiGLU.

// hidden runs the layers over a packed batch: [tokens, Hidden], before the last norm.
func (m *Model) hidden(s *torch.Scope, b *batch) torch.Tensor {
	ids, positions := s.Ints(b.IDs, int64(len(b.IDs))), s.Ints(b.Positions, int64(len(b.Positions)))
	r := rope{cos: s.Rows(m.weights.cos, positions), sin: s.Rows(m.weights.sin, positions)}
	x := s.Embedding(m.weight("model.embed_tokens"), ids)
	for i := range m.Config.Layers {
		in := x
		x = s.Sub(func(s *torch.Scope) torch.Tensor { return m.layer(s, i, in, r, b.Groups) })
		s.Drop(in)
	}
	return x
}

func (m *Model) weight(name string) torch.Tensor { return m.weights.byName[name+".weight"].value }

func (m *Model) layer(s *torch.Scope, i int, x torch.Tensor, r rope, groups []torch.Group) torch.Tensor {
	name := fmt.Sprintf("model.layers.%d.", i)
	linear := func(x torch.Tensor, w string) torch.Tensor { return s.Linear(x, m.weight(name+w), torch.Tensor{}) }

	h := m.norm(s, x, name+"input_layernorm")
	q := r.turn(s, m.heads(s, linear(h, "self_attn.q_proj"), m.Config.Heads))
	k := r.turn(s, m.heads(s, linear(h, "self_attn.k_proj"), m.Config.KVHeads))
	v := m.heads(s, linear(h, "self_attn.v_proj"), m.Config.KVHeads)
	x = s.Add(x, linear(s.AttendPacked(q, k, v, groups, true), "self_attn.o_proj"))

	h = m.norm(s, x, name+"post_attention_layernorm")
	gate := s.Silu(linear(h, "mlp.gate_proj"))
	return s.Add(x, linear(s.Mul(gate, linear(h, "mlp.up_proj")), "mlp.down_proj"))
}

// norm is RMSNorm over the last dimension.
func (m *Model) norm(s *torch.Scope, x torch.Tensor, name string) torch.Tensor {
	scale := s.Rsqrt(s.AddScalar(s.Mean(s.Square(x), -1), m.Config.NormEps))
	return s.Mul(m.weight(name), s.Mul(x, scale))
}

// heads splits [tokens, n·HeadDim] into [tokens, n, HeadDim].
func (m *Model) heads(s *torch.Scope, x torch.Tensor, n int) torch.Tensor {
	return s.Reshape(x, -1, int64(n), int64(m.Config.HeadDim))
}

// rope holds the angles of each token of a batch: [tokens, 1, HeadDim/2].
type rope struct{ cos, sin torch.Tensor }

// turn rotates the pairs (x[i], x[i+half]) of [tokens, heads, HeadDim] by each token's angles.
func (r rope) turn(s *torch.Scope, x torch.Tensor) torch.Tensor {
	half := x.Shape()[2] / 2
	a, b := s.Narrow(x, 2, 0, half), s.Narrow(x, 2, half, half)
	left := s.Add(s.Mul(a, r.cos), s.Neg(s.Mul(b, r.sin)))
	right := s.Add(s.Mul(b, r.cos), s.Mul(a, r.sin))
	return s.Cat([]torch.Tensor{left, right}, 2)
}

// logits maps rows of the last hidden state to scores over the vocabulary.
func (m *Model) logits(s *torch.Scope, x torch.Tensor) torch.Tensor {
	head := "lm_head"
	if m.Config.Tied {
		head = "model.embed_tokens"
	}
	return s.Linear(m.norm(s, x, "model.norm"), m.weight(head), torch.Tensor{})
}
