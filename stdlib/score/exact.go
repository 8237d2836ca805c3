package score

import (
	"fmt"
	"strings"
)

// ExactMatch says whether the prediction and one of the references are equal once normalised, see
// [Normalize]. Two texts of which nothing is left are equal. No references are an error.
func ExactMatch(prediction string, references ...string) (bool, error) {
	if len(references) == 0 {
		return false, fmt.Errorf("score: match text: %w", errNoReferences)
	}
	match := Normalize(prediction)
	for _, r := range references {
		if match == Normalize(r) {
			return true, nil
		}
	}
	return false, nil
}

// Normalize returns a text in lower case, without ASCII punctuation, and with single spaces for white
// space, none at the ends: the convention of Super-NaturalInstructions, which is that of SQuAD but
// for the articles, which stay. Words on both sides of a hyphen become one. Lower case and white
// space are those of Python's str.lower and str.split.
func Normalize(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	gap := false
	for _, r := range lower(text) {
		switch {
		case isSpace(r):
			gap = b.Len() > 0
		case isPunctuation(r):
		default:
			if gap {
				b.WriteByte(' ')
				gap = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isPunctuation(r rune) bool {
	return '!' <= r && r <= '/' || ':' <= r && r <= '@' || '[' <= r && r <= '`' || '{' <= r && r <= '~'
}
