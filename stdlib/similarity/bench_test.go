package similarity

import (
	"context"
	"math/rand/v2"
	"testing"

	"kairos/stdlib/matrix"
)

func randomMatrix(rng *rand.Rand, rows, cols int) *matrix.Dense {
	m := matrix.New(rows, cols)
	for i := range m.Data {
		m.Data[i] = float32(rng.NormFloat64())
	}
	return m
}

// The shape is a tenth of the paper's 28,751 × 1,125 (20 instances of each training task, 5 of each
// unseen one).
func BenchmarkCosine(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	train, test := randomMatrix(rng, 2875, 384), randomMatrix(rng, 1125, 384)
	for b.Loop() {
		if _, err := Cosine(context.Background(), train, test); err != nil {
			b.Fatal(err)
		}
	}
	products := 2 * float64(train.Rows*test.Rows*train.Cols) * float64(b.N)
	b.ReportMetric(products/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

func BenchmarkWSD(b *testing.B) {
	dist := randomMatrix(rand.New(rand.NewPCG(1, 1)), 2875, 1125)
	b.SetBytes(int64(4 * len(dist.Data)))
	for b.Loop() {
		if _, err := WSD(context.Background(), dist); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEuclidean(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	train, test := randomMatrix(rng, 2875, 384), randomMatrix(rng, 1125, 384)
	for b.Loop() {
		if _, err := Euclidean(context.Background(), train, test); err != nil {
			b.Fatal(err)
		}
	}
}

// The distances are never held: beside the scores there is a block of them for each core.
func BenchmarkWSDOfLazyCosine(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	train, test := randomMatrix(rng, 28_751, 384), randomMatrix(rng, 1125, 384)
	b.ReportAllocs()
	for b.Loop() {
		dist, err := LazyCosine(train, test)
		if err == nil {
			_, err = WSD(context.Background(), dist)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	products := 2 * float64(train.Rows*test.Rows*train.Cols) * float64(b.N)
	b.ReportMetric(products/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
