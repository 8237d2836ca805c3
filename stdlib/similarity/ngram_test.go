package similarity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func counted(n int, texts ...string) *NGrams {
	g := NewNGrams(n)
	for _, text := range texts {
		g.Add(text)
	}
	return g
}

func mustKL(t *testing.T, p, q *NGrams) float64 {
	t.Helper()
	d, err := KL(p, q)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestNGramsByHand(t *testing.T) {
	g := counted(2, "a b a b", " a\tb\n", "b", "", "A b")
	for gram, want := range map[string]int64{"a b": 3, "b a": 1, "A b": 1, " a  b ": 3, "b b": 0, "a": 0, "a b a": 0, "": 0} {
		if got := g.Count(gram); got != want {
			t.Errorf("%q was counted %d times, want %d", gram, got, want)
		}
	}
	if g.Total() != 5 || g.Distinct() != 3 || g.N() != 2 {
		t.Errorf("%d %d-grams, %d of them distinct; want 5 2-grams, 3 distinct", g.Total(), g.N(), g.Distinct())
	}
}

func TestKLByHand(t *testing.T) {
	// p: ab 2/3, ba 1/3; q: ab 1/4, bc 3/4, ba absent.
	p, q := counted(2, "a b a b"), counted(2, "a b", "b c", "b c", "b c")
	want := 2.0/3*math.Log(2.0/3/(0.25+1e-10)) + 1.0/3*math.Log(1.0/3/1e-10)
	wantClose(t, "divergence", mustKL(t, p, q), want, 1e-14)
	wantClose(t, "divergence from itself", mustKL(t, q, q), 0, 1e-9)
	wantClose(t, "divergence of one absent gram", mustKL(t, counted(2, "x y"), q), -math.Log(1e-10), 1e-14)
	wantClose(t, "divergence of nothing", mustKL(t, counted(2, "x"), q), -math.Log(1e-10), 1e-14)
}

type ngramReference struct {
	Train, Test    []string
	Rows, Prefixes map[string][]float64
}

func TestNGramsAgainstPython(t *testing.T) {
	text, err := os.ReadFile("testdata/reference_ngram.json")
	if err != nil {
		t.Fatal(err)
	}
	var ref ngramReference
	if err := json.Unmarshal(text, &ref); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1, 2, 3} {
		rows, err := NGramKL(context.Background(), ref.Train, ref.Test, NGramConfig{N: n})
		if err != nil {
			t.Fatal(err)
		}
		wantAll(t, fmt.Sprint(n, "-grams: row"), rows, ref.Rows[strconv.Itoa(n)])
		prefixes, err := PrefixKL(context.Background(), ref.Train, [][]string{ref.Test}, 3, NGramConfig{N: n})
		if err != nil {
			t.Fatal(err)
		}
		wantAll(t, fmt.Sprint(n, "-grams: prefix"), prefixes[0], ref.Prefixes[strconv.Itoa(n)])
	}
}

func wantAll(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) || len(want) == 0 {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i := range want {
		wantClose(t, fmt.Sprint(what, " ", i), got[i], want[i], 1e-13)
	}
}

// randomTexts have few words, so that grams come again and counts pass what spectrum keeps apart.
func randomTexts(rng *rand.Rand, n int) []string {
	texts := make([]string, n)
	for i := range texts {
		words := make([]string, rng.IntN(200))
		for k := range words {
			words[k] = strconv.Itoa(int(rng.ExpFloat64() * 10))
		}
		texts[i] = strings.Join(words, " ")
	}
	return texts
}

// Every way to a divergence gives the same bits.
func TestDivergencesAreTheSameToTheBit(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	train := randomTexts(rng, 300)
	tests := [][]string{randomTexts(rng, 20), randomTexts(rng, 1), train[:5]}
	for n := 1; n <= 4; n++ {
		prefixes, err := PrefixKL(context.Background(), train, tests, 16, NGramConfig{N: n})
		if err != nil {
			t.Fatal(err)
		}
		for k, test := range tests {
			q := counted(n, test...)
			var naive []float64
			for end := 16; end <= len(train); end += 16 {
				naive = append(naive, mustKL(t, counted(n, train[:end]...), q))
			}
			if d := cmp.Diff(naive, prefixes[k]); d != "" {
				t.Errorf("n = %d, test %d: prefixes: %s", n, k, d)
			}
			rows, err := NGramKL(context.Background(), train, test, NGramConfig{N: n})
			if err != nil {
				t.Fatal(err)
			}
			for i, got := range rows {
				if want := mustKL(t, counted(n, train[i]), q); got != want {
					t.Errorf("n = %d, test %d, row %d: %v, want %v", n, k, i, got, want)
				}
			}
		}
	}
}

