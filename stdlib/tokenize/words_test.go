package tokenize

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func cutWords(w cutter, text string) (cut []string) {
	for text != "" {
		n := w.next(text)
		cut, text = append(cut, text[:n]), text[n:]
	}
	return cut
}

func TestWords(t *testing.T) {
	gpt2, smollm := words{numeric: numbers}, words{numeric: digits, singleDigits: true}
	for _, c := range []struct {
		text         string
		gpt2, smollm []string // smollm nil: the same
	}{
		{"", nil, nil},
		{"Hello, world!", []string{"Hello", ",", " world", "!"}, nil},
		{"a  b", []string{"a", " ", " b"}, nil},
		{"a   b", []string{"a", "  ", " b"}, nil},
		{"a \tb", []string{"a", " ", "\t", "b"}, nil},
		{"a\n\nb", []string{"a", "\n", "\n", "b"}, nil},
		{"a\n", []string{"a", "\n"}, nil},
		{"a \n ", []string{"a", " \n "}, nil},
		{"a\u00a0\u00a0b", []string{"a", "\u00a0", "\u00a0", "b"}, nil},
		{"it's we'll I'VE 'd", []string{"it", "'s", " we", "'ll", " I", "'", "VE", " '", "d"}, nil},
		{"'tis ''s '", []string{"'t", "is", " ''", "s", " '"}, nil},
		{"x=12", []string{"x", "=", "12"}, []string{"x", "=", "1", "2"}},
		{"a 12  3", []string{"a", " 12", " ", " 3"}, []string{"a", " ", "1", "2", "  ", "3"}},
		{"é½٣", []string{"é", "½٣"}, []string{"é", "½", "٣"}},
		{" 東京 2!", []string{" 東京", " 2", "!"}, []string{" 東京", " ", "2", "!"}},
		{"e\u0301\u200d", []string{"e", "\u0301\u200d"}, nil},
		{"\xff\xfe a", []string{"\xff\xfe", " a"}, nil},
	} {
		if c.smollm == nil {
			c.smollm = c.gpt2
		}
		if diff := cmp.Diff(c.gpt2, cutWords(gpt2, c.text)); diff != "" {
			t.Errorf("gpt-2: %q: -want +got\n%s", c.text, diff)
		}
		if diff := cmp.Diff(c.smollm, cutWords(smollm, c.text)); diff != "" {
			t.Errorf("smollm: %q: -want +got\n%s", c.text, diff)
		}
	}
}

func TestLaterWords(t *testing.T) {
	llama3, qwen2 := laterWords{words{numeric: numbers}, 3}, laterWords{words{numeric: numbers}, 1}
	for _, c := range []struct {
		text          string
		llama3, qwen2 []string // qwen2 nil: the same
	}{
		{"", nil, nil},
		{"Hello, world!", []string{"Hello", ",", " world", "!"}, nil},
		{"a  b", []string{"a", " ", " b"}, nil},
		{"a\tb \tc", []string{"a", "\tb", " ", "\tc"}, nil},
		{"!a (b)", []string{"!a", " (", "b", ")"}, nil},
		{"it's WE'LL 'Ve 'ſt 'x'", []string{"it", "'s", " WE", "'LL", " '", "Ve", " '", "ſt", " '", "x", "'"}, nil},
		{"'ſt'LLs", []string{"'ſ", "t", "'LL", "s"}, nil},
		{"1234567 12", []string{"123", "456", "7", " ", "12"}, []string{"1", "2", "3", "4", "5", "6", "7", " ", "1", "2"}},
		{"x٣½Ⅷ4", []string{"x", "٣½Ⅷ", "4"}, []string{"x", "٣", "½", "Ⅷ", "4"}},
		{"a\n\n  b", []string{"a", "\n\n", " ", " b"}, nil},
		{"a \n \r\n c", []string{"a", " \n \r\n", " c"}, nil},
		{"a;\n\n b", []string{"a", ";\n\n", " b"}, nil},
		{"a ;\r\n;", []string{"a", " ;\r\n", ";"}, nil},
		{"\nb", []string{"\n", "b"}, nil},
		{"  \n", []string{"  \n"}, nil},
		{"a  ", []string{"a", "  "}, nil},
		{" \u00a0!", []string{" ", "\u00a0", "!"}, nil},
		{"\u00a0é", []string{"\u00a0é"}, nil},
		{"\xff\xfea\xffb", []string{"\xff\xfe", "a", "\xffb"}, nil},
	} {
		if c.qwen2 == nil {
			c.qwen2 = c.llama3
		}
		if diff := cmp.Diff(c.llama3, cutWords(llama3, c.text)); diff != "" {
			t.Errorf("llama-bpe: %q: -want +got\n%s", c.text, diff)
		}
		if diff := cmp.Diff(c.qwen2, cutWords(qwen2, c.text)); diff != "" {
			t.Errorf("qwen2: %q: -want +got\n%s", c.text, diff)
		}
	}
}

func TestSpaceWords(t *testing.T) {
	for text, want := range map[string][2][]string{
		"":            {nil, nil},
		"▁a▁b":        {{"▁a", "▁b"}, {"▁a", "▁b"}},
		"a▁▁b▁":       {{"a", "▁▁b", "▁"}, {"a", "▁", "▁b", "▁"}},
		"▁▁\xe2\x96▁": {{"▁▁\xe2\x96", "▁"}, {"▁", "▁\xe2\x96", "▁"}},
	} {
		for i, w := range []spaceWords{{}, {each: true}} {
			if diff := cmp.Diff(want[i], cutWords(w, text)); diff != "" {
				t.Errorf("each %v: %q: -want +got\n%s", w.each, text, diff)
			}
		}
	}
}

func TestAlphabet(t *testing.T) {
	for b, want := range map[byte]rune{'a': 'a', '~': '~', ' ': 'Ġ', '\n': 'Ċ', 0: 'Ā', 0x7f: 'ġ', 0xa0: 'ł', 0xad: 'Ń', 0xff: 'ÿ'} {
		if alphabet[b] != want || byteOf[want] != b {
			t.Errorf("byte %#x is %q, %q is byte %#x", b, alphabet[b], want, byteOf[want])
		}
	}
	for token, want := range map[string]string{"Ġcafé": " caf\xe9", "cafÃ©": "café", "<|x|>": "<|x|>", "two words": "two words", "日": "日"} {
		if got := rawBytes(token); got != want {
			t.Errorf("rawBytes(%q) = %q, want %q", token, got, want)
		}
	}
}

// Cases of Unicode's table of maximal subparts (chapter 3, U+FFFD substitution).
func TestValidText(t *testing.T) {
	for bytes, want := range map[string]string{
		"plain":                             "plain",
		"\xe2\x82":                          "?",
		"\xe2\x82A":                         "?A",
		"\xff\xff":                          "??",
		"\xc0\xaf\xe0\x80\xbf\xf0\x81\x82A": "????????A",
		"\xed\xa0\x80\xed\xbf\xbf\xed\xafA": "????????A",
		"\xf4\x91\x92\x93\xffA\x80\xbfB":    "?????A??B",
		"\xe1\x80\xe2\xf0\x91\x92\xf1\xbfA": "????A",
		"a\xf0\x9f\x91":                     "a?",
	} {
		if got := validText([]byte(bytes)); got != strings.ReplaceAll(want, "?", "\ufffd") {
			t.Errorf("validText(%q) = %q, want %q", bytes, got, want)
		}
	}
}
