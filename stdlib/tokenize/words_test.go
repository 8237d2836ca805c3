package tokenize

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func cutWords(w words, text string) (cut []string) {
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
