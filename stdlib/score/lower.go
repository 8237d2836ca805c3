package score

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	kelvin     = '\u212a'
	dottedI    = '\u0130'
	sigma      = '\u03a3'
	smallSigma = '\u03c3'
	finalSigma = '\u03c2'
)

// lower is Python's str.lower, the full mapping of The Unicode Standard, section 3.13: rune by rune but
// for the dotted I, which becomes two, and for the capital sigma, whose small form depends on what is
// around it. The two agree on every character of Unicode 14, which is Python 3.11's.
func lower(text string) string {
	if !strings.ContainsRune(text, dottedI) && !strings.ContainsRune(text, sigma) {
		return strings.ToLower(text)
	}
	var b strings.Builder
	b.Grow(len(text))
	for i, r := range text {
		switch r {
		case dottedI:
			b.WriteString("i\u0307")
		case sigma:
			b.WriteRune(lowerSigma(text, i))
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// lowerSigma is the small form of the capital sigma at byte i: final after a cased letter and not
// before one, where what is case-ignorable does not count.
func lowerSigma(text string, i int) rune {
	before, after := text[:i], text[i+utf8.RuneLen(sigma):]
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(before, ignorable))
	next, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(after, ignorable))
	if cased(last) && !cased(next) {
		return finalSigma
	}
	return smallSigma
}

// cased is Unicode's property Cased.
func cased(r rune) bool {
	return unicode.In(r, unicode.Lu, unicode.Ll, unicode.Lt, unicode.Other_Uppercase, unicode.Other_Lowercase)
}

// ignorable is Unicode's property Case_Ignorable; the characters named here are those that can stand
// inside a word (Word_Break MidLetter, MidNumLet and Single_Quote).
func ignorable(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk) ||
		strings.ContainsRune("':.\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a", r)
}

// isSpace is what Python's str.split takes for white space: Unicode's, and the four separators of ASCII.
func isSpace(r rune) bool {
	return unicode.IsSpace(r) || '\x1c' <= r && r <= '\x1f'
}
