package similarity

import (
	"context"
	"math/rand/v2"
	"testing"

	"kairos/stdlib/matrix"
)

// texts gives vectors on one side of the origin, as embeddings of texts are.
func texts(rng *rand.Rand, rows, cols int) *matrix.Dense {
	m := randomMatrix(rng, rows, cols)
	for i := range m.Data {
		m.Data[i]++
	}
	return m
}

func BenchmarkTransport(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	cost, err := Cosine(context.Background(), texts(rng, 2000, 384), texts(rng, 1000, 384))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Transport(context.Background(), cost, TransportConfig{}); err != nil {
			b.Fatal(err)
		}
	}
}
