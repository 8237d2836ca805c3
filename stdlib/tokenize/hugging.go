package tokenize

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// huggingFile is Hugging Face's tokenizer.json, as far as byte-pair tokenizers
// use it. Encode adds nothing to the ids, so the post-processor is not read;
// neither are truncation and padding.
type huggingFile struct {
	AddedTokens  []addedToken `json:"added_tokens"`
	Normalizer   *part        `json:"normalizer"`
	PreTokenizer *part        `json:"pre_tokenizer"`
	Decoder      *part        `json:"decoder"`
	Model        huggingModel `json:"model"`
}

type huggingModel struct {
	Type         string           `json:"type"`
	Dropout      *float64         `json:"dropout"`
	Unknown      string           `json:"unk_token"`
	Prefix       string           `json:"continuing_subword_prefix"`
	Suffix       string           `json:"end_of_word_suffix"`
	FuseUnknown  bool             `json:"fuse_unk"`
	ByteFallback bool             `json:"byte_fallback"`
	IgnoreMerges bool             `json:"ignore_merges"`
	Vocab        map[string]int32 `json:"vocab"`
	Merges       []jsonMerge      `json:"merges"`
}

// jsonMerge is two tokens, written in a list or with a space between.
type jsonMerge [2]string

func (m *jsonMerge) UnmarshalJSON(b []byte) error {
	if b[0] != '"' {
		var pair []string
		if err := json.Unmarshal(b, &pair); err != nil || len(pair) != 2 {
			return fmt.Errorf("merge %s: want two tokens", b)
		}
		*m = jsonMerge(pair)
		return nil
	}
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	pairs, err := splitMerges([]string{text})
	if err != nil {
		return err
	}
	*m = pairs[0]
	return nil
}

// part is a normalizer, a pre-tokenizer or a decoder, or a list of them; Type
// says which of the fields count.
type part struct {
	Type          string   `json:"type"`
	Normalizers   []part   `json:"normalizers"`
	PreTokenizers []part   `json:"pretokenizers"`
	Decoders      []part   `json:"decoders"`
	Pattern       *pattern `json:"pattern"`           // Split, Replace
	Content       string   `json:"content"`           // Replace, Strip
	Behavior      string   `json:"behavior"`          // Split
	Invert        bool     `json:"invert"`            // Split
	Prepend       string   `json:"prepend"`           // Prepend
	Individual    bool     `json:"individual_digits"` // Digits
	AddSpace      *bool    `json:"add_prefix_space"`  // ByteLevel, Metaspace of old
	UseRegex      *bool    `json:"use_regex"`         // ByteLevel; absent is true
	Replacement   string   `json:"replacement"`       // Metaspace
	Scheme        string   `json:"prepend_scheme"`    // Metaspace; absent is always
	Split         *bool    `json:"split"`             // Metaspace; absent is true
	Start         int      `json:"start"`             // Strip
	Stop          int      `json:"stop"`              // Strip
}

// pattern is what Split and Replace look for.
type pattern struct {
	String *string `json:"String"`
	Regex  *string `json:"Regex"`
}

func (p *pattern) is(text string) bool { return p != nil && p.String != nil && *p.String == text }

// parts returns the parts of a sequence, or the part itself, or nothing.
func (p *part) parts() []part {
	switch {
	case p == nil:
		return nil
	case p.Type == "Sequence":
		return slices.Concat(p.Normalizers, p.PreTokenizers, p.Decoders)
	}
	return []part{*p}
}

// types lists the types of parts, to show and to compare: "Digits ByteLevel".
func types(parts []part) string {
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = p.Type
	}
	return strings.Join(names, " ")
}

// expressions are the patterns of the Split pre-tokenizer that are cut by hand,
// and the names GGUF files have for them.
var expressions = map[string]string{
	`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`: "llama-bpe",
	`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`:      "qwen2",
	`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`:                                          "gpt-2",
}

