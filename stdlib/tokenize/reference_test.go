package tokenize

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kairos/stdlib/assets"
)

// The reference was made by testdata/make_reference.py. A directory named by
// KAIROS_TOKENIZE_REFERENCE, made by the same script with another seed, is
// compared too.
func referenceDirs() []string {
	dirs := []string{"testdata"}
	if more := os.Getenv("KAIROS_TOKENIZE_REFERENCE"); more != "" {
		dirs = append(dirs, more)
	}
	return dirs
}

func readJSON(t testing.TB, path string, into any) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	decode := json.NewDecoder(f).Decode
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		decode = json.NewDecoder(z).Decode
	}
	if err := decode(into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func readTexts(t testing.TB, dir string) (texts []string) {
	t.Helper()
	readJSON(t, filepath.Join(dir, "texts.json.gz"), &texts)
	return texts
}

func asset(t testing.TB, name string) string {
	t.Helper()
	dir, err := assets.Path(name)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func smolLM2(t testing.TB) *BPE {
	t.Helper()
	bpe, err := FromGGUF(filepath.Join(asset(t, "SmolLM2-135M-Instruct"), "SmolLM2-135M-Instruct.Q4_1.gguf"))
	if err != nil {
		t.Fatal(err)
	}
	return bpe
}

func miniLM(t testing.TB) *WordPiece {
	t.Helper()
	wordPiece, err := LoadWordPiece(asset(t, "all-MiniLM-L6-v2"))
	if err != nil {
		t.Fatal(err)
	}
	return wordPiece
}

// compare counts the texts whose ids are the reference's and shows the first few
// that are not.
func compare(t *testing.T, what string, texts []string, want [][]int32, encode func(string) []int32) {
	t.Helper()
	if len(texts) != len(want) || len(want) == 0 {
		t.Fatalf("%s: %d texts, %d lists of ids", what, len(texts), len(want))
	}
	different := 0
	for i, text := range texts {
		if got := encode(text); !slices.Equal(got, want[i]) {
			if different++; different <= 10 {
				t.Errorf("text %d, %+q:\n got %v\nwant %v", i, text, got, want[i])
			}
		}
	}
	t.Logf("tokenize: %s: %s of %s texts identical", what, thousands(len(texts)-different), thousands(len(texts)))
}

func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

func TestBPEMatchesReference(t *testing.T) {
	bpe := smolLM2(t)
	for _, dir := range referenceDirs() {
		var want struct {
			SmolLM   [][]int32 `json:"smollm"`
			GPT2From int       `json:"gpt2_from"`
			GPT2     [][]int32 `json:"gpt2"`
		}
		readJSON(t, filepath.Join(dir, "bpe.json.gz"), &want)
		texts := readTexts(t, dir)
		compare(t, "SmolLM2 BPE", texts, want.SmolLM, bpe.Encode)

		plain := smolLM2(t)
		plain.words = words{numeric: numbers}
		compare(t, "GPT-2 pre-tokenizer", texts[want.GPT2From:][:len(want.GPT2)], want.GPT2, plain.Encode)
	}
}

func TestWordPieceMatchesReference(t *testing.T) {
	wordPiece := miniLM(t)
	for _, dir := range referenceDirs() {
		var want struct {
			IDs [][]int32       `json:"ids"`
			Cut map[int][]int32 `json:"cut"`
		}
		readJSON(t, filepath.Join(dir, "wordpiece.json.gz"), &want)
		texts := readTexts(t, dir)
		compare(t, "MiniLM WordPiece", texts, want.IDs, wordPiece.Encode)

		cut := slices.Clone(want.IDs)
		for i, ids := range want.Cut {
			cut[i] = ids
		}
		compare(t, fmt.Sprintf("MiniLM WordPiece cut to 256 (%d are longer)", len(want.Cut)), texts, cut,
			func(text string) []int32 { return wordPiece.EncodeMax(text, 256) })
	}
}

// Encode loses nothing but the bytes the vocabulary has no token for.
func TestBPERoundTrip(t *testing.T) {
	bpe := smolLM2(t)
	for _, dir := range referenceDirs() {
		whole := 0
		texts := readTexts(t, dir)
		for _, text := range texts {
			encodable := slices.DeleteFunc([]byte(text), func(b byte) bool { return bpe.byteIDs[b] < 0 })
			if len(encodable) == len(text) {
				whole++
			}
			if got, want := bpe.Decode(bpe.Encode(text)), validText(encodable); got != want {
				t.Errorf("%+q came back as %+q", want, got)
			}
		}
		t.Logf("tokenize: SmolLM2 BPE: %s of %s texts come back whole, the others less bytes without a token",
			thousands(whole), thousands(len(texts)))
	}
}

func TestDecodeMatchesReference(t *testing.T) {
	type pair struct {
		IDs  []int32 `json:"ids"`
		Text string  `json:"text"`
	}
	for _, dir := range referenceDirs() {
		var want struct{ BPE, WordPiece []pair }
		readJSON(t, filepath.Join(dir, "decode.json"), &want)
		check := func(decoder Tokenizer, pairs []pair) {
			for _, p := range pairs {
				if got := decoder.Decode(p.IDs); got != p.Text {
					t.Errorf("%v: got %+q, want %+q", p.IDs, got, p.Text)
				}
			}
			t.Logf("tokenize: %T.Decode: %d lists of ids compared", decoder, len(pairs))
		}
		check(smolLM2(t), want.BPE)
		check(miniLM(t), want.WordPiece)
	}
}

func TestDialogueMatchesReference(t *testing.T) {
	bpe := smolLM2(t)
	for _, dir := range referenceDirs() {
		var cases []struct {
			Turns       []string `json:"turns"`
			IDs, Labels []int32
		}
		readJSON(t, filepath.Join(dir, "dialogue.json"), &cases)
		for _, c := range cases {
			got, err := Dialogue(bpe, c.Turns, DialogueConfig{MaxLen: 1 << 20})
			if diff := cmp.Diff(Sequence{c.IDs, c.Labels}, got); err != nil || diff != "" {
				t.Errorf("%q: %v, -want +got\n%s", c.Turns, err, diff)
			}
		}
		t.Logf("tokenize: dialogues: %d compared", len(cases))
	}
}
