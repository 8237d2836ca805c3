package tokenize

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBertWords(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                nil,
		" \t\r\n\u00a0\u3000":             nil,
		"Hello,  World!":                  {"hello", ",", "world", "!"},
		"naïve CAFÉ Ångström İx":          {"naive", "cafe", "angstrom", "ix"},
		"東京x漢":                            {"東", "京", "x", "漢"},
		"ひらがな 한국":                         {"ひらかな", "\u1112\u1161\u11ab\u1100\u116e\u11a8"},
		"a\u200bb\x00c\x7fd\ufffde\u00ad": {"abcde"},
		"a\u0085b\u2028c\x0bd":            {"ab", "cd"},
		"it's—x…y «z» $5+3":               {"it", "'", "s", "—", "x", "…", "y", "«", "z", "»", "$", "5", "+", "3"},
		"e\u0301\u0323 \u0301":            {"e"},
		"≠ ΣΊΣΥΦΟΣ Ǆ":                     {"=", "σισυφοσ", "ǆ"},
		"x²½":                             {"x²½"},
		"\xffa\xfeb":                      {"ab"},
	} {
		var got []string
		for word, rest := bertWord(bertNormalise(text)); len(word) > 0; word, rest = bertWord(rest) {
			got = append(got, string(word))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: -want +got\n%s", text, diff)
		}
	}
}

func TestWordPieceByHand(t *testing.T) {
	vocab := strings.Fields("[UNK] [CLS] [SEP] [MASK] un ##aff ##able ##a a aff ! ##! é")
	wordPiece, err := NewWordPiece(vocab)
	if err != nil {
		t.Fatal(err)
	}
	hundred := "a" + strings.Repeat("a", 99)
	for text, want := range map[string][]int32{
		"":                 {},
		"unaffable":        {4, 5, 6},
		"UNAFFABLE!":       {4, 5, 6, 10},
		"unaffabl":         {0}, // a word is unknown as a whole
		"un aff":           {4, 9},
		"aaa":              {8, 7, 7},
		"a [MASK]a[mask]":  {8, 3, 8, 0, 0, 0},
		"[SEP]":            {2},
		"é":                {0}, // é is looked up as e
		hundred:            append([]int32{8}, slices.Repeat([]int32{7}, 99)...),
		hundred + "a":      {0},
		hundred + "\u0301": append([]int32{8}, slices.Repeat([]int32{7}, 99)...),
	} {
		want = slices.Concat([]int32{1}, want, []int32{2})
		if got := wordPiece.Encode(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
	if got := wordPiece.EncodeMax("a a a a", 4); !slices.Equal(got, []int32{1, 8, 8, 2}) {
		t.Errorf("cut to 4: %v", got)
	}
	if got := wordPiece.EncodeMax("a a a a", 6); !slices.Equal(got, []int32{1, 8, 8, 8, 8, 2}) {
		t.Errorf("cut to 6: %v", got)
	}
	if got := wordPiece.EncodeMax("a", 2); !slices.Equal(got, []int32{1, 2}) {
		t.Errorf("cut to 2: %v", got)
	}
}

func TestNewWordPieceErrors(t *testing.T) {
	for want, vocab := range map[string]string{
		`token "[UNK]" is not in the vocabulary`: "[CLS] [SEP]",
		`token "[SEP]" is not in the vocabulary`: "[CLS] [UNK]",
		`token "a" has two ids, 0 and 2`:         "a b a",
	} {
		if _, err := NewWordPiece(strings.Fields(vocab)); err == nil || err.Error() != "tokenize: new WordPiece: "+want {
			t.Errorf("got %v, want …%s", err, want)
		}
	}
}

// vocab.txt alone gives the tokenizer that tokenizer.json gives.
func TestLoadVocab(t *testing.T) {
	vocab, err := os.ReadFile(filepath.Join(asset(t, "all-MiniLM-L6-v2"), "vocab.txt"))
	if err != nil {
		t.Fatal(err)
	}
	want := miniLM(t)
	for _, newline := range []string{"\n", "\r\n"} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "vocab.txt"), strings.ReplaceAll(string(vocab), "\n", newline))
		got, err := LoadWordPiece(dir)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(WordPiece{}, specials{}, special{})); diff != "" {
			t.Errorf("newline %q: -tokenizer.json +vocab.txt\n%s", newline, diff)
		}
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLoadWordPieceErrors(t *testing.T) {
	const good = `{"model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
		"max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}},
		"normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
		"pre_tokenizer": {"type": "BertPreTokenizer"}, "added_tokens": [{"id": 3, "content": "[MASK]", "lstrip": false}]}`
	dir := t.TempDir()
	path := filepath.Join(dir, "tokenizer.json")
	write(t, path, good)
	wordPiece, err := LoadWordPiece(dir)
	if err != nil || wordPiece.VocabSize() != 4 || !slices.Equal(wordPiece.Encode("[MASK]"), []int32{1, 3, 2}) {
		t.Fatal(wordPiece, err)
	}
	for old, c := range map[string]struct{ new, want string }{
		`"WordPiece"`:            {`"BPE"`, "model type: want WordPiece, got BPE"},
		`"unk_token": "[UNK]"`:   {`"unk_token": "<unk>"`, "unk_token: want [UNK], got <unk>"},
		`"##"`:                   {`"@@"`, "continuing_subword_prefix: want ##, got @@"},
		`_per_word": 100`:        {`_per_word": 0`, "max_input_chars_per_word: want a positive number, got 0"},
		`"BertNormalizer"`:       {`"NFC"`, "normalizer: want BertNormalizer, got NFC"},
		`"lowercase": true`:      {`"lowercase": false`, "normalizer: want an uncased one"},
		`"strip_accents": null`:  {`"strip_accents": false`, "normalizer: want an uncased one"},
		`"BertPreTokenizer"`:     {`"Whitespace"`, "pre_tokenizer: want BertPreTokenizer, got Whitespace"},
		`"lstrip": false`:        {`"lstrip": true`, `added token "[MASK]": single_word, lstrip`},
		`"[SEP]": 2`:             {`"[SEP]": 4`, `vocabulary: token "[SEP]": id 4 is out of range`},
		`"[UNK]": 0, "[CLS]": 1`: {`"[CLS]": 0, "x": 1`, `token "[UNK]" is not in the vocabulary`},
		`"vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}`: {`"vocab": null`, "vocab: want pieces, got none"},
		`{"model"`: {`["model"`, "invalid character"},
	} {
		if !strings.Contains(good, old) {
			t.Fatalf("%s is not in the file", old)
		}
		write(t, path, strings.Replace(good, old, c.new, 1))
		if _, err := LoadWordPiece(dir); err == nil || !strings.HasPrefix(err.Error(), "tokenize: read "+path+": "+c.want) {
			t.Errorf("got %v, want …%s", err, c.want)
		}
	}
	if !json.Valid([]byte(good)) {
		t.Error("the good file is not JSON")
	}
}
