package tokenize

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// bertNormalise is the BertNormalizer of uncased models: control characters
// are dropped, white space becomes a space, Chinese characters are set apart by
// spaces, accents are removed and letters made lower case.
func bertNormalise(text string) []byte {
	clean := make([]byte, 0, len(text)+len(text)/8)
	ascii := true
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			clean = appendASCII(clean, byte(r))
			continue
		case unicode.Is(controls, r): // U+FFFD too, and so bytes that are not UTF-8
		case unicode.IsSpace(r):
			clean = append(clean, ' ')
		case unicode.Is(chinese, r):
			clean = append(utf8.AppendRune(append(clean, ' '), r), ' ')
		default:
			clean = utf8.AppendRune(clean, r)
		}
		ascii = false
	}
	if ascii {
		return clean
	}
	return foldAccents(clean)
}

func appendASCII(clean []byte, c byte) []byte {
	switch {
	case c == '\t' || c == '\n' || c == '\r':
		return append(clean, ' ')
	case c < ' ' || c == 0x7f:
		return clean
	case 'A' <= c && c <= 'Z':
		c += 'a' - 'A'
	}
	return append(clean, c)
}

// foldAccents decomposes characters, drops the marks and lowers the rest.
func foldAccents(text []byte) []byte {
	folded := make([]byte, 0, len(text))
	for _, r := range string(norm.NFD.Bytes(text)) {
		if !unicode.Is(marks, r) {
			folded = utf8.AppendRune(folded, unicode.ToLower(r))
		}
	}
	return folded
}

// bertWord returns the first word of normalised text and what follows it:
// BertPreTokenizer cuts at white space, and makes every punctuation character
// a word. The word is empty only when nothing but space is left.
func bertWord(text []byte) (word, rest []byte) {
	for len(text) > 0 && text[0] == ' ' {
		text = text[1:]
	}
	for end := 0; end < len(text); {
		r, size := utf8.DecodeRune(text[end:])
		switch {
		case r == ' ':
			return text[:end], text[end:]
		case unicode.Is(punctuation, r):
			if end == 0 {
				end = size
			}
			return text[:end], text[end:]
		}
		end += size
	}
	return text, nil
}

// chinese is what BertNormalizer calls Chinese characters: ideographs, not kana
// or Hangul. The published list leaves out U+2B820 … U+2B91F by mistake, and
// models were trained so.
var chinese = &unicode.RangeTable{
	R16: []unicode.Range16{{0x3400, 0x4dbf, 1}, {0x4e00, 0x9fff, 1}, {0xf900, 0xfaff, 1}},
	R32: []unicode.Range32{
		{0x20000, 0x2a6df, 1}, {0x2a700, 0x2b73f, 1}, {0x2b740, 0x2b81f, 1}, {0x2b920, 0x2ceaf, 1}, {0x2f800, 0x2fa1f, 1},
	},
}
