package model

import (
	"fmt"

	"kairos/stdlib/internal/torch"
)

// AdamWConfig sets the optimiser; the zero value is torch.optim.AdamW's default
// but for the weight decay, which is 0 as in the paper.
type AdamWConfig struct {
	Beta1       float64 // 0 = 0.9
	Beta2       float64 // 0 = 0.999
	Eps         float64 // 0 = 1e-8
	WeightDecay float64 // decoupled, applied to every parameter
}

// AdamW is the optimiser of Loshchilov and Hutter (2019) over all parameters
// of a model, with the numerics of torch.optim.AdamW. Each parameter is updated
// in a single pass over memory.
type AdamW struct {
	model *Model
	cfg   AdamWConfig
	steps int
	mean  [][]float32 // first and second moments, by parameter
	sq    [][]float32
}

// NewAdamW makes an optimiser for m. It holds two float32 numbers a weight.
func NewAdamW(m *Model, cfg AdamWConfig) *AdamW {
	setDefault(&cfg.Beta1, 0.9)
	setDefault(&cfg.Beta2, 0.999)
	setDefault(&cfg.Eps, 1e-8)
	o := &AdamW{model: m, cfg: cfg}
	for _, p := range m.weights.params {
		o.mean = append(o.mean, make([]float32, elements(p.Shape)))
		o.sq = append(o.sq, make([]float32, elements(p.Shape)))
	}
	return o
}

func setDefault(v *float64, d float64) {
	if *v == 0 {
		*v = d
	}
}

// Step updates the weights from the gathered gradients with learning rate lr
// and drops the gradients. Without gradients it is an error.
func (o *AdamW) Step(lr float64) error {
	params := o.model.weights.params
	for _, p := range params {
		if p.grad == (torch.Tensor{}) {
			return fmt.Errorf("model: optimiser step: parameter %s has no gradient: call Backward first", p.Name)
		}
	}
	o.steps++
	update := torch.AdamW{LR: lr, Beta1: o.cfg.Beta1, Beta2: o.cfg.Beta2, Eps: o.cfg.Eps, WeightDecay: o.cfg.WeightDecay, Step: o.steps}
	for i, p := range params {
		update.Update(p.value.Floats(), p.grad.Floats(), o.mean[i], o.sq[i])
	}
	o.model.ZeroGrad()
	return nil
}
