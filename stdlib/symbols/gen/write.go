package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/gcexportdata"
)

// archiveTypes packs the export data of the packages. No positions are written: they would be those of the machine that
// ran the generator.
func archiveTypes(pkgs []*types.Package) ([]byte, error) {
	contents := map[string][]byte{}
	for _, p := range pkgs {
		var b bytes.Buffer
		if err := gcexportdata.Write(&b, token.NewFileSet(), p); err != nil {
			return nil, err
		}
		contents[p.Path()] = b.Bytes()
	}
	return archive(contents)
}

// archive makes a zip file with an entry for each import path.
func archive(contents map[string][]byte) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	for _, path := range slices.Sorted(maps.Keys(contents)) {
		w, err := z.Create(path)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(contents[path]); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// writeGenerated makes the generated files of dir be exactly files; files without the generated header stay.
func writeGenerated(dir string, files map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	for _, path := range old {
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if _, kept := files[filepath.Base(path)]; !kept && bytes.HasPrefix(src, []byte(header)) {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	for name, src := range files {
		if err := writeFile(filepath.Join(dir, name), src); err != nil {
			return err
		}
	}
	return nil
}

// writeFile replaces the file at path, unless it holds data already.
func writeFile(path string, data []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
		return nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	tmp := path + ".tmp"
	if err := os.WriteFile(tmp, data, 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
