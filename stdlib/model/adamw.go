package model

import (
	"errors"
	"fmt"
	"runtime"
	"slices"

	"kairos/stdlib/internal/torch"
)

// AdamWConfig sets the optimiser; the zero value is torch.optim.AdamW's default
// but for the weight decay, which is 0 as in the paper.
type AdamWConfig struct {
	Beta1       float64 `json:"beta1"`        // 0 = 0.9
	Beta2       float64 `json:"beta2"`        // 0 = 0.999
	Eps         float64 `json:"eps"`          // 0 = 1e-8
	WeightDecay float64 `json:"weight_decay"` // decoupled, applied to every parameter that is trained
}

// WithDefaults returns the settings with the defaults in place of zeros.
func (c AdamWConfig) WithDefaults() AdamWConfig {
	setDefault(&c.Beta1, 0.9)
	setDefault(&c.Beta2, 0.999)
	setDefault(&c.Eps, 1e-8)
	return c
}

func setDefault(v *float64, d float64) {
	if *v == 0 {
		*v = d
	}
}

// AdamW is the optimiser of Loshchilov and Hutter (2019) over the parameters of
// a model that are trained, with the numerics of torch.optim.AdamW. Each
// parameter is updated in a single pass over memory.
type AdamW struct {
	model *Model
	cfg   AdamWConfig
	steps int
	state *moments
}

// moments are the running means of the gradients and of their squares, in
// native memory, apart from the AdamW so that they can be freed when it is no
// longer reachable.
type moments struct {
	params       []*param
	mean, square []torch.Tensor
}

// NewAdamW makes an optimiser for m. From its first step on it holds two
// float32 numbers a weight, outside Go's heap, which [AdamW.Free] gives back.
func NewAdamW(m *Model, cfg AdamWConfig) *AdamW {
	o := &AdamW{model: m, cfg: cfg.WithDefaults(), state: new(moments)}
	runtime.AddCleanup(o, (*moments).free, o.state)
	return o
}

// Step updates the weights from the gathered gradients with learning rate lr
// and drops the gradients. Without gradients it is an error.
func (o *AdamW) Step(lr float64) error {
	defer runtime.KeepAlive(o)
	params := o.model.trainable()
	for _, p := range params {
		if !p.gathered {
			return fmt.Errorf("model: optimiser step: parameter %s has no gradient: call Backward first", p.Name)
		}
	}
	if err := o.prepare(); err != nil {
		return fmt.Errorf("model: optimiser step: %w", err)
	}
	o.steps++
	update := torch.AdamW{LR: lr, Beta1: o.cfg.Beta1, Beta2: o.cfg.Beta2, Eps: o.cfg.Eps, WeightDecay: o.cfg.WeightDecay, Step: o.steps}
	var parts [][4][]float32 // of weights, gradients and both moments, in pieces that cores can share
	for i, p := range params {
		all := [4][]float32{p.value.Floats(), p.grad.Floats(), o.state.mean[i].Floats(), o.state.square[i].Floats()}
		for at := 0; at < len(all[0]); at += partSize {
			var part [4][]float32
			for k, v := range all {
				part[k] = v[at:min(at+partSize, len(v))]
			}
			parts = append(parts, part)
		}
		p.changed()
	}
	inParallel(len(parts), func(i int) { update.Update(parts[i][0], parts[i][1], parts[i][2], parts[i][3]) })
	o.model.ZeroGrad()
	return nil
}

// Steps returns the number of steps taken.
func (o *AdamW) Steps() int { return o.steps }

// Free gives the moments back. The optimiser begins anew with its next step.
func (o *AdamW) Free() {
	o.steps = 0
	o.state.free()
}

// prepare makes the moments, zero, unless they are there.
func (o *AdamW) prepare() error {
	params := o.model.trainable()
	switch {
	case len(params) == 0:
		return errors.New("the model is closed")
	case len(o.state.params) == 0:
		return o.state.fill(params)
	case !slices.Equal(params, o.state.params):
		return errors.New("the model's trained parameters are no longer those of the first step: make a new optimiser")
	}
	return nil
}

func (s *moments) fill(params []*param) error {
	for _, p := range params {
		for _, list := range []*[]torch.Tensor{&s.mean, &s.square} {
			t, err := torch.Empty(p.Shape...)
			if err != nil {
				s.free()
				return fmt.Errorf("moments of %s: %w", p.Name, err)
			}
			clear(t.Floats())
			*list = append(*list, t)
		}
	}
	s.params = params
	return nil
}

func (s *moments) free() {
	for _, t := range slices.Concat(s.mean, s.square) {
		t.Free()
	}
	*s = moments{}
}
