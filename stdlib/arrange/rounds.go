package arrange

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Window joins the rounds first, first+1, … first+count−1 into one order: the paper trains on
// rounds [i, i+5) for i = 0, 5, …, 25 to see whether early rounds help more. Rounds that there are
// not are an error.
func Window(rounds [][]int, first, count int) ([]int, error) {
	if first < 0 || count < 1 || first+count > len(rounds) {
		return nil, fmt.Errorf("arrange: window: rounds %d to %d of %d: want them within 0 to %d", first, first+count-1, len(rounds), len(rounds)-1)
	}
	return Flatten(rounds[first : first+count]), nil
}

// Reversed returns places backwards: of what TMA selected, the paper's FFT.
func Reversed(list []Place) []Place {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// Shuffled returns places shuffled: of what TMA selected, the paper's RT. The same seed gives the
// same order on every machine.
func Shuffled(list []Place, seed uint64) []Place {
	list = slices.Clone(list)
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// RoundsByRow returns the round of each of n rows, −1 for one that no round took: what
// plot.MapByRound draws. A row that is not below n, or comes twice, is an error.
func RoundsByRow(rounds [][]int, n int) ([]int, error) {
	if n < 0 {
		return nil, fmt.Errorf("arrange: rounds by row: %d rows", n)
	}
	of := slices.Repeat([]int{-1}, n)
	for r, round := range rounds {
		for _, row := range round {
			switch {
			case row < 0 || row >= n:
				return nil, fmt.Errorf("arrange: rounds by row: round %d has row %d: there are %d", r, row, n)
			case of[row] >= 0:
				return nil, fmt.Errorf("arrange: rounds by row: round %d has row %d, as round %d has", r, row, of[row])
			}
			of[row] = r
		}
	}
	return of, nil
}
