package similarity

import (
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// words are the words of a text, and a hash of each.
type words struct {
	text   string
	spans  [][2]int
	hashes []uint64
}

// split finds the words of text in place of those of the last.
func (w *words) split(text string) {
	w.text, w.spans, w.hashes = text, w.spans[:0], w.hashes[:0]
	for at := spaceEnd(text, 0); at < len(text); {
		end := wordEnd(text, at)
		w.spans = append(w.spans, [2]int{at, end})
		w.hashes = append(w.hashes, hashWord(text, at, end))
		at = spaceEnd(text, end)
	}
}

// spaceEnd returns where the white space at a position ends.
func spaceEnd(text string, at int) int {
	for at < len(text) {
		space, size := spaceAt(text, at)
		if !space {
			break
		}
		at += size
	}
	return at
}

// wordEnd returns where the word at a position ends. It looks at eight bytes at a time for one that
// may be space, or part of a character that may be.
func wordEnd(text string, at int) int {
	for at < len(text) {
		for at+8 <= len(text) {
			stops := maybeSpaces(eightBytes(text, at))
			if stops != 0 {
				at += bits.TrailingZeros64(stops) / 8
				break
			}
			at += 8
		}
		if at == len(text) {
			break
		}
		space, size := spaceAt(text, at)
		if space {
			break
		}
		at += size
	}
	return at
}

// maybeSpaces sets the top bit of bytes up to 0x20 and from 0x80; above the first of these it may
// set others too.
func maybeSpaces(x uint64) uint64 {
	const ones = 0x0101010101010101
	return (x - 0x21*ones | x) & (0x80 * ones)
}

func eightBytes(s string, at int) uint64 {
	s = s[at : at+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// spaceAt tells whether a character is white space for Python's str.split, and its size in bytes.
func spaceAt(text string, at int) (bool, int) {
	if c := text[at]; c == ' ' {
		return true, 1
	} else if c > ' ' && c < utf8.RuneSelf {
		return false, 1
	}
	return rareSpaceAt(text, at)
}

// rareSpaceAt is spaceAt for all characters. Unlike for Go, the separators 0x1C to 0x1F are space.
func rareSpaceAt(text string, at int) (bool, int) {
	r, size := utf8.DecodeRuneInString(text[at:])
	return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f, size
}

// hashWord need not be the best: words are compared where hashes are equal.
func hashWord(text string, at, end int) uint64 {
	h := uint64(end - at)
	for ; at+8 <= end; at += 8 {
		h = stir(h ^ eightBytes(text, at))
	}
	var rest uint64
	if at+8 <= len(text) {
		rest = eightBytes(text, at) & (1<<(8*(end-at)) - 1)
	} else {
		for k := at; k < end; k++ {
			rest |= uint64(text[k]) << (8 * (k - at))
		}
	}
	return stir(h ^ rest)
}

func stir(x uint64) uint64 {
	high, low := bits.Mul64(x^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	return high ^ low
}

// runs returns how many runs of n words there are.
func (w *words) runs(n int) int { return max(0, len(w.spans)-n+1) }

// hash returns a hash of the n words from word i.
func (w *words) hash(i, n int) uint64 {
	var h uint64
	for _, word := range w.hashes[i : i+n] {
		h = stir(h<<1 ^ word)
	}
	return h
}

// appendKey appends the n words from word i with a space between them.
func (w *words) appendKey(key []byte, i, n int) []byte {
	for k, span := range w.spans[i : i+n] {
		if k > 0 {
			key = append(key, ' ')
		}
		key = append(key, w.text[span[0]:span[1]]...)
	}
	return key
}

// same tells whether the n words from word i are those from word j.
func (w *words) same(i, j, n int) bool {
	for k := range n {
		a, b := w.spans[i+k], w.spans[j+k]
		if w.text[a[0]:a[1]] != w.text[b[0]:b[1]] {
			return false
		}
	}
	return true
}

// are tells whether the n words from word i are those of a key.
func (w *words) are(key []byte, i, n int) bool {
	return string(key) == w.text[w.spans[i][0]:w.spans[i+n-1][1]] || w.areEach(key, i, n)
}

// areEach compares word by word, whatever is between them in the text.
func (w *words) areEach(key []byte, i, n int) bool {
	for k, span := range w.spans[i : i+n] {
		if k > 0 {
			if len(key) == 0 || key[0] != ' ' {
				return false
			}
			key = key[1:]
		}
		size := span[1] - span[0]
		if len(key) < size || string(key[:size]) != w.text[span[0]:span[1]] {
			return false
		}
		key = key[size:]
	}
	return len(key) == 0
}
