package similarity

import (
	"context"
	"math/rand/v2"
	"testing"
)

func BenchmarkNGramKL(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	train, test := randomTexts(rng, 10_000), randomTexts(rng, 1125)
	for b.Loop() {
		if _, err := NGramKL(context.Background(), train, test, NGramConfig{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(train)*b.N)/b.Elapsed().Seconds(), "texts/s")
}
