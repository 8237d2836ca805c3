package torch

// #include "kernels.h"
import "C"

import "math"

// AdamW holds the numbers of one optimiser step.
type AdamW struct {
	LR, Beta1, Beta2, Eps, WeightDecay float64
	Step                               int // counted from 1
}

// Update applies one AdamW step (Loshchilov & Hutter 2019, decoupled decay, as
// torch.optim.AdamW) to weights p with gradient g and moments m and v, all of
// one length, in one pass over memory. Each weight is updated by itself, so
// parts may be updated side by side.
func (a AdamW) Update(p, g, m, v []float32) {
	correct1 := 1 - math.Pow(a.Beta1, float64(a.Step))
	correct2 := 1 - math.Pow(a.Beta2, float64(a.Step))
	C.kairos_adamw(floats(p), floats(g), floats(m), floats(v), C.ptrdiff_t(len(p)),
		C.float(1-a.LR*a.WeightDecay), C.float(a.Beta1), C.float(a.Beta2),
		C.float(a.LR/correct1), C.float(1/math.Sqrt(correct2)), C.float(a.Eps))
}
