package arrange

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlacesByHand(t *testing.T) {
	scores := []float64{0.5, -1, 2}
	got, err := Places([]int{1, 0}, scores)
	if d := cmp.Diff([]Place{{1, -1, -1}, {0, -1, 0.5}}, got); d != "" || err != nil {
		t.Error(err, d)
	}
	got, err = Places([]int{7, 3}, nil)
	if d := cmp.Diff([]Place{{7, -1, 0}, {3, -1, 0}}, got); d != "" || err != nil {
		t.Error(err, d)
	}
	rounds, err := PlacesOfRounds([][]int{{0, 2}, {1}}, scores)
	if d := cmp.Diff([]Place{{0, 0, 0.5}, {2, 0, 2}, {1, 1, -1}}, rounds); d != "" || err != nil {
		t.Error(err, d)
	}
	if d := cmp.Diff([]int{0, 2, 1}, Order(rounds)); d != "" {
		t.Error(d)
	}
	bare, err := PlacesOfRounds([][]int{{0, 2}, {1}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	scored, err := Scored(bare, scores)
	if d := cmp.Diff(rounds, scored); d != "" || err != nil {
		t.Error(err, d)
	}
	if bare[2].Distance != 0 {
		t.Error("Scored changed its argument")
	}
	if got, err := Places(nil, nil); len(got) != 0 || err != nil {
		t.Errorf("of nothing: %v, %v", got, err)
	}
}

func TestPlacesErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(-1)
	for _, c := range []struct {
		order  []int
		scores []float64
		want   string
	}{
		{[]int{0, -1}, nil, "row -1 at place 1: want 0 or more"},
		{[]int{2, 1, 2}, nil, "row 2 at place 2 came before: want each once"},
		{[]int{0, 3}, []float64{1, 2, 3}, "row 3 at place 1 has no score: there are 3"},
		{[]int{0}, []float64{}, "row 0 at place 0 has no score: there are 0"},
		{[]int{0, 1}, []float64{1, nan}, "the score of row 1 is NaN: want a finite number"},
		{[]int{0}, []float64{inf}, "the score of row 0 is -Inf: want a finite number"},
	} {
		for _, f := range []func() ([]Place, error){
			func() ([]Place, error) { return Places(c.order, c.scores) },
			func() ([]Place, error) { return PlacesOfRounds([][]int{c.order}, c.scores) },
		} {
			got, err := f()
			if got != nil || err == nil || err.Error() != "arrange: places: "+c.want {
				t.Errorf("got %v, %v, want %s", got, err, c.want)
			}
		}
	}
	// A score that no row of the order has may be anything.
	if _, err := Places([]int{0}, []float64{1, nan}); err != nil {
		t.Error(err)
	}
	for scores, want := range map[*[]float64]string{
		{1}:      "arrange: scored: row 1 at place 1 has no score: there are 1",
		{1, nan}: "arrange: scored: the score of row 1 is NaN: want a finite number",
	} {
		if got, err := Scored([]Place{{Index: 0}, {Index: 1}}, *scores); got != nil || err == nil || err.Error() != want {
			t.Errorf("got %v, %v, want %s", got, err, want)
		}
	}
}

func TestReversedAndShuffled(t *testing.T) {
	list := []Place{{0, 0, 1}, {1, 0, 2}, {2, 1, 3}, {3, 2, 4}, {4, 2, 5}, {5, 3, 6}}
	if d := cmp.Diff([]int{5, 4, 3, 2, 1, 0}, Order(Reversed(list))); d != "" {
		t.Error(d)
	}
	// A published order must stay what it is, whatever the Go version.
	shuffled := Shuffled(list, 11721)
	if d := cmp.Diff([]int{3, 5, 1, 2, 0, 4}, Order(shuffled)); d != "" {
		t.Error(d)
	}
	for _, p := range shuffled {
		if p != list[p.Index] {
			t.Errorf("%v lost its round or distance", p)
		}
	}
	if d := cmp.Diff([]int{0, 1, 2, 3, 4, 5}, Order(list)); d != "" {
		t.Error("the argument changed:", d)
	}
}

func TestWindow(t *testing.T) {
	rounds := [][]int{{3, 4}, {0}, {1, 2}, {5}}
	got, err := Window(rounds, 1, 2)
	if d := cmp.Diff([]int{0, 1, 2}, got); d != "" || err != nil {
		t.Error(err, d)
	}
	for window, want := range map[[2]int]string{
		{-1, 2}: "rounds -1 to 0 of 4: want them within 0 to 3",
		{2, 5}:  "rounds 2 to 6 of 4: want them within 0 to 3",
		{0, 0}:  "rounds 0 to -1 of 4: want them within 0 to 3",
	} {
		if _, err := Window(rounds, window[0], window[1]); err == nil || err.Error() != "arrange: window: "+want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestInterleave(t *testing.T) {
	order := []int{10, 11, 12, 13, 14, 15, 16}
	for _, c := range []struct {
		near, far int
		want      []int
	}{
		{1, 1, []int{10, 16, 11, 15, 12, 14, 13}},
		{3, 1, []int{10, 11, 12, 16, 13, 14, 15}},
		{1, 2, []int{10, 16, 15, 11, 14, 13, 12}},
		{9, 9, order},
	} {
		got, err := Interleave(order, c.near, c.far)
		if d := cmp.Diff(c.want, got); d != "" || err != nil {
			t.Error(c.near, c.far, err, d)
		}
	}
	if got, err := Interleave(nil, 1, 1); len(got) != 0 || err != nil {
		t.Errorf("of nothing: %v, %v", got, err)
	}
	const want = "arrange: interleave: 1 near and 0 far rows in turn: want 1 or more of each"
	if _, err := Interleave(order, 1, 0); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestRoundsByRow(t *testing.T) {
	got, err := RoundsByRow([][]int{{3, 0}, {1}}, 5)
	if d := cmp.Diff([]int{0, 1, -1, 0, -1}, got); d != "" || err != nil {
		t.Error(err, d)
	}
	for _, c := range []struct {
		rounds [][]int
		n      int
		want   string
	}{
		{[][]int{{0}, {2}}, 2, "round 1 has row 2: there are 2"},
		{[][]int{{-1}}, 2, "round 0 has row -1: there are 2"},
		{[][]int{{0, 1}, {1}}, 2, "round 1 has row 1, as round 0 has"},
		{nil, -1, "-1 rows"},
	} {
		if _, err := RoundsByRow(c.rounds, c.n); err == nil || err.Error() != "arrange: rounds by row: "+c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
