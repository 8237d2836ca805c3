package tokenize

import (
	"strings"
	"unicode/utf8"
)

// spaceWords cuts a text of SentencePiece's family before its ▁: before each, or
// before those that do not follow another, so that a word is what the merges
// keep within.
type spaceWords struct{ each bool }

func (w spaceWords) next(text string) int {
	n := 0
	for strings.HasPrefix(text[n:], under) {
		if n += len(under); w.each {
			break
		}
	}
	if at := strings.Index(text[n:], under); at >= 0 {
		return n + at
	}
	return len(text)
}

// oneWord does not cut.
type oneWord struct{}

func (oneWord) next(text string) int { return len(text) }

// decodeSentence is Decode for SentencePiece's family: tokens of bytes that
// stand together are a text, or, where they are not UTF-8, a U+FFFD each.
func (t *BPE) decodeSentence(ids []int32) string {
	var text strings.Builder
	var bytes []byte
	flush := func() {
		if utf8.Valid(bytes) {
			text.Write(bytes)
		} else {
			text.WriteString(strings.Repeat("\ufffd", len(bytes)))
		}
		bytes = bytes[:0]
	}
	drop := t.style.drop
	for _, id := range ids {
		if id < 0 || int(id) >= len(t.raw) {
			continue
		}
		if b, ok := t.spelled[id]; ok {
			bytes = append(bytes, b)
			continue
		}
		flush()
		if drop && text.Len() == 0 {
			text.WriteString(strings.ReplaceAll(t.raw[id], " ", ""))
		} else {
			text.WriteString(t.raw[id])
		}
		drop = false
	}
	flush()
	whole := text.String()
	spaces := len(whole) - len(strings.TrimLeft(whole, " "))
	return whole[min(spaces, t.style.lead):]
}
