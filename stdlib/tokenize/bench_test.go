package tokenize

import (
	"path/filepath"
	"testing"
)

// corpus is the first 300 inputs of every Natural Instructions task. The same
// texts are used by testdata/bench.py, which sets the reference beside this.
func corpus(b *testing.B) (texts []string, bytes int64) {
	b.Helper()
	paths, err := filepath.Glob(filepath.Join(asset(b, "natural-instructions"), "*.json"))
	if err != nil || len(paths) == 0 {
		b.Fatalf("no tasks: %v", err)
	}
	for _, path := range paths {
		var task struct{ Examples []struct{ Input string } }
		readJSON(b, path, &task)
		for _, example := range task.Examples[:min(300, len(task.Examples))] {
			texts = append(texts, example.Input)
			bytes += int64(len(example.Input))
		}
	}
	return texts, bytes
}

func benchmarkEncode(b *testing.B, t Tokenizer) {
	texts, bytes := corpus(b)
	b.SetBytes(bytes)
	b.ReportAllocs()
	for b.Loop() {
		for _, text := range texts {
			t.Encode(text)
		}
	}
}

func BenchmarkBPE(b *testing.B)       { benchmarkEncode(b, smolLM2(b)) }
func BenchmarkWordPiece(b *testing.B) { benchmarkEncode(b, miniLM(b)) }

func BenchmarkSentenceBPE(b *testing.B) { benchmarkEncode(b, familyTokenizer(b, "llama2")) }

// BenchmarkBPEUnknown never sees a word twice: what merging alone takes.
func BenchmarkBPEUnknown(b *testing.B) {
	t := smolLM2(b)
	texts, bytes := corpus(b)
	b.SetBytes(bytes)
	for b.Loop() {
		for _, text := range texts {
			var ids []int32
			for text != "" {
				n := t.words.next(text)
				ids = t.merge(ids, text[:n])
				text = text[n:]
			}
		}
	}
}

func BenchmarkFromGGUF(b *testing.B) {
	for b.Loop() {
		smolLM2(b)
	}
}
