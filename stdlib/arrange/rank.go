package arrange

import "math"

// rank orders the rows of a column: the distance, made to compare as an unsigned number does, above
// the row's index.
type rank uint64

func rankOf(distance float32, row int, farthest bool) rank {
	bits := math.Float32bits(distance + 0) // + 0 makes −0 equal to 0
	if bits>>31 == 1 {
		bits = ^bits
	} else {
		bits |= 1 << 31
	}
	if farthest {
		bits = ^bits
	}
	return rank(bits)<<32 | rank(row)
}

func (r rank) row() int { return int(uint32(r)) }

func (r rank) distance(farthest bool) float32 {
	bits := uint32(r >> 32)
	if farthest {
		bits = ^bits
	}
	if bits>>31 == 1 {
		bits &^= 1 << 31
	} else {
		bits = ^bits
	}
	return math.Float32frombits(bits)
}

// best brings the n least of ranks, all of which differ, to the front: Hoare's quickselect.
func best(ranks []rank, n int) {
	for len(ranks) > 1 {
		a, b, c := ranks[0], ranks[len(ranks)/2], ranks[len(ranks)-1]
		pivot := max(min(a, b), min(max(a, b), c)) // the median
		i, j := 0, len(ranks)-1
		for i <= j {
			for ranks[i] < pivot {
				i++
			}
			for ranks[j] > pivot {
				j--
			}
			if i <= j {
				ranks[i], ranks[j] = ranks[j], ranks[i]
				i++
				j--
			}
		}
		switch { // all up to j are at most pivot, all from i on at least
		case n <= j:
			ranks = ranks[:j+1]
		case n > i:
			ranks, n = ranks[i:], n-i
		default:
			return
		}
	}
}
