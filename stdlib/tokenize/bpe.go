package tokenize

import (
	"fmt"
	"slices"
)

// BPE is a byte-pair tokenizer. Text is cut into words, and the symbols of each
// word are merged into ever longer tokens in the order of a learned list of
// merges. In the byte-level family (GPT-2, SmolLM2, Llama 3, Qwen2) the symbols
// are bytes; in SentencePiece's (Llama 2, TinyLlama, Mistral) they are
// characters, a space is written ▁, and a character that the vocabulary lacks is
// spelled out in byte tokens.
//
// Decode(Encode(s)) is s for valid UTF-8, as far as the vocabulary has a token
// for every byte of s: others are dropped, as the reference does. SmolLM2 lacks
// those of six control characters and of U+40000 … U+BFFFF, which Unicode
// leaves unassigned. Qwen2 composes characters (NFC) and SentencePiece's family
// may add a space at the head of a text, which Decode removes again.
type BPE struct {
	style    style
	raw      []string // by id, the text a token stands for
	ids      map[string]int32
	byteIDs  [256]int32     // the tokens of single bytes, noToken where there is none
	spelled  map[int32]byte // those that Decode joins to characters, in SentencePiece's family
	merges   map[pair]merge
	whole    map[string]int32 // words that are tokens without a merge; nil where the merges decide alone
	unknown  int32            // the id of what the vocabulary lacks, or noToken
	words    cutter
	added    *specials // tokens found in the text as it is
	later    *specials // tokens found in the normalised text; nil without
	every    []added   // both
	bos, eos ending
	template map[string]string // the special tokens that chat templates know by name
	chat     *chatTemplate     // nil without
	files    []file            // what FromDirectory read, to be written again
	readChat string            // the chat template in them
	addsBOS  bool              // whether the reference puts BOS before texts
	cache    *wordCache
}

// ending is a token that begins or ends sequences.
type ending struct {
	text string // "" where the vocabulary has none
	id   int32
}

// noToken stands where a vocabulary has no token.
const noToken = -1

// BPEConfig is a vocabulary for NewBPE.
type BPEConfig struct {
	Tokens  []string // by id, in GPT-2's byte alphabet: Ġ is a space, Ċ a newline
	Merges  []string // "left right", earliest first
	Special []string // tokens that stand for themselves wherever a text has them, beside BOS and EOS
	Pre     string   // how text is cut into words: "gpt-2", "smollm", "llama-bpe" or "qwen2"; "" is "gpt-2"
	BOS     string   // the token that begins a sequence; "" is none
	EOS     string   // the token that ends one; "" is none
	Chat    string   // the chat template, in Jinja; "" is none
}

// NewBPE builds a byte-level tokenizer from a vocabulary. A token given twice, a
// merge or a special token outside the vocabulary, an unknown Pre and a template
// that cannot be read are errors.
func NewBPE(cfg BPEConfig) (*BPE, error) {
	t, err := newBPE(cfg)
	if err != nil {
		return nil, fmt.Errorf("tokenize: new BPE: %w", err)
	}
	return t, nil
}

func newBPE(cfg BPEConfig) (*BPE, error) {
	style, err := byteLevel(cfg.Pre)
	if err != nil {
		return nil, err
	}
	merges, err := splitMerges(cfg.Merges)
	if err != nil {
		return nil, err
	}
	s := spec{style: style, tokens: cfg.Tokens, merges: merges, chat: cfg.Chat, named: map[string]string{"bos_token": cfg.BOS, "eos_token": cfg.EOS}}
	for _, token := range cfg.Special {
		s.added = append(s.added, added{text: token, special: true})
	}
	t, err := s.build()
	if err != nil {
		return nil, err
	}
	return t, t.chat.problem()
}

// spec is what a tokenizer is made of, wherever that was written down.
type spec struct {
	style  style
	tokens []string    // by id, as the vocabulary writes them; "" where an id has no token
	merges [][2]string // earliest first
	ranks  []int32     // of the merges; nil where that is their place in the list
	added  []added
	named  map[string]string // special tokens by the names that chat templates and tokenizer_config.json have for them
	chat   string
	bos    bool // the reference puts BOS before texts
}

func (s spec) build() (*BPE, error) {
	ids, err := indexTokens(s.tokens)
	if err != nil {
		return nil, err
	}
	t := &BPE{style: s.style, ids: ids, raw: make([]string, len(s.tokens)), unknown: noToken, addsBOS: s.bos, cache: newWordCache()}
	for id, token := range s.tokens {
		t.raw[id] = s.style.raw(token)
	}
	t.addBytes()
	if s.style.unknown != "" {
		id, ok := ids[s.style.unknown]
		if !ok {
			return nil, fmt.Errorf("unknown token %q is not in the vocabulary", s.style.unknown)
		}
		t.unknown = id
	}
	if err := t.addMerges(s.merges, s.ranks); err != nil {
		return nil, err
	}
	if s.style.whole {
		t.addWhole(s.tokens)
	}
	t.words = s.style.cutter(ids, s.merges)
	if err := t.addSpecials(s); err != nil {
		return nil, err
	}
	if s.chat != "" {
		t.chat = parseChat(s.chat)
	}
	return t, nil
}

