package train

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// reference is what testdata/make_reference.py wrote.
type reference struct {
	Schedules []struct {
		Schedule      string
		LR            float64
		Warmup, Steps int
		Rates         []float64 // and the one after the last
	}
	Clipping []struct {
		Gradient, Clipped []float64
		Clip, Norm        float64
	}
}

func readReference(t *testing.T) (ref reference) {
	text, err := os.ReadFile("testdata/reference.json")
	if err == nil {
		err = json.Unmarshal(text, &ref)
	}
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func TestSchedulesAgreeWithTransformers(t *testing.T) {
	for _, c := range readReference(t).Schedules {
		cfg := Config{LR: c.LR, Schedule: c.Schedule, Warmup: c.Warmup, Steps: c.Steps}
		for step, want := range c.Rates {
			if got := cfg.Rate(step); math.Abs(got-want) > 1e-15*c.LR && math.Abs(got-want) > 1e-20 {
				t.Errorf("%s, warm-up %d, step %d of %d: %v, want %v", c.Schedule, c.Warmup, step, c.Steps, got, want)
			}
		}
	}
}

func TestClippingAgreesWithTorch(t *testing.T) {
	for _, c := range readReference(t).Clipping {
		factor := Config{Clip: c.Clip}.factor(c.Norm)
		for i, g := range c.Gradient {
			if got := g * factor; math.Abs(got-c.Clipped[i]) > 1e-6*math.Abs(g) {
				t.Errorf("%v clipped to %g: element %d is %v, want %v", c.Gradient, c.Clip, i, got, c.Clipped[i])
			}
		}
	}
	if factor := (Config{}).factor(1e9); factor != 1 {
		t.Errorf("without a limit a gradient is multiplied by %v", factor)
	}
}
