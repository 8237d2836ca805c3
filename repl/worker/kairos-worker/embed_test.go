package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"kairos/repl/worker"
	"kairos/stdlib/embed"
	"kairos/stdlib/vectors"
)

// TestEmbed: a child process fills the cache with the vectors that this one computes.
func TestEmbed(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(), asWorker+"=1")
	texts := []string{"How long do geese live?", "Two\nlines, \"quoted\" – and <ünïcode>.", "How long do geese live?"}
	dir := t.TempDir()
	last := 0
	request := worker.Embedding{Encoder: "all-MiniLM-L6-v2", Cache: dir, Progress: func(done, total int) {
		if last = done; total != 3 {
			t.Errorf("%d of %d", done, total)
		}
	}}
	if err := worker.Embed(t.Context(), self, env, texts, request); err != nil || last != 3 {
		t.Fatalf("%d done: %v", last, err)
	}
	encoder, err := vectors.Identify("all-MiniLM-L6-v2", 0)
	if err != nil {
		t.Fatal(err)
	}
	cache, err := vectors.OpenCache(t.Context(), dir, encoder)
	if err != nil {
		t.Fatal(err)
	}
	defer cache.Close()
	rows, err := cache.Rows(vectors.Keys(texts))
	if err != nil {
		t.Fatal(err)
	}
	got, err := rows.Block(t.Context(), 0, 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := embed.Load("all-MiniLM-L6-v2")
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	want, err := e.Embed(t.Context(), texts, embed.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range want.Data {
		if d := got.Data[i] - want.Data[i]; d > 1e-6 || d < -1e-6 {
			t.Fatalf("value %d is %v, want %v", i, got.Data[i], want.Data[i])
		}
	}
}

func TestEmbedFails(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(), asWorker+"=1")
	err = worker.Embed(t.Context(), self, env, []string{"x"}, worker.Embedding{Encoder: "no-such-encoder", Cache: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "no-such-encoder") {
		t.Errorf("an unknown encoder: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	long := make([]string, 2000)
	for i := range long {
		long[i] = strings.Repeat("goose ", 100) + strings.Repeat("swan ", i%50) + strings.Repeat("x", i)
	}
	request := worker.Embedding{Encoder: "all-MiniLM-L6-v2", Cache: t.TempDir(), Progress: func(done, _ int) {
		if done > 0 {
			cancel()
		}
	}}
	if err := worker.Embed(ctx, self, env, long, request); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
