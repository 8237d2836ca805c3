package torch

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The textbook update, in float64.
func naiveAdamW(a AdamW, p, g, m, v float64) (float64, float64, float64) {
	p -= a.LR * a.WeightDecay * p
	m = a.Beta1*m + (1-a.Beta1)*g
	v = a.Beta2*v + (1-a.Beta2)*g*g
	mHat := m / (1 - math.Pow(a.Beta1, float64(a.Step)))
	vHat := v / (1 - math.Pow(a.Beta2, float64(a.Step)))
	return p - a.LR*mHat/(math.Sqrt(vHat)+a.Eps), m, v
}

func TestAdamWEqualsTheTextbook(t *testing.T) {
	a := AdamW{LR: 1e-3, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 0.01}
	const n = 1<<15 + 7 // an odd tail
	p, g, m, v := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
	want := make([][3]float64, n)
	rng := rand.New(rand.NewPCG(1, 0))
	for i := range p {
		p[i] = rng.Float32() - 0.5
		want[i][0] = float64(p[i])
	}
	for a.Step = 1; a.Step <= 3; a.Step++ {
		for i := range g {
			g[i] = rng.Float32() - 0.5
			want[i][0], want[i][1], want[i][2] = naiveAdamW(a, want[i][0], float64(g[i]), want[i][1], want[i][2])
		}
		a.Update(p, g, m, v)
	}
	for i := range p {
		if math.Abs(float64(p[i])-want[i][0]) > 2e-7 {
			t.Fatalf("p[%d] = %v after 3 steps, want %v", i, p[i], want[i][0])
		}
	}
}
