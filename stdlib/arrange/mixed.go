package arrange

import (
	"context"
	"fmt"
	"slices"

	"kairos/stdlib/matrix"
)

// MixedConfig chooses one of the paper's mixed settings of TMA. Its zero value is min-max of all
// rows.
type MixedConfig struct {
	Num      int  // rows to choose, as in TMAConfig; half of them, of an odd number the larger half, in each direction
	MaxFirst bool // max-min, farthest rows first, instead of min-max

	// AsReference turns the second half around, its last round first and the rows of each backwards.
	// The paper does not speak of it; its reference does so (convert_flan_data_job.py), so that the
	// order ends with the rows that the second direction would take first.
	AsReference bool
}

// TMAMixed is TMA once by nearest rows and once by farthest, each for half of the rows, one after
// the other: the paper's min-max and max-min. Both look at the whole matrix. A row that both choose
// stays where it is first, and a round of which nothing is left is dropped, so there may be fewer
// rows than cfg.Num. Rounds are numbered through.
//
// It makes two arrangements, so it takes twice as long as TMA; the errors are the same.
//
// What the reference calls random is its min-max shuffled: Shuffled of PlacesOfRounds. The paper's
// text can also be read as any rows at all: the first of Random.
func TMAMixed(ctx context.Context, dist matrix.Blocks, cfg MixedConfig) ([][]int, error) {
	want, _, err := checkTMA(dist, TMAConfig{Num: cfg.Num})
	if err != nil {
		return nil, fmt.Errorf("arrange: tma mixed: %w", err)
	}
	first, err := TMA(ctx, dist, TMAConfig{Num: (want + 1) / 2, Farthest: cfg.MaxFirst})
	if err != nil || want == 1 {
		return first, err
	}
	second, err := TMA(ctx, dist, TMAConfig{Num: want / 2, Farthest: !cfg.MaxFirst})
	if err != nil {
		return nil, err
	}
	if cfg.AsReference {
		slices.Reverse(second)
		for _, round := range second {
			slices.Reverse(round)
		}
	}
	return firstOccurrences(append(first, second...)), nil
}

// firstOccurrences drops rows that an earlier round has, and then rounds without rows.
func firstOccurrences(rounds [][]int) [][]int {
	seen := make(map[int]bool)
	for k, round := range rounds {
		rounds[k] = slices.DeleteFunc(round, func(row int) bool {
			before := seen[row]
			seen[row] = true
			return before
		})
	}
	return slices.DeleteFunc(rounds, func(round []int) bool { return len(round) == 0 })
}
