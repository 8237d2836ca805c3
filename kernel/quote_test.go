package kernel

import (
	"encoding/json"
	"strings"
	"testing"
)

// FuzzStreamContent compares with encoding/json.
func FuzzStreamContent(f *testing.F) {
	for _, seed := range []string{"", "plain\n", "\x00\x1f\"\\\r\t\x7f", "größe 世界 🙂", "\xff\xc3", "a\xe4\xb8", "\u2028<&>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var got, want struct{ Name, Text string }
		if err := json.Unmarshal(streamContent("stdout", []byte(text)), &got); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		data, err := json.Marshal(map[string]string{"name": "stdout", "text": text})
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &want); err != nil || got != want {
			t.Fatalf("%q became %q, and not %q", text, got, want)
		}
	})
}

func BenchmarkStreamContent(b *testing.B) {
	text := []byte(strings.Repeat(strings.Repeat("x", 79)+"\n", 25_000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		streamContent("stdout", text)
	}
}
