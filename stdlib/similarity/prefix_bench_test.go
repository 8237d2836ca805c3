package similarity

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
)

// The paper's Flan-mini: 20 instances of each training task, 5 of each unseen one.
func BenchmarkPrefixes(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	train, test := randomMatrix(rng, 28_751, 384), randomMatrix(rng, 1_125, 384)
	var tasks []string
	for j := range test.Rows {
		tasks = append(tasks, fmt.Sprint("task ", j/5))
	}
	for b.Loop() {
		if _, err := Prefixes(context.Background(), train, rng.Perm(train.Rows), test, tasks, PrefixConfig{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFitPCA(b *testing.B) {
	vectors := randomMatrix(rand.New(rand.NewPCG(1, 1)), 100_000, 384)
	for b.Loop() {
		if _, err := FitPCA(context.Background(), vectors, 2); err != nil {
			b.Fatal(err)
		}
	}
}
