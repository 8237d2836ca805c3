package tokenize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// words cuts text into the words that byte-pair encoding works in. It does by
// hand what GPT-2's expression does,
//
//	's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//
// whose lookahead Go's regexp does not have. With singleDigits, every numeric
// character is first made a piece of its own and the expression sees the pieces
// between: the pre-tokenizer that GGUF files call smollm.
type words struct {
	numeric      *unicode.RangeTable
	singleDigits bool
}

type class uint8

const (
	other class = iota
	letter
	number
	space
)

// ascii is the class of the characters below 0x80, the ones worth a table.
var ascii = func() (table [utf8.RuneSelf]class) {
	for c := range rune(utf8.RuneSelf) {
		table[c] = words{numeric: numbers}.classOf(c)
	}
	return table
}()

func (w words) classOf(r rune) class {
	switch {
	case unicode.Is(letters, r):
		return letter
	case unicode.Is(w.numeric, r):
		return number
	case unicode.IsSpace(r):
		return space
	}
	return other
}

// first returns the class of the first character of text and its length in
// bytes. Bytes that are not UTF-8 are characters of class other.
func (w words) first(text string) (class, int) {
	if text[0] < utf8.RuneSelf {
		return ascii[text[0]], 1
	}
	r, n := utf8.DecodeRuneInString(text)
	return w.classOf(r), n
}

// next returns the length in bytes of the first word of text, which is not empty.
func (w words) next(text string) int {
	if n := contraction(text); n > 0 {
		return n
	}
	kind, n := w.first(text)
	switch {
	case kind == space:
		return w.spaces(text)
	case kind == number && w.singleDigits:
		return n
	}
	return w.run(text, n, kind)
}

// run returns where the characters of one class, known to go on to n, end.
func (w words) run(text string, n int, kind class) int {
	for n < len(text) {
		next, size := w.first(text[n:])
		if next != kind {
			break
		}
		n += size
	}
	return n
}

// spaces returns the length of the word at the head of text, which begins with
// white space. A run of white space is one word at the end of the text or piece.
// Before anything else it leaves its last character, and a last character that
// is a plain space belongs to the word after it.
func (w words) spaces(text string) int {
	end, last := 0, 0
	for end < len(text) {
		kind, size := w.first(text[end:])
		if kind == number && w.singleDigits {
			return end
		}
		if kind != space {
			switch {
			case last > 0:
				return last
			case text[0] == ' ':
				return w.run(text, end+size, kind)
			}
			return end
		}
		last, end = end, end+size
	}
	return end
}

// contraction returns the length of the English ending at the head of text, or 0.
func contraction(text string) int {
	if text[0] != '\'' || len(text) < 2 {
		return 0
	}
	switch text[1] {
	case 's', 't', 'm', 'd':
		return 2
	}
	if rest := text[1:]; strings.HasPrefix(rest, "re") || strings.HasPrefix(rest, "ve") || strings.HasPrefix(rest, "ll") {
		return 3
	}
	return 0
}
