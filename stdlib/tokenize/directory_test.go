package tokenize

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tiny is a tokenizer.json that can be read: "ab", "c" and two special tokens.
const tiny = `{"added_tokens": [{"id": 4, "content": "<s>", "special": true}, {"id": 6, "content": "</s>", "special": true}],
	"normalizer": null, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}, "decoder": {"type": "ByteLevel"},
	"model": {"type": "BPE", "unk_token": null, "vocab": {"a": 0, "b": 1, "c": 2, "ab": 3, "<s>": 4}, "merges": [["a", "b"]]}}`

func tinyDir(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	return dir
}

func TestFromDirectory(t *testing.T) {
	for name, c := range map[string]struct {
		files    map[string]string
		bos, eos int32 // noToken: none
		chat     string
	}{
		"no names":    {nil, noToken, noToken, ""},
		"config":      {map[string]string{configName: `{"bos_token": "<s>", "eos_token": {"content": "</s>"}, "chat_template": "x"}`}, 4, 6, "x"},
		"null":        {map[string]string{configName: `{"bos_token": null, "eos_token": "</s>", "chat_template": null}`}, noToken, 6, ""},
		"special map": {map[string]string{configName: `{"bos_token": "</s>"}`, specialName: `{"bos_token": "<s>"}`}, 4, noToken, ""},
		"decoder":     {map[string]string{configName: `{"bos_token": "</s>", "added_tokens_decoder": {}}`, specialName: `{"bos_token": "<s>"}`}, 6, noToken, ""},
		"generation":  {map[string]string{generationName: `{"bos_token_id": 4, "eos_token_id": [6, 4]}`}, 4, 6, ""},
		"both":        {map[string]string{configName: `{"eos_token": "<s>"}`, generationName: `{"bos_token_id": null, "eos_token_id": 6}`}, noToken, 4, ""},
		"templates":   {map[string]string{configName: `{"chat_template": [{"name": "tool", "template": "t"}, {"name": "default", "template": "d"}]}`}, noToken, noToken, "d"},
		"file":        {map[string]string{configName: `{"chat_template": "x"}`, templateName: "y\n"}, noToken, noToken, "y\n"},
	} {
		files := map[string]string{tokenizerName: tiny}
		for name, text := range c.files {
			files[name] = text
		}
		bpe := fromDir(t, tinyDir(t, files))
		bos, hasBOS := bpe.BOS()
		eos, hasEOS := bpe.EOS()
		if hasBOS != (c.bos >= 0) || hasBOS && bos != c.bos || hasEOS != (c.eos >= 0) || hasEOS && eos != c.eos || bpe.ChatTemplate() != c.chat {
			t.Errorf("%s: BOS %d %v, EOS %d %v, template %q", name, bos, hasBOS, eos, hasEOS, bpe.ChatTemplate())
		}
		if got := bpe.Encode("cab<s></s>"); !slices.Equal(got, []int32{2, 3, 4, 6}) || bpe.VocabSize() != 7 {
			t.Errorf("%s: %v, %d ids", name, got, bpe.VocabSize())
		}
		if got := bpe.Decode([]int32{6, 5, 3}); got != "</s>ab" { // no token has id 5
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestFromDirectoryWithout(t *testing.T) {
	dir := t.TempDir()
	bpe, err := FromDirectory(dir)
	if bpe != nil || !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), dir) {
		t.Errorf("got %v, %v", bpe, err)
	}
}

// A template that cannot be read keeps nobody from a model's ids.
func TestFromDirectoryWithOddTemplate(t *testing.T) {
	bpe := fromDir(t, tinyDir(t, map[string]string{tokenizerName: tiny, templateName: "{% if"}))
	if _, err := bpe.Chat(nil, ChatConfig{}); err == nil || err.Error() != "tokenize: chat: chat template: line 1: a tag does not end with %}" {
		t.Errorf("got %v", err)
	}
}

func TestFromDirectoryErrors(t *testing.T) {
	const sentence = `{"type": "Replace", "pattern": {"String": " "}, "content": "▁"}`
	for _, c := range []struct {
		path  string // of the value in tokenizer.json that is changed
		value string
		want  string
	}{
		{"model.type", `"Unigram"`, `model type "Unigram" is not supported`},
		{"model.dropout", `0.1`, `model dropout 0.1`},
		{"model.continuing_subword_prefix", `"##"`, `model continuing_subword_prefix "##"`},
		{"model.end_of_word_suffix", `"</w>"`, `model end_of_word_suffix "</w>"`},
		{"model.byte_fallback", `true`, `model byte_fallback is not supported for byte-level`},
		{"model.unk_token", `"<unk>"`, `unknown token "<unk>" is not in the vocabulary`},
		{"model.merges", `["ab"]`, `merge 0, "ab": want two tokens`},
		{"model.merges", `[["a", "b", "c"]]`, `merge ["a","b","c"]: want two tokens`},
		{"model.merges", `[["b", "a"]]`, `merge 0, "b a": token "ba" is not in the vocabulary`},
		{"model.vocab", `{"a": 0, "b": 0}`, `vocabulary: id 0 is that of `},
		{"model.vocab", `{"a": -1}`, `vocabulary: token "a" has id -1`},
		{"model.vocab", `{"a": 2000000000}`, `vocabulary: token "a" has id 2000000000, in a vocabulary of 3`},
		{"model.vocab", `[["a", -1.5]]`, `json: cannot unmarshal array`},
		{"normalizer", `{"type": "Lowercase"}`, `normalizer Lowercase is not supported in "Lowercase"`},
		{"normalizer", `{"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Strip"}]}`, `normalizer NFC is not supported in "NFC Strip"`},
		{"normalizer", sentence, `pre-tokenizer "ByteLevel" is not supported here`},
		{"pre_tokenizer", `null`, `no pre-tokenizer`},
		{"pre_tokenizer", `{"type": "Whitespace"}`, `pre-tokenizer "Whitespace" is not supported here`},
		{"pre_tokenizer", `{"type": "ByteLevel", "add_prefix_space": true}`, `ByteLevel with add_prefix_space`},
		{"pre_tokenizer", `{"type": "ByteLevel", "use_regex": false}`, `ByteLevel without use_regex`},
		{"pre_tokenizer", `{"type": "Sequence", "pretokenizers": [{"type": "Digits"}, {"type": "ByteLevel"}]}`, `pre-tokenizer "Digits ByteLevel" is not supported (want`},
		{"pre_tokenizer", `{"type": "Sequence", "pretokenizers": [{"type": "Punctuation"}, {"type": "ByteLevel"}]}`, `pre-tokenizer "Punctuation ByteLevel" is not supported (want`},
		{"pre_tokenizer", splitPre(`"[a-z]+"`, "Isolated", false), `the expression [a-z]+ is not supported`},
		{"pre_tokenizer", splitPre(gpt2Expression, "Removed", false), `behavior "Removed", invert false is not supported`},
		{"pre_tokenizer", splitPre(gpt2Expression, "Isolated", true), `ByteLevel with use_regex is not supported behind a Split`},
		{"pre_tokenizer", `{"type": "Metaspace", "replacement": "_"}`, `Metaspace: replacement "_" is not supported`},
		{"pre_tokenizer", `{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "often"}`, `prepend_scheme "often" of Metaspace is not supported`},
		{"pre_tokenizer", `{"type": "Metaspace", "replacement": "▁"}`, `decoder "ByteLevel" is not supported (want Replace`},
		{"decoder", `{"type": "WordPiece"}`, `decoder "WordPiece" is not supported for a byte-level tokenizer`},
		{"decoder", `null`, `decoder "" is not supported`},
		{"added_tokens", `[{"id": 9, "content": "a"}]`, `added token "a" has id 9, in the vocabulary it has 0`},
		{"added_tokens", `[{"id": 5, "content": "<x>", "single_word": true}]`, `added token "<x>": single_word is not supported`},
	} {
		text := changed(t, c.path, c.value)
		dir := tinyDir(t, map[string]string{tokenizerName: text})
		if _, err := FromDirectory(dir); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s %s: got %v, want …%s", c.path, c.value, err, c.want)
		}
	}
	for name, text := range map[string]string{
		configName: `{"bos_token": "<pad>"}`, specialName: `{"bos_token": 1}`, generationName: `{"bos_token_id": "1"}`, tokenizerName: `{`,
	} {
		files := map[string]string{tokenizerName: tiny}
		files[name] = text
		if _, err := FromDirectory(tinyDir(t, files)); err == nil {
			t.Errorf("%s: %s is no error", name, text)
		}
	}
}

const gpt2Expression = `"'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"`

func splitPre(expression, behavior string, regex bool) string {
	use := map[bool]string{true: "true", false: "false"}[regex]
	return `{"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": ` + expression + `}, "behavior": "` + behavior +
		`", "invert": false}, {"type": "ByteLevel", "use_regex": ` + use + `}]}`
}

// changed returns the tiny tokenizer with another value at a path.
func changed(t *testing.T, path, value string) string {
	t.Helper()
	var file map[string]any
	if err := json.Unmarshal([]byte(tiny), &file); err != nil {
		t.Fatal(err)
	}
	into := file
	outer, inner, nested := strings.Cut(path, ".")
	if nested {
		into = file[outer].(map[string]any)
		outer = inner
	}
	into[outer] = json.RawMessage(value)
	text, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
