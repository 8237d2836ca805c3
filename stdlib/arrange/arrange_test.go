package arrange

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type reference struct {
	Distances                  [][]float32
	Min25, Min60, Max25, Max60 [][]int
	Scores                     []float64
	Nearest, Farthest          []int
}

func readReference(t *testing.T) (r reference) {
	t.Helper()
	text, err := os.ReadFile("testdata/reference.json")
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestNearestAndFarthestByHand(t *testing.T) {
	scores := []float64{0.5, -1, 0.5, math.Inf(1), math.Copysign(0, -1), 0, math.Inf(-1)}
	nearest, err := Nearest(scores)
	if d := cmp.Diff([]int{6, 1, 4, 5, 0, 2, 3}, nearest); d != "" || err != nil {
		t.Error(err, d)
	}
	farthest, err := Farthest(scores)
	if d := cmp.Diff([]int{3, 2, 0, 5, 4, 1, 6}, farthest); d != "" || err != nil {
		t.Error(err, d)
	}
}

func TestNearestAndFarthestAgainstNumpy(t *testing.T) {
	r := readReference(t)
	nearest, err := Nearest(r.Scores)
	if d := cmp.Diff(r.Nearest, nearest); d != "" || err != nil {
		t.Error(err, d)
	}
	farthest, err := Farthest(r.Scores)
	if d := cmp.Diff(r.Farthest, farthest); d != "" || err != nil {
		t.Error(err, d)
	}
}

func TestScoresThatAreNaN(t *testing.T) {
	for _, f := range []func([]float64) ([]int, error){Nearest, Farthest} {
		order, err := f([]float64{1, math.NaN(), 0})
		if order != nil || err == nil || err.Error() != "arrange: sort: score 1 is NaN" {
			t.Errorf("got %v, %v", order, err)
		}
		if order, err := f(nil); len(order) != 0 || err != nil {
			t.Errorf("of nothing: %v, %v", order, err)
		}
	}
}

func TestRandomIsAFairShuffle(t *testing.T) {
	var first [4]int
	for seed := range uint64(4000) {
		order := Random(4, seed)
		first[order[0]]++
		slices.Sort(order)
		if d := cmp.Diff([]int{0, 1, 2, 3}, order); d != "" {
			t.Fatalf("seed %d is no permutation: %s", seed, d)
		}
	}
	for row, n := range first {
		if n < 850 || n > 1150 {
			t.Errorf("row %d came first %d times of 4000", row, n)
		}
	}
	if len(Random(0, 1)) != 0 {
		t.Error("an order of no rows has rows")
	}
}

// A published order must stay what it is, whatever the Go version.
func TestRandomIsPinned(t *testing.T) {
	if d := cmp.Diff([]int{6, 2, 11, 1, 7, 5, 9, 10, 4, 3, 0, 8}, Random(12, 11721)); d != "" {
		t.Error(d)
	}
}

func TestRandomPanics(t *testing.T) {
	defer func() {
		if r := recover(); r != "arrange: random: -1 rows" {
			t.Errorf("panicked with %v", r)
		}
	}()
	Random(-1, 0)
}
