package arrange

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kairos/stdlib/matrix"
)

func candidatesOf(t *testing.T, dist *matrix.Dense, depth int, farthest bool, rows ...int) *Candidates {
	t.Helper()
	c := NewCandidates(dist.Cols, depth, farthest)
	for _, i := range rows {
		if err := c.Add(i, mustRows(t, dist.Row(i))); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func merged(t *testing.T, parts ...*Candidates) *Candidates {
	t.Helper()
	all := NewCandidates(len(parts[0].queues), parts[0].depth, parts[0].farthest)
	for _, part := range parts {
		if err := all.Merge(part); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func columnsOf(c *Candidates) (lists [][]Candidate) {
	for j := range c.queues {
		lists = append(lists, c.Column(j))
	}
	return lists
}

func TestCandidatesByHand(t *testing.T) {
	dist := mustRows(t,
		[]float32{-0.9, 0.1},
		[]float32{0, -0.8},
		[]float32{-0.9, -0.3},
		[]float32{float32(math.Copysign(0, -1)), -0.8},
	)
	near := candidatesOf(t, dist, 2, false, 3, 1, 0, 2)
	if d := cmp.Diff([][]Candidate{{{0, -0.9}, {2, -0.9}}, {{1, -0.8}, {3, -0.8}}}, columnsOf(near)); d != "" {
		t.Error(d)
	}
	far := candidatesOf(t, dist, 3, true, 3, 1, 0, 2)
	if d := cmp.Diff([][]Candidate{{{1, 0}, {3, 0}, {0, -0.9}}, {{0, 0.1}, {2, -0.3}, {1, -0.8}}}, columnsOf(far)); d != "" {
		t.Error(d)
	}
	// Nearest: the first round takes 0 and 1, the second 2 and 3, and then nobody knows of more.
	rounds, enough := near.Rounds(4)
	if d := cmp.Diff([][]int{{0, 1}, {2, 3}}, rounds); d != "" || !enough {
		t.Error(enough, d)
	}
	if rounds, enough = near.Rounds(5); len(rounds) != 2 || enough {
		t.Errorf("of 5 rows: %v, %t", rounds, enough)
	}
	// Of depth 5 it is known that there are no others.
	if rounds, enough = candidatesOf(t, dist, 5, false, 0, 1, 2, 3).Rounds(99); len(rounds) != 2 || !enough {
		t.Errorf("of all rows: %v, %t", rounds, enough)
	}
	if rounds, enough := NewCandidates(2, 1, false).Rounds(3); rounds != nil || !enough {
		t.Errorf("of no rows: %v, %t", rounds, enough)
	}
}

// tied returns distances among which there are many equal ones, and columns that rank rows alike.
func tied(rng *rand.Rand) *matrix.Dense {
	dist := matrix.New(1+rng.IntN(60), 1+rng.IntN(20))
	values, noise := 1+rng.IntN(12), float32(rng.IntN(3))
	for i := range dist.Rows {
		shared := float32(rng.IntN(values))
		for j := range dist.Cols {
			dist.Row(i)[j] = shared + noise*float32(rng.IntN(values)) - 3
		}
	}
	return dist
}

// split deals the rows to parts, in blocks of any length and any order.
func split(t *testing.T, rng *rand.Rand, dist *matrix.Dense, depth int, farthest bool) []*Candidates {
	t.Helper()
	parts := make([]*Candidates, 1+rng.IntN(5))
	for k := range parts {
		parts[k] = NewCandidates(dist.Cols, depth, farthest)
	}
	var starts []int
	for i := 0; i < dist.Rows; i += 1 + rng.IntN(9) {
		starts = append(starts, i)
	}
	ends := append(slices.Clone(starts[1:]), dist.Rows)
	for _, k := range rng.Perm(len(starts)) {
		block, _ := dist.Block(t.Context(), starts[k], ends[k], nil)
		if err := parts[rng.IntN(len(parts))].Add(starts[k], block); err != nil {
			t.Fatal(err)
		}
	}
	return parts
}

// However rows are dealt out, the candidates are the same, and their rounds are the first ones of the
// definition; all that were asked for, or enough is false.
func TestMergedCandidatesAgainstNaive(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	short := 0
	for trial := range 3000 {
		dist := tied(rng)
		cfg := TMAConfig{Num: 1 + rng.IntN(dist.Rows), Farthest: trial%2 == 1}
		depth := 1 + rng.IntN(cfg.Num)
		all := merged(t, split(t, rng, dist, depth, cfg.Farthest)...)
		whole := NewCandidates(dist.Cols, depth, cfg.Farthest)
		if err := whole.Add(0, dist); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(columnsOf(whole), columnsOf(all)); d != "" {
			t.Fatal(d)
		}
		got, enough := all.Rounds(cfg.Num)
		want := naiveTMA(dist, cfg)
		if !enough {
			short++
			want = want[:len(got)]
		}
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("%+v, depth %d, enough %t, of %v: %s", cfg, depth, enough, dist, d)
		}
		if !enough && depth == cfg.Num {
			t.Fatalf("%+v: a depth of as many rows as are chosen did not suffice", cfg)
		}
	}
	if short < 300 || short > 2700 {
		t.Errorf("%d of 3000 trials were short: want many of both", short)
	}
}

// Grouping and order do not matter.
func TestMergeIsAssociativeAndCommutative(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 24))
	for range 300 {
		dist := tied(rng)
		depth := 1 + rng.IntN(5)
		parts := split(t, rng, dist, depth, false)
		want := columnsOf(merged(t, parts...))
		slices.Reverse(parts)
		half := len(parts) / 2
		if half == 0 {
			continue
		}
		got := merged(t, merged(t, parts[half:]...), merged(t, parts[:half]...))
		if d := cmp.Diff(want, columnsOf(got)); d != "" {
			t.Fatal(d)
		}
	}
}

// What went through Column and Put elsewhere is what was there.
func TestColumnsPutElsewhere(t *testing.T) {
	rng := rand.New(rand.NewPCG(25, 26))
	for trial := range 300 {
		dist := tied(rng)
		depth := 1 + rng.IntN(8)
		parts := split(t, rng, dist, depth, trial%2 == 0)
		put := NewCandidates(dist.Cols, depth, trial%2 == 0)
		for _, part := range parts {
			for j := range dist.Cols {
				if err := put.Put(j, part.Column(j)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if d := cmp.Diff(columnsOf(merged(t, parts...)), columnsOf(put)); d != "" {
			t.Fatal(d)
		}
	}
}

func TestASecondPassGoesOn(t *testing.T) {
	rng := rand.New(rand.NewPCG(27, 28))
	for trial := range 300 {
		dist := tied(rng)
		cfg := TMAConfig{Num: 1 + rng.IntN(dist.Rows), Farthest: trial%2 == 0}
		var got [][]int
		for enough := false; !enough; {
			c := NewCandidates(dist.Cols, 2, cfg.Farthest)
			c.Exclude(Flatten(got))
			if err := c.Add(0, dist); err != nil {
				t.Fatal(err)
			}
			var more [][]int
			more, enough = c.Rounds(cfg.Num - len(Flatten(got)))
			got = append(got, more...)
		}
		if d := cmp.Diff(naiveTMA(dist, cfg), got); d != "" {
			t.Fatal(d)
		}
	}
}

func TestRankKeepsTheDistance(t *testing.T) {
	for _, d := range []float32{0, 1, -1, 0.3, -0.3, math.MaxFloat32, -math.MaxFloat32, math.SmallestNonzeroFloat32} {
		for _, farthest := range []bool{false, true} {
			r := rankOf(d, math.MaxUint32, farthest)
			if r.distance(farthest) != d || r.row() != math.MaxUint32 {
				t.Errorf("%v, farthest %t: got %v of row %d", d, farthest, r.distance(farthest), r.row())
			}
		}
	}
}

func TestBest(t *testing.T) {
	rng := rand.New(rand.NewPCG(29, 30))
	for trial := range 20_000 {
		ranks := make([]rank, 1+rng.IntN(40))
		for i, v := range rng.Perm(len(ranks)) {
			ranks[i] = rank(v)
			switch trial % 4 {
			case 1:
				ranks[i] = rank(i)
			case 2:
				ranks[i] = rank(len(ranks) - i)
			}
		}
		n := rng.IntN(len(ranks) + 1)
		got, sorted := slices.Clone(ranks), slices.Sorted(slices.Values(ranks))
		best(got, n)
		slices.Sort(got[:n])
		slices.Sort(got[n:])
		if !slices.Equal(got, sorted) {
			t.Fatalf("the best %d of %v: %v", n, ranks, got)
		}
	}
}

func TestCandidatesErrors(t *testing.T) {
	inf := float32(math.Inf(1))
	c := NewCandidates(2, 3, false)
	if err := c.Add(7, mustRows(t, []float32{1, 2})); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]func() error{
		"arrange: candidates: rows from 0 on have 1 columns, want 2":                                func() error { return c.Add(0, matrix.New(3, 1)) },
		"arrange: candidates: rows from -1 on: want 0 to 4,294,967,295":                             func() error { return c.Add(-1, matrix.New(1, 2)) },
		"arrange: candidates: rows from 4294967295 on: want 0 to 4,294,967,295":                     func() error { return c.Add(math.MaxUint32, matrix.New(2, 2)) },
		"arrange: candidates: row 9, column 1 is +Inf: want a finite number":                        func() error { return c.Add(8, mustRows(t, []float32{1, 2}, []float32{0, inf})) },
		"arrange: candidates: column 0: row 7 was added twice":                                      func() error { return c.Merge(candidatesOf(t, matrixOf(8, 2, 1), 3, false, 7)) },
		"arrange: candidates: column 1: row 7 was added twice":                                      func() error { return c.Put(1, []Candidate{{7, 2}}) },
		"arrange: candidates: column 2 of 2":                                                        func() error { return c.Put(2, nil) },
		"arrange: candidates: column 0: row -1: want 0 to 4,294,967,295":                            func() error { return c.Put(0, []Candidate{{-1, 2}}) },
		"arrange: candidates: row 3, column 1 is -Inf: want a finite number":                        func() error { return c.Put(1, []Candidate{{3, -inf}}) },
		"arrange: candidates: merge 2 columns, depth 3, nearest, with 2 columns, depth 4, nearest":  func() error { return c.Merge(NewCandidates(2, 4, false)) },
		"arrange: candidates: merge 2 columns, depth 3, nearest, with 2 columns, depth 3, farthest": func() error { return c.Merge(NewCandidates(2, 3, true)) },
	} {
		if err := f(); err == nil || err.Error() != name {
			t.Errorf("got  %v\nwant %s", err, name)
		}
	}
	defer func() {
		if r := recover(); r != "arrange: new candidates: 2 columns, depth 0" {
			t.Errorf("panicked with %v", r)
		}
	}()
	NewCandidates(2, 0, false)
}

func matrixOf(rows, cols int, value float32) *matrix.Dense {
	m := matrix.New(rows, cols)
	for i := range m.Data {
		m.Data[i] = value
	}
	return m
}
