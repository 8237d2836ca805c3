package arrange

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"kairos/stdlib/matrix"
)

func random(rows, cols int) *matrix.Dense {
	rng := rand.New(rand.NewPCG(1, 1))
	m := matrix.New(rows, cols)
	for i := range m.Data {
		m.Data[i] = rng.Float32() - 0.5
	}
	return m
}

func BenchmarkTMABalanced(b *testing.B) {
	dist := random(100_000, 250)
	var tasks []string
	for i := range dist.Rows {
		tasks = append(tasks, fmt.Sprint(i%(1+i%600)))
	}
	for b.Loop() {
		if _, err := TMABalanced(context.Background(), dist, tasks, TMAConfig{Num: 10_000}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTMADiverse(b *testing.B) {
	dist, vectors := random(100_000, 250), random(100_000, 384)
	for b.Loop() {
		if _, err := TMADiverse(context.Background(), dist, vectors, DiverseConfig{Num: 10_000}); err != nil {
			b.Fatal(err)
		}
	}
}
