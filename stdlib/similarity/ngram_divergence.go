package similarity

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// target is what divergences are measured from: the grams of the test side. Those that it has
// equally often are of one level. A divergence follows from how much of p lies on each level and
// from p's spectrum. These are whole numbers, so that the order of texts changes nothing.
type target struct {
	q    *NGrams
	of   []int32   // the level of each gram of q
	logs []float64 // of each level: ln(share + epsilon); level 0 is that of absent grams
}

func newTarget(q *NGrams) (*target, error) {
	if q.total == 0 {
		return nil, fmt.Errorf("the test side has no %d-grams: want a text of %d words or more", q.n, q.n)
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(q.counts)))
	t := &target{q: q, of: make([]int32, len(q.counts)), logs: []float64{math.Log(epsilon)}}
	for _, count := range distinct {
		t.logs = append(t.logs, math.Log(float64(count)/float64(q.total)+epsilon))
	}
	for k, count := range q.counts {
		level, _ := slices.BinarySearch(distinct, count)
		t.of[k] = int32(level + 1)
	}
	return t, nil
}

// level returns the level of gram k of q; k is −1 for one that q has not got.
func (t *target) level(k int) int32 {
	if k < 0 {
		return 0
	}
	return t.of[k]
}

// levels returns room for the mass on each level.
func (t *target) levels() []int64 { return make([]int64, len(t.logs)) }

// divergence of total grams with this spectrum, of which mass lies on each level:
// Σ (c/T) · ln((c/T) / q) = (Σ c · ln c − Σ c · ln q) / T − ln T.
func (t *target) divergence(s *spectrum, mass []int64, total int64) float64 {
	if total == 0 {
		return -math.Log(epsilon)
	}
	sum := s.sum()
	for level, m := range mass {
		if m != 0 {
			sum -= float64(m) * t.logs[level]
		}
	}
	return sum/float64(total) - math.Log(float64(total))
}

// spectrum is how many grams there are of each count.
type spectrum struct {
	few  [64]int64
	more map[int64]int64 // from counts of len(few)
}

func (s *spectrum) add(count, grams int64) {
	if count < int64(len(s.few)) {
		s.few[count] += grams
		return
	}
	if s.more == nil {
		s.more = map[int64]int64{}
	}
	if s.more[count] += grams; s.more[count] == 0 {
		delete(s.more, count)
	}
}

// sum returns Σ c · ln c, in the order of counts.
func (s *spectrum) sum() float64 {
	var sum float64
	for count := 2; count < len(s.few); count++ {
		if grams := s.few[count]; grams != 0 {
			sum += float64(grams) * float64(count) * math.Log(float64(count))
		}
	}
	for _, count := range slices.Sorted(maps.Keys(s.more)) {
		sum += float64(s.more[count]) * float64(count) * math.Log(float64(count))
	}
	return sum
}

func (s *spectrum) reset() {
	clear(s.few[:])
	clear(s.more)
}
