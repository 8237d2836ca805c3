package tokenize

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// joiner is what package norm puts into a run of more than 30 marks, as the
// stream-safe text format of Unicode has it; the reference puts nothing there.
const joiner = "\u034f"

// composed returns a text in Unicode's normal form NFC.
func composed(text string) string {
	short := norm.NFC.String(text)
	if strings.Count(short, joiner) == strings.Count(text, joiner) {
		return short
	}
	return composeRuns(text)
}

// composeRuns composes a text by the rules (section 3.11 of the standard):
// characters are taken apart, the marks after each are put in order, and what
// has a composition is put together again.
func composeRuns(text string) string {
	var parts []string
	for text != "" {
		_, n := utf8.DecodeRuneInString(text)
		for taken := norm.NFD.String(text[:n]); taken != ""; {
			_, size := utf8.DecodeRuneInString(taken)
			parts, taken = append(parts, taken[:size]), taken[size:]
		}
		text = text[n:]
	}
	orderMarks(parts)
	var out []string
	base, last := -1, uint8(0) // where the character is that marks join, and the class of the last that did not
	for _, part := range parts {
		class := markClass(part)
		if base >= 0 && (last < class || base == len(out)-1) {
			if pair := norm.NFC.String(out[base] + part); utf8.RuneCountInString(pair) == 1 {
				out[base] = pair
				continue
			}
		}
		if last = class; class == 0 {
			base = len(out)
		}
		out = append(out, part)
	}
	return strings.Join(out, "")
}

// orderMarks sorts the marks after each character by their class, those of one
// class in the order they have.
func orderMarks(parts []string) {
	for start := 0; start < len(parts); {
		end := start
		for end < len(parts) && markClass(parts[end]) > 0 {
			end++
		}
		slices.SortStableFunc(parts[start:end], func(a, b string) int { return cmp.Compare(markClass(a), markClass(b)) })
		start = end + 1
	}
}

// markClass is the combining class of a character, 0 where it is no mark.
func markClass(char string) uint8 { return norm.NFC.PropertiesString(char).CCC() }
