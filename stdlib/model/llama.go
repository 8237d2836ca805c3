package model

import (
	"fmt"
	"math"

	"kairos/stdlib/internal/torch"
)

// The forward pass, as transformers' LlamaModel: RMSNorm, rotary positions in two halves, grouped-query attention, SwiGLU.

// block holds the weights of one layer.
type block struct {
	inputNorm, postNorm *param
	q, k, v, o          *linear
	gate, up, down      *linear
}

// maps lists the layer's linear maps in the order of a forward pass.
func (b *block) maps() []*linear { return []*linear{b.q, b.k, b.v, b.o, b.gate, b.up, b.down} }

// connect finds the parameters of every place by their names.
func (w *weights) connect(cfg Config) {
	linearOf := func(name string) *linear {
		return &linear{weight: w.byName[name+".weight"], bias: w.byName[name+".bias"]}
	}
	w.embed, w.norm = w.byName["model.embed_tokens.weight"], w.byName["model.norm.weight"]
	w.head = linearOf("lm_head")
	if cfg.Tied {
		w.head.weight = w.embed
	}
	w.blocks = make([]*block, cfg.Layers)
	for i := range w.blocks {
		layer := layerName(i)
		b := &block{inputNorm: w.byName[layer+"input_layernorm.weight"], postNorm: w.byName[layer+"post_attention_layernorm.weight"]}
		b.q, b.k, b.v, b.o = linearOf(layer+"self_attn.q_proj"), linearOf(layer+"self_attn.k_proj"), linearOf(layer+"self_attn.v_proj"), linearOf(layer+"self_attn.o_proj")
		b.gate, b.up, b.down = linearOf(layer+"mlp.gate_proj"), linearOf(layer+"mlp.up_proj"), linearOf(layer+"mlp.down_proj")
		w.blocks[i] = b
	}
}

func layerName(i int) string { return fmt.Sprintf("model.layers.%d.", i) }

// angles are those of tokens at the given positions: position p turns pair i by p times frequency i.
func (m *Model) angles(positions []int64) torch.Angles {
	frequencies := m.Config.frequencies()
	a := torch.Angles{Half: len(frequencies), Cos: make([]float32, 0, len(positions)*len(frequencies))}
	a.Sin = make([]float32, 0, cap(a.Cos))
	for _, p := range positions {
		for _, f := range frequencies {
			sin, cos := math.Sincos(float64(float32(p) * float32(f))) // the reference's product is of float32
			a.Cos, a.Sin = append(a.Cos, float32(cos)), append(a.Sin, float32(sin))
		}
	}
	return a
}

// attention is how the tokens of a pass attend: q is [tokens, heads, HeadDim], k and v have KVHeads heads, the result is
// [tokens, heads·HeadDim]. What a backward pass needs comes second.
type attention func(s *torch.Scope, layer int, q, k, v torch.Tensor) (out torch.Tensor, logsums []torch.Tensor)

// packed is attention within the sequences of a batch.
func packed(groups []torch.Group) attention {
	return func(s *torch.Scope, _ int, q, k, v torch.Tensor) (torch.Tensor, []torch.Tensor) {
		return s.AttendPacked(q, k, v, groups, true)
	}
}

// kept is what the backward pass of a layer needs of its forward pass.
type kept struct {
	x, q, k, v, attended, y, gate, up torch.Tensor // x and y before the two norms
	logsums                           []torch.Tensor
}

// hidden runs the layers over tokens: [tokens, Hidden], before the last norm. With keep, one for each layer, it keeps what
// the backward pass needs.
func (m *Model) hidden(s *torch.Scope, ids []int64, angles torch.Angles, attend attention, keep []kept) torch.Tensor {
	x := s.Rows(m.weights.embed.value, s.Ints(ids, int64(len(ids))))
	for i, b := range m.weights.blocks {
		in := x
		torch.Within(func(sub *torch.Scope) {
			var k kept
			x, k = m.layer(sub, b, in, angles, func(q, k, v torch.Tensor) (torch.Tensor, []torch.Tensor) { return attend(sub, i, q, k, v) })
			sub.Move(x, s)
			if keep != nil {
				keep[i] = k
				for _, t := range k.made() {
					sub.Move(t, s)
				}
			}
		})
		if keep == nil {
			s.Drop(in)
		}
	}
	return x
}

// made lists what a layer itself made.
func (k *kept) made() []torch.Tensor {
	return append([]torch.Tensor{k.q, k.k, k.v, k.attended, k.y, k.gate, k.up}, k.logsums...)
}

// layer runs one layer over rows x.
func (m *Model) layer(s *torch.Scope, b *block, x torch.Tensor, angles torch.Angles,
	attend func(q, k, v torch.Tensor) (torch.Tensor, []torch.Tensor)) (torch.Tensor, kept) {
	k := kept{x: x}
	h := m.operand(s, s.RMSNorm(x, b.inputNorm.value, m.Config.NormEps))
	k.q, k.k, k.v = m.heads(s, m.apply(s, b.q, h)), m.heads(s, m.apply(s, b.k, h)), m.heads(s, m.apply(s, b.v, h))
	s.Rotate(k.q, angles)
	s.Rotate(k.k, angles)
	k.attended, k.logsums = attend(k.q, k.k, k.v)
	k.y = m.apply(s, b.o, m.operand(s, k.attended))
	s.AddInto(k.y, x)

	h = m.operand(s, s.RMSNorm(k.y, b.postNorm.value, m.Config.NormEps))
	k.gate, k.up = m.apply(s, b.gate, h), m.apply(s, b.up, h)
	out := m.apply(s, b.down, m.operand(s, s.SwiGLU(k.gate, k.up)))
	s.AddInto(out, k.y)
	return out, k
}

// heads shows [tokens, n·HeadDim] as [tokens, n, HeadDim].
func (m *Model) heads(s *torch.Scope, x torch.Tensor) torch.Tensor {
	return s.Reshape(x, x.Shape()[0], -1, int64(m.Config.HeadDim))
}

// logits maps rows of the last hidden state to scores over the vocabulary. They are in float32 whatever the model
// computes in: a loss is a small difference of them.
func (m *Model) logits(s *torch.Scope, normed torch.Tensor) torch.Tensor {
	return s.Linear(normed, m.weights.head.weight.value, torch.Tensor{})
}

// normed is the last norm.
func (m *Model) normed(s *torch.Scope, x torch.Tensor) torch.Tensor {
	return s.RMSNorm(x, m.weights.norm.value, m.Config.NormEps)
}
