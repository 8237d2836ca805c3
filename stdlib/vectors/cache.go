package vectors

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"kairos/stdlib/assets"
	"kairos/stdlib/internal/safetensors"
	"kairos/stdlib/matrix"
)

// Cache holds the vectors that one encoder gave to texts, by the hash of each text, in one file.
// Another encoder, or another limit of tokens, has another file. Whatever ends a process that
// writes to it, what Put returned from stays. Several processes, and several goroutines of each,
// may use it at once. It only grows; to make room, delete it.
//
// The file begins with a line that says what it is of. Blocks follow, one for each Put: their form
// is in record.go. From the first block that is not whole on, the file is cut off when it is next
// opened.
type Cache struct {
	path string
	enc  Encoder
	file *os.File

	mu    sync.RWMutex
	slots map[Key]slot
	end   int64 // of the blocks that slots knows
}

// Key is the SHA-256 of a text.
type Key [sha256.Size]byte

// KeyOf hashes a text.
func KeyOf(text string) Key { return sha256.Sum256([]byte(text)) }

// Keys hashes texts.
func Keys(texts []string) []Key {
	keys := make([]Key, len(texts))
	for i, text := range texts {
		keys[i] = KeyOf(text)
	}
	return keys
}

// CacheDir is where commands keep their caches: vectors in kairos' directory for what was fetched.
func CacheDir() (string, error) {
	dir, err := assets.Dir()
	return filepath.Join(dir, "vectors"), err
}

// OpenCache opens the cache of an encoder in a directory, which is made if need be. A file that was
// written by another encoder and carries this one's name is refused. It waits until no other
// process is writing, or ctx is done.
func OpenCache(ctx context.Context, dir string, enc Encoder) (*Cache, error) {
	c := &Cache{enc: enc, slots: map[Key]slot{}}
	if len(enc.Fingerprint) < 16 || enc.Dim < 1 {
		return nil, fmt.Errorf("vectors: open cache: an encoder without fingerprint or width: %+v: see Identify", enc)
	}
	c.path = filepath.Join(dir, fmt.Sprintf("%s-%d.cache", enc.Fingerprint[:16], enc.MaxTokens))
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("vectors: open cache: %w", err)
	}
	var err error
	if c.file, err = os.OpenFile(c.path, os.O_RDWR|os.O_CREATE, 0o666); err != nil {
		return nil, fmt.Errorf("vectors: open cache: %w", err)
	}
	if err := c.locked(ctx, c.begin); err != nil {
		c.file.Close()
		return nil, fmt.Errorf("vectors: open cache %s: %w", c.path, err)
	}
	return c, nil
}

// title is the first line of the file.
func (c *Cache) title() []byte {
	return fmt.Appendf(nil, "kairos cache 1: %d values, %d tokens, encoder %s\n", c.enc.Dim, c.enc.MaxTokens, c.enc.Fingerprint)
}

// begin reads the file, or writes its first line.
func (c *Cache) begin() error {
	title := c.title()
	got := make([]byte, len(title))
	n, _ := c.file.ReadAt(got, 0)
	switch {
	case string(got) == string(title):
	case string(got[:n]) == string(title[:n]): // new, or torn within the line
		if _, err := c.file.WriteAt(title, 0); err != nil {
			return err
		}
	default:
		return fmt.Errorf("it was written by another model or version, as it begins with %.60q: want %q: delete it, or choose another directory", got[:n], title)
	}
	c.end = int64(len(title))
	return c.absorb()
}

// locked calls f while no other process writes.
func (c *Cache) locked(ctx context.Context, f func() error) error {
	lock := flock.New(c.path + ".lock")
	if _, err := lock.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return err
	}
	defer lock.Close()
	return f()
}

// Close closes the file.
func (c *Cache) Close() error { return c.file.Close() }

// Path returns the file of the cache.
func (c *Cache) Path() string { return c.path }

