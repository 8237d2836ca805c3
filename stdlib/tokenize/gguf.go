package tokenize

import (
	"cmp"
	"fmt"
	"slices"

	"kairos/stdlib/internal/gguf"
)

// The token types of GGUF that a text may contain as they are.
const (
	ggufUnknown     = 2
	ggufControl     = 3
	ggufUserDefined = 4
)

// FromGGUF builds the tokenizer that the GGUF file at path holds, with its chat
// template. It is a byte-level BPE (tokenizer.ggml.model gpt2) with a
// pre-tokenizer that NewBPE knows, or SentencePiece's (llama), whose vocabulary
// has scores in the place of merges. Control and user-defined tokens are its
// special ones, and SentencePiece's unknown one.
func FromGGUF(path string) (*BPE, error) {
	file, err := gguf.Open(path)
	if err != nil {
		return nil, fmt.Errorf("tokenize: %w", err)
	}
	defer file.Close()
	t, err := fromGGUF(file)
	if err != nil {
		return nil, fmt.Errorf("tokenize: read %s: %w", path, err)
	}
	return t, nil
}

func fromGGUF(file *gguf.File) (*BPE, error) {
	s, err := ggufSpec(file)
	if err != nil {
		return nil, err
	}
	return s.build()
}

func ggufSpec(file *gguf.File) (s spec, err error) {
	model, err := file.Text("tokenizer.ggml.model")
	if err != nil {
		return s, err
	}
	if s.tokens, err = file.Strings("tokenizer.ggml.tokens"); err != nil {
		return s, err
	}
	types, err := file.Ints("tokenizer.ggml.token_type")
	if err != nil {
		return s, err
	}
	if len(types) != len(s.tokens) {
		return s, fmt.Errorf("%d token types for %d tokens", len(types), len(s.tokens))
	}
	if err := ggufNamed(file, &s); err != nil {
		return s, err
	}
	switch model {
	case "gpt2":
		err = ggufByteLevel(file, &s)
	case "llama":
		err = ggufSentence(file, &s)
	default:
		err = fmt.Errorf("tokenizer model %q is not supported (want gpt2, byte-level BPE, or llama, SentencePiece BPE)", model)
	}
	for id, kind := range types {
		if kind == ggufControl || kind == ggufUserDefined || kind == ggufUnknown && model == "llama" {
			s.added = append(s.added, added{text: s.tokens[id], special: kind != ggufUserDefined})
		}
	}
	return s, err
}

// ggufByteLevel reads how words are cut, and the merges.
func ggufByteLevel(file *gguf.File, s *spec) error {
	pre, err := file.Text("tokenizer.ggml.pre")
	if err != nil {
		return err
	}
	if s.style, err = byteLevel(pre); err != nil {
		return err
	}
	merges, err := file.Strings("tokenizer.ggml.merges")
	if err != nil {
		return err
	}
	s.merges, err = splitMerges(merges)
	return err
}

// ggufSentence reads the scores of SentencePiece's tokens.
func ggufSentence(file *gguf.File, s *spec) error {
	scores, err := file.Floats("tokenizer.ggml.scores")
	if err != nil {
		return err
	}
	if len(scores) != len(s.tokens) {
		return fmt.Errorf("%d scores for %d tokens", len(scores), len(s.tokens))
	}
	s.merges, s.ranks = scoredMerges(s.tokens, scores)
	s.style = style{sentence: true, prefix: always, lead: 1, spells: true, fuse: true, fallback: true, unknown: s.named["unk_token"]}
	space, err := ggufBool(file, "tokenizer.ggml.add_space_prefix", true)
	if !space {
		s.style.prefix, s.style.lead = never, 0
	}
	return err
}

// scoredMerges returns the merges of a vocabulary with scores: any two tokens
// that make a third, those that make one of a higher score first. Merges into
// tokens of one score have one rank, so that the leftmost comes first
// (llm_tokenizer_spm of llama.cpp, as SentencePiece's bpe_model).
func scoredMerges(tokens []string, scores []float64) (merges [][2]string, ranks []int32) {
	ids := make(map[string]bool, len(tokens))
	for _, token := range tokens {
		ids[token] = true
	}
	byScore := make([]int, len(tokens))
	for i := range byScore {
		byScore[i] = i
	}
	slices.SortStableFunc(byScore, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	rank, last := int32(0), 0.0
	for _, id := range byScore {
		token, before := tokens[id], len(merges)
		if scores[id] != last {
			rank = int32(before)
		}
		for cut := range token {
			if cut > 0 && ids[token[:cut]] && ids[token[cut:]] {
				merges, ranks = append(merges, [2]string{token[:cut], token[cut:]}), append(ranks, rank)
			}
		}
		if len(merges) > before {
			last = scores[id]
		}
	}
	return merges, ranks
}

// ggufNamed reads the special tokens that have names, and the chat template.
func ggufNamed(file *gguf.File, s *spec) (err error) {
	s.named = make(map[string]string)
	for name, key := range map[string]string{"bos_token": "bos", "eos_token": "eos", "unk_token": "unknown", "pad_token": "padding"} {
		if s.named[name], err = ggufToken(file, "tokenizer.ggml."+key+"_token_id", s.tokens); err != nil {
			return err
		}
	}
	if s.bos, err = ggufBool(file, "tokenizer.ggml.add_bos_token", false); err != nil {
		return err
	}
	if file.Has("tokenizer.chat_template") {
		s.chat, err = file.Text("tokenizer.chat_template")
	}
	return err
}

// ggufBool returns the setting under key, or what it is without the key.
func ggufBool(file *gguf.File, key string, without bool) (bool, error) {
	if !file.Has(key) {
		return without, nil
	}
	return file.Bool(key)
}

// ggufToken returns the token whose id is under key, or "" without the key.
func ggufToken(file *gguf.File, key string, tokens []string) (string, error) {
	if !file.Has(key) {
		return "", nil
	}
	id, err := file.Int(key)
	if err != nil {
		return "", err
	}
	if id < 0 || id >= len(tokens) {
		return "", fmt.Errorf("key %q: id %d is not in the vocabulary of %d", key, id, len(tokens))
	}
	return tokens[id], nil
}
