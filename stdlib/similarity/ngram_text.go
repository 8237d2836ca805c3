package similarity

import "math/bits"

// textReader measures one text after the other in the same memory. It needs no keys of grams: within
// a text a gram is known by where it first stands.
type textReader struct {
	target   *target
	words    words
	mass     []int64 // on each level
	spectrum spectrum
	seen     []seenGram
	slots    []int32 // of a hash table: the number in seen plus one
}

// seenGram is a distinct gram of the text.
type seenGram struct {
	hash  uint64
	first int // word that it begins with
	count int64
	slot  slot // where the target's search for it begins; fetched early, for it takes long to come
}

func newTextReader(t *target) *textReader {
	return &textReader{target: t, mass: t.levels()}
}

func (r *textReader) divergence(text string) float64 {
	r.words.split(text)
	n := r.target.q.n
	runs := r.words.runs(n)
	r.clear(runs)
	for i := range runs {
		r.see(r.words.hash(i, n), i, n)
	}
	for _, g := range r.seen {
		r.spectrum.add(g.count, 1)
		k := int(g.slot.number) - 1
		if k >= 0 {
			k = r.target.q.grams.find(g.hash, &r.words, g.first, n)
		}
		r.mass[r.target.level(k)] += g.count
	}
	return r.target.divergence(&r.spectrum, r.mass, int64(runs))
}

// clear makes room for a text with so many runs. The table is at least double of them.
func (r *textReader) clear(runs int) {
	size := 1 << bits.Len(uint(2*runs))
	if cap(r.slots) < size {
		r.slots = make([]int32, size)
	}
	r.slots = r.slots[:size]
	clear(r.slots)
	clear(r.mass)
	r.spectrum.reset()
	r.seen = r.seen[:0]
}

// see counts the gram of n words from word i.
func (r *textReader) see(hash uint64, i, n int) {
	mask := uint64(len(r.slots) - 1)
	for slot := hash & mask; ; slot = (slot + 1) & mask {
		k := r.slots[slot] - 1
		if k < 0 {
			r.seen = append(r.seen, seenGram{hash, i, 1, r.target.q.grams.begin(hash)})
			r.slots[slot] = int32(len(r.seen))
			return
		}
		if g := &r.seen[k]; g.hash == hash && r.words.same(g.first, i, n) {
			g.count++
			return
		}
	}
}
