package similarity

import (
	"fmt"
	"slices"
)

// epsilon is added to the share of every gram on the far side of a divergence, so that an absent one
// costs much but not everything, as in the reference.
const epsilon = 1e-10

// NGrams counts the n-grams of texts: the runs of n words, where words are what white space
// separates, as Python's split sees it and the reference uses it. Case and punctuation count. A text
// of fewer than n words has none. It may grow as long as memory lasts; it keeps every distinct gram
// once, and none of the texts.
type NGrams struct {
	n      int
	total  int64
	grams  grams
	counts []int64 // of each of grams
	words  words
}

// NewNGrams returns an empty count of n-grams. It panics when n is less than 1.
func NewNGrams(n int) *NGrams {
	if n < 1 {
		panic(fmt.Sprintf("similarity: new n-grams: n is %d: want 1 or more", n))
	}
	return &NGrams{n: n}
}

// N returns the number of words of a gram.
func (g *NGrams) N() int { return g.n }

// Total returns how many grams were counted.
func (g *NGrams) Total() int64 { return g.total }

// Distinct returns how many different grams were counted.
func (g *NGrams) Distinct() int { return len(g.counts) }

// Count returns how often a gram, given as its words with white space between them, was counted.
func (g *NGrams) Count(gram string) int64 {
	var w words
	w.split(gram)
	if len(w.spans) != g.n {
		return 0
	}
	k := g.grams.find(w.hash(0, g.n), &w, 0, g.n)
	if k < 0 {
		return 0
	}
	return g.counts[k]
}

// Add counts the n-grams of a text.
func (g *NGrams) Add(text string) {
	g.words.split(text)
	for i := range g.words.runs(g.n) {
		g.addRun(i)
	}
}

// addRun counts the gram that begins at word i of the text at hand, and returns its number.
func (g *NGrams) addRun(i int) int {
	k := g.grams.put(&g.words, i, g.n)
	if k == len(g.counts) {
		g.counts = append(g.counts, 0)
	}
	g.counts[k]++
	g.total++
	return k
}

// Merge adds what other counted, which stays as it is. Grams of different lengths are an error.
func (g *NGrams) Merge(other *NGrams) error {
	if g.n != other.n {
		return fmt.Errorf("similarity: merge n-grams: n is %d here and %d there: want the same", g.n, other.n)
	}
	for k, count := range slices.Clone(other.counts) { // other may be g itself
		to := g.grams.putKey(other.grams.hashes[k], other.grams.key(k))
		if to == len(g.counts) {
			g.counts = append(g.counts, 0)
		}
		g.counts[to] += count
		g.total += count
	}
	return nil
}

// KL returns the divergence of the n-grams of p, the training side, from those of q, the test side:
//
//	Σ p(g) · ln(p(g) / (q(g) + epsilon))
//
// over the distinct grams g of p, where p(g) and q(g) are shares of all grams of a side; others
// contribute nothing. It is in nats and hardly ever below 0 (epsilon lets it be, by less than
// epsilon for every gram). The most that it can be is −ln epsilon, 23.03, for one gram that q has
// not; without any grams p gets this too, since it has nothing in common with q. epsilon is 1e-10.
//
// The reference (calculate_dataset_similarity_per_task_kl.py) sums over a list in which each gram
// stands as often as it occurs in all texts, so that its numbers are larger.
//
// Different lengths of grams, and a q without grams, are errors. The result depends on the counts
// alone, to the last bit.
func KL(p, q *NGrams) (float64, error) {
	if p.n != q.n {
		return 0, fmt.Errorf("similarity: kl: n is %d on one side and %d on the other: want the same", p.n, q.n)
	}
	t, err := newTarget(q)
	if err != nil {
		return 0, fmt.Errorf("similarity: kl: %w", err)
	}
	var spectrum spectrum
	mass := t.levels()
	for k, count := range p.counts {
		spectrum.add(count, 1)
		mass[t.level(q.grams.findKey(p.grams.hashes[k], p.grams.key(k)))] += count
	}
	return t.divergence(&spectrum, mass, p.total), nil
}
