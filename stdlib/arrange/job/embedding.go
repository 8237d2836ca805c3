package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"kairos/stdlib/data"
	"kairos/stdlib/matrix"
	"kairos/stdlib/vectors"
)

// DefaultEncoder is the paper's.
const DefaultEncoder = "all-MiniLM-L6-v2"

// Embedding says how texts become vectors: through a cache, which is asked first, so that work goes
// on where it was ended.
type Embedding struct {
	Encoder   string // name or directory; "" = DefaultEncoder
	MaxTokens int    // 0 = 256
	Cache     string // directory; "" = vectors.CacheDir

	// Fill embeds texts into the cache of the encoder in the directory dir. nil = what the cache
	// lacks is an error.
	Fill func(ctx context.Context, enc vectors.Encoder, dir string, texts []string, progress func(done, total int)) error

	// Progress begins to show how far a long step is, if not nil; cell.Progress does.
	Progress func(label string) func(done, total int)
}

// progress is never nil.
func (e Embedding) progress(label string) func(done, total int) {
	if e.Progress == nil {
		return func(int, int) {}
	}
	return e.Progress(label)
}

// open identifies the encoder and opens its cache.
func (e Embedding) open(ctx context.Context) (*vectors.Cache, vectors.Encoder, string, error) {
	enc, err := vectors.Identify(cmp.Or(e.Encoder, DefaultEncoder), e.MaxTokens)
	if err != nil {
		return nil, enc, "", err
	}
	dir := e.Cache
	if dir == "" {
		if dir, err = vectors.CacheDir(); err != nil {
			return nil, enc, "", err
		}
	}
	cache, err := vectors.OpenCache(ctx, dir, enc)
	return cache, enc, dir, err
}

// embed sees to it that the cache has the vectors of all texts, and returns how many it lacked.
func (e Embedding) embed(ctx context.Context, cache *vectors.Cache, enc vectors.Encoder, dir string, texts []string) (int, error) {
	missing := cache.Missing(vectors.Keys(texts))
	if len(missing) == 0 {
		return 0, nil
	}
	if e.Fill == nil {
		return 0, errors.New("the cache lacks vectors, and there is nothing to embed with")
	}
	lacking := make([]string, len(missing))
	for k, i := range missing {
		lacking[k] = texts[i]
	}
	if err := e.Fill(ctx, enc, dir, lacking, e.progress("embedding")); err != nil {
		return 0, err
	}
	return len(missing), cache.Refresh(ctx)
}

// rows are the vectors of texts.
func rows(cache *vectors.Cache, texts []string) (*vectors.Rows, error) {
	return cache.Rows(vectors.Keys(texts))
}

// EmbedConfig says which files to embed, and where to.
type EmbedConfig struct {
	Files []string // as data.ReadRecords reads them
	Out   string   // NAME.safetensors
	Force bool     // replace the output if it is there
	Embedding
}

// Embed writes the vectors of all records of files, in their order, to a file of package vectors.
// It returns how many there are, and how many of their texts the cache lacked.
func Embed(ctx context.Context, cfg EmbedConfig) (total, fresh int, err error) {
	if total, fresh, err = embed(ctx, cfg); err != nil {
		return 0, 0, fmt.Errorf("embed: %w", err)
	}
	return total, fresh, nil
}

func embed(ctx context.Context, cfg EmbedConfig) (total, fresh int, err error) {
	if err := checkOut(cfg.Out, cfg.Force, ".safetensors"); err != nil {
		return 0, 0, err
	}
	records, err := readAll("input", cfg.Files)
	if err != nil {
		return 0, 0, err
	}
	cache, enc, dir, err := cfg.open(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer cache.Close()
	texts := data.Texts(data.Examples(records))
	if fresh, err = cfg.embed(ctx, cache, enc, dir, texts); err != nil {
		return 0, 0, err
	}
	r, err := rows(cache, texts)
	if err != nil {
		return 0, 0, err
	}
	info := vectors.Info{Encoder: enc.Name, MaxTokens: enc.MaxTokens}
	return len(texts), fresh, vectors.Write(ctx, cfg.Out, r, info)
}

// whole reads all rows.
func whole(ctx context.Context, m matrix.Blocks) (*matrix.Dense, error) {
	n, _ := m.Dims()
	return m.Block(ctx, 0, n, nil)
}