// Len returns how many vectors are known.
func (c *Cache) Len() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.slots)
}

// Missing returns the indices of the keys that are not there, each key once, in their order.
func (c *Cache) Missing(keys []Key) []int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var missing []int
	seen := map[Key]bool{}
	for i, key := range keys {
		if _, ok := c.slots[key]; !ok && !seen[key] {
			seen[key] = true
			missing = append(missing, i)
		}
	}
	return missing
}

// Refresh learns what other processes have written meanwhile.
func (c *Cache) Refresh(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.locked(ctx, c.absorb); err != nil {
		return fmt.Errorf("vectors: read cache %s: %w", c.path, err)
	}
	return nil
}

// Put adds the rows of a matrix under their keys, all of them or, where that fails, none. Keys that
// are there already keep their vectors. NaN and infinity are errors.
func (c *Cache) Put(ctx context.Context, keys []Key, rows *matrix.Dense) error {
	if err := c.put(ctx, keys, rows); err != nil {
		return fmt.Errorf("vectors: write cache %s: %w", c.path, err)
	}
	return nil
}

func (c *Cache) put(ctx context.Context, keys []Key, rows *matrix.Dense) error {
	if err := rows.Check(); err != nil {
		return err
	}
	if rows.Rows != len(keys) || rows.Cols != c.enc.Dim {
		return fmt.Errorf("a %d×%d matrix for %d keys: want %d values each", rows.Rows, rows.Cols, len(keys), c.enc.Dim)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.locked(ctx, func() error {
		if err := c.absorb(); err != nil { // what others wrote stays
			return err
		}
		return c.append(keys, rows)
	})
}

// Rows are the vectors of keys, in their order, read from the file when they are asked for. They
// are one of matrix.Blocks.
type Rows struct {
	cache *Cache
	slots []slot
}

// Rows returns the vectors of keys. One that is not there is an error that names its index.
func (c *Cache) Rows(keys []Key) (*Rows, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	r := &Rows{c, make([]slot, len(keys))}
	for i, key := range keys {
		var ok bool
		if r.slots[i], ok = c.slots[key]; !ok {
			return nil, fmt.Errorf("vectors: read cache %s: no vector of text %d", c.path, i)
		}
	}
	return r, nil
}

// Dims returns how many vectors there are, and how many values each has.
func (r *Rows) Dims() (rows, cols int) { return len(r.slots), r.cache.enc.Dim }

// Block reads the rows from to to into buf, or into a new matrix if buf is nil or too small. A
// vector that was altered on disk is an error.
func (r *Rows) Block(ctx context.Context, from, to int, buf *matrix.Dense) (*matrix.Dense, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if from < 0 || to < from || to > len(r.slots) {
		return nil, fmt.Errorf("vectors: read cache: rows %d to %d: there are %d", from, to, len(r.slots))
	}
	m := shaped(buf, to-from, r.cache.enc.Dim)
	for i := from; i < to; {
		n := r.run(i, to)
		into := m.Data[(i-from)*m.Cols : (i-from+n)*m.Cols]
		if _, err := r.cache.file.ReadAt(safetensors.BytesOf(into), r.slots[i].at); err != nil {
			return nil, fmt.Errorf("vectors: read cache: %w", err)
		}
		for k := range n {
			if sum(safetensors.BytesOf(into[k*m.Cols:(k+1)*m.Cols])) != r.slots[i+k].sum {
				return nil, errors.New("vectors: read cache " + r.cache.path + ": a vector was altered on disk: delete the file")
			}
		}
		i += n
	}
	safetensors.ToHost(m.Data)
	return m, nil
}

// run is how many rows from i on lie behind each other in the file.
func (r *Rows) run(i, to int) int {
	n := 1
	for width := int64(4 * r.cache.enc.Dim); i+n < to && r.slots[i+n].at == r.slots[i].at+int64(n)*width; n++ {
	}
	return n
}
