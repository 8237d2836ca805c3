package tokenize

import (
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// Runs of marks are longer than package norm takes them to be.
func TestComposedByHand(t *testing.T) {
	many := strings.Repeat("\u0300", 40)
	for text, want := range map[string]string{
		"e\u0301":                         "é",
		"a\u0323\u0302":                   "ậ",
		"e" + many:                        "è" + many[2:],
		"e" + many + "\u0323":             "ẹ" + many, // the mark below comes first
		"\u1112\u1161\u11ab":              "한",
		"\u1112\u1161\u11ab" + many:       "한" + many,
		"\u0958" + many:                   "\u0915\u093c" + many, // excluded from composition
		many + "x\u0308":                  many + "ẍ",
		"\u034f":                          "\u034f",
		"a" + many + "\xff\xfe\u0301":     "à" + many[2:] + "\xff\xfe\u0301",
		"a" + many + "b\u0323\u0301 \xe9": "à" + many[2:] + "ḅ\u0301 \xe9",
	} {
		if got := composed(text); got != want {
			t.Errorf("%+q: got %+q, want %+q", text, got, want)
		}
	}
}

// Where runs are short the long way gives what package norm gives.
func TestComposeRunsAsNorm(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pools := [][2]rune{{'a', 'z'}, {0xc0, 0x17f}, {0x300, 0x345}, {0x591, 0x5c7}, {0x900, 0x9ff}, {0x1100, 0x11ff}, {0xac00, 0xacff}, {0x1e00, 0x1fff}, {0x1d15e, 0x1d1c0}, {0x2f800, 0x2f8ff}, {0x3040, 0x30ff}}
	for range 20000 {
		var text strings.Builder
		for range r.IntN(12) {
			pool := pools[r.IntN(len(pools))]
			text.WriteRune(pool[0] + r.Int32N(pool[1]-pool[0]+1))
		}
		if got, want := composeRuns(text.String()), norm.NFC.String(text.String()); got != want {
			t.Fatalf("%+q: got %+q, want %+q", text.String(), got, want)
		}
	}
}