func TestMergeIsCountingTogether(t *testing.T) {
	texts := randomTexts(rand.New(rand.NewPCG(3, 4)), 100)
	together, parts := counted(3, texts...), NewNGrams(3)
	for i := 90; i >= 0; i -= 10 {
		if err := parts.Merge(counted(3, texts[i:i+10]...)); err != nil {
			t.Fatal(err)
		}
	}
	if parts.Total() != together.Total() || parts.Distinct() != together.Distinct() {
		t.Errorf("%d grams, %d distinct: want %d, %d", parts.Total(), parts.Distinct(), together.Total(), together.Distinct())
	}
	q := counted(3, texts[:3]...)
	if a, b := mustKL(t, parts, q), mustKL(t, together, q); a != b {
		t.Errorf("%v, want %v", a, b)
	}
	if err := parts.Merge(parts); err != nil || parts.Total() != 2*together.Total() || parts.Distinct() != together.Distinct() {
		t.Errorf("merged with itself: %v, %d grams, %d distinct", err, parts.Total(), parts.Distinct())
	}
	if err := parts.Merge(NewNGrams(2)); err == nil || err.Error() != "similarity: merge n-grams: n is 3 here and 2 there: want the same" {
		t.Errorf("got %v", err)
	}
}

// Grams whose hashes collide are told apart by their words.
func TestGramsOfOneHash(t *testing.T) {
	var g grams
	for i, key := range []string{"a b", "a c", "a", "a b c"} {
		if k := g.putKey(7, []byte(key)); k != i {
			t.Errorf("%q is number %d, want %d", key, k, i)
		}
	}
	var w words
	w.split("a b c")
	for n, want := range []int{2, 0, 3} {
		if k := g.find(7, &w, 0, n+1); k != want {
			t.Errorf("the first %d words are number %d, want %d", n+1, k, want)
		}
	}
	if k := g.find(7, &w, 1, 1); k != -1 {
		t.Errorf("b is number %d, want none", k)
	}
	r := textReader{target: &target{q: &NGrams{grams: g}}, words: w, slots: make([]int32, 8)}
	for i := range 3 {
		r.see(7, i, 1)
	}
	if len(r.seen) != 3 {
		t.Errorf("%d distinct words of one hash, want 3", len(r.seen))
	}
}

func TestNewNGramsPanics(t *testing.T) {
	defer func() {
		if got := recover(); got != "similarity: new n-grams: n is 0: want 1 or more" {
			t.Errorf("panic %v", got)
		}
	}()
	NewNGrams(0)
}

func TestNGramErrors(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	text := []string{"a b c"}
	rows := func(train, test []string, n int) error {
		_, err := NGramKL(ctx, train, test, NGramConfig{N: n})
		return err
	}
	prefix := func(train []string, tests [][]string, every, n int) error {
		_, err := PrefixKL(ctx, train, tests, every, NGramConfig{N: n})
		return err
	}
	_, differ := KL(NewNGrams(1), NewNGrams(2))
	_, empty := KL(counted(2, "a b"), counted(2, "a"))
	for _, c := range []struct {
		err  error
		want string
	}{
		{rows(nil, text, 0), "n-gram kl: train is empty: want a text"},
		{rows(text, nil, 0), "n-gram kl: test is empty: want a text"},
		{rows(text, text, -1), "n-gram kl: n is -1: want 1 or more, or 0 for 2"},
		{rows(text, text, 4), "n-gram kl: the test side has no 4-grams: want a text of 4 words or more"},
		{prefix(nil, [][]string{text}, 1, 0), "prefix kl: 0 training texts and 1 tests: want one of each or more"},
		{prefix(text, nil, 1, 0), "prefix kl: 1 training texts and 0 tests: want one of each or more"},
		{prefix(text, [][]string{text}, 2, 0), "prefix kl: every 2 texts: want 1 to 1, the number of training texts"},
		{prefix(text, [][]string{text}, 0, 0), "prefix kl: every 0 texts: want 1 to 1, the number of training texts"},
		{prefix(text, [][]string{text, nil}, 1, 0), "prefix kl: test 1: test is empty: want a text"},
		{prefix(text, [][]string{text}, 1, -3), "prefix kl: test 0: n is -3: want 1 or more, or 0 for 2"},
		{differ, "kl: n is 1 on one side and 2 on the other: want the same"},
		{empty, "kl: the test side has no 2-grams: want a text of 2 words or more"},
	} {
		if c.err == nil || c.err.Error() != "similarity: "+c.want {
			t.Errorf("got  %v\nwant similarity: %s", c.err, c.want)
		}
	}
	cancel()
	for _, err := range []error{rows(text, text, 0), prefix(text, [][]string{text}, 1, 0)} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
	}
}
