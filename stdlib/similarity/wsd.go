package similarity

import (
	"errors"
	"fmt"
	"math"

	"kairos/stdlib/matrix"
)

// WSD returns the weighted similarity distance of every row of a train × test distance matrix, as
// in the paper (its Weighted Similarity Distance) and its reference's split_data_job.py:
//
//	WSD_i = w_min · min_j D[i][j] + w_avg · mean_j D[i][j]
//
// with w_min = 1 and w_avg = mean_i(min_j D) / mean_i(mean_j D), which brings both terms to the
// same size. Sums are in float64.
//
// An empty matrix and a distance that is NaN or infinite are errors. So is a matrix whose distances
// average 0, where w_avg has no value. The measure is made for distances of one sign, as cosines of
// texts give: where both signs almost cancel, w_avg is large, or negative, and says little.
func WSD(dist *matrix.Dense) ([]float64, error) {
	if err := dist.Check(); err != nil {
		return nil, fmt.Errorf("similarity: wsd: %w", err)
	}
	if dist.Rows == 0 || dist.Cols == 0 {
		return nil, fmt.Errorf("similarity: wsd: the matrix is empty: it is %d×%d", dist.Rows, dist.Cols)
	}
	nearest := make([]float64, dist.Rows)
	average := make([]float64, dist.Rows)
	var sumNearest, sumAverage float64
	for i := range dist.Rows {
		nearest[i], average[i] = minAndMean(dist.Row(i))
		sumNearest += nearest[i]
		sumAverage += average[i]
	}
	weight := sumNearest / sumAverage
	if math.IsNaN(weight) || math.IsInf(weight, 0) {
		return nil, errors.New("similarity: wsd: the distances average 0, so the weight of the average has no value")
	}
	scores := nearest
	for i := range scores {
		scores[i] += weight * average[i]
	}
	return scores, nil
}

func minAndMean(distances []float32) (least, mean float64) {
	lowest := distances[0]
	for _, d := range distances {
		if d < lowest {
			lowest = d
		}
		mean += float64(d)
	}
	return float64(lowest), mean / float64(len(distances))
}
