package arrange

import (
	"context"
	"math/rand/v2"
	"testing"

	"kairos/stdlib/matrix"
)

// The paper's 30,000 rows, of a hundredth of its columns' product: 100,000 × 250 random distances.
func BenchmarkTMA(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	dist := matrix.New(100_000, 250)
	for i := range dist.Data {
		dist.Data[i] = rng.Float32()
	}
	for b.Loop() {
		if _, err := TMA(context.Background(), dist, TMAConfig{Num: 30_000}); err != nil {
			b.Fatal(err)
		}
	}
}
