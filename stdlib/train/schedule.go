package train

import "math"

// The schedules of a learning rate.
const (
	Constant = "constant"
	Linear   = "linear"
	Cosine   = "cosine"
)

// Rate returns the learning rate of a step, counted from 0, of a run whose
// settings Resolve returned, as transformers' optimization.py has it. It rises in
// a line from 0 at step 0 to LR at step Warmup, and then
//
//	constant  stays
//	linear    falls in a line, to 0 at step Steps, the first after the run
//	cosine    falls along half a cosine, to 0 at the same step
//
// The first step of a run with a warm-up has the rate 0, and changes no weight.
func (c Config) Rate(step int) float64 {
	if step < c.Warmup {
		return c.LR * float64(step) / float64(c.Warmup)
	}
	after := float64(max(1, c.Steps-c.Warmup))
	switch c.Schedule {
	case Linear:
		return c.LR * max(0, float64(c.Steps-step)/after)
	case Cosine:
		return c.LR * max(0, (1+math.Cos(math.Pi*float64(step-c.Warmup)/after))/2)
	}
	return c.LR
}
