// Package embed turns texts into unit vectors with a sentence encoder of the
// BERT family, by default all-MiniLM-L6-v2, the paper's.
//
// [Load] makes an [Encoder]; [Encoder.Embed] gives one row per text: the mean
// of the last layer's token vectors, scaled to length 1, as
// sentence-transformers computes it. Texts are run longest first and packed
// without padding. With Config.Cache, texts that were embedded before are read
// from a cache of package vectors, and work that was ended goes on where it
// was; [Encoder.Fill] only fills the cache.
//
// What this package leaves out: other poolings, and training.
package embed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"kairos/stdlib/internal/safetensors"
	"kairos/stdlib/internal/torch"
	"kairos/stdlib/matrix"
	"kairos/stdlib/tokenize"
	"kairos/stdlib/vectors"
)

// Encoder is a loaded sentence encoder. It may be used from several goroutines,
// which take turns.
type Encoder struct {
	shape     bertConfig
	tokenizer *tokenize.WordPiece
	weights   *bert
	identity  func() (vectors.Encoder, error) // read once, when a cache is first used
}

// Config sets one call of [Encoder.Embed].
type Config struct {
	MaxTokens int                   // longest text in tokens, the rest is cut; 0 = 256, the limit all-MiniLM-L6-v2 is published with
	Cache     string                // directory of vectors that were computed before, such as vectors.CacheDir; "" = none
	Progress  func(done, total int) // called as texts are finished, if not nil
}

const batchTokens = 4096 // run at once

// Load loads an encoder by name from kairos' cache, or from a directory with
// config.json, model.safetensors and tokenizer.json or vocab.txt.
func Load(name string) (*Encoder, error) {
	dir, err := vectors.FindEncoder(name)
	if err != nil {
		return nil, fmt.Errorf("embed: load %s: %w", name, err)
	}
	e, err := load(dir)
	if err != nil {
		return nil, fmt.Errorf("embed: load %s: %w", dir, err)
	}
	return e, nil
}

func load(dir string) (*Encoder, error) {
	e := new(Encoder)
	e.identity = sync.OnceValues(func() (vectors.Encoder, error) { return vectors.Identify(dir, 0) })
	raw, err := os.ReadFile(filepath.Join(dir, "config.json"))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &e.shape); err != nil {
		return nil, fmt.Errorf("config.json: %w", err)
	}
	if err := e.shape.validate(); err != nil {
		return nil, fmt.Errorf("config.json: %w", err)
	}
	if e.tokenizer, err = tokenize.LoadWordPiece(dir); err != nil {
		return nil, err
	}
	file, err := safetensors.Open(filepath.Join(dir, "model.safetensors"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if e.weights, err = newBERT(e.shape, file); err != nil {
		return nil, err
	}
	runtime.AddCleanup(e, (*bert).free, e.weights)
	return e, nil
}

// Close frees the native memory; the encoder cannot be used afterwards. An
// encoder that is not closed is freed once it is no longer reachable.
func (e *Encoder) Close() { e.weights.free() }

// Dim returns the length of the vectors.
func (e *Encoder) Dim() int { return e.shape.Hidden }

// Embed returns len(texts) rows of Dim values, each of length 1. It looks at
// ctx between batches of about 4,000 tokens.
func (e *Encoder) Embed(ctx context.Context, texts []string, cfg Config) (*matrix.Dense, error) {
	if cfg.Cache != "" {
		return e.embedCached(ctx, texts, cfg)
	}
	out := matrix.New(len(texts), e.Dim())
	err := e.batches(ctx, texts, cfg, func(order []int, rows *matrix.Dense) error {
		for k, i := range order {
			copy(out.Row(i), rows.Row(k))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("embed: %w", err)
	}
	return out, nil
}

// batches embeds texts, and calls done with each batch: which texts are in it,
// and their vectors.
func (e *Encoder) batches(ctx context.Context, texts []string, cfg Config, done func(order []int, rows *matrix.Dense) error) error {
	if e.weights.params == nil {
		return errors.New("the encoder is closed")
	}
	ids, err := e.encode(texts, cfg)
	if err != nil {
		return err
	}
	lengths := make([]int, len(ids))
	for i := range ids {
		lengths[i] = len(ids[i])
	}
	finished := 0
	for _, order := range torch.Split(lengths, batchTokens) {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("after %d of %d texts: %w", finished, len(texts), err)
		}
		rows := matrix.New(len(order), e.Dim())
		if err := e.run(ids, order, rows); err != nil {
			return err
		}
		if err := done(order, rows); err != nil {
			return err
		}
		finished += len(order)
		if cfg.Progress != nil {
			cfg.Progress(finished, len(texts))
		}
	}
	return nil
}

// encode tokenises texts, each cut to the limit.
func (e *Encoder) encode(texts []string, cfg Config) ([][]int32, error) {
	limit, err := vectors.Limit(cfg.MaxTokens, e.shape.Positions)
	if err != nil {
		return nil, err
	}
	ids := make([][]int32, len(texts))
	for i, text := range texts {
		ids[i] = e.tokenizer.EncodeMax(text, limit)
	}
	return ids, nil
}

// run embeds the texts listed in order into the rows of out.
func (e *Encoder) run(ids [][]int32, order []int, out *matrix.Dense) error {
	defer runtime.KeepAlive(e)
	var b torch.Packed
	starts := make([]int64, len(order))
	for i, text := range order {
		starts[i] = b.Append(ids[text])
	}
	return torch.Do(func(s *torch.Scope) {
		hidden := e.weights.forward(s, &b).Floats()
		for i, text := range order {
			from := int(starts[i]) * e.Dim()
			pool(out.Row(i), hidden[from:from+len(ids[text])*e.Dim()])
		}
	})
}

// pool writes the mean of the token vectors, scaled to length 1, into row.
func pool(row, tokens []float32) {
	sum := make([]float64, len(row))
	for at := 0; at < len(tokens); at += len(row) {
		for j := range sum {
			sum[j] += float64(tokens[at+j])
		}
	}
	var norm float64
	for _, v := range sum {
		norm += v * v
	}
	norm = math.Sqrt(norm)
	for j, v := range sum {
		row[j] = float32(v / norm)
	}
}
