// Package typedata knows the types of every package that interpreted code can import, without a Go toolchain: the
// export data of each was written beside this file when the symbol tables were generated, one archive per group of
// package gen and one entry per package, and a package is read when it is first imported.
//
// Positions and doc comments of declarations are left out.
package typedata

import (
	"archive/zip"
	"bytes"
	"embed"
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
)

//go:embed *.zip
var archives embed.FS

// native is the archive of the packages that link libtorch.
const native = "native.zip"

// entry is the export data of one package.
type entry struct {
	*zip.File
	archive string
}

// entries maps an import path to its export data.
var entries = sync.OnceValues(func() (map[string]entry, error) {
	found := map[string]entry{}
	files, err := archives.ReadDir(".")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		data, err := archives.ReadFile(f.Name())
		if err != nil {
			return nil, err
		}
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return nil, fmt.Errorf("typedata: read %s: %w", f.Name(), err)
		}
		for _, file := range z.File {
			found[file.Name] = entry{file, f.Name()}
		}
	}
	return found, nil
})

// Has reports whether the package at path can be imported.
func Has(path string) bool {
	found, err := entries()
	return err == nil && found[path].File != nil
}

// Paths returns the paths of all packages that can be imported, sorted.
func Paths() []string {
	found, err := entries()
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(found))
}

// NeedsTorch reports whether the package at path links libtorch.
func NeedsTorch(path string) bool {
	found, err := entries()
	return err == nil && found[path].archive == native
}

// Importer is a types.Importer over the embedded export data. The packages one Importer returns share their types; it
// must not be used by two goroutines at once.
type Importer struct {
	fset   *token.FileSet
	known  map[string]*types.Package // also those only mentioned by others, still incomplete
	loaded map[string]*types.Package
}

// NewImporter returns an Importer that has read nothing yet.
func NewImporter() *Importer {
	return &Importer{
		fset:   token.NewFileSet(),
		known:  map[string]*types.Package{},
		loaded: map[string]*types.Package{},
	}
}

// Import returns the types of the package at path.
func (imp *Importer) Import(path string) (*types.Package, error) {
	if p := imp.loaded[path]; p != nil {
		return p, nil
	}
	found, err := entries()
	if err != nil {
		return nil, err
	}
	data := found[path]
	if data.File == nil {
		return nil, fmt.Errorf("typedata: import %q: not among the packages a script can use", path)
	}
	r, err := data.Open()
	if err != nil {
		return nil, fmt.Errorf("typedata: import %q: %w", path, err)
	}
	defer r.Close()
	p, err := gcexportdata.Read(r, imp.fset, imp.known, path)
	if err != nil {
		return nil, fmt.Errorf("typedata: import %q: %w", path, err)
	}
	imp.loaded[path] = p
	return p, nil
}
