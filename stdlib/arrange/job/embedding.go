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

// Embedded is an encoder's cache that has the vectors of some texts. Close it after use.
type Embedded struct {
	*vectors.Cache
	Encoder vectors.Encoder
	Fresh   int // texts that the cache lacked
}

// Texts sees to it that the cache has the vectors of all texts.
func (e Embedding) Texts(ctx context.Context, texts []string) (*Embedded, error) {
	enc, err := vectors.Identify(cmp.Or(e.Encoder, DefaultEncoder), e.MaxTokens)
	if err != nil {
		return nil, err
	}
	dir := e.Cache
	if dir == "" {
		if dir, err = vectors.CacheDir(); err != nil {
			return nil, err
		}
	}
	cache, err := vectors.OpenCache(ctx, dir, enc)
	if err != nil {
		return nil, err
	}
	embedded := &Embedded{Cache: cache, Encoder: enc}
	if embedded.Fresh, err = e.fill(ctx, embedded, dir, texts); err != nil {
		cache.Close()
		return nil, err
	}
	return embedded, nil
}

// fill embeds the texts that the cache lacks, and returns how many these were.
func (e Embedding) fill(ctx context.Context, cache *Embedded, dir string, texts []string) (int, error) {
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
	if err := e.Fill(ctx, cache.Encoder, dir, lacking, e.progress("embedding")); err != nil {
		return 0, err
	}
	return len(missing), cache.Refresh(ctx)
}

// Of returns the vectors of texts, in their order.
func (e *Embedded) Of(texts []string) (*vectors.Rows, error) { return e.Rows(vectors.Keys(texts)) }

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
	texts := data.Texts(data.Examples(records))
	embedded, err := cfg.Texts(ctx, texts)
	if err != nil {
		return 0, 0, err
	}
	defer embedded.Close()
	rows, err := embedded.Of(texts)
	if err != nil {
		return 0, 0, err
	}
	info := vectors.Info{Encoder: embedded.Encoder.Name, MaxTokens: embedded.Encoder.MaxTokens}
	return len(texts), embedded.Fresh, vectors.Write(ctx, cfg.Out, rows, info)
}

// whole reads all rows.
func whole(ctx context.Context, m matrix.Blocks) (*matrix.Dense, error) {
	n, _ := m.Dims()
	return m.Block(ctx, 0, n, nil)
}
