package shard

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kairos/stdlib/arrange"
	"kairos/stdlib/matrix"
	"kairos/stdlib/similarity"
)

// random returns vectors of which every fifth is equal to one before it.
func random(rows, cols int, seed uint64) *matrix.Dense {
	draw := rand.New(rand.NewPCG(seed, 0))
	m := matrix.New(rows, cols)
	for i := range rows {
		if i%5 == 4 {
			copy(m.Row(i), m.Row(draw.IntN(i)))
			continue
		}
		for k := range m.Row(i) {
			m.Row(i)[k] = float32(draw.NormFloat64())
		}
	}
	return m
}

// compute is Compute of rows that are there.
func compute(t *testing.T, rows iter.Seq2[Rows, error], test *matrix.Dense, cfg Config) *Part {
	t.Helper()
	p, err := Compute(context.Background(), rows, test, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// cut computes shards at random borders, and shuffles them.
func cut(t *testing.T, draw *rand.Rand, train, test *matrix.Dense, cfg Config) (parts []*Part) {
	t.Helper()
	for from := 0; from < train.Rows; {
		to := min(train.Rows, from+1+draw.IntN(train.Rows/2))
		parts = append(parts, compute(t, Blocks(t.Context(), train, from, to), test, cfg))
		from = to
	}
	draw.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return parts
}

// passed writes parts, shuffles their lines, and reads them.
func passed(t *testing.T, draw *rand.Rand, parts ...*Part) *Part {
	t.Helper()
	var lines []string
	for _, p := range parts {
		lines = append(lines, written(t, p)...)
	}
	draw.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	p, err := Read(strings.NewReader(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func written(t *testing.T, p *Part) []string {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

// mergedAtRandom merges parts in some tree, passing some of them through lines.
func mergedAtRandom(t *testing.T, draw *rand.Rand, parts []*Part) *Part {
	t.Helper()
	for len(parts) > 1 {
		k := 1 + draw.IntN(len(parts)-1)
		if draw.IntN(2) == 0 {
			parts[0] = passed(t, draw, parts[0], parts[k])
		} else if err := parts[0].Merge(parts[k]); err != nil {
			t.Fatal(err)
		}
		parts = slices.Delete(parts, k, k+1)
		draw.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	}
	return passed(t, draw, parts[0])
}

func TestScoresAreThoseInMemory(t *testing.T) {
	draw := rand.New(rand.NewPCG(3, 3))
	for trial := range 10 {
		train, test := random(50+draw.IntN(1500), 7, uint64(trial)), random(9, 7, 99)
		for _, measure := range []Measure{"", Cosine, Euclid} {
			p := mergedAtRandom(t, draw, cut(t, draw, train, test, Config{Measure: measure, Scores: true}))
			got, err := p.Scores()
			if err != nil {
				t.Fatal(err)
			}
			if want := inMemory(t, train, test, measure); !slices.Equal(got, want) {
				t.Fatalf("trial %d, %q: other scores than in memory", trial, measure)
			}
		}
	}
}

func inMemory(t *testing.T, train, test *matrix.Dense, measure Measure) (scores []float64) {
	t.Helper()
	terms, err := similarity.RowTerms(t.Context(), distances(t, train, test, measure))
	if err != nil {
		t.Fatal(err)
	}
	for _, term := range terms {
		scores = append(scores, term.Mean)
	}
	if measure != "" {
		return scores
	}
	if scores, err = similarity.Weigh(terms); err != nil {
		t.Fatal(err)
	}
	return scores
}

func distances(t *testing.T, train, test *matrix.Dense, measure Measure) *matrix.Dense {
	t.Helper()
	whole := similarity.Cosine
	if measure == Euclid {
		whole = similarity.Euclidean
	}
	d, err := whole(t.Context(), train, test)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestRoundsAreThoseInMemory(t *testing.T) {
	draw := rand.New(rand.NewPCG(4, 4))
	passes := 0
	for trial := range 30 {
		train, test := random(20+draw.IntN(700), 5, uint64(trial)), random(1+draw.IntN(12), 5, 99)
		cfg := Config{Depth: 1 + draw.IntN(8), Farthest: draw.IntN(2) == 0}
		if draw.IntN(3) == 0 {
			cfg.Measure = Euclid
		}
		num := draw.IntN(train.Rows + 1) // 0 for all
		want, err := arrange.TMA(t.Context(), distances(t, train, test, cfg.Measure), arrange.TMAConfig{Num: num, Farthest: cfg.Farthest})
		if err != nil {
			t.Fatal(err)
		}
		var got []arrange.Place
		for enough := false; !enough; passes++ {
			p := mergedAtRandom(t, draw, cut(t, draw, train, test, cfg))
			before := len(got)
			if got, enough, err = p.Places(num, got); err != nil {
				t.Fatal(err)
			}
			if !enough && len(got) == before {
				t.Fatalf("trial %d: a pass gave no round", trial)
			}
			cfg.Depth, cfg.Taken = p.Deeper(), arrange.Order(got)
		}
		places, err := arrange.PlacesOfRounds(want, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, places) {
			t.Fatalf("trial %d: %d rows of %d, another order than in memory", trial, num, train.Rows)
		}
	}
	if passes < 40 {
		t.Errorf("%d passes for 30 arrangements: the depth was always enough, and nothing was tried", passes)
	}
}

// TestScattered: rows may come in any order, as after a shuffle.
func TestScattered(t *testing.T) {
	train, test := random(2000, 6, 1), random(10, 6, 2)
	var text strings.Builder
	for _, row := range rand.New(rand.NewPCG(5, 5)).Perm(train.Rows) {
		fmt.Fprintf(&text, "%d\t%s\n", row, encoded(train.Row(row)))
	}
	cfg := Config{Scores: true, Depth: 20}
	got := compute(t, Lines(strings.NewReader(text.String())), test, cfg)
	want := compute(t, Blocks(t.Context(), train, 0, train.Rows), test, cfg)
	if !slices.Equal(written(t, got), written(t, want)) {
		t.Error("scattered rows give another part")
	}
}

func encoded(vector []float32) string {
	var raw []byte
	for _, x := range vector {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
	}
	return base64.StdEncoding.EncodeToString(raw)
}

func TestDepthOfNumIsEnough(t *testing.T) {
	train, test := random(300, 4, 1), random(6, 4, 2)
	for num := 1; num < 300; num += 13 {
		p := mergedAtRandom(t, rand.New(rand.NewPCG(1, uint64(num))), cut(t, rand.New(rand.NewPCG(2, uint64(num))), train, test, Config{Depth: num}))
		if _, enough, err := p.Rounds(num); err != nil || !enough {
			t.Errorf("%d rows of depth %d: enough %t, %v", num, num, enough, err)
		}
	}
}

func TestMergeRefusals(t *testing.T) {
	train, test := random(100, 4, 1), random(6, 4, 2)
	part := func(from, to int, test *matrix.Dense, cfg Config) *Part {
		return compute(t, Blocks(t.Context(), train, from, to), test, cfg)
	}
	near := Config{Depth: 3}
	for _, c := range []struct {
		a, b *Part
		want string
	}{
		{part(0, 50, test, near), part(0, 50, test, near), "shard 0 comes twice"},
		{part(0, 50, test, near), part(49, 100, test, near), "shard 49 comes twice, or another one with row 49"},
		{part(0, 50, test, near), part(50, 100, random(6, 4, 3), near), "shard 0 and shard 50 have other test vectors"},
		{part(0, 50, test, near), part(50, 100, test, Config{Depth: 4}), "other depths, 3 and 4"},
		{part(0, 50, test, near), part(50, 100, test, Config{Depth: 3, Farthest: true}), "the nearest and the farthest"},
		{part(0, 50, test, near), part(50, 100, test, Config{Depth: 3, Measure: Euclid}), "other measures, wsd and euclid"},
		{part(0, 50, test, near), part(50, 100, test, Config{Depth: 3, Taken: []int{5}}), "other rows taken before"},
		{part(0, 50, test, near), part(50, 100, test, Config{Depth: 3, Scores: true}), "scores, and none"},
	} {
		before := written(t, c.a)
		if err := c.a.Merge(c.b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
		if !slices.Equal(written(t, c.a), before) {
			t.Errorf("%s: the part is another than before", c.want)
		}
	}
}

func TestIncomplete(t *testing.T) {
	train, test := random(100, 4, 1), random(6, 4, 2)
	cfg := Config{Depth: 3, Scores: true}
	p := compute(t, Blocks(t.Context(), train, 0, 40), test, cfg)
	if err := p.Merge(compute(t, Blocks(t.Context(), train, 50, 90), test, cfg)); err != nil {
		t.Fatal(err)
	}
	const want = "row 40 is missing: a shard is missing, or was lost; there are 80 rows of 90"
	if _, err := p.Scores(); err == nil || err.Error() != "shard: scores: "+want {
		t.Errorf("scores: %v", err)
	}
	if _, _, err := p.Rounds(10); err == nil || err.Error() != "shard: rounds: "+want {
		t.Errorf("rounds: %v", err)
	}
	if err := p.Merge(compute(t, Blocks(t.Context(), train, 40, 50), test, cfg)); err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]string{
		0: "", 90: "",
		100: "row 90 is missing: a shard is missing, or was lost; there are 90 rows of 100",
		80:  "there is a row 89: want 80 rows",
	} {
		got := ""
		if err := p.Complete(n); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%d rows: %q, want %q", n, got, want)
		}
	}
	if _, err := new(Part).Scores(); err == nil || !strings.Contains(err.Error(), "no shard was given") {
		t.Errorf("nothing: %v", err)
	}
}

func TestWrongQuestions(t *testing.T) {
	train, test := random(20, 4, 1), random(6, 4, 2)
	all := Blocks(t.Context(), train, 0, 20)
	if _, err := compute(t, all, test, Config{Depth: 3}).Scores(); err == nil || !strings.Contains(err.Error(), "hold no scores") {
		t.Error(err)
	}
	if _, _, err := compute(t, all, test, Config{Scores: true}).Rounds(3); err == nil || !strings.Contains(err.Error(), "hold no candidates") {
		t.Error(err)
	}
	taken := []arrange.Place{{Index: 3}}
	if _, _, err := compute(t, all, test, Config{Depth: 3}).Places(3, taken); err == nil || !strings.Contains(err.Error(), "made after 0 rows were taken") {
		t.Error(err)
	}
	if _, _, err := compute(t, all, test, Config{Depth: 3, Taken: []int{4}}).Places(3, taken); err == nil || !strings.Contains(err.Error(), "made after 1 rows were taken: want these, not 1 others") {
		t.Error(err)
	}
}

func TestComputeRefusals(t *testing.T) {
	test := random(6, 2, 2)
	lines := func(text string) iter.Seq2[Rows, error] { return Lines(strings.NewReader(text)) }
	for _, c := range []struct {
		rows iter.Seq2[Rows, error]
		cfg  Config
		want string
	}{
		{lines(""), Config{}, "nothing is asked for"},
		{lines(""), Config{Depth: -1}, "depth -1"},
		{lines(""), Config{Scores: true, Measure: "ot"}, `measure "ot": want wsd, cosine or euclid`},
		{lines("7\t[1,2,3]"), Config{Scores: true}, "row 7: the vector has 3 dimensions, test vectors have 2: want the same encoder"},
		{lines("7\t[0,-0.0]"), Config{Scores: true}, "row 7: the vector is all zeros"},
		{lines("8\t[1,NaN]"), Config{Depth: 1}, "row 8: value 1 of the vector is NaN"},
		{lines("8\t" + encoded([]float32{float32(math.Inf(-1)), 0})), Config{Depth: 1}, "row 8: value 0 of the vector is -Inf"},
		{lines("7\t[1,2]\n8\t[1,2]\n7\t[1,2]"), Config{Depth: 1}, "row 7 comes twice"},
		{Blocks(t.Context(), test, 3, 7), Config{Depth: 1}, "rows 3 to 7: want a part of 0 to 6"},
	} {
		if _, err := Compute(t.Context(), c.rows, test, c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	if _, err := Compute(t.Context(), lines("0\t[1,2]"), matrix.New(0, 2), Config{Depth: 1}); err == nil || !strings.Contains(err.Error(), "test is empty") {
		t.Error(err)
	}
	if _, err := Compute(t.Context(), lines("0\t[1,2]"), matrix.New(1, 2), Config{Depth: 1}); err == nil || !strings.Contains(err.Error(), "zeros") {
		t.Error(err)
	}
	compute(t, lines("0\t[0,0]"), test, Config{Scores: true, Measure: Euclid}) // a point like others
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Compute(ctx, lines("0\t[1,2]"), test, Config{Depth: 1}); err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Error(err)
	}
}
