package embed

import (
	"context"
	"fmt"

	"kairos/stdlib/matrix"
	"kairos/stdlib/vectors"
)

// Fill embeds the texts that cfg.Cache lacks, each once, and adds them to it
// batch by batch: what ends the work, even a kill, loses a batch at most.
// Whoever asks for the same texts again gets the same vectors as without the
// break, because texts that are left are put into the batches they would have
// been in. Progress counts the texts of the cache as done.
func (e *Encoder) Fill(ctx context.Context, texts []string, cfg Config) error {
	cache, err := e.openCache(ctx, cfg)
	if err != nil {
		return fmt.Errorf("embed: %w", err)
	}
	defer cache.Close()
	if err := e.fill(ctx, cache, texts, vectors.Keys(texts), cfg); err != nil {
		return fmt.Errorf("embed: %w", err)
	}
	return nil
}

// embedCached is Embed with a cache.
func (e *Encoder) embedCached(ctx context.Context, texts []string, cfg Config) (*matrix.Dense, error) {
	cache, err := e.openCache(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("embed: %w", err)
	}
	defer cache.Close()
	keys := vectors.Keys(texts)
	if err := e.fill(ctx, cache, texts, keys, cfg); err != nil {
		return nil, fmt.Errorf("embed: %w", err)
	}
	rows, err := cache.Rows(keys)
	if err != nil {
		return nil, fmt.Errorf("embed: %w", err)
	}
	return rows.Block(ctx, 0, len(keys), nil)
}

func (e *Encoder) openCache(ctx context.Context, cfg Config) (*vectors.Cache, error) {
	identity, err := e.identity()
	if err != nil {
		return nil, err
	}
	if identity.MaxTokens, err = vectors.Limit(cfg.MaxTokens, e.shape.Positions); err != nil {
		return nil, err
	}
	return vectors.OpenCache(ctx, cfg.Cache, identity)
}

// fill embeds what is missing.
func (e *Encoder) fill(ctx context.Context, cache *vectors.Cache, texts []string, keys []vectors.Key, cfg Config) error {
	missing := cache.Missing(keys)
	had := len(texts) - len(missing)
	if progress := cfg.Progress; progress != nil {
		progress(had, len(texts))
		cfg.Progress = func(done, _ int) { progress(had+done, len(texts)) }
	}
	lacking := make([]string, len(missing))
	for k, i := range missing {
		lacking[k] = texts[i]
	}
	return e.batches(ctx, lacking, cfg, func(order []int, rows *matrix.Dense) error {
		batch := make([]vectors.Key, len(order))
		for k, i := range order {
			batch[k] = keys[missing[i]]
		}
		return cache.Put(ctx, batch, rows)
	})
}
