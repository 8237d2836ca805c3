package assets

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// The name has no .json at its end because directories of JSON files are read
// by that pattern.
const manifestName = "kairos-asset.manifest"

// manifest is the JSON file that says what a complete asset was made from and
// what it holds.
type manifest struct {
	Asset    string
	Archives []archive
	Stubs    []string `json:",omitempty"`
	Files    []file
}

// file is one file of an asset, its path relative and with slashes.
type file struct {
	Path   string
	Size   int64
	SHA256 string
}

func readManifest(dir string) (manifest, error) {
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return manifest{}, err
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return manifest{}, fmt.Errorf("read %s: %w", manifestName, err)
	}
	return m, nil
}

// write is for directories that are renamed into place afterwards.
func (m manifest) write(dir string) error {
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, manifestName), append(text, '\n'), 0o644)
}

func (m manifest) madeFrom(a asset) bool {
	return reflect.DeepEqual(m.Archives, a.Archives) && slices.Equal(m.Stubs, a.Stubs)
}

// sizes compares every file's size, which costs a stat each.
func (m manifest) sizes(dir string) error {
	return m.each(func(f file) (string, error) {
		info, err := os.Stat(filepath.Join(dir, f.Path))
		switch {
		case os.IsNotExist(err):
			return "missing", nil
		case err != nil:
			return err.Error(), nil
		case info.Size() != f.Size:
			return fmt.Sprintf("%d bytes, want %d", info.Size(), f.Size), nil
		}
		return "", nil
	})
}

// hash compares every file's SHA-256.
func (m manifest) hash(ctx context.Context, dir string) error {
	return m.each(func(f file) (string, error) {
		got, err := fileSHA256(ctx, filepath.Join(dir, f.Path))
		switch {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case os.IsNotExist(err):
			return "missing", nil
		case err != nil:
			return err.Error(), nil
		case got != f.SHA256:
			return fmt.Sprintf("altered (SHA-256 %.12s…, want %.12s…)", got, f.SHA256), nil
		}
		return "", nil
	})
}

// each gathers what is wrong with the files: the first few by name, the rest as
// a count. An error of look itself ends it.
func (m manifest) each(look func(file) (wrong string, err error)) error {
	const named = 5
	var all []string
	for _, f := range m.Files {
		wrong, err := look(f)
		if err != nil {
			return err
		}
		if wrong != "" {
			all = append(all, f.Path+": "+wrong)
		}
	}
	if len(all) == 0 {
		return nil
	}
	text := strings.Join(all[:min(len(all), named)], "; ")
	if len(all) > named {
		text += fmt.Sprintf("; and %d more files", len(all)-named)
	}
	return errors.New(text)
}

func fileSHA256(ctx context.Context, name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, &watched{ctx: ctx, r: f}); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// watched reads on until ctx is cancelled and reports every read.
type watched struct {
	ctx  context.Context
	r    io.Reader
	read func(n int)
}

func (w *watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := w.r.Read(p)
	if w.read != nil {
		w.read(n)
	}
	return n, err
}
