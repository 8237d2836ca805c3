package score

import "unicode/utf8"

// Words returns the words of a text as ROUGE compares them: runs of ASCII letters and digits in lower
// case, those of more than three characters without their endings (NLTK's Porter stemmer). Every
// other character separates words, accented letters too: rouge_score's tokenizer is made for English.
// Lower case is Python's, by which the Kelvin sign is a k, and the capital I with a dot (U+0130) an i
// and a combining dot.
func Words(text string) []string {
	s := splitter{letters: make([]byte, 0, len(text))}
	for i := 0; i < len(text); {
		size := 1
		switch c := text[i]; {
		case c >= utf8.RuneSelf:
			size = s.wide(text[i:])
		case 'A' <= c && c <= 'Z':
			s.letters = append(s.letters, c+'a'-'A')
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			s.letters = append(s.letters, c)
		default:
			s.end()
		}
		i += size
	}
	s.end()
	return s.words()
}

// splitter collects words one after the other in letters; they end at ends.
type splitter struct {
	letters []byte
	ends    []int
	start   int // of the word that is not ended yet
}

// wide adds a character beyond ASCII and returns its length in bytes.
func (s *splitter) wide(text string) int {
	r, size := utf8.DecodeRuneInString(text)
	switch r {
	case kelvin:
		s.letters = append(s.letters, 'k')
	case dottedI:
		s.letters = append(s.letters, 'i')
		s.end()
	default:
		s.end()
	}
	return size
}

func (s *splitter) end() {
	word := s.letters[s.start:]
	if len(word) == 0 {
		return
	}
	if len(word) > 3 {
		word = stem(word)
	}
	s.start += len(word)
	s.letters = s.letters[:s.start]
	s.ends = append(s.ends, s.start)
}

func (s *splitter) words() []string {
	all, start := string(s.letters), 0
	words := make([]string, len(s.ends))
	for i, end := range s.ends {
		words[i] = all[start:end]
		start = end
	}
	return words
}
