package tokenize

import (
	"bytes"
	"encoding/binary"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// bytesAnd is a vocabulary of the 256 bytes, whose ids are their values, the
// tokens the merges make, and special tokens.
func bytesAnd(t testing.TB, merges []string, special ...string) *BPE {
	t.Helper()
	var cfg BPEConfig
	for _, r := range alphabet {
		cfg.Tokens = append(cfg.Tokens, string(r))
	}
	for _, merge := range merges {
		if token := strings.ReplaceAll(merge, " ", ""); !slices.Contains(cfg.Tokens, token) {
			cfg.Tokens = append(cfg.Tokens, token)
		}
	}
	cfg.Tokens = append(cfg.Tokens, special...)
	cfg.Merges, cfg.Special = merges, special
	bpe, err := NewBPE(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return bpe
}

func TestMergeByHand(t *testing.T) {
	bpe := bytesAnd(t, []string{"b c", "a b", "a bc", "abc abc"}) // 256 bc, 257 ab, 258 abc, 259 abcabc
	for text, want := range map[string][]int32{
		"ab":        {257},
		"abc":       {258}, // bc comes before ab
		"abb":       {257, 'b'},
		"aabcab":    {'a', 258, 257},
		"abcabcabc": {259, 258}, // leftmost first
		"cba":       {'c', 'b', 'a'},
		"é":         {0xc3, 0xa9},
		"":          {},
	} {
		if got := bpe.Encode(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

// naive merges as the algorithm is told: find the earliest merge anywhere, the
// leftmost on a tie, join, begin again.
func naive(t *BPE, word string) []int32 {
	var ids []int32
	for _, b := range []byte(word) {
		ids = append(ids, t.byteIDs[b])
	}
	for {
		best, at := int32(noMerge), 0
		for i := 0; i+1 < len(ids); i++ {
			if m, ok := t.merges[pair{ids[i], ids[i+1]}]; ok && (best == noMerge || m.rank < best) {
				best, at = m.rank, i
			}
		}
		if best == noMerge {
			return ids
		}
		ids[at] = t.merges[pair{ids[at], ids[at+1]}].id
		ids = slices.Delete(ids, at+1, at+2)
	}
}

func TestMergeMatchesNaive(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		tokens := []string{"a", "b", "c"}
		var merges []string
		for range 12 {
			left, right := tokens[r.IntN(len(tokens))], tokens[r.IntN(len(tokens))]
			if !slices.Contains(tokens, left+right) {
				tokens, merges = append(tokens, left+right), append(merges, left+" "+right)
			}
		}
		bpe := bytesAnd(t, merges)
		for range 30 {
			word := make([]byte, r.IntN(120))
			for i := range word {
				word[i] = "abc"[r.IntN(3)]
			}
			if got, want := bpe.merge(nil, string(word)), naive(bpe, string(word)); !slices.Equal(got, want) {
				t.Fatalf("merges %q, word %q: got %v, want %v", merges, word, got, want)
			}
		}
	}
}

func TestSpecialTokens(t *testing.T) {
	bpe := bytesAnd(t, nil, "<e>", "<e>>", "e>>", "[M]") // 256 …
	for text, want := range map[string][]int32{
		"<e>":     {256},
		"<e>>":    {257}, // the longest of the leftmost
		"<e":      {'<', 'e'},
		"<<e>":    {'<', 256},
		"<ee>>>":  {'<', 'e', 258, '>'},
		"a[M]b":   {'a', 259, 'b'},
		"[M":      {'[', 'M'},
		"[M][M]":  {259, 259},
		" <e>>> ": {' ', 257, '>', ' '},
	} {
		if got := bpe.Encode(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
		if got := bpe.Decode(want); got != text {
			t.Errorf("%v: got %q, want %q", want, got, text)
		}
	}
}

func TestVocabularyWithGaps(t *testing.T) {
	bpe, err := NewBPE(BPEConfig{Tokens: []string{"a", "c", "ac"}, Merges: []string{"a c"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := bpe.Encode("abc"); !slices.Equal(got, []int32{2}) { // b is dropped first, as in the reference
		t.Errorf("abc: %v", got)
	}
	if got := bpe.Encode("b"); len(got) != 0 {
		t.Errorf("b: %v", got)
	}
	if got := bpe.Decode([]int32{-1, 0, 3, 1}); got != "ac" {
		t.Errorf("ids outside the vocabulary: %q", got)
	}
	if _, ok := bpe.BOS(); ok || bpe.VocabSize() != 3 {
		t.Error("a BOS out of nothing")
	}
}

func TestNewBPEErrors(t *testing.T) {
	abc := []string{"a", "b", "ab"}
	for want, cfg := range map[string]BPEConfig{
		`token "a" has two ids, 0 and 1`:                 {Tokens: []string{"a", "a"}},
		`pre-tokenizer "tekken" is not supported`:        {Pre: "tekken"},
		`merge 1, "b a": token "ba" is not in`:           {Tokens: abc, Merges: []string{"a b", "b a"}},
		`merge 0, "x b": token "x" is not in`:            {Tokens: abc, Merges: []string{"x b"}},
		`merge 0, "ab": want two tokens`:                 {Tokens: abc, Merges: []string{"ab"}},
		`merge 0, "a b c": want two tokens`:              {Tokens: abc, Merges: []string{"a b c"}},
		`special token "<s>" is not in the vocabulary`:   {Tokens: abc, Special: []string{"<s>"}},
		`special token "<bos>" is not in the vocabulary`: {Tokens: abc, BOS: "<bos>"},
	} {
		if _, err := NewBPE(cfg); err == nil || !strings.HasPrefix(err.Error(), "tokenize: new BPE: "+want) {
			t.Errorf("got %v, want …%s", err, want)
		}
	}
}

// writeGGUF writes a file that has nothing but metadata.
func writeGGUF(t *testing.T, metadata map[string]any) string {
	t.Helper()
	var b bytes.Buffer
	put := func(v any) { binary.Write(&b, binary.LittleEndian, v) }
	text := func(s string) { put(uint64(len(s))); b.WriteString(s) }
	b.WriteString("GGUF")
	put(uint32(3))
	put([]uint64{0, uint64(len(metadata))})
	for key, value := range metadata {
		text(key)
		switch v := value.(type) {
		case string:
			put(uint32(8))
			text(v)
		case uint32:
			put([]uint32{4, v})
		case []string:
			put([]uint32{9, 8})
			put(uint64(len(v)))
			for _, s := range v {
				text(s)
			}
		case bool:
			put(uint32(7))
			put(v)
		case []float32:
			put([]uint32{9, 6})
			put(uint64(len(v)))
			put(v)
		case []int32:
			put([]uint32{9, 5})
			put(uint64(len(v)))
			put(v)
		}
	}
	path := filepath.Join(t.TempDir(), "tiny.gguf")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func tinyGGUF() map[string]any {
	return map[string]any{
		"tokenizer.ggml.model":        "gpt2",
		"tokenizer.ggml.pre":          "smollm",
		"tokenizer.ggml.tokens":       []string{"<s>", "</s>", "a", "b", "ab", "<user>", "1"},
		"tokenizer.ggml.token_type":   []int32{3, 3, 1, 1, 1, 4, 1},
		"tokenizer.ggml.merges":       []string{"a b"},
		"tokenizer.ggml.bos_token_id": uint32(0),
		"tokenizer.ggml.eos_token_id": uint32(1),
	}
}

func TestFromGGUF(t *testing.T) {
	bpe, err := FromGGUF(writeGGUF(t, tinyGGUF()))
	if err != nil {
		t.Fatal(err)
	}
	if got := bpe.Encode("ab11<user></s>b"); !slices.Equal(got, []int32{4, 6, 6, 5, 1, 3}) {
		t.Errorf("got %v", got)
	}
	bos, hasBOS := bpe.BOS()
	eos, hasEOS := bpe.EOS()
	if bos != 0 || eos != 1 || !hasBOS || !hasEOS {
		t.Errorf("bos %d %v, eos %d %v", bos, hasBOS, eos, hasEOS)
	}
	missing := tinyGGUF()
	delete(missing, "tokenizer.ggml.bos_token_id")
	if bpe, err = FromGGUF(writeGGUF(t, missing)); err != nil {
		t.Fatal(err)
	}
	if _, ok := bpe.BOS(); ok {
		t.Error("a BOS out of nothing")
	}
}

// Tokens of one score are made from the left, whichever they are; those of a
// higher score first. Written as merges, they follow each other by their ids.
func TestScoresByHand(t *testing.T) {
	metadata := map[string]any{
		"tokenizer.ggml.model":            "llama",
		"tokenizer.ggml.tokens":           []string{"<unk>", "a", "b", "ba", "ab", "c", "bc", "abc", "<0x64>", "<tool>"},
		"tokenizer.ggml.scores":           []float32{0, 0, 0, -2, -2, 0, -1, -3, 0, 0},
		"tokenizer.ggml.token_type":       []int32{2, 1, 1, 1, 1, 1, 1, 1, 6, 4},
		"tokenizer.ggml.unknown_token_id": uint32(0),
		"tokenizer.ggml.add_space_prefix": false,
	}
	bpe, err := FromGGUF(writeGGUF(t, metadata))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]int32{
		"aba":         {4, 1},
		"bab":         {3, 2},
		"abc":         {7}, // bc, then a bc
		"babc":        {3, 6},
		"d":           {8},
		"ee":          {0}, // no byte tokens: unknown, and fused
		"a<tool>b":    {1, 9, 2},
		"<unk><unk>a": {0, 0, 1},
	} {
		if got := bpe.Encode(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
	want := [][2]string{{"b", "c"}, {"b", "a"}, {"a", "b"}, {"a", "bc"}, {"ab", "c"}}
	if diff := cmp.Diff(want, bpe.describeMerges()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for key, c := range map[string]struct {
		value any
		want  string
	}{
		"tokenizer.ggml.scores":           {[]float32{1}, "1 scores for 10 tokens"},
		"tokenizer.ggml.add_space_prefix": {"yes", `key "tokenizer.ggml.add_space_prefix": want a value of type bool`},
		"tokenizer.chat_template":         {uint32(1), `key "tokenizer.chat_template": want`},
	} {
		other := maps.Clone(metadata)
		other[key] = c.value
		if _, err := FromGGUF(writeGGUF(t, other)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want …%s", key, err, c.want)
		}
	}
}

func TestFromGGUFErrors(t *testing.T) {
	for _, c := range []struct {
		key, want string
		value     any
	}{
		{"tokenizer.ggml.model", `tokenizer model "t5" is not supported`, "t5"},
		{"tokenizer.ggml.pre", `pre-tokenizer "tekken" is not supported (want gpt-2, smollm, llama-bpe or qwen2)`, "tekken"},
		{"tokenizer.ggml.pre", `key "tokenizer.ggml.pre": missing`, nil},
		{"tokenizer.ggml.tokens", `key "tokenizer.ggml.tokens": want a list of string, got the string "none"`, "none"},
		{"tokenizer.ggml.token_type", "1 token types for 7 tokens", []int32{1}},
		{"tokenizer.ggml.merges", `merge 0, "b a": token "ba" is not in the vocabulary`, []string{"b a"}},
		{"tokenizer.ggml.bos_token_id", `key "tokenizer.ggml.bos_token_id": id 7 is not in the vocabulary of 7`, uint32(7)},
		{"tokenizer.ggml.eos_token_id", `key "tokenizer.ggml.eos_token_id": want a value of type int`, "2"},
	} {
		metadata := tinyGGUF()
		metadata[c.key] = c.value
		if c.value == nil {
			delete(metadata, c.key)
		}
		path := writeGGUF(t, metadata)
		if _, err := FromGGUF(path); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("got %v, want …%s", err, c.want)
		}
	}
}

// Goroutines share one tokenizer and its cache; run with -race.
func TestConcurrentUse(t *testing.T) {
	bpe := smolLM2(t)
	texts := readTexts(t, "testdata")[:600]
	want := make([][]int32, len(texts))
	for i, text := range texts {
		want[i] = naiveText(bpe, text)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i, text := range texts {
				if got := bpe.Encode(text); !slices.Equal(got, want[i]) {
					t.Errorf("%q: got %v, want %v", text, got, want[i])
				}
			}
		})
	}
	group.Wait()
}

// naiveText encodes without special tokens, cache and heap.
func naiveText(t *BPE, text string) (ids []int32) {
	for _, word := range cutWords(t.words, text) {
		ids = append(ids, naive(t, word)...)
	}
	return ids
}

// One word of a megabyte must not take the square of its length.
func TestLongWord(t *testing.T) {
	bpe := smolLM2(t)
	text := strings.Repeat("ab", 1<<19)
	if got := bpe.Decode(bpe.Encode(text)); got != text {
		t.Error("a long word did not come back")
	}
}

func FuzzRoundTrip(f *testing.F) {
	bpe := bytesAnd(f, []string{"Ġ t", "h e", "Ġt he", "à ¤"}, "<|im_end|>")
	for _, text := range []string{"", " the", "a  the\n\n1", "<|im_end|>x", "नमस्ते", "'s'll'", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ids := bpe.Encode(text)
		if got := bpe.Decode(ids); utf8.ValidString(text) && got != text {
			t.Errorf("%q came back as %q", text, got)
		}
		if diff := cmp.Diff(strings.Join(cutWords(bpe.words, text), ""), text); diff != "" {
			t.Errorf("words lose text:\n%s", diff)
		}
	})
}
