package similarity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kairos/stdlib/matrix"
)

func mustTransport(t *testing.T, cost matrix.Blocks, cfg TransportConfig) *Plan {
	t.Helper()
	plan, err := Transport(context.Background(), cost, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func TestTransportByHand(t *testing.T) {
	// Two rows of 1/2 and three columns of 1/3. Row 0 is cheapest for columns 0 and 1, row 1 for 2. Row 0
	// has 1/6 too little for both; giving column 1 up costs 5 − 2 = 3 a unit, column 0 7 − 1 = 6.
	cost := mustRows(t, []float32{1, 2, 9}, []float32{7, 5, 3})
	got := mustTransport(t, cost, TransportConfig{})
	want := &Plan{Rows: 2, Cols: 3, Cost: 2.0/6 + 2.0/6 + 5.0/6 + 6.0/6, Flows: []Flow{
		{0, 0, 2.0 / 6, 1}, {0, 1, 1.0 / 6, 2}, {1, 1, 1.0 / 6, 5}, {1, 2, 2.0 / 6, 3},
	}}
	close := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-15 })
	if d := cmp.Diff(want, got, close); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]float64{4.0 / 6, 11.0 / 6}, got.Scores(), close); d != "" {
		t.Error(d)
	}
	if got.Matrix().At(1, 2) != float32(1.0/3) || got.Matrix().At(0, 2) != 0 {
		t.Errorf("the plan is\n%v", got.Matrix())
	}
}

// Squares make the two cheapest costs the dearest.
func TestTransportSquaresNegativeCosts(t *testing.T) {
	cost := mustRows(t, []float32{-3, -1}, []float32{-1, -3})
	wantClose(t, "cost for p = 1", mustTransport(t, cost, TransportConfig{}).Cost, -3, 0)
	wantClose(t, "cost for p = 2", mustTransport(t, cost, TransportConfig{Power: 2}).Cost, 1, 0)
	wantClose(t, "cost for p = 3", mustTransport(t, cost, TransportConfig{Power: 3}).Cost, -27, 0)
}

type transportCase struct {
	Name           string
	Power          float64
	Cost           [][]float32
	Train, Test    []float64
	Exact          float64
	ExactScores    []float64 `json:"exact_scores"`
	Entropic       float64
	EntropicScores []float64 `json:"entropic_scores"`
}

func transportCases(t *testing.T) (cases []transportCase) {
	t.Helper()
	text, err := os.ReadFile("testdata/reference_transport.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	return cases
}

func TestTransportAgainstPOT(t *testing.T) {
	for _, c := range transportCases(t) {
		plan := mustTransport(t, mustRows(t, c.Cost...), TransportConfig{Power: c.Power, Train: c.Train, Test: c.Test})
		wantClose(t, c.Name+": cost", plan.Cost, c.Exact, 1e-12)
		for i, score := range plan.Scores() {
			wantClose(t, fmt.Sprint(c.Name, ": score of row ", i), score, c.ExactScores[i], 1e-12)
		}
	}
}

// Every shape that starts, degenerates or scans differently; costs of few values have many ties.
func TestTransportIsOptimal(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, shape := range [][2]int{{1, 1}, {1, 300}, {300, 1}, {2, 2}, {30, 30}, {40, 60}, {37, 53}, {300, 20}, {20, 300}, {200, 150}} {
		for _, values := range []int{1, 2, 10, 1 << 20} {
			cost := matrix.New(shape[0], shape[1])
			for i := range cost.Data {
				cost.Data[i] = float32(rng.IntN(values)-values/2) / 8
			}
			checkOptimal(t, cost, TransportConfig{})
			checkOptimal(t, cost, TransportConfig{Train: randomWeights(rng, shape[0]), Test: randomWeights(rng, shape[1])})
		}
	}
}

// randomWeights sum to 1, and some are zero.
func randomWeights(rng *rand.Rand, n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = max(0, rng.Float64()-0.2)
	}
	w[rng.IntN(n)] += 1
	return sumTo(1, w)
}

// checkOptimal proves a plan the cheapest: it moves all masses, and no cycle of its arcs and others
// is negative, which Bellman and Ford's algorithm would find.
func checkOptimal(t *testing.T, cost *matrix.Dense, cfg TransportConfig) {
	t.Helper()
	plan := mustTransport(t, cost, cfg)
	if len(plan.Flows) > cost.Rows+cost.Cols-1 {
		t.Fatalf("%d×%d: %d flows: want at most %d", cost.Rows, cost.Cols, len(plan.Flows), cost.Rows+cost.Cols-1)
	}
	rows, cols := slices.Clone(orUniform(cfg.Train, cost.Rows)), slices.Clone(orUniform(cfg.Test, cost.Cols))
	for _, f := range plan.Flows {
		rows[f.Train] -= f.Mass
		cols[f.Test] -= f.Mass
	}
	for _, left := range slices.Concat(rows, cols) {
		if math.Abs(left) > 1e-14 {
			t.Fatalf("%d×%d: a mass is off by %g", cost.Rows, cost.Cols, left)
		}
	}
	if negativeCycle(cost, plan.Flows) {
		t.Errorf("%d×%d: there is a cheaper plan", cost.Rows, cost.Cols)
	}
}

func negativeCycle(cost *matrix.Dense, flows []Flow) bool {
	row, col := make([]float64, cost.Rows), make([]float64, cost.Cols)
	for range cost.Rows + cost.Cols + 1 {
		changed := false
		for i := range row {
			for j, c := range cost.Row(i) {
				if d := row[i] + float64(c); d < col[j]-1e-9 {
					col[j], changed = d, true
				}
			}
		}
		for _, f := range flows {
			if d := col[f.Test] - f.Cost; d < row[f.Train]-1e-9 {
				row[f.Train], changed = d, true
			}
		}
		if !changed {
			return false
		}
	}
	return true
}

