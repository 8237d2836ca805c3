package arrange

import (
	"context"
	"fmt"
	"math"
	"slices"

	"kairos/stdlib/internal/blocks"
	"kairos/stdlib/internal/simd"
	"kairos/stdlib/matrix"
)

// DiverseConfig chooses a setting of TMADiverse. Its zero value arranges all rows, with a weight of
// a half.
type DiverseConfig struct {
	Num    int     // rows to choose at least, as in TMAConfig
	Weight float64 // distance that a row must make up for when it repeats a row that was taken; 0 means 0.5
}

// TMADiverse is TMA that passes over what it already has. It is an experiment that goes beyond the
// paper, whose TMA may take many rows that say the same. In each round every column takes the row
// that no earlier round took with the least
//
//	D[i][j] + Weight · max(0, the largest cosine of row i and a row that an earlier round took)
//
// (after maximal marginal relevance, Carbonell and Goldstein 1998), the lowest of those equal. The
// rest is as in TMA. vectors are the embeddings of the rows of dist, which is best made of cosines,
// so that both terms have the same unit.
//
// The cosines cost the product of all vectors with those taken, rows × Num × width; with a weight
// that is large beside the differences of distances, columns must look far down their lists, which
// at worst takes 16 bytes per element of dist. Errors are those of TMA, vectors that are not as many
// as rows, or of no length, or not finite, and a weight that is negative or not finite.
func TMADiverse(ctx context.Context, dist, vectors matrix.Blocks, cfg DiverseConfig) ([][]int, error) {
	if cfg.Weight == 0 {
		cfg.Weight = 0.5
	}
	want, cols, err := checkTMA(dist, TMAConfig{Num: cfg.Num})
	if err == nil {
		err = checkDiverse(dist, vectors, cfg)
	}
	if err != nil {
		return nil, fmt.Errorf("arrange: tma diverse: %w", err)
	}
	r, err := newRedundancy(ctx, vectors, cfg.Weight)
	if err != nil {
		return nil, fmt.Errorf("arrange: tma diverse: vectors: %w", err)
	}
	w := &weighed{dist: dist, penalty: r.penalty, depth: Depth(want, cols)}
	var rounds [][]int
	for err = w.fill(ctx); err == nil && r.taken < want; {
		var round []int
		if round, err = r.round(ctx, w); err == nil {
			rounds = append(rounds, round)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("arrange: tma diverse: %w", err)
	}
	return rounds, nil
}

func checkDiverse(dist, vectors matrix.Blocks, cfg DiverseConfig) error {
	rows, _ := dist.Dims()
	n, _, err := blocks.Check(vectors)
	switch {
	case err != nil:
		return fmt.Errorf("vectors: %w", err)
	case n != rows:
		return fmt.Errorf("%d vectors, but distances of %d rows", n, rows)
	case !(cfg.Weight > 0) || math.IsInf(cfg.Weight, 1):
		return fmt.Errorf("weight is %v: want a number above 0, or 0 for 0.5", cfg.Weight)
	}
	return nil
}

// redundancy knows how much every row repeats those that were taken.
type redundancy struct {
	vectors matrix.Blocks
	weight  float64
	scale   []float64 // of each row: 1 over its length
	cosine  []float32 // of each row: the largest with a row that was taken, or 0; +Inf when it was taken itself
	taken   int
}

func newRedundancy(ctx context.Context, vectors matrix.Blocks, weight float64) (*redundancy, error) {
	n, _ := vectors.Dims()
	r := &redundancy{vectors: vectors, weight: weight, cosine: make([]float32, n)}
	var err error
	r.scale, err = inverseLengths(ctx, vectors)
	return r, err
}

// inverseLengths returns 1 over the length of every row, which must be finite and not 0.
func inverseLengths(ctx context.Context, vectors matrix.Blocks) ([]float64, error) {
	n, _ := vectors.Dims()
	scale := make([]float64, n)
	err := blocks.Each(ctx, vectors, func() func(int, *matrix.Dense) error {
		return func(first int, block *matrix.Dense) error {
			for i := range block.Rows {
				squares := simd.SumSquares(block.Row(i))
				switch {
				case squares == 0:
					return fmt.Errorf("row %d is all zeros: it has no direction", first+i)
				case squares-squares != 0:
					return notFinite(first+i, block.Row(i))
				}
				scale[first+i] = 1 / math.Sqrt(squares)
			}
			return nil
		}
	})
	return scale, err
}

func (r *redundancy) penalty(row int) float64 { return r.weight * float64(r.cosine[row]) }

func (r *redundancy) round(ctx context.Context, w *weighed) ([]int, error) {
	var rows []int
	for j := range w.queues {
		row, err := w.best(ctx, j)
		if err != nil {
			return nil, err
		}
		if row >= 0 {
			rows = append(rows, row)
		}
	}
	slices.Sort(rows)
	rows = slices.Clip(slices.Compact(rows))
	r.taken += len(rows)
	return rows, r.take(ctx, rows)
}

// take raises the cosines of all rows to those with the rows of a round.
func (r *redundancy) take(ctx context.Context, rows []int) error {
	packed, err := r.pack(ctx, rows)
	if err != nil {
		return err
	}
	err = blocks.Each(ctx, r.vectors, func() func(int, *matrix.Dense) error {
		var dots []float32
		return func(first int, block *matrix.Dense) error {
			dots = slices.Grow(dots[:0], block.Rows*len(rows))[:block.Rows*len(rows)]
			packed.Dot(dots, block.Data, block.Rows)
			for i := range block.Rows {
				cosine := float32(float64(slices.Max(dots[i*len(rows):][:len(rows)])) * r.scale[first+i])
				r.cosine[first+i] = max(r.cosine[first+i], cosine)
			}
			return nil
		}
	})
	for _, row := range rows {
		r.cosine[row] = float32(math.Inf(1))
	}
	return err
}

// pack lays out the directions of rows for products.
func (r *redundancy) pack(ctx context.Context, rows []int) (*simd.Packed, error) {
	_, width := r.vectors.Dims()
	directions := matrix.New(len(rows), width)
	var buf matrix.Dense
	for k, row := range rows {
		vector, err := r.vectors.Block(ctx, row, row+1, &buf)
		if err != nil {
			return nil, err
		}
		simd.Scale(directions.Row(k), vector.Row(0), r.scale[row])
	}
	return simd.Pack(directions.Data, len(rows), width), nil
}
