// Package manifest records what a run was made of, so that it can be repeated
// exactly: settings, seeds, hashes of data, orders and model files, versions.
//
// [New] starts a [Manifest] with what the process knows of itself; the Add
// methods fill in the rest; [Manifest.Write] writes it as JSON.
package manifest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"kairos/stdlib/assets"
	"kairos/stdlib/data"
)

// Manifest is the record of one run.
type Manifest struct {
	Started  time.Time         `json:"started"`
	Command  []string          `json:"command"`  // the program by its base name
	Versions map[string]string `json:"versions"` // kairos, go, gotch, libtorch
	Platform string            `json:"platform"`
	Cores    int               `json:"cores"`
	Settings map[string]any    `json:"settings"` // seeds and options, as the run chose to name them
	Data     map[string]Digest `json:"data"`     // sets of examples
	Orders   map[string]Digest `json:"orders"`   // sequences of row numbers
	Files    map[string]Digest `json:"files"`    // models and other inputs, by base name
}

// Digest is a SHA-256 with the number of things it covers: examples, rows or bytes.
type Digest struct {
	SHA256 string `json:"sha256"`
	Count  int64  `json:"count"`
}

// New starts a manifest with the command line, versions and machine of this process.
func New() *Manifest {
	m := &Manifest{
		Started:  time.Now().Round(time.Second),
		Command:  append([]string{filepath.Base(os.Args[0])}, os.Args[1:]...),
		Versions: map[string]string{"go": runtime.Version()},
		Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Cores:    runtime.NumCPU(),
		Settings: map[string]any{},
		Data:     map[string]Digest{},
		Orders:   map[string]Digest{},
		Files:    map[string]Digest{},
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		m.Versions["kairos"] = info.Main.Version
		for _, dep := range info.Deps {
			if dep.Path == "github.com/sugarme/gotch" {
				m.Versions["gotch"] = dep.Version
			}
		}
	}
	if torch, err := assets.Libtorch(); err == nil {
		m.Versions["libtorch"] = torch.Version
	}
	return m
}

// Set records a setting, such as a seed, under a name.
func (m *Manifest) Set(name string, value any) { m.Settings[name] = value }

// AddData records a set of examples: their number and the hash of their JSON
// lines in order.
func (m *Manifest) AddData(name string, examples []data.Example) error {
	hash := sha256.New()
	lines := json.NewEncoder(hash)
	for i := range examples {
		if err := lines.Encode(&examples[i]); err != nil {
			return fmt.Errorf("manifest: hash %s: %w", name, err)
		}
	}
	m.Data[name] = Digest{hex.EncodeToString(hash.Sum(nil)), int64(len(examples))}
	return nil
}

// AddOrder records an arrangement: the hash of its row numbers in decimal, a
// line each.
func (m *Manifest) AddOrder(name string, order []int) {
	hash := sha256.New()
	for _, row := range order {
		hash.Write(append(strconv.AppendInt(nil, int64(row), 10), '\n'))
	}
	m.Orders[name] = Digest{hex.EncodeToString(hash.Sum(nil)), int64(len(order))}
}

// AddFiles records an input by its content: a file, or every file of a directory. One that has the
// base name of an earlier one is recorded by its path.
func (m *Manifest) AddFiles(path string) error {
	return filepath.WalkDir(path, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name := filepath.Base(path)
			if _, taken := m.Files[name]; taken {
				name = path
			}
			m.Files[name], err = digest(path)
		}
		if err != nil {
			return fmt.Errorf("manifest: hash: %w", err)
		}
		return nil
	})
}

func digest(path string) (Digest, error) {
	f, err := os.Open(path)
	if err != nil {
		return Digest{}, err
	}
	defer f.Close()
	hash := sha256.New()
	size, err := io.Copy(hash, f)
	return Digest{hex.EncodeToString(hash.Sum(nil)), size}, err
}

// Write writes the manifest to path as indented JSON, in whole or not at all.
func (m *Manifest) Write(path string) error { return data.WriteJSON(path, m) }
