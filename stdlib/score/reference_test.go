package score

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// read reads a file that testdata/make_reference.py wrote, and its namesake in KAIROS_SCORE_REFERENCE.
func read[T any](t testing.TB, name string) map[string]T {
	t.Helper()
	out := map[string]T{}
	for _, dir := range []string{"testdata", os.Getenv("KAIROS_SCORE_REFERENCE")} {
		if dir == "" {
			continue
		}
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		var v T
		if err := json.NewDecoder(z).Decode(&v); err != nil {
			t.Fatal(err)
		}
		out[dir] = v
	}
	return out
}

type pair struct {
	Prediction     string
	References     []string
	Rouge1, RougeL [3]float64 // precision, recall, F1
	Exact          bool
	Normal         string
}

func TestPairsAgainstRougeScore(t *testing.T) {
	for dir, pairs := range read[[]pair](t, "pairs.json.gz") {
		if len(pairs) < 2000 {
			t.Errorf("%s: %d pairs, want 2000", dir, len(pairs))
		}
		for i, p := range pairs {
			comparePair(t, i, p)
		}
	}
}

func comparePair(t *testing.T, i int, p pair) {
	one, err1 := Rouge1(p.Prediction, p.References...)
	long, errL := RougeL(p.Prediction, p.References...)
	exact, errE := ExactMatch(p.Prediction, p.References...)
	if err1 != nil || errL != nil || errE != nil {
		t.Fatal(err1, errL, errE)
	}
	if !near(one, p.Rouge1) || !near(long, p.RougeL) {
		t.Errorf("pair %d, %q and %q:\nROUGE-1 %v, want %v\nROUGE-L %v, want %v", i, p.Prediction, p.References, one, p.Rouge1, long, p.RougeL)
	}
	if exact != p.Exact {
		t.Errorf("pair %d, %q and %q: match %v", i, p.Prediction, p.References, exact)
	}
	if got := Normalize(p.Prediction); got != p.Normal {
		t.Errorf("pair %d: Normalize(%q) = %q, want %q", i, p.Prediction, got, p.Normal)
	}
	g := Generation{Text: p.Prediction, References: p.References}
	if r := g.result(); r.Rouge1 != one.F1 || r.RougeL != long.F1 || (r.ExactMatch == 1) != exact {
		t.Errorf("pair %d: result %+v, but alone %v, %v and %v", i, r, one, long, exact)
	}
}

func near(r Rouge, want [3]float64) bool {
	for i, v := range []float64{r.Precision, r.Recall, r.F1} {
		if math.IsNaN(v) || math.Abs(v-want[i]) > 1e-9 {
			return false
		}
	}
	return true
}

func TestStemsAgainstNLTK(t *testing.T) {
	for dir, stems := range read[map[string]string](t, "words.json.gz") {
		if len(stems) < 4000 {
			t.Errorf("%s: only %d words", dir, len(stems))
		}
		for word, want := range stems {
			if got := string(stem([]byte(word))); got != want {
				t.Errorf("stem(%q) = %q, want %q", word, got, want)
			}
		}
	}
}

type characters struct {
	Known        [][2]rune // ranges
	Lower        map[string]string
	Space        []rune
	After        [][2]rune `json:"final_after"`
	AfterLetter  [][2]rune `json:"final_after_letter"`
	Before       [][2]rune `json:"final_before"`
	BeforeLetter [][2]rune `json:"final_before_letter"`
}

// Every character that Python 3.11 knows, alone and beside a capital sigma.
func TestCharactersAgainstPython(t *testing.T) {
	c := read[characters](t, "unicode.json.gz")["testdata"]
	lowered, spaces := map[rune]string{}, map[rune]bool{}
	for code, s := range c.Lower {
		n, err := strconv.Atoi(code)
		if err != nil {
			t.Fatal(err)
		}
		lowered[rune(n)] = s
	}
	for _, r := range c.Space {
		spaces[r] = true
	}
	after, afterLetter, before, beforeLetter := members(c.After), members(c.AfterLetter), members(c.Before), members(c.BeforeLetter)
	for r := range members(c.Known) {
		want, changes := lowered[r]
		if !changes {
			want = string(r)
		}
		s := string(r)
		check(t, s, lower(s), want)
		check(t, s+" is space", isSpace(r), spaces[r])
		check(t, s+"Σ", last(lower(s+"Σ")) == 'ς', after[r])
		check(t, "A"+s+"Σ", last(lower("A"+s+"Σ")) == 'ς', afterLetter[r])
		check(t, "AΣ"+s, []rune(lower("AΣ" + s))[1] == 'ς', before[r])
		check(t, "AΣ"+s+"a", []rune(lower("AΣ" + s + "a"))[1] == 'ς', beforeLetter[r])
	}
}

func check[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%+q: got %+v, want %+v", what, got, want)
	}
}

func last(s string) rune {
	runes := []rune(s)
	return runes[len(runes)-1]
}

func members(ranges [][2]rune) map[rune]bool {
	m := map[rune]bool{}
	for _, r := range ranges {
		for c := r[0]; c <= r[1]; c++ {
			m[c] = true
		}
	}
	return m
}
