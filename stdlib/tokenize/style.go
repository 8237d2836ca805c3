package tokenize

import (
	"fmt"
	"strings"
)

// style is what sets the families of byte-pair tokenizers apart: what happens to
// a text before its words are merged, and after tokens are joined. Each part is
// one that Hugging Face's tokenizer.json has a name for. Its zero value is
// GPT-2's.
type style struct {
	pre string // byte-level: how text is cut into words, by the name GGUF files have for it
	nfc bool   // the NFC normalizer

	sentence  bool   // SentencePiece's family
	prefix    prefix // where it puts a ▁
	metaspace bool   // its text is prepared by the Metaspace pre-tokenizer, not by normalizers
	each      bool   // Metaspace cuts before every ▁
	lead      int    // the spaces that Decode takes from the head of the text
	drop      bool   // the Metaspace decoder: every ▁ of the first token is dropped
	spells    bool   // the ByteFallback decoder: tokens of bytes become the text they spell

	unknown  string // unk_token; "" is none: what the vocabulary lacks is dropped
	fuse     bool   // several unknown characters in a row are one token
	fallback bool   // characters that the vocabulary lacks are spelled in byte tokens
	whole    bool   // ignore_merges: a word that is a token is that token
}

// prefix says where ▁ is put before a text.
type prefix uint8

const (
	never  prefix = iota
	first         // before the text
	always        // before the text and every part of it that follows a special token
)

// under is how SentencePiece writes a space.
const under = "▁"

// byteLevel is the style of a byte-level tokenizer whose way of cutting text
// into words GGUF files call pre.
func byteLevel(pre string) (style, error) {
	switch pre {
	case "", "gpt-2":
		return style{}, nil
	case "smollm":
		return style{pre: pre}, nil
	case "llama-bpe":
		return style{pre: pre, whole: true}, nil
	case "qwen2":
		return style{pre: pre, nfc: true}, nil
	}
	return style{}, fmt.Errorf("pre-tokenizer %q is not supported (want gpt-2, smollm, llama-bpe or qwen2)", pre)
}

// cutter is the way of cutting text into words. Merges of SentencePiece's family
// may reach across the whole text; but where no merge puts ▁ behind another
// character, which is so wherever the vocabulary was learned from words, none
// reaches across the head of a word.
func (s style) cutter(ids map[string]int32, merges [][2]string) cutter {
	switch {
	case s.sentence && s.each:
		return spaceWords{each: true}
	case s.sentence && parted(ids, merges):
		return spaceWords{}
	case s.sentence:
		return oneWord{}
	case s.pre == "smollm":
		return words{numeric: digits, singleDigits: true}
	case s.pre == "llama-bpe":
		return laterWords{words{numeric: numbers}, 3}
	case s.pre == "qwen2":
		return laterWords{words{numeric: numbers}, 1}
	}
	return words{numeric: numbers}
}

// parted reports whether merges keep within runs of ▁ and what follows them.
func parted(ids map[string]int32, merges [][2]string) bool {
	if _, ok := ids[under]; !ok {
		return false
	}
	for _, m := range merges {
		if strings.HasPrefix(m[1], under) && strings.Trim(m[0], under) != "" {
			return false
		}
	}
	return true
}

// normalises reports whether a text is changed before tokens are looked for in it.
func (s style) normalises() bool { return s.nfc || s.sentence && !s.metaspace }

// normalise does what tokenizer.json calls the normalizer.
func (s style) normalise(text string, at place) string {
	switch {
	case s.nfc:
		return composed(text)
	case s.sentence && !s.metaspace:
		return s.spaces(text, at)
	}
	return text
}

// prepare does what a pre-tokenizer does before it cuts.
func (s style) prepare(text string, at place) string {
	if !s.metaspace {
		return text
	}
	text = strings.ReplaceAll(text, " ", under)
	if strings.HasPrefix(text, under) {
		return text
	}
	return s.spaces(text, at)
}

// spaces writes spaces as ▁ and puts one before the text.
func (s style) spaces(text string, at place) string {
	if at == atStart && s.prefix != never || at == afterToken && s.prefix == always {
		text = under + text
	}
	return strings.ReplaceAll(text, " ", under)
}

// byteToken is how the vocabulary writes the token of one byte.
func (s style) byteToken(b byte) string {
	if s.sentence {
		return fmt.Sprintf("<0x%02X>", b)
	}
	return string(alphabet[b])
}

// raw returns the text that a token stands for.
func (s style) raw(token string) string {
	if !s.sentence {
		return rawBytes(token)
	}
	return strings.ReplaceAll(token, under, " ")
}