// indexTokens maps the tokens of a vocabulary to their ids.
func indexTokens(tokens []string) (map[string]int32, error) {
	ids := make(map[string]int32, len(tokens))
	for id, token := range tokens {
		if token == "" {
			continue
		}
		if first, ok := ids[token]; ok {
			return nil, fmt.Errorf("token %q has two ids, %d and %d", token, first, id)
		}
		ids[token] = int32(id)
	}
	return ids, nil
}

// addBytes notes the tokens of single bytes.
func (t *BPE) addBytes() {
	t.spelled = make(map[int32]byte)
	for b := range t.byteIDs {
		t.byteIDs[b] = noToken
		if id, ok := t.ids[t.style.byteToken(byte(b))]; ok {
			t.byteIDs[b] = id
			if t.style.spells {
				t.spelled[id] = byte(b)
			}
		}
	}
}

// addWhole notes the words that are tokens as they stand, however the merges
// would make them.
func (t *BPE) addWhole(tokens []string) {
	t.whole = make(map[string]int32, len(tokens))
	for id, token := range tokens {
		if inAlphabet(token) {
			t.whole[t.raw[id]] = int32(id)
		}
	}
}

// addSpecials sets the tokens that are found in a text before anything else, and
// those that have names.
func (t *BPE) addSpecials(s spec) (err error) {
	all := slices.Clone(s.added)
	for _, name := range []string{"bos_token", "eos_token"} {
		token := s.named[name]
		if token != "" && !slices.ContainsFunc(all, func(a added) bool { return a.text == token }) {
			all = append(all, added{text: token, special: true})
		}
	}
	t.every = all
	var now, later []added
	for _, a := range all {
		if a.normalised && t.style.normalises() {
			a.found = t.style.normalise(a.text, atStart)
			t.raw[t.ids[a.text]] = t.style.raw(a.found) // the reference decodes it so
			later = append(later, a)
		} else {
			now = append(now, a)
		}
	}
	if t.added, err = newSpecials(now, t.ids); err != nil {
		return err
	}
	if len(later) > 0 {
		if t.later, err = newSpecials(later, t.ids); err != nil {
			return err
		}
	}
	t.template = make(map[string]string)
	for name, token := range s.named {
		if token != "" {
			t.template[name] = token
		}
	}
	bos, eos := s.named["bos_token"], s.named["eos_token"]
	t.bos, t.eos = ending{bos, t.ids[bos]}, ending{eos, t.ids[eos]}
	return nil
}

// Encode returns the ids of text. It adds no BOS or EOS, whatever the file of
// the tokenizer asks for. Special tokens in the text become their own ids.
// Bytes that are not UTF-8 are encoded as they are.
func (t *BPE) Encode(text string) []int32 {
	return t.encode(make([]int32, 0, len(text)/4+4), text, atStart)
}

// place is where a text stands: SentencePiece's family puts a space before some.
type place uint8

const (
	atStart    place = iota
	afterToken       // after a special token
	within           // in the middle of a text
)

// encode appends the ids of a text.
func (t *BPE) encode(ids []int32, text string, at place) []int32 {
	for {
		plain, id, rest, found := t.added.cut(text)
		if plain != "" {
			ids = t.encodePart(ids, plain, at)
		}
		if !found {
			return ids
		}
		ids, text, at = append(ids, id), rest, afterToken
	}
}

// encodePart appends the ids of a text in which no token is found as it is.
func (t *BPE) encodePart(ids []int32, text string, at place) []int32 {
	text = t.style.normalise(text, at)
	if t.later == nil {
		return t.encodePlain(ids, t.style.prepare(text, at))
	}
	for {
		plain, id, rest, found := t.later.cut(text)
		if plain != "" {
			ids = t.encodePlain(ids, t.style.prepare(plain, at))
		}
		if !found {
			return ids
		}
		ids, text, at = append(ids, id), rest, afterToken
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
		ids = t.appendWord(ids, word)
		t.cache.put(word, ids[start:])
	}
	return ids
}

// appendWord appends the ids of a word.
func (t *BPE) appendWord(ids []int32, word string) []int32 {
	if id, ok := t.whole[word]; ok {
		return append(ids, id)
	}
	return t.merge(ids, word)
}

// Decode returns the text of ids, special tokens included. Bytes that are not
// UTF-8, as where ids end within a character, become U+FFFD. Ids outside the
// vocabulary are left out.
func (t *BPE) Decode(ids []int32) string {
	if t.style.sentence {
		return t.decodeSentence(ids)
	}
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
// or "Ġthe" or "▁the" for " the".
func (t *BPE) TokenID(token string) (id int32, ok bool) {
	id, ok = t.ids[token]
	return id, ok
}
