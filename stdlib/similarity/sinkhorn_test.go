package similarity

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kairos/stdlib/matrix"
)

func mustSinkhorn(t *testing.T, cost matrix.Blocks, cfg SinkhornConfig) *EntropicPlan {
	t.Helper()
	plan, err := Sinkhorn(context.Background(), cost, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func mustDense(t *testing.T, b matrix.Blocks) *matrix.Dense {
	t.Helper()
	rows, _ := b.Dims()
	m, err := b.Block(context.Background(), 0, rows, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSinkhornByHand(t *testing.T) {
	// By symmetry the plan is (x, 1/2 − x; 1/2 − x, x) with x / (1/2 − x) = exp(1 / regularization).
	plan := mustSinkhorn(t, mustRows(t, []float32{0, 1}, []float32{1, 0}), SinkhornConfig{Regularization: 0.5, Tolerance: 1e-12})
	x := 0.5 / (1 + math.Exp(-2))
	wantClose(t, "cost", plan.Cost, 1-2*x, 1e-8)
	wantClose(t, "score", plan.Scores()[0], 0.5-x, 1e-8)
	wantClose(t, "mass", float64(mustDense(t, plan).At(1, 1)), x, 1e-7)
}

func TestSinkhornAgainstPOT(t *testing.T) {
	for _, c := range transportCases(t) {
		plan := mustSinkhorn(t, mustRows(t, c.Cost...), SinkhornConfig{Power: c.Power, Train: c.Train, Test: c.Test, Regularization: 0.1, Tolerance: 1e-12})
		wantClose(t, c.Name+": cost", plan.Cost, c.Entropic, 1e-7)
		for i, score := range plan.Scores() {
			wantClose(t, fmt.Sprint(c.Name, ": score of row ", i), score, c.EntropicScores[i], 1e-7)
		}
	}
}

// With little regularization the plan is near the exact one; its kernel, exp(−10000) and less, would
// be all zeros without potentials.
func TestSinkhornOfLittleRegularization(t *testing.T) {
	cost := randomMatrix(rand.New(rand.NewPCG(1, 2)), 30, 20)
	for i := range cost.Data {
		cost.Data[i] += 100
	}
	exact := mustTransport(t, cost, TransportConfig{})
	plan := mustSinkhorn(t, cost, SinkhornConfig{Regularization: 0.01, MaxIterations: 1_000_000, Tolerance: 1e-6})
	wantClose(t, "cost", plan.Cost, exact.Cost, 1e-3)
	for i, score := range exact.Scores() {
		wantClose(t, fmt.Sprint("score of row ", i), plan.Scores()[i], score, 5e-3)
	}
}

func TestSinkhornFitsWeights(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, shape := range [][2]int{{1, 1}, {1, 9}, {9, 1}, {33, 70}, {200, 40}} {
		cost := randomMatrix(rng, shape[0], shape[1])
		train, test := randomWeights(rng, shape[0]), randomWeights(rng, shape[1])
		plan := mustSinkhorn(t, cost, SinkhornConfig{Train: train, Test: test, Tolerance: 1e-9})
		masses := mustDense(t, plan)
		cols := make([]float64, shape[1])
		for i, weight := range train {
			var sum float64
			for j, mass := range masses.Row(i) {
				sum += float64(mass)
				cols[j] += float64(mass)
			}
			wantClose(t, "mass of a row", sum, weight, 1e-6)
		}
		for j, weight := range test {
			wantClose(t, "mass of a column", cols[j], weight, 1e-6)
		}
	}
}

func TestSinkhornDoesNotDependOnCores(t *testing.T) {
	cost := randomMatrix(rand.New(rand.NewPCG(5, 6)), 150, 70)
	many := mustSinkhorn(t, cost, SinkhornConfig{})
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := mustSinkhorn(t, cost, SinkhornConfig{})
	if d := cmp.Diff(one, many, cmpopts.IgnoreUnexported(EntropicPlan{})); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(one.Scores(), many.Scores()); d != "" {
		t.Error(d)
	}
}

func TestEntropicPlanInBlocks(t *testing.T) {
	plan := mustSinkhorn(t, randomMatrix(rand.New(rand.NewPCG(7, 8)), 10, 7), SinkhornConfig{})
	whole, buf := mustDense(t, plan), &matrix.Dense{}
	for from := 0; from < 10; from += 3 {
		block, err := plan.Block(context.Background(), from, min(from+3, 10), buf)
		if err != nil {
			t.Fatal(err)
		}
		for i := range block.Rows {
			if d := cmp.Diff(whole.Row(from+i), block.Row(i)); d != "" {
				t.Errorf("row %d: %s", from+i, d)
			}
		}
	}
}

// All costs alike leave nothing to be near to.
func TestSinkhornOfEqualCosts(t *testing.T) {
	plan := mustSinkhorn(t, matrix.New(4, 5), SinkhornConfig{})
	wantClose(t, "mass", float64(mustDense(t, plan).At(3, 2)), 0.05, 1e-9)
}

func TestSinkhornSaysWhenItHasNotConverged(t *testing.T) {
	cost := randomMatrix(rand.New(rand.NewPCG(9, 10)), 30, 20)
	plan, err := Sinkhorn(context.Background(), cost, SinkhornConfig{Regularization: 0.01, MaxIterations: 5})
	if plan != nil || err == nil || !strings.HasPrefix(err.Error(), "similarity: sinkhorn: not converged after 5 iterations: ") {
		t.Errorf("got %v, %v", plan, err)
	}
}

func TestSinkhornConfigErrors(t *testing.T) {
	for _, c := range []struct {
		cfg  SinkhornConfig
		want string
	}{
		{SinkhornConfig{Regularization: -1}, "regularization -1: want a positive number, or 0 for the default"},
		{SinkhornConfig{Regularization: math.NaN()}, "regularization NaN: want a positive number, or 0 for the default"},
		{SinkhornConfig{Tolerance: math.Inf(1)}, "tolerance +Inf: want a positive number, or 0 for the default"},
		{SinkhornConfig{MaxIterations: -2}, "number of iterations -2: want a positive number, or 0 for the default"},
	} {
		_, err := Sinkhorn(context.Background(), matrix.New(2, 2), c.cfg)
		if err == nil || err.Error() != "similarity: sinkhorn: "+c.want {
			t.Errorf("got  %v\nwant similarity: sinkhorn: %s", err, c.want)
		}
	}
}