// style reads off the file how text is treated. What it does not know, or knows
// to give other ids than the reference, it refuses.
func (f *huggingFile) style() (s style, err error) {
	m := f.Model
	switch {
	case m.Type != "BPE" && !(m.Type == "" && len(m.Merges) > 0): // old files leave it out
		return s, fmt.Errorf("model type %q is not supported (want BPE)", m.Type)
	case m.Dropout != nil && *m.Dropout != 0:
		return s, fmt.Errorf("model dropout %v is not supported (want none)", *m.Dropout)
	case m.Prefix != "":
		return s, fmt.Errorf("model continuing_subword_prefix %q is not supported (want none)", m.Prefix)
	case m.Suffix != "":
		return s, fmt.Errorf("model end_of_word_suffix %q is not supported (want none)", m.Suffix)
	}
	s = style{unknown: m.Unknown, fuse: m.FuseUnknown, fallback: m.ByteFallback, whole: m.IgnoreMerges}
	if err := s.readNormalizer(f.Normalizer.parts()); err != nil {
		return s, err
	}
	if err := s.readPreTokenizer(f.PreTokenizer.parts()); err != nil {
		return s, err
	}
	if err := s.readDecoder(f.Decoder.parts()); err != nil {
		return s, err
	}
	if s.sentence && s.whole {
		return s, fmt.Errorf("model ignore_merges is supported for byte-level tokenizers only")
	}
	if !s.sentence && s.fallback {
		return s, fmt.Errorf("model byte_fallback is not supported for byte-level tokenizers")
	}
	return s, nil
}

func (s *style) readNormalizer(parts []part) error {
	for i, p := range parts {
		switch {
		case p.Type == "NFC" && len(parts) == 1:
			s.nfc = true
		case p.Type == "Prepend" && p.Prepend == under && i == 0 && types(parts) == "Prepend Replace":
			s.prefix = always
		case p.Type == "Replace" && p.Pattern.is(" ") && p.Content == under && i == len(parts)-1:
			s.sentence = true
		default:
			return fmt.Errorf("normalizer %s is not supported in %q (want NFC, or Replace of a space by ▁ with or without Prepend of ▁)", p.Type, types(parts))
		}
	}
	return nil
}

func (s *style) readPreTokenizer(parts []part) error {
	if len(parts) == 0 {
		if !s.sentence {
			return fmt.Errorf("no pre-tokenizer: supported with a normalizer that replaces spaces by ▁ only")
		}
		return nil
	}
	last := parts[len(parts)-1]
	switch kinds := types(parts); {
	case kinds == "Metaspace" && len(parts) == 1 && !s.sentence && !s.nfc:
		return s.readMetaspace(last)
	case s.sentence || last.Type != "ByteLevel":
		return fmt.Errorf("pre-tokenizer %q is not supported here (want ByteLevel, Digits ByteLevel, Split ByteLevel or Metaspace; none with a normalizer that replaces spaces)", kinds)
	case last.AddSpace != nil && *last.AddSpace:
		return fmt.Errorf("pre-tokenizer ByteLevel with add_prefix_space is not supported")
	case kinds == "Split ByteLevel":
		if isTrue(last.UseRegex) {
			return fmt.Errorf("pre-tokenizer ByteLevel with use_regex is not supported behind a Split")
		}
		return s.readSplit(parts[0])
	case !isTrue(last.UseRegex):
		return fmt.Errorf("pre-tokenizer ByteLevel without use_regex is supported behind a Split only")
	case kinds == "ByteLevel":
		return nil
	case kinds == "Digits ByteLevel" && parts[0].Individual:
		s.pre = "smollm"
		return nil
	default:
		return fmt.Errorf("pre-tokenizer %q is not supported (want ByteLevel, Digits ByteLevel with individual_digits, Split ByteLevel or Metaspace)", kinds)
	}
}

// isTrue reads a setting that is true where it is absent.
func isTrue(setting *bool) bool { return setting == nil || *setting }

func (s *style) readSplit(p part) error {
	if p.Pattern == nil || p.Pattern.Regex == nil {
		return fmt.Errorf("pre-tokenizer Split is supported with an expression only")
	}
	pre, ok := expressions[*p.Pattern.Regex]
	if !ok {
		return fmt.Errorf("pre-tokenizer Split: the expression %s is not supported (want that of GPT-2, Llama 3 or Qwen2)", *p.Pattern.Regex)
	}
	if p.Behavior != "Isolated" || p.Invert {
		return fmt.Errorf("pre-tokenizer Split: behavior %q, invert %v is not supported (want Isolated, not inverted)", p.Behavior, p.Invert)
	}
	s.pre = pre
	return nil
}

