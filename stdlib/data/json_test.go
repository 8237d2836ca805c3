package data

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestDecoderAgreesWithEncodingJSON feeds both with JSON and with JSON that was damaged in one or
// two places.
func TestDecoderAgreesWithEncodingJSON(t *testing.T) {
	const alphabet = "{}[]\":,\\ \n0123456789.-+eEtrufalsn\x00\x1f\xffé"
	rng := rand.New(rand.NewPCG(3, 4))
	accepted := 0
	for range 50_000 {
		text := []byte(validJSON[rng.IntN(len(validJSON))])
		for range rng.IntN(3) {
			i := rng.IntN(len(text) + 1)
			j := min(i+rng.IntN(2), len(text))
			c := alphabet[rng.IntN(len(alphabet))]
			text = append(append(append([]byte(nil), text[:i]...), c), text[j:]...)
		}
		if agree(t, text) {
			accepted++
		}
	}
	if accepted < 10_000 || accepted > 40_000 {
		t.Errorf("%d of 50,000 texts were JSON: the test looks at one side only", accepted)
	}
}

var validJSON = []string{
	`{"id": "a1", "data": ["Q", "A"], "task": null}`,
	`[0, -0, 1.5e+10, -12.25, 3E-2, true, false, null, {}, []]`,
	`"plain"`, `"\"\\\/\b\f\n\r\t\u00e9\u2028"`, `"\ud83d\ude00 \ud83d \ude00 é😀"`,
	`{"a": {"b": [[], [{"c": "\u0041"}]]}, "a": 2}`,
	" \t\r\n7 \n",
}

// agree checks one text and tells whether it is JSON.
func agree(t *testing.T, text []byte) bool {
	t.Helper()
	err := decode(text, (*decoder).skip)
	want := json.Valid(text) && utf8.Valid(text)
	if (err == nil) != want {
		t.Fatalf("%q: got %v, but encoding/json says %v", text, err, want)
	}
	var expected string
	if want && json.Unmarshal(text, &expected) == nil && text[0] == '"' {
		got := ""
		if err := decode(text, func(d *decoder) { got = d.string() }); err != nil || got != expected {
			t.Fatalf("%q: got %q, %v; encoding/json has %q", text, got, err, expected)
		}
	}
	return want
}

func FuzzDecoder(f *testing.F) {
	for _, text := range validJSON {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if strings.Count(string(text), "[")+strings.Count(string(text), "{") < maxDepth {
			agree(t, text)
		}
	})
}

func TestDecoderRefusesDepth(t *testing.T) {
	deep := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	if err := decode(deep(maxDepth), (*decoder).skip); err != nil {
		t.Error(err)
	}
	err := decode(deep(maxDepth+1), (*decoder).skip)
	if err == nil || !strings.HasSuffix(err.Error(), ": more than 1000 lists and objects in each other") {
		t.Errorf("got %v", err)
	}
}

// A list that is streamed must be split as the decoder would split it.
func FuzzFlanListAgainstLines(f *testing.F) {
	f.Add(`{"conversations": [{"from": "human", "value": "a \"]} b"}]}`)
	f.Add(`{"id": 3, "source": "t", "conversations": [{"from": "human", "value": "\\"}, {"value": "{", "from": "gpt"}]}`)
	f.Fuzz(func(t *testing.T, record string) {
		if !json.Valid([]byte(record)) || strings.ContainsAny(record, "\r\n") || record[0] != '{' {
			return
		}
		line, lineErr := readFlanText(t, record)
		list, listErr := readFlanText(t, "[\n"+record+" ,"+record+"]\n")
		if (lineErr == nil) != (listErr == nil) {
			t.Fatalf("%s: as a line %v, in a list %v", record, lineErr, listErr)
		}
		if lineErr == nil && len(list) != 2*len(line) {
			t.Fatalf("%s: %d records as a line, %d in a list", record, len(line), len(list))
		}
	})
}
