package similarity

import (
	"context"
	"errors"
	"fmt"
	"math"

	"kairos/stdlib/internal/blocks"
	"kairos/stdlib/internal/simd"
	"kairos/stdlib/matrix"
)

// Terms are what WSD needs of a training row's distances. They are computed row by row, so that the
// rows may be read in parts, on several machines, and weighed together.
type Terms struct {
	Min, Mean float64
}

// WSD returns the weighted similarity distance of every row of a train × test distance matrix, as
// in the paper (its Weighted Similarity Distance) and its reference's split_data_job.py:
//
//	WSD_i = w_min · min_j D[i][j] + w_avg · mean_j D[i][j]
//
// with w_min = 1 and w_avg = mean_i(min_j D) / mean_i(mean_j D), which brings both terms to the
// same size. Sums are in float64. It is Weigh of RowTerms, and never holds the matrix if dist does
// not, as LazyCosine does not.
//
// An empty matrix and a distance that is NaN or infinite are errors. So is a matrix whose distances
// average 0, where w_avg has no value. The measure is made for distances of one sign, as cosines of
// texts give: where both signs almost cancel, w_avg is large, or negative, and says little.
func WSD(ctx context.Context, dist matrix.Blocks) ([]float64, error) {
	terms, err := RowTerms(ctx, dist)
	if err != nil {
		return nil, err
	}
	return Weigh(terms)
}

// RowTerms returns the terms of every row, computed on all cores. An empty matrix and a distance that
// is NaN or infinite are errors. ctx is looked at before every block of rows.
func RowTerms(ctx context.Context, dist matrix.Blocks) ([]Terms, error) {
	rows, cols, err := blocks.Check(dist)
	if err != nil {
		return nil, fmt.Errorf("similarity: wsd: %w", err)
	}
	terms := make([]Terms, rows)
	err = blocks.Each(ctx, dist, func() func(int, *matrix.Dense) error {
		return func(first int, block *matrix.Dense) error {
			for i := range block.Rows {
				least, sum := simd.MinSum(block.Row(i))
				if sum-sum != 0 {
					return checkFinite(block.Row(i), first+i)
				}
				terms[first+i] = Terms{float64(least), sum / float64(cols)}
			}
			return nil
		}
	})
	if err != nil {
		return nil, fmt.Errorf("similarity: wsd: %w", err)
	}
	return terms, nil
}

// Weigh returns the WSD of rows from their terms, all rows of the matrix in their order: the weight
// is a sum over all of them. Terms that are NaN or infinite are errors, no terms, and terms whose
// means average 0.
func Weigh(terms []Terms) ([]float64, error) {
	if len(terms) == 0 {
		return nil, errors.New("similarity: wsd: no rows")
	}
	var nearest, average float64
	for i, t := range terms {
		if t.Min-t.Min != 0 || t.Mean-t.Mean != 0 {
			return nil, fmt.Errorf("similarity: wsd: row %d has minimum %v and mean %v: want finite numbers", i, t.Min, t.Mean)
		}
		nearest += t.Min
		average += t.Mean
	}
	weight := nearest / average
	if math.IsNaN(weight) || math.IsInf(weight, 0) {
		return nil, errors.New("similarity: wsd: the distances average 0, so the weight of the average has no value")
	}
	scores := make([]float64, len(terms))
	for i, t := range terms {
		scores[i] = t.Min + float64(weight*t.Mean)
	}
	return scores, nil
}
