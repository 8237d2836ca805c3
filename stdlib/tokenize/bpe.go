package tokenize

import (
	"fmt"
	"slices"
	"strings"
)

// BPE is a byte-level byte-pair tokenizer. Text is cut into words, and the
// bytes of each word are merged into ever longer tokens in the order of a
// learned list of merges.
//
// Decode(Encode(s)) is s for valid UTF-8, as far as the vocabulary has a token
// for every byte of s: others are dropped, as the reference does. SmolLM2 lacks
// those of six control characters and of U+40000 … U+BFFFF, which Unicode
// leaves unassigned.
type BPE struct {
	raw      []string // by id, the bytes a token stands for
	ids      map[string]int32
	byteIDs  [256]int32 // -1 where the vocabulary has no token for a byte
	ranks    map[pair]int32
	merged   []int32 // by rank, the id that a merge makes
	words    words
	specials *specials
	bos, eos ending
	cache    *wordCache
}

// ending is a token that begins or ends sequences.
type ending struct {
	text string // "" where the vocabulary has none
	id   int32
}

// BPEConfig is a vocabulary for NewBPE.
type BPEConfig struct {
	Tokens  []string // by id, in GPT-2's byte alphabet: Ġ is a space, Ċ a newline
	Merges  []string // "left right", earliest first
	Special []string // tokens that stand for themselves wherever a text has them, beside BOS and EOS
	Pre     string   // how text is cut into words: "gpt-2" or "smollm"; "" is "gpt-2"
	BOS     string   // the token that begins a sequence; "" is none
	EOS     string   // the token that ends one; "" is none
}

// NewBPE builds a tokenizer from a vocabulary. A token given twice, a merge or
// a special token outside the vocabulary and an unknown Pre are errors.
func NewBPE(cfg BPEConfig) (*BPE, error) {
	t, err := newBPE(cfg)
	if err != nil {
		return nil, fmt.Errorf("tokenize: new BPE: %w", err)
	}
	return t, nil
}

func newBPE(cfg BPEConfig) (*BPE, error) {
	ids, err := indexTokens(cfg.Tokens)
	if err != nil {
		return nil, err
	}
	t := &BPE{ids: ids, raw: make([]string, len(cfg.Tokens)), cache: newWordCache()}
	for id, token := range cfg.Tokens {
		t.raw[id] = rawBytes(token)
	}
	for b, r := range alphabet {
		t.byteIDs[b] = -1
		if id, ok := ids[string(r)]; ok {
			t.byteIDs[b] = id
		}
	}
	if t.words, err = cutting(cfg.Pre); err != nil {
		return nil, err
	}
	if err := t.addMerges(cfg.Merges); err != nil {
		return nil, err
	}
	special := slices.Clone(cfg.Special)
	for _, token := range []string{cfg.BOS, cfg.EOS} {
		if token != "" && !slices.Contains(special, token) {
			special = append(special, token)
		}
	}
	t.bos, t.eos = ending{cfg.BOS, ids[cfg.BOS]}, ending{cfg.EOS, ids[cfg.EOS]}
	t.specials, err = newSpecials(special, ids)
	return t, err
}

// indexTokens maps the tokens of a vocabulary to their ids.
func indexTokens(tokens []string) (map[string]int32, error) {
	ids := make(map[string]int32, len(tokens))
	for id, token := range tokens {
		if first, ok := ids[token]; ok {
			return nil, fmt.Errorf("token %q has two ids, %d and %d", token, first, id)
		}
		ids[token] = int32(id)
	}
	return ids, nil
}

// cutting is the way of cutting text into words that GGUF files call pre.
func cutting(pre string) (words, error) {
	switch pre {
	case "", "gpt-2":
		return words{numeric: numbers}, nil
	case "smollm":
		return words{numeric: digits, singleDigits: true}, nil
	}
	return words{}, fmt.Errorf("pre-tokenizer %q is not supported (want gpt-2 or smollm)", pre)
}

func (t *BPE) addMerges(merges []string) error {
	t.ranks = make(map[pair]int32, len(merges))
	t.merged = make([]int32, len(merges))
	for rank, merge := range merges {
		left, right, ok := strings.Cut(merge, " ")
		if !ok || strings.Contains(right, " ") {
			return fmt.Errorf("merge %d, %q: want two tokens with a space between", rank, merge)
		}
		var found [3]int32
		for i, token := range []string{left, right, left + right} {
			if found[i], ok = t.ids[token]; !ok {
				return fmt.Errorf("merge %d, %q: token %q is not in the vocabulary", rank, merge, token)
			}
		}
		t.ranks[pair{found[0], found[1]}] = int32(rank)
		t.merged[rank] = found[2]
	}
	return nil
}

// Encode returns the ids of text. It adds no BOS or EOS. Special tokens in the
// text become their own ids. Bytes that are not UTF-8 are encoded as they are.
func (t *BPE) Encode(text string) []int32 {
	ids := make([]int32, 0, len(text)/4+4)
	for {
		plain, id, rest, found := t.specials.cut(text)
		ids = t.encodePlain(ids, plain)
		if !found {
			return ids
		}
		ids, text = append(ids, id), rest
	}
}

// encodePlain appends the ids of a text without special tokens.
func (t *BPE) encodePlain(ids []int32, text string) []int32 {
	for text != "" {
		n := t.words.next(text)
		word := text[:n]
		text = text[n:]
		if known := t.cache.get(word); known != nil {
			ids = append(ids, known...)
			continue
		}
		start := len(ids)
		ids = t.merge(ids, word)
		t.cache.put(word, ids[start:])
	}
	return ids
}

// Decode returns the text of ids, special tokens included. Bytes that are not
// UTF-8, as where ids end within a character, become U+FFFD. Ids outside the
// vocabulary are left out.
func (t *BPE) Decode(ids []int32) string {
	var text []byte
	for _, id := range ids {
		if id >= 0 && int(id) < len(t.raw) {
			text = append(text, t.raw[id]...)
		}
	}
	return validText(text)
}

// VocabSize returns the number of ids.
func (t *BPE) VocabSize() int { return len(t.raw) }

// BOS returns the id of the token that begins a sequence, if there is one.
func (t *BPE) BOS() (id int32, ok bool) { return t.bos.id, t.bos.text != "" }

// EOS returns the id of the token that ends a sequence, if there is one.
func (t *BPE) EOS() (id int32, ok bool) { return t.eos.id, t.eos.text != "" }

// TokenID returns the id of a token as the vocabulary writes it: "<|im_end|>",
// or "Ġthe" for " the".
func (t *BPE) TokenID(token string) (id int32, ok bool) {
	id, ok = t.ids[token]
	return id, ok
}