func (s *style) readMetaspace(p part) error {
	if p.Replacement != under {
		return fmt.Errorf("pre-tokenizer Metaspace: replacement %q is not supported (want ▁)", p.Replacement)
	}
	s.sentence, s.metaspace, s.each = true, true, isTrue(p.Split)
	return s.prefix.read(p)
}

// read takes the prepend_scheme of a Metaspace.
func (x *prefix) read(p part) error {
	switch {
	case p.Scheme == "never" || p.Scheme == "" && !isTrue(p.AddSpace):
		*x = never
	case p.Scheme == "first":
		*x = first
	case p.Scheme == "always" || p.Scheme == "":
		*x = always
	default:
		return fmt.Errorf("prepend_scheme %q of Metaspace is not supported (want never, first or always)", p.Scheme)
	}
	return nil
}

func (s *style) readDecoder(parts []part) error {
	kinds := types(parts)
	if !s.sentence {
		if kinds != "ByteLevel" {
			return fmt.Errorf("decoder %q is not supported for a byte-level tokenizer (want ByteLevel)", kinds)
		}
		return nil
	}
	switch kinds {
	case "Metaspace":
		var scheme prefix
		err := scheme.read(parts[0])
		s.drop = scheme != never
		return err
	case "Replace ByteFallback Fuse", "Replace ByteFallback Fuse Strip":
		if r := parts[0]; !r.Pattern.is(under) || r.Content != " " {
			return fmt.Errorf("decoder Replace: want ▁ replaced by a space")
		}
		if len(parts) == 4 {
			if p := parts[3]; p.Content != " " || p.Start < 0 || p.Stop != 0 {
				return fmt.Errorf("decoder Strip of %q, start %d, stop %d is not supported (want spaces, at the start)", p.Content, p.Start, p.Stop)
			}
			s.lead = parts[3].Start
		}
		s.spells = true
		return nil
	}
	return fmt.Errorf("decoder %q is not supported (want Replace ByteFallback Fuse, with or without Strip, or Metaspace)", kinds)
}

// tokens returns the vocabulary by id, with "" where an id has no token, and the
// tokens that texts may hold as they are. An added token may extend the
// vocabulary.
func (f *huggingFile) tokens() (tokens []string, all []added, err error) {
	ids := f.Model.Vocab
	if ids == nil {
		ids = make(map[string]int32)
	}
	for _, a := range f.AddedTokens {
		if a.SingleWord {
			return nil, nil, fmt.Errorf("added token %q: single_word is not supported", a.Content)
		}
		if id, ok := ids[a.Content]; ok && id != a.ID {
			return nil, nil, fmt.Errorf("added token %q has id %d, in the vocabulary it has %d", a.Content, a.ID, id)
		}
		ids[a.Content] = a.ID
		all = append(all, added{text: a.Content, special: a.Special, normalised: a.Normalized, lstrip: a.LStrip, rstrip: a.RStrip})
	}
	size := int32(0)
	for token, id := range ids {
		if id < 0 || int(id) >= 4*len(ids)+1024 {
			return nil, nil, fmt.Errorf("vocabulary: token %q has id %d, in a vocabulary of %d", token, id, len(ids))
		}
		size = max(size, id+1)
	}
	tokens = make([]string, size)
	for token, id := range ids {
		if tokens[id] != "" || token == "" {
			return nil, nil, fmt.Errorf("vocabulary: id %d is that of %q and of %q", id, token, tokens[id])
		}
		tokens[id] = token
	}
	return tokens, all, nil
}

// spec gathers what the file says.
func (f *huggingFile) spec() (s spec, err error) {
	if s.style, err = f.style(); err != nil {
		return s, err
	}
	if s.tokens, s.added, err = f.tokens(); err != nil {
		return s, err
	}
	s.merges = make([][2]string, len(f.Model.Merges))
	for i, m := range f.Model.Merges {
		s.merges[i] = m
	}
	return s, nil
}
