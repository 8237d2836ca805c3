// Package arrange turns scores, distances and tasks into orders: lists of row indices that say in
// what order a model should see its training data. It is pure Go.
//
//	Nearest     NFT: nearest first, by one score per row (such as similarity.WSD)
//	Farthest    FFT: farthest first, the reverse of Nearest
//	Random      RT: a seeded shuffle
//	RoundRobin  a row of every task in turn; Cluster is task after task
//	Coarse      tasks by distance, their rows together; TaskMeans embeds the tasks
//	PerTask     which rows of every task: polar or uniform by distance
//	TMA         test-centric multi-turn arrangement, from a distance matrix, in rounds; Flatten joins
//	            them, Window some of them
//	TMAMixed    its settings min-max and max-min
//	Candidates  TMA of a matrix in parts
//	Places      an order with each row's round and distance, for output; Reversed and Shuffled are FFT and
//	            RT of what TMA selected
//
// Experiments that go beyond the paper:
//
//	Dedup        drops near duplicates before anything is arranged
//	Interleave   a curriculum that mixes near and far
//	TMADiverse   TMA that avoids what repeats the rows it has
//	TMABalanced  TMA that takes from all tasks alike
//
// An order is applied by data.Pick. Orders of a selection become orders of all rows by Through.
package arrange

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Nearest returns the rows by ascending score, rows of equal score by ascending index: the paper's
// nearest-first training (NFT). A score that is NaN is an error.
//
// The reference sorts by numpy's argsort, whose order among equal scores is not defined.
func Nearest(scores []float64) ([]int, error) {
	order, err := ascending(scores)
	if err != nil {
		return nil, fmt.Errorf("arrange: sort: %w", err)
	}
	return order, nil
}

func ascending(scores []float64) ([]int, error) {
	order := make([]int, len(scores))
	for i, score := range scores {
		if math.IsNaN(score) {
			return nil, fmt.Errorf("score %d is NaN", i)
		}
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(scores[i], scores[j]) })
	return order, nil
}

// Farthest returns the order of Nearest backwards: the paper's farthest-first training (FFT). So
// does the reference (sft_job.py), and rows of equal score therefore come by descending index.
func Farthest(scores []float64) ([]int, error) {
	order, err := Nearest(scores)
	slices.Reverse(order)
	return order, err
}

// Random returns the rows 0 to n−1 shuffled: the paper's random training (RT). The same seed gives
// the same order on every machine; it is not the one that Python or numpy would give. It panics
// when n is negative.
func Random(n int, seed uint64) []int {
	if n < 0 {
		panic(fmt.Sprintf("arrange: random: %d rows", n))
	}
	return rand.New(rand.NewPCG(seed, 0)).Perm(n)
}
