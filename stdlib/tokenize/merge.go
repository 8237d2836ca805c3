package tokenize

// Byte-pair encoding proper (Sennrich et al. 2016; Word::merge_all in
// Hugging Face tokenizers): a word begins as a chain of single bytes, and the
// neighbours whose pair comes earliest in the list of merges are joined, the
// leftmost first, until no pair is in the list. A heap finds the next pair, so
// a word of n bytes takes n log n time however long it is.

type pair struct{ left, right int32 }

// symbol is a link of the chain.
type symbol struct {
	id         int32
	prev, next int32
	rank       int32 // of the merge with the next symbol; -1 without one or when absorbed
}

// noMerge is the rank of a pair that is not in the list.
const noMerge = -1

// rank returns the place of a pair in the list of merges.
func (t *BPE) rank(left, right int32) int32 {
	if rank, ok := t.ranks[pair{left, right}]; ok {
		return rank
	}
	return noMerge
}

// merge appends the ids of word. Bytes without a token are dropped, as the
// reference does where a vocabulary has no unknown token.
func (t *BPE) merge(ids []int32, word string) []int32 {
	var few [64]symbol // most words need no allocation
	chain := few[:0]
	for i := range len(word) {
		if id := t.byteIDs[word[i]]; id >= 0 {
			n := int32(len(chain))
			chain = append(chain, symbol{id, n - 1, n + 1, noMerge})
		}
	}
	if len(chain) == 0 {
		return ids
	}
	t.join(chain)
	for i := int32(0); i < int32(len(chain)); i = chain[i].next {
		ids = append(ids, chain[i].id)
	}
	return ids
}

// join merges the symbols of a chain in place. Entries of the queue are a rank
// and a place in the chain; one whose pair has changed meanwhile is passed over.
func (t *BPE) join(chain []symbol) {
	var few [64]uint64
	todo := queue(few[:0])
	look := func(at int32) {
		s := &chain[at]
		s.rank = noMerge
		if int(s.next) < len(chain) {
			s.rank = t.rank(s.id, chain[s.next].id)
		}
		if s.rank != noMerge {
			todo.push(uint64(s.rank)<<32 | uint64(at))
		}
	}
	for at := range chain {
		look(int32(at))
	}
	for len(todo) > 0 {
		top := todo.pop()
		at, rank := int32(uint32(top)), int32(top>>32)
		s := &chain[at]
		if s.rank == noMerge || t.merged[s.rank] != t.merged[rank] {
			continue
		}
		absorbed := &chain[s.next]
		s.id, s.next = t.merged[rank], absorbed.next
		absorbed.rank = noMerge
		if int(s.next) < len(chain) {
			chain[s.next].prev = at
		}
		if s.prev >= 0 {
			look(s.prev)
		}
		look(at)
	}
}

// queue is a binary heap, smallest first. The standard library's takes an
// interface and an allocation for every entry.
type queue []uint64

func (q *queue) push(x uint64) {
	*q = append(*q, x)
	h := *q
	for i := len(h) - 1; i > 0 && h[(i-1)/2] > h[i]; i = (i - 1) / 2 {
		h[(i-1)/2], h[i] = h[i], h[(i-1)/2]
	}
}

func (q *queue) pop() uint64 {
	h := *q
	top, last := h[0], len(h)-1
	h[0] = h[last]
	h = h[:last]
	*q = h
	for i := 0; 2*i+1 < len(h); {
		child := 2*i + 1
		if child+1 < len(h) && h[child+1] < h[child] {
			child++
		}
		if h[i] <= h[child] {
			break
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
	return top
}
