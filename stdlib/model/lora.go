package model

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"kairos/stdlib/internal/torch"
)

// LoRAConfig sets low-rank adaptation; the zero value is the default of the peft library for Llama.
type LoRAConfig struct {
	Rank    int      `json:"r"`              // 0 = 8
	Alpha   float64  `json:"lora_alpha"`     // what the adapters add is multiplied by Alpha/Rank; 0 = 8
	Targets []string `json:"target_modules"` // the maps that get an adapter, by the ends of their names; nil = q_proj and v_proj
	Seed    uint64   `json:"-"`              // of the adapters' weights
}

// adapter is the low-rank part of a linear map that LoRA adds: scale·(x·Aᵀ)·Bᵀ.
type adapter struct {
	a, b  *param // [rank, in] and [out, rank]
	scale float64
}

// AddLoRA gives linear maps of the layers an adapter each, as Hu et al. (2021) and the peft library have it, and from
// then on only adapters are trained: gradients and optimisers leave all other weights alone. A is uniform within
// ±1/√in, B zero, so that the model computes what it did before. The adapters are parameters under the name of their
// map, "….lora_A.weight" of shape [Rank, in] and "….lora_B.weight" of [out, Rank]. An optimiser of before does not fit
// any more. A model that has adapters, a Rank below 0 and a target that no map has are errors.
func (m *Model) AddLoRA(cfg LoRAConfig) error {
	cfg.Rank, cfg.Alpha = cmp.Or(cfg.Rank, 8), cmp.Or(cfg.Alpha, 8)
	if cfg.Targets == nil {
		cfg.Targets = []string{"q_proj", "v_proj"}
	}
	if err := m.addLoRA(cfg); err != nil {
		return fmt.Errorf("model: add LoRA: %w", err)
	}
	return nil
}

func (m *Model) addLoRA(cfg LoRAConfig) error {
	switch {
	case m.weights.params == nil:
		return fmt.Errorf("the model is closed")
	case m.weights.lora != nil:
		return fmt.Errorf("the model has adapters already: MergeLoRA makes them part of its weights")
	case cfg.Rank < 0:
		return fmt.Errorf("the rank is %d, want 1 or more", cfg.Rank)
	}
	rng := rand.New(rand.NewPCG(cfg.Seed, 1))
	var added []*param
	found := map[string]bool{}
	err := m.eachMap(func(name string, l *linear) error {
		target := slices.IndexFunc(cfg.Targets, func(t string) bool { return name == t || strings.HasSuffix(name, "."+t) })
		if target < 0 {
			return nil
		}
		found[cfg.Targets[target]] = true
		a, err := newAdapter(name, l, cfg, rng)
		if err != nil {
			return err
		}
		l.lora = a
		added = append(added, a.a, a.b)
		return nil
	})
	for _, t := range cfg.Targets {
		if err == nil && !found[t] {
			err = fmt.Errorf("no map of the layers is called %q: there are q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj and down_proj", t)
		}
	}
	if err != nil {
		m.dropAdapters(added)
		return err
	}
	for _, p := range m.weights.params {
		p.trained, p.gathered = false, false
		p.grad.Free()
	}
	for _, p := range added {
		m.weights.byName[p.Name] = p
	}
	m.weights.params = append(m.weights.params, added...)
	m.weights.lora = &cfg
	return nil
}

// eachMap calls f with every linear map of the layers, by transformers' names, in the order of a forward pass.
func (m *Model) eachMap(f func(name string, l *linear) error) error {
	for i, b := range m.weights.blocks {
		for _, l := range b.maps() {
			if err := f(strings.TrimSuffix(l.weight.Name, ".weight"), l); err != nil {
				return fmt.Errorf("layer %d: %w", i, err)
			}
		}
	}
	return nil
}

func newAdapter(name string, l *linear, cfg LoRAConfig, rng *rand.Rand) (*adapter, error) {
	out, in := l.weight.Shape[0], l.weight.Shape[1]
	rank := int64(cfg.Rank)
	bound := 1 / math.Sqrt(float64(in))
	values := make([]float32, rank*in)
	for i := range values {
		values[i] = float32((2*rng.Float64() - 1) * bound)
	}
	a := &param{Param: Param{name + ".lora_A.weight", []int64{rank, in}}, trained: true}
	b := &param{Param: Param{name + ".lora_B.weight", []int64{out, rank}}, trained: true}
	var err error
	if a.value, err = torch.FromFloats(values, a.Shape...); err == nil {
		b.value, err = torch.FromFloats(make([]float32, out*rank), b.Shape...)
	}
	if err != nil {
		a.free()
		return nil, err
	}
	return &adapter{a, b, cfg.Alpha / float64(cfg.Rank)}, nil
}

// dropAdapters takes the adapters away.
func (m *Model) dropAdapters(params []*param) {
	for _, p := range params {
		p.free()
		delete(m.weights.byName, p.Name)
	}
	for _, b := range m.weights.blocks {
		for _, l := range b.maps() {
			l.lora = nil
		}
	}
	m.weights.lora = nil
}

// MergeLoRA adds to each weight what its adapter adds and takes the adapters away: the model computes the same, up to
// rounding, and all of its weights are trained again. A model without adapters is an error.
func (m *Model) MergeLoRA() error {
	if m.weights.lora == nil {
		return fmt.Errorf("model: merge LoRA: the model has no adapters")
	}
	err := m.do(func(s *torch.Scope) {
		for _, b := range m.weights.blocks {
			for _, l := range b.maps() {
				if a := l.lora; a != nil {
					s.AddProduct(l.weight.value, s.MulScalar(a.b.value, a.scale), a.a.value)
					l.weight.changed()
				}
			}
		}
	})
	if err != nil {
		return fmt.Errorf("model: merge LoRA: %w", err)
	}
	m.removeLoRA()
	return nil
}

// removeLoRA takes the adapters away: the weights are trained again.
func (m *Model) removeLoRA() {
	var own, adapters []*param
	for _, p := range m.weights.params {
		if p.trained {
			adapters = append(adapters, p)
		} else {
			p.trained = true
			own = append(own, p)
		}
	}
	m.weights.params = own
	m.dropAdapters(adapters)
}
