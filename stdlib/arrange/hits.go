package arrange

import (
	"encoding/binary"
	"math/bits"

	"kairos/stdlib/internal/simd"
)

// hits are the pairs of at most dedupBlock rows and a chunk whose sketches do not rule out that they
// are near duplicates. The memory is used again.
type hits struct {
	dots, limits []float32
	bits         []byte // of each row, in words of 64 columns
	stride       int    // bytes of a row
}

func (d *dedup) newHits() *hits {
	const rounding = 1e-5 // of products of sketches, whose parts are 2 at most
	h := &hits{
		dots:   make([]float32, dedupBlock*dedupBlock),
		limits: make([]float32, dedupBlock),
		stride: dedupBlock / 8,
		bits:   make([]byte, dedupBlock*dedupBlock/8),
	}
	for j := range h.limits {
		h.limits[j] = float32(1 - d.threshold + rounding)
	}
	return h
}

// compare fills hits with the pairs of n rows and the chunk's.
func (h *hits) compare(c chunk, sketches []float32, n int) {
	width := len(c.rows)
	c.sketches.Dot(h.dots, sketches, n)
	for i := range n {
		words := h.bits[i*h.stride:][:h.stride]
		clear(words[width/8:])
		simd.Within(words[:(width+7)/8], h.dots[i*width:][:width], h.limits[:width], true)
	}
}

// each calls f for the columns of row i that are hits, in ascending order, until it returns false.
func (h *hits) each(i int, f func(j int) bool) {
	words := h.bits[i*h.stride:][:h.stride]
	for at := 0; at < len(words); at += 8 {
		for word := binary.LittleEndian.Uint64(words[at:]); word != 0; word &= word - 1 {
			if !f(8*at + bits.TrailingZeros64(word)) {
				return
			}
		}
	}
}
