package tokenize

import (
	"cmp"
	"fmt"
	"slices"
)

// specials finds the tokens that stand for themselves wherever they occur in a
// text, before anything else looks at it: Hugging Face's AddedVocabulary, for
// tokens that are neither stripped nor normalised.
type specials struct {
	byFirst [256][]special // by first byte, longest first
}

type special struct {
	text string
	id   int32
}

func newSpecials(tokens []string, ids map[string]int32) (*specials, error) {
	s := new(specials)
	for _, token := range tokens {
		id, ok := ids[token]
		if token == "" || !ok {
			return nil, fmt.Errorf("special token %q is not in the vocabulary", token)
		}
		s.byFirst[token[0]] = append(s.byFirst[token[0]], special{token, id})
	}
	for _, same := range s.byFirst {
		slices.SortFunc(same, func(a, b special) int {
			return cmp.Or(cmp.Compare(len(b.text), len(a.text)), cmp.Compare(a.text, b.text))
		})
	}
	return s, nil
}

// cut splits text around its first special token, the longest where several
// begin there. Without one, before is the whole text and found is false.
func (s *specials) cut(text string) (before string, id int32, after string, found bool) {
	for i := range len(text) {
		for _, sp := range s.byFirst[text[i]] {
			if end := i + len(sp.text); end <= len(text) && text[i:end] == sp.text {
				return text[:i], sp.id, text[end:], true
			}
		}
	}
	return text, 0, "", false
}
