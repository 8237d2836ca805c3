package arrange

import (
	"fmt"
	"math"
)

// Place is one row of an arrangement: what a trainer's file says of it beside its text.
type Place struct {
	Index    int     // the row in the training set
	Round    int     // the round of TMA that took it, from 0; −1 where the method has none
	Distance float64 // the row's score; 0 in an arrangement without scores
}

// Places are the rows of an order with their scores, which are by row; nil where the method has
// none. An order need not hold every row. A row that is not among the scores, or comes twice, and a
// score that is NaN or infinite are errors.
func Places(order []int, scores []float64) ([]Place, error) {
	return places([][]int{order}, scores, false)
}

// PlacesOfRounds are the rows of rounds, one round after the other, each with its round and its
// score, as in Places.
func PlacesOfRounds(rounds [][]int, scores []float64) ([]Place, error) {
	return places(rounds, scores, true)
}

func places(rounds [][]int, scores []float64, rounded bool) ([]Place, error) {
	var out []Place
	seen := make(map[int]bool)
	for r, round := range rounds {
		for _, row := range round {
			p := Place{Index: row, Round: -1}
			if rounded {
				p.Round = r
			}
			switch {
			case row < 0:
				return nil, fmt.Errorf("arrange: places: row %d at place %d: want 0 or more", row, len(out))
			case seen[row]:
				return nil, fmt.Errorf("arrange: places: row %d at place %d came before: want each once", row, len(out))
			case scores == nil:
			case row >= len(scores):
				return nil, fmt.Errorf("arrange: places: row %d at place %d has no score: there are %d", row, len(out), len(scores))
			default:
				p.Distance = scores[row]
			}
			if p.Distance-p.Distance != 0 { // NaN or infinite
				return nil, fmt.Errorf("arrange: places: the score of row %d is %v: want a finite number", row, p.Distance)
			}
			seen[row] = true
			out = append(out, p)
		}
	}
	return out, nil
}

// Order are the rows of places, in their order.
func Order(places []Place) []int {
	order := make([]int, len(places))
	for i, p := range places {
		order[i] = p.Index
	}
	return order
}

// Scored returns places with the scores of their rows, as Places has them: for a method that
// arranges without scores, and a file that shall have them all the same.
func Scored(list []Place, scores []float64) ([]Place, error) {
	scored := make([]Place, len(list))
	for i, p := range list {
		if p.Index < 0 || p.Index >= len(scores) {
			return nil, fmt.Errorf("arrange: scored: row %d at place %d has no score: there are %d", p.Index, i, len(scores))
		}
		p.Distance = scores[p.Index]
		if math.IsNaN(p.Distance) || math.IsInf(p.Distance, 0) {
			return nil, fmt.Errorf("arrange: scored: the score of row %d is %v: want a finite number", p.Index, p.Distance)
		}
		scored[i] = p
	}
	return scored, nil
}