// Large offsets and tiny differences together are what rounding would spoil.
func TestTransportKeepsSmallDifferences(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	cost, offset := matrix.New(60, 40), matrix.New(60, 40)
	for i := range cost.Data {
		cost.Data[i] = float32(rng.IntN(1 << 12))
		offset.Data[i] = cost.Data[i] + 1<<23
	}
	a, b := mustTransport(t, cost, TransportConfig{}), mustTransport(t, offset, TransportConfig{})
	wantClose(t, "cost", b.Cost-1<<23, a.Cost, 1e-8)
}

func TestTransportOfLazyDistances(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	train, test := randomMatrix(rng, 200, 8), randomMatrix(rng, 90, 8)
	dense, err := Cosine(context.Background(), train, test)
	if err != nil {
		t.Fatal(err)
	}
	lazy, err := LazyCosine(train, test)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(mustTransport(t, dense, TransportConfig{}), mustTransport(t, lazy, TransportConfig{})); d != "" {
		t.Error(d)
	}
}

func TestEqualWeightsAreUniform(t *testing.T) {
	cost := randomMatrix(rand.New(rand.NewPCG(7, 8)), 6, 4)
	given := TransportConfig{Train: slices.Repeat([]float64{1.0 / 6}, 6), Test: slices.Repeat([]float64{0.25}, 4)}
	if d := cmp.Diff(mustTransport(t, cost, TransportConfig{}).Flows, mustTransport(t, cost, given).Flows, cmp.Comparer(func(a, b float64) bool {
		return math.Abs(a-b) < 1e-15
	})); d != "" {
		t.Error(d)
	}
}

func TestTransportErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	good := mustRows(t, []float32{1, -2}, []float32{3, 4})
	for _, c := range []struct {
		cost *matrix.Dense
		cfg  TransportConfig
		want string
	}{
		{nil, TransportConfig{}, "cost: no matrix: it is nil"},
		{matrix.New(0, 3), TransportConfig{}, "cost: the matrix is empty: it is 0×3"},
		{matrix.New(3, 0), TransportConfig{}, "cost: the matrix is empty: it is 3×0"},
		{mustRows(t, []float32{0, 1}, []float32{0, float32(nan)}), TransportConfig{}, "cost: row 1, column 1 is NaN: want a finite number"},
		{mustRows(t, []float32{float32(inf), 1}), TransportConfig{}, "cost: row 0, column 0 is +Inf: want a finite number"},
		{good, TransportConfig{Power: 0.5}, "cost: row 0, column 1 is NaN when raised to the power 0.5: want a finite number"},
		{good, TransportConfig{Power: -1}, "power -1: want a positive number, or 0 for 1"},
		{good, TransportConfig{Power: nan}, "power NaN: want a positive number, or 0 for 1"},
		{good, TransportConfig{Train: []float64{1}}, "1 train weights for 2 rows: want one for each"},
		{good, TransportConfig{Test: []float64{}}, "0 test weights for 2 columns: want one for each"},
		{good, TransportConfig{Train: []float64{1.5, -0.5}}, "train weight 1 is -0.5: want a finite number, 0 or more"},
		{good, TransportConfig{Test: []float64{nan, 1}}, "test weight 0 is NaN: want a finite number, 0 or more"},
		{good, TransportConfig{Test: []float64{0, 0}}, "test weights sum to 0: want a finite number above 0"},
		{good, TransportConfig{Train: []float64{1, 1}}, "train weights sum to 2, test weights to 1: want the same (none at all are uniform and sum to 1)"},
	} {
		_, err := Transport(context.Background(), c.cost, c.cfg)
		if err == nil || err.Error() != "similarity: transport: "+c.want {
			t.Errorf("got  %v\nwant similarity: transport: %s", err, c.want)
		}
		_, err = Sinkhorn(context.Background(), c.cost, SinkhornConfig{Power: c.cfg.Power, Train: c.cfg.Train, Test: c.cfg.Test})
		if err == nil || err.Error() != "similarity: sinkhorn: "+c.want {
			t.Errorf("got  %v\nwant similarity: sinkhorn: %s", err, c.want)
		}
	}
}

// stopAfter is cancelled when it was looked at so often, and counts further looks.
type stopAfter struct {
	context.Context
	looks int
}

func (s *stopAfter) Err() error {
	if s.looks--; s.looks < 0 {
		return context.Canceled
	}
	return nil
}

func TestPivotsStopWhenCancelled(t *testing.T) {
	cost := randomMatrix(rand.New(rand.NewPCG(1, 2)), 400, 300)
	c, err := newCosts(context.Background(), cost, 1)
	if err != nil {
		t.Fatal(err)
	}
	s := &simplex{costs: c, tree: newTree(400, 300)}
	m, err := newMasses(400, 300, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.start(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	if err := s.pivotAll(&stopAfter{context.Background(), 0}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestTransportStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	m := randomMatrix(rand.New(rand.NewPCG(1, 2)), 100, 40)
	if plan, err := Transport(ctx, m, TransportConfig{}); !errors.Is(err, context.Canceled) || plan != nil {
		t.Errorf("got %v, %v; want no plan and context.Canceled", plan, err)
	}
	if plan, err := Sinkhorn(ctx, m, SinkhornConfig{}); !errors.Is(err, context.Canceled) || plan != nil {
		t.Errorf("got %v, %v; want no plan and context.Canceled", plan, err)
	}
}
