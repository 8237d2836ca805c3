package score

import (
	"strings"
	"testing"
)

// Every pair of the reference, ROUGE and exact match, as testdata/make_reference.py --time does them
// with rouge_score.
func BenchmarkPairs(b *testing.B) {
	var generations []Generation
	for _, p := range read[[]pair](b, "pairs.json.gz")["testdata"] {
		generations = append(generations, Generation{Text: p.Prediction, References: p.References})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Generations(b.Context(), generations, Config{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(generations)*b.N)/b.Elapsed().Seconds(), "pairs/s")
}

// Two texts of about 1,000 words, as long as an answer may be.
func BenchmarkRougeLOfLongTexts(b *testing.B) {
	a := strings.Repeat("the models were evaluated on unseen tasks of several categories ", 100)
	c := strings.Repeat("unseen categories of tasks evaluate a model several times over ", 100)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := RougeL(a, c); err != nil {
			b.Fatal(err)
		}
	}
}
