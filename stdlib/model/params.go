package model

import (
	"fmt"
	"runtime"
	"slices"

	"kairos/stdlib/internal/torch"
)

// Param names one weight tensor: the name transformers gives it and its
// row-major shape.
type Param struct {
	Name  string
	Shape []int64
}

type param struct {
	Param
	value   torch.Tensor
	rounded torch.Tensor // value in bfloat16, the zero Tensor until it is needed

	trained  bool         // it gets gradients, and optimisers change it
	grad     torch.Tensor // the zero Tensor until the first Backward
	gathered bool         // grad holds a gradient
}

// changed tells that the value is another.
func (p *param) changed() { p.rounded.Free() }

func (p *param) free() {
	p.value.Free()
	p.rounded.Free()
	p.grad.Free()
}

// layout lists the parameters of a configuration in the order of a forward pass.
func layout(c Config) []*param {
	var list []*param
	add := func(name string, shape ...int) {
		p := &param{Param: Param{Name: name}, trained: true}
		for _, d := range shape {
			p.Shape = append(p.Shape, int64(d))
		}
		list = append(list, p)
	}
	linear := func(name string, out, in int, bias bool) {
		add(name+".weight", out, in)
		if bias {
			add(name+".bias", out)
		}
	}
	qkv, o, mlp := c.biased()
	add("model.embed_tokens.weight", c.Vocab, c.Hidden)
	for i := range c.Layers {
		layer := fmt.Sprintf("model.layers.%d.", i)
		add(layer+"input_layernorm.weight", c.Hidden)
		linear(layer+"self_attn.q_proj", c.Heads*c.HeadDim, c.Hidden, qkv)
		linear(layer+"self_attn.k_proj", c.KVHeads*c.HeadDim, c.Hidden, qkv)
		linear(layer+"self_attn.v_proj", c.KVHeads*c.HeadDim, c.Hidden, qkv)
		linear(layer+"self_attn.o_proj", c.Hidden, c.Heads*c.HeadDim, o)
		add(layer+"post_attention_layernorm.weight", c.Hidden)
		linear(layer+"mlp.gate_proj", c.FFN, c.Hidden, mlp)
		linear(layer+"mlp.up_proj", c.FFN, c.Hidden, mlp)
		linear(layer+"mlp.down_proj", c.Hidden, c.FFN, mlp)
	}
	add("model.norm.weight", c.Hidden)
	if !c.Tied {
		add("lm_head.weight", c.Vocab, c.Hidden)
	}
	return list
}

func elements(shape []int64) int {
	n := 1
	for _, d := range shape {
		n *= int(d)
	}
	return n
}

// Params lists the model's parameters in the order of a forward pass.
func (m *Model) Params() []Param {
	list := make([]Param, len(m.weights.params))
	for i, p := range m.weights.params {
		list[i] = Param{p.Name, slices.Clone(p.Shape)}
	}
	return list
}

// NumParams returns the number of weights; tied ones count once.
func (m *Model) NumParams() int {
	n := 0
	for _, p := range m.weights.params {
		n += elements(p.Shape)
	}
	return n
}

// Param returns a copy of the weights called name, row-major.
func (m *Model) Param(name string) ([]float32, error) {
	defer runtime.KeepAlive(m)
	p, err := m.param(name)
	if err != nil {
		return nil, err
	}
	return slices.Clone(p.value.Floats()), nil
}

// Grad returns a copy of the gradient that [Model.Backward] has gathered for
// the weights called name, row-major.
func (m *Model) Grad(name string) ([]float32, error) {
	defer runtime.KeepAlive(m)
	p, err := m.param(name)
	if err != nil {
		return nil, err
	}
	if !p.gathered {
		return nil, fmt.Errorf("model: parameter %s has no gradient: call Backward first", name)
	}
	return slices.Clone(p.grad.Floats()), nil
}

func (m *Model) param(name string) (*param, error) {
	p, ok := m.weights.byName[name]
	if !ok {
		return nil, fmt.Errorf("model: no parameter %q: Params lists them", name)
	}
	return p, nil
}

// trainable are the parameters that are trained, in the order of a forward pass.
func (m *Model) trainable() []*param {
	var list []*param
	for _, p := range m.weights.params {
		if p.trained {
			list = append(list, p)
		}
	}
	return list
}

// ZeroGrad drops the gathered gradients. Their memory is kept for the next.
func (m *Model) ZeroGrad() {
	for _, p := range m.weights.params {
		p.gathered = false
	}
}
