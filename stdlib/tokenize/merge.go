package tokenize

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Byte-pair encoding proper (Sennrich et al. 2016; Word::merge_all in
// Hugging Face tokenizers): a word begins as a chain of symbols, and the
// neighbours whose pair comes earliest in the list of merges are joined, the
// leftmost first, until no pair is in the list. A heap finds the next pair, so
// a word of n symbols takes n log n time however long it is.

type pair struct{ left, right int32 }

// merge is what a pair becomes, and when: those of lower rank come first.
type merge struct{ rank, id int32 }

// symbol is a link of the chain.
type symbol struct {
	id         int32
	prev, next int32
	with       merge // of the symbol and the next; its rank is noMerge without one or when absorbed
}

// noMerge is the rank of a pair that is not in the list.
const noMerge = -1

// splitMerges reads merges written with a space between their tokens.
func splitMerges(merges []string) ([][2]string, error) {
	pairs := make([][2]string, len(merges))
	for rank, text := range merges {
		left, right, ok := strings.Cut(text, " ")
		if !ok || strings.Contains(right, " ") {
			return nil, fmt.Errorf("merge %d, %q: want two tokens with a space between", rank, text)
		}
		pairs[rank] = [2]string{left, right}
	}
	return pairs, nil
}

// addMerges notes the merges. Their ranks are their places where ranks is nil.
func (t *BPE) addMerges(merges [][2]string, ranks []int32) error {
	t.merges = make(map[pair]merge, len(merges))
	for i, m := range merges {
		var found [3]int32
		for j, token := range []string{m[0], m[1], m[0] + m[1]} {
			id, ok := t.ids[token]
			if !ok {
				return fmt.Errorf("merge %d, %q: token %q is not in the vocabulary", i, m[0]+" "+m[1], token)
			}
			found[j] = id
		}
		rank := int32(i)
		if ranks != nil {
			rank = ranks[i]
		}
		t.merges[pair{found[0], found[1]}] = merge{rank, found[2]}
	}
	return nil
}

// merge appends the ids of word.
func (t *BPE) merge(ids []int32, word string) []int32 {
	var few [64]symbol // most words need no allocation
	chain := t.symbols(few[:0], word)
	if len(chain) == 0 {
		return ids
	}
	t.join(chain)
	for i := int32(0); i < int32(len(chain)); i = chain[i].next {
		ids = append(ids, chain[i].id)
	}
	return ids
}

// symbols lays out what a word is made of before the first merge: bytes, or in
// SentencePiece's family characters. What has no token becomes byte tokens, the
// unknown token or nothing (BPE::merge_word of the reference).
func (t *BPE) symbols(chain []symbol, word string) []symbol {
	add := func(id int32) {
		n := int32(len(chain))
		chain = append(chain, symbol{id: id, prev: n - 1, next: n + 1, with: merge{rank: noMerge}})
	}
	unknown := false // one is waiting for others to fuse with
	for i := 0; i < len(word); {
		id, n := t.symbol(word[i:])
		part := word[i : i+n]
		i += n
		switch {
		case id != noToken:
			if unknown {
				add(t.unknown)
				unknown = false
			}
			add(id)
		case t.style.fallback && t.hasBytes(part):
			for _, b := range []byte(part) {
				add(t.byteIDs[b])
			}
		case t.unknown != noToken:
			if unknown && !t.style.fuse {
				add(t.unknown)
			}
			unknown = true
		}
	}
	if unknown {
		add(t.unknown)
	}
	return chain
}

// symbol returns the token of the first byte or character of text, or noToken,
// and its length in bytes.
func (t *BPE) symbol(text string) (id int32, n int) {
	if !t.style.sentence {
		return t.byteIDs[text[0]], 1
	}
	_, n = utf8.DecodeRuneInString(text)
	if id, ok := t.ids[text[:n]]; ok {
		return id, n
	}
	return noToken, n
}

// hasBytes reports whether the vocabulary has a token for every byte of text.
func (t *BPE) hasBytes(text string) bool {
	for _, b := range []byte(text) {
		if t.byteIDs[b] == noToken {
			return false
		}
	}
	return true
}

// join merges the symbols of a chain in place. Entries of the queue are a rank
// and a place in the chain; one whose pair has changed meanwhile is passed over.
func (t *BPE) join(chain []symbol) {
	var few [64]uint64
	todo := queue(few[:0])
	look := func(at int32) {
		s := &chain[at]
		s.with.rank = noMerge
		if int(s.next) < len(chain) {
			if m, ok := t.merges[pair{s.id, chain[s.next].id}]; ok {
				s.with = m
				todo.push(uint64(m.rank)<<32 | uint64(at))
			}
		}
	}
	for at := range chain {
		look(int32(at))
	}
	for len(todo) > 0 {
		top := todo.pop()
		at, rank := int32(uint32(top)), int32(top>>32)
		s := &chain[at]
		if s.with.rank != rank {
			continue
		}
		absorbed := &chain[s.next]
		s.id, s.next = s.with.id, absorbed.next
		absorbed.with.rank = noMerge
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
