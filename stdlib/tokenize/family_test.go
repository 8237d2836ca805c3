package tokenize

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// family is a tokenizer of testdata/families, made by testdata/make_families.py.
type family struct {
	Tokenizer json.RawMessage
	Odd       int
	Texts     []string
	IDs       [][]int32
	Decoded   []struct {
		IDs  []int32
		Text string
	}
}

// families returns the directories that the tokenizers were written into, and
// what is expected of them.
func families(t *testing.T, each func(t *testing.T, dir string, want family, texts []string)) {
	odd := readTexts(t, "testdata")[1200:]
	paths, err := filepath.Glob("testdata/families/*.json.gz")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no families: %v", err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".json.gz")
		if name == "sentencepiece" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			var want family
			readJSON(t, path, &want)
			dir := t.TempDir()
			write(t, filepath.Join(dir, "tokenizer.json"), string(want.Tokenizer))
			each(t, dir, want, slices.Concat(odd[:want.Odd], want.Texts))
		})
	}
}

func fromDir(t testing.TB, dir string) *BPE {
	t.Helper()
	bpe, err := FromDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	return bpe
}

func TestFamiliesMatchReference(t *testing.T) {
	families(t, func(t *testing.T, dir string, want family, texts []string) {
		bpe := fromDir(t, dir)
		compare(t, t.Name(), texts, want.IDs, bpe.Encode)
		compare(t, t.Name()+", again", texts, want.IDs, bpe.Encode) // out of the cache
		for _, d := range want.Decoded {
			if got := bpe.Decode(d.IDs); got != d.Text {
				t.Errorf("%v: got %+q, want %+q", d.IDs, got, d.Text)
			}
		}
	})
}

// A tokenizer in parts, as one that is written anew, gives the same ids.
func TestFamiliesWrittenAnew(t *testing.T) {
	families(t, func(t *testing.T, dir string, want family, texts []string) {
		bpe := fromDir(t, dir)
		if bpe.style.metaspace {
			return // never made but by reading one
		}
		bpe.files = nil
		again := filepath.Join(t.TempDir(), "made", "here")
		if err := bpe.WriteFiles(again); err != nil {
			t.Fatal(err)
		}
		compare(t, t.Name(), texts, want.IDs, fromDir(t, again).Encode)
	})
}

// sentencePiece is a model of sentencepiece, made by testdata/make_families.py.
type sentencePiece struct {
	Tokens  []string
	Scores  []float32
	Types   []int32
	Texts   []string
	IDs     [][]int32
	Decoded []string
}

// A model of sentencepiece, as a GGUF file would hold it, and written anew with
// merges in the place of scores.
func TestSentencePieceMatchesReference(t *testing.T) {
	var want sentencePiece
	readJSON(t, "testdata/families/sentencepiece.json.gz", &want)
	bpe := scored(t, true)
	compare(t, "sentencepiece", want.Texts, want.IDs, bpe.Encode)
	for i, text := range want.Decoded {
		if got := bpe.Decode(want.IDs[i]); got != text {
			t.Errorf("%v: got %+q, want %+q", want.IDs[i], got, text)
		}
	}
	dir := t.TempDir()
	if err := bpe.WriteFiles(dir); err != nil {
		t.Fatal(err)
	}
	compare(t, "sentencepiece, written", want.Texts, want.IDs, fromDir(t, dir).Encode)
}
