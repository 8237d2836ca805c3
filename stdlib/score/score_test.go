package score

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestRougeByHand(t *testing.T) {
	for _, c := range []struct {
		prediction, reference string
		rouge1, rougeL        [3]float64
	}{
		// Lin's example (section 3.1): three of four words in order, or only two.
		{"police kill the gunman", "police killed the gunman", [3]float64{1, 1, 1}, [3]float64{1, 1, 1}},
		{"the gunman kill police", "police killed the gunman", [3]float64{1, 1, 1}, [3]float64{0.5, 0.5, 0.5}},
		// Two of the three a's count, as often as the reference has it.
		{"a a a b", "a b a", [3]float64{0.75, 1, 6. / 7}, [3]float64{0.5, 2. / 3, 4. / 7}},
		{"one", "two", [3]float64{}, [3]float64{}},
		{"\u212aing İ", "KING i", [3]float64{1, 1, 1}, [3]float64{1, 1, 1}},
		{"café", "caf", [3]float64{1, 1, 1}, [3]float64{1, 1, 1}},
		{"a\xffb", "a b", [3]float64{1, 1, 1}, [3]float64{1, 1, 1}},
		{"", "", [3]float64{}, [3]float64{}},
		{"你好", "你好", [3]float64{}, [3]float64{}}, // no ASCII, no words
		{"", "a", [3]float64{}, [3]float64{}},
		{"a", "", [3]float64{}, [3]float64{}},
	} {
		one, err1 := Rouge1(c.prediction, c.reference)
		long, errL := RougeL(c.prediction, c.reference)
		if err1 != nil || errL != nil || !near(one, c.rouge1) || !near(long, c.rougeL) {
			t.Errorf("%q and %q: %v and %v, want %v and %v (%v, %v)", c.prediction, c.reference, one, long, c.rouge1, c.rougeL, err1, errL)
		}
	}
}

