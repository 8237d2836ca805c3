package tokenize

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// specials finds the tokens that stand for themselves wherever they occur in a
// text, before anything else looks at it: Hugging Face's AddedVocabulary.
type specials struct {
	byFirst [256][]special // by first byte, longest first
}

type special struct {
	text           string
	id             int32
	lstrip, rstrip bool
}

// added is a token that texts may hold as it is.
type added struct {
	text           string
	found          string // what a text has to hold; "" is the text
	special        bool   // it marks something, as <bos> does, and is no text
	normalised     bool   // it is looked for after the text is normalised
	lstrip, rstrip bool   // it takes in the white space before, or after it
}

// plain makes added tokens of names.
func plain(tokens []string) []added {
	all := make([]added, len(tokens))
	for i, token := range tokens {
		all[i] = added{text: token, special: true}
	}
	return all
}

func newSpecials(tokens []added, ids map[string]int32) (*specials, error) {
	s := new(specials)
	for _, token := range tokens {
		id, ok := ids[token.text]
		if token.text == "" || !ok {
			return nil, fmt.Errorf("special token %q is not in the vocabulary", token.text)
		}
		found := cmp.Or(token.found, token.text)
		s.byFirst[found[0]] = append(s.byFirst[found[0]], special{found, id, token.lstrip, token.rstrip})
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
				before, after = text[:i], text[end:]
				if sp.lstrip {
					before = strings.TrimRightFunc(before, unicode.IsSpace)
				}
				if sp.rstrip {
					after = strings.TrimLeftFunc(after, unicode.IsSpace)
				}
				return before, sp.id, after, true
			}
		}
	}
	return text, 0, "", false
}
