package check

import (
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// module is where packages of a program lie that are not compiled. A nil module has none.
type module struct {
	path    string // its import path
	root    string // the directory of go.mod
	version string // of the language
}

// findModule reads the go.mod that governs dir. There may be none.
func findModule(dir string) (*module, error) {
	for ; ; dir = filepath.Dir(dir) {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil {
			return parseModule(dir, string(text))
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("check: read module: %w", err)
		}
		if dir == filepath.Dir(dir) {
			return nil, nil
		}
	}
}

// parseModule finds the module and go directives.
func parseModule(root, text string) (*module, error) {
	m := &module{root: root, version: "go1.16"} // what a go.mod without a version means
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "//")
		words := strings.Fields(line)
		if len(words) != 2 {
			continue
		}
		switch words[0] {
		case "module":
			m.path = words[1]
			if path, err := strconv.Unquote(m.path); err == nil {
				m.path = path
			}
		case "go":
			m.version = version.Lang("go" + words[1])
		}
	}
	if version.Compare(m.version, goVersion) > 0 {
		return nil, oneError("go: go.mod requires go >= %s (kairos speaks go %s)",
			strings.TrimPrefix(m.version, "go"), strings.TrimPrefix(goVersion, "go"))
	}
	return m, nil
}

// dir returns the directory of the package at path, if path lies in the module.
func (m *module) dir(path string) (string, bool) {
	if m == nil || m.path == "" || !within(path, m.path) {
		return "", false
	}
	return filepath.Join(m.root, filepath.FromSlash(path[len(m.path):])), true
}

// pathOf returns the import path of the package in dir.
func (m *module) pathOf(dir string) string {
	if m == nil {
		return commandLine
	}
	rel, err := filepath.Rel(m.root, dir)
	if err != nil || rel == "." {
		return m.path
	}
	return m.path + "/" + filepath.ToSlash(rel)
}

// mayImport reports whether u lies where an internal package at path can be imported.
func (m *module) mayImport(u *unit, path string) bool {
	elements := strings.Split(path, "/")
	for i := len(elements) - 1; i >= 0; i-- {
		if elements[i] == "internal" {
			return within(m.pathOf(u.dir), strings.Join(elements[:i], "/"))
		}
	}
	return true
}

// within reports whether path is root or below it.
func within(path, root string) bool {
	return path == root || strings.HasPrefix(path, root+"/")
}