func TestWordsByHand(t *testing.T) {
	for text, want := range map[string][]string{
		"His cats' toys":      {"his", "cat", "toy"}, // three characters are too few for an ending
		"\u212aİng a\u0301b":  {"ki", "ng", "a", "b"},
		"U.S. 1990s _x_ ５":    {"u", "s", "1990", "x"},
		" \n\u00a0":           {},
		"e\xe9e trying-tried": {"e", "e", "tri", "tri"},
	} {
		if got := Words(text); !slices.Equal(got, want) {
			t.Errorf("Words(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestBestReference(t *testing.T) {
	// F1 is 1/2 with each of the first two; with the third 2·1·(2/3)/(5/3).
	r, err := Rouge1("a b", "a c", "d b", "a b c")
	if err != nil || !near(r, [3]float64{1, 2. / 3, 0.8}) {
		t.Errorf("best is %v, %v", r, err)
	}
	// Of equal F1 the first: one of two and both words of one, or two of two and half of four.
	if r, err = Rouge1("a b", "a", "a b c d"); err != nil || !near(r, [3]float64{0.5, 1, 2. / 3}) {
		t.Errorf("best is %v, %v", r, err)
	}
}

func TestNoReferences(t *testing.T) {
	_, err1 := Rouge1("a")
	_, errL := RougeL("a")
	_, errE := ExactMatch("a")
	_, errG := Generations(t.Context(), []Generation{{Task: "t", Text: "a"}}, Config{})
	for want, err := range map[string]error{
		"score: compute ROUGE-1: no references":                err1,
		"score: compute ROUGE-L: no references":                errL,
		"score: match text: no references":                     errE,
		`score: score generation 0 of task "t": no references`: errG,
	} {
		if err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestNormalizeByHand(t *testing.T) {
	for text, want := range map[string]string{
		"  The answer:\t\"Yes!\"\n":   "the answer yes",
		"state-of-the-art":            "stateoftheart",
		"a\x1cb\u2003c\u200bd":        "a b c\u200bd",
		"ΟΔΟΣ. Σ ΣΑΣ":                 "οδος σ σας",
		"İ":                           "i\u0307",
		"“¿no?”":                      "“¿no”", // only ASCII punctuation goes
		"a . b":                       "a b",
		"\xff":                        "\ufffd",
		" .,\u00a0":                   "",
		"$5 + 3% = `x` ^_~{}[]<>@#|/": "5 3 x",
	} {
		if got := Normalize(text); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", text, got, want)
		}
	}
}

// Porter's own examples, and what NLTK does otherwise.
func TestStemByHand(t *testing.T) {
	for _, c := range strings.Fields(`caresses:caress ponies:poni ties:tie cats:cat feed:feed agreed:agre plastered:plaster bled:bled
		motoring:motor sing:sing conflated:conflat troubled:troubl sized:size hopping:hop tanned:tan falling:fall hissing:hiss
		fizzed:fizz failing:fail filing:file happy:happi enjoy:enjoy sky:sky skies:sky dying:die relational:relat conditional:condit
		rational:ration digitizer:digit radically:radic vileli:vile triplicate:triplic formative:form electrical:electr goodness:good
		revival:reviv replacement:replac adjustment:adjust adoption:adopt homologous:homolog rate:rate cease:ceas controlling:control
		roll:roll geology:geolog hopefully:hope owed:owe yyyy:yyyi yyyyy:yyyyy as:as 1990s:1990 died:die`) {
		word, want, _ := strings.Cut(c, ":")
		if got := string(stem([]byte(word))); got != want {
			t.Errorf("stem(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestCommonAgainstTheWholeTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		a, b := randomNumbers(rng), randomNumbers(rng)
		if got, want := common(a, b), wholeTable(a, b); got != want {
			t.Fatalf("common(%v, %v) = %d, want %d", a, b, got, want)
		}
	}
}

func randomNumbers(rng *rand.Rand) []int32 {
	numbers := make([]int32, rng.IntN(20))
	for i := range numbers {
		numbers[i] = rng.Int32N(4)
	}
	return numbers
}

func wholeTable(a, b []int32) int {
	table := make([][]int, len(a)+1)
	table[0] = make([]int, len(b)+1)
	for i, x := range a {
		table[i+1] = make([]int, len(b)+1)
		for j, y := range b {
			table[i+1][j+1] = max(table[i][j+1], table[i+1][j])
			if x == y {
				table[i+1][j+1] = table[i][j] + 1
			}
		}
	}
	return table[len(a)][len(b)]
}

func TestMeansByHand(t *testing.T) {
	results := []Result{
		{"a", "x", 1, 0.5, 1}, {"a", "x", 0, 0, 0}, {"b", "x", 0.5, 0.25, 0}, {"c", "y", 1, 1, 1},
	}
	for name, c := range map[string]struct{ got, want any }{
		"overall":    {Overall(results), Mean{4, 0.625, 0.4375, 0.5}},
		"over tasks": {OverTasks(results), Mean{3, 2. / 3, 0.5, 0.5}},
		"by task":    {ByTask(results), map[string]Mean{"a": {2, 0.5, 0.25, 0.5}, "b": {1, 0.5, 0.25, 0}, "c": {1, 1, 1, 1}}},
		"by category": {ByCategory(results), map[string]Mean{
			"x": {3, 0.5, 0.25, 1. / 3}, "y": {1, 1, 1, 1}}},
		"of nothing":       {Overall(nil), Mean{}},
		"over no tasks":    {OverTasks(nil), Mean{}},
		"by task, nothing": {ByTask(nil), map[string]Mean{}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, c.got, c.want)
		}
	}
}

func TestGenerations(t *testing.T) {
	g := []Generation{
		{Task: "a", Category: "x", Text: "Yes.", References: []string{"no", "yes"}},
		{Task: "b", Category: "x", Text: "", References: []string{""}},
	}
	var calls []int
	results, err := Generations(t.Context(), g, Config{Progress: func(done, total int) { calls = append(calls, done, total) }})
	want := []Result{{"a", "x", 1, 1, 1}, {"b", "x", 0, 0, 1}}
	if err != nil || !slices.Equal(results, want) || !slices.Equal(calls, []int{1, 2, 2, 2}) {
		t.Errorf("results %+v, error %v, progress %v", results, err, calls)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Generations(ctx, g, Config{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Stems and words hold for any text: they end, and are made of what they may be made of.
func FuzzWords(f *testing.F) {
	f.Add("The quick İ \u212a \xff yyyyyy ing ed ies alli")
	f.Fuzz(func(t *testing.T, text string) {
		for _, w := range Words(text) {
			if w == "" || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
				t.Errorf("Words(%q) has %q", text, w)
			}
		}
		if n := Normalize(text); Normalize(n) != n && !strings.ContainsAny(n, "σς") {
			t.Errorf("Normalize is not stable: %q, then %q", n, Normalize(n))
		}
	})
}
