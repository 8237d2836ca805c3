package vectors

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"kairos/stdlib/assets"
)

// Encoder is what decides which vector a text gets: the encoder's files, and where it cuts texts.
type Encoder struct {
	Name        string // as it was asked for
	Dir         string // where its files lie
	Fingerprint string // SHA-256 of its files, in hexadecimal
	Dim         int    // values of a vector
	MaxTokens   int    // the longest text; the rest is cut
}

// publishedMaxTokens is the limit that all-MiniLM-L6-v2 is published with.
const publishedMaxTokens = 256

// Limit is how many tokens of a text an encoder reads that has so many positions, if maxTokens of
// them are asked for: with 0, the 256 that all-MiniLM-L6-v2 is published with. Fewer than 3, or
// more than there are, are errors.
func Limit(maxTokens, positions int) (int, error) {
	if maxTokens == 0 {
		maxTokens = min(publishedMaxTokens, positions)
	}
	if maxTokens < 3 || maxTokens > positions {
		return 0, fmt.Errorf("MaxTokens is %d, want 3 to %d", maxTokens, positions)
	}
	return maxTokens, nil
}

// FindEncoder returns the directory of an encoder: the name itself where that has a config.json,
// else that of kairos' cache.
func FindEncoder(name string) (dir string, err error) {
	if _, err := os.Stat(filepath.Join(name, "config.json")); err == nil {
		return name, nil
	}
	return assets.Path(name)
}

// Identify reads all files of an encoder, by name from kairos' cache or in a directory, and says
// what it is. It is quick: nothing is loaded.
func Identify(name string, maxTokens int) (Encoder, error) {
	dir, err := FindEncoder(name)
	if err != nil {
		return Encoder{}, fmt.Errorf("vectors: identify %s: %w", name, err)
	}
	e := Encoder{Name: name, Dir: dir}
	if err := e.read(maxTokens); err != nil {
		return Encoder{}, fmt.Errorf("vectors: identify %s: %w", dir, err)
	}
	return e, nil
}

func (e *Encoder) read(maxTokens int) error {
	text, err := os.ReadFile(filepath.Join(e.Dir, "config.json"))
	if err != nil {
		return err
	}
	var shape struct {
		Hidden    int `json:"hidden_size"`
		Positions int `json:"max_position_embeddings"`
	}
	if err := json.Unmarshal(text, &shape); err != nil {
		return fmt.Errorf("config.json: %w", err)
	}
	if shape.Hidden < 1 {
		return fmt.Errorf("config.json: hidden_size is %d: want the width of the vectors", shape.Hidden)
	}
	e.Dim = shape.Hidden
	if e.MaxTokens, err = Limit(maxTokens, shape.Positions); err != nil {
		return err
	}
	e.Fingerprint, err = fingerprint(e.Dir)
	return err
}

// fingerprint hashes the files that package embed loads, each with its name and length.
func fingerprint(dir string) (string, error) {
	hash := sha256.New()
	for _, name := range []string{"config.json", "model.safetensors", "tokenizer.json", "vocab.txt"} {
		file, err := os.Open(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // vocab.txt or tokenizer.json; Load knows what it cannot do without
		}
		if err != nil {
			return "", err
		}
		content := sha256.New()
		size, err := io.Copy(content, file)
		file.Close()
		if err != nil {
			return "", err
		}
		fmt.Fprintf(hash, "%s %d %x\n", name, size, content.Sum(nil))
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
