package tokenize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cutter cuts text into the words that byte-pair encoding works in.
type cutter interface {
	// next returns the length in bytes of the first word of text, which is not empty.
	next(text string) int
}

// words is the cutter of GPT-2 and SmolLM2. It does by hand what GPT-2's expression does,
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

// laterWords is the cutter of Llama 3 and Qwen2: the expression
//
//	(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
//
// where a number has three digits at most, or with Qwen2 one.
type laterWords struct {
	words
	digits int
}

func (w laterWords) next(text string) int {
	if n := anyCaseContraction(text); n > 0 {
		return n
	}
	kind, n := w.first(text)
	switch kind {
	case letter:
		return w.run(text, n, letter)
	case number:
		return w.number(text, n)
	}
	if n < len(text) && text[0] != '\r' && text[0] != '\n' {
		if next, size := w.first(text[n:]); next == letter {
			return w.run(text, n+size, letter)
		}
	}
	mark := 0
	if text[0] == ' ' {
		mark = 1
	}
	if end := w.run(text, mark, other); end > mark {
		for end < len(text) && (text[end] == '\r' || text[end] == '\n') {
			end++
		}
		return end
	}
	return w.spaces(text)
}

// number returns the length of a number whose first digit takes n bytes.
func (w laterWords) number(text string, n int) int {
	for range w.digits - 1 {
		if n == len(text) {
			break
		}
		kind, size := w.first(text[n:])
		if kind != number {
			break
		}
		n += size
	}
	return n
}

// spaces returns the length of the word at the head of text, which begins with
// white space: all up to the last end of a line, else all at the end of the
// text, else all but the last character, if there are two.
func (w laterWords) spaces(text string) int {
	end, last, line := 0, 0, 0
	for end < len(text) {
		kind, size := w.first(text[end:])
		if kind != space {
			break
		}
		last, end = end, end+size
		if text[last] == '\r' || text[last] == '\n' {
			line = end
		}
	}
	switch {
	case line > 0:
		return line
	case end == len(text) || last == 0:
		return end
	}
	return last
}

// anyCaseContraction is contraction in either case; with it, as in every fold of
// Unicode, the long s (ſ) is an s.
func anyCaseContraction(text string) int {
	if text[0] != '\'' {
		return 0
	}
	if strings.HasPrefix(text[1:], "ſ") {
		return 1 + len("ſ")
	}
	var lower [3]byte
	head := lower[:copy(lower[:], text)]
	for i, c := range head {
		if 'A' <= c && c <= 'Z' {
			head[i] = c + 'a' - 'A'
		}
	}
	return contraction(string(head))
}
