package tokenize

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// WordPiece is the tokenizer of uncased BERT models: text is normalised and cut
// into words, and each word into the longest pieces the vocabulary has, from
// the left; pieces after the first are written ##piece. A word that cannot be
// made of pieces, or is longer than 100 characters, is [UNK].
type WordPiece struct {
	tokens        []string
	ids           map[string]int32
	continuations map[string]int32 // pieces after the first, without their ##
	longest       int              // bytes of the longest piece
	maxChars      int              // of a word
	specials      *specials
	unk, cls, sep int32
}

// bertSpecials are the special tokens of BERT vocabularies. The first three are
// required.
var bertSpecials = []string{"[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"}

// NewWordPiece builds a tokenizer from a vocabulary, the pieces by id. It must
// have [UNK], [CLS] and [SEP]; they, and [PAD] and [MASK] where present, are
// its special tokens.
func NewWordPiece(vocab []string) (*WordPiece, error) {
	t, err := newWordPiece(vocab, nil, 100)
	if err != nil {
		return nil, fmt.Errorf("tokenize: new WordPiece: %w", err)
	}
	return t, nil
}

// newWordPiece builds a tokenizer with the given special tokens, or those of
// BERT where special is nil.
func newWordPiece(vocab, special []string, maxChars int) (*WordPiece, error) {
	ids, err := indexTokens(vocab)
	if err != nil {
		return nil, err
	}
	t := &WordPiece{tokens: vocab, ids: ids, continuations: make(map[string]int32), maxChars: maxChars}
	for id, token := range vocab {
		if piece, ok := strings.CutPrefix(token, "##"); ok {
			t.continuations[piece] = int32(id)
		}
		t.longest = max(t.longest, len(token))
	}
	for i, into := range []*int32{&t.unk, &t.cls, &t.sep} {
		id, ok := ids[bertSpecials[i]]
		if !ok {
			return nil, fmt.Errorf("token %q is not in the vocabulary", bertSpecials[i])
		}
		*into = id
	}
	if special == nil {
		for _, token := range bertSpecials {
			if _, ok := ids[token]; ok {
				special = append(special, token)
			}
		}
	}
	t.specials, err = newSpecials(plain(special), ids)
	return t, err
}

// Encode returns the ids of text between [CLS] and [SEP], however many.
func (t *WordPiece) Encode(text string) []int32 {
	return append(t.appendText([]int32{t.cls}, text), t.sep)
}

// EncodeMax is Encode cut to at most maxLen ids, [CLS] and [SEP] included:
// the text loses its end. A maxLen below 2 leaves no room and is a programmer
// error.
func (t *WordPiece) EncodeMax(text string, maxLen int) []int32 {
	if maxLen < 2 {
		panic(fmt.Sprintf("tokenize: EncodeMax: no room for [CLS] and [SEP] in %d", maxLen))
	}
	ids := t.Encode(text)
	if len(ids) > maxLen {
		ids = append(ids[:maxLen-1], t.sep)
	}
	return ids
}

func (t *WordPiece) appendText(ids []int32, text string) []int32 {
	for {
		plain, id, rest, found := t.specials.cut(text)
		for word, left := bertWord(bertNormalise(plain)); len(word) > 0; word, left = bertWord(left) {
			ids = t.appendWord(ids, word)
		}
		if !found {
			return ids
		}
		ids, text = append(ids, id), rest
	}
}

// appendWord appends the pieces of a word, or [UNK].
func (t *WordPiece) appendWord(ids []int32, word []byte) []int32 {
	if utf8.RuneCount(word) > t.maxChars {
		return append(ids, t.unk)
	}
	start, vocab := len(ids), t.ids
	for len(word) > 0 {
		id, n := t.piece(vocab, word)
		if n == 0 {
			return append(ids[:start], t.unk)
		}
		ids, word, vocab = append(ids, id), word[n:], t.continuations
	}
	return ids
}

// piece finds the longest head of word in a vocabulary: its id and length.
func (t *WordPiece) piece(vocab map[string]int32, word []byte) (id int32, n int) {
	for n := min(len(word), t.longest); n > 0; n-- {
		if id, ok := vocab[string(word[:n])]; ok {
			return id, n
		}
	}
	return 0, 0
}

// Decode joins the pieces of ids into text, special tokens included, with a
// space before every word but not before punctuation and the endings of
// contractions. Case, accents and spacing of the original are lost.
func (t *WordPiece) Decode(ids []int32) string {
	var text strings.Builder
	for _, id := range ids {
		if id < 0 || int(id) >= len(t.tokens) {
			continue
		}
		token := t.tokens[id]
		if text.Len() > 0 {
			if piece, ok := strings.CutPrefix(token, "##"); ok {
				token = piece
			} else if !joined(token) {
				text.WriteByte(' ')
			}
		}
		text.WriteString(token)
	}
	return text.String()
}

// joined reports whether a token is written without a space before it (cleanup
// of Hugging Face's WordPiece decoder).
func joined(token string) bool {
	for _, head := range []string{".", "?", "!", ",", "n't", "'m", "'s", "'ve", "'re"} {
		if strings.HasPrefix(token, head) {
			return true
		}
	}
	return false
}

// VocabSize returns the number of ids.
func (t *WordPiece) VocabSize() int { return len(t.tokens) }

// TokenID returns the id of a piece as the vocabulary writes it: "play", "##ing".
func (t *WordPiece) TokenID(token string) (id int32, ok bool) {
	id, ok = t.ids[token]
	return id, ok
}

// PAD returns the id that fills up the short texts of a batch, if there is one.
func (t *WordPiece) PAD() (id int32, ok bool) { return t.TokenID("[PAD]") }
