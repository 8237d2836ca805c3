package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A program marked so is a single file that go run can take. What follows the word would be flags of the compiler.
const marker = "// run"

// Programs that look this up in their environment run only under Go's own runner.
const runnerOnly = "STDLIB_IMPORTCFG"

// Programs that import one of these, or a package below, are about the runtime or the compiler, not about the language.
var belowTheLanguage = []string{"unsafe", "runtime", "reflect", "syscall", "C"}

// findPrograms returns the paths of the programs in tree, relative to it, in order.
func findPrograms(tree string) ([]string, error) {
	if _, err := os.Stat(tree); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s does not exist: this Go distribution comes without Go's own test programs; "+
			"take one of the Go project, or the sources, or name a directory with -tree", tree)
	}
	var programs []string
	err := filepath.WalkDir(tree, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && filepath.Ext(path) == ".dir": // the packages of programs of several files
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".go":
			return nil
		}
		ok, err := isProgram(path)
		if !ok {
			return err
		}
		rel, err := filepath.Rel(tree, path)
		programs = append(programs, filepath.ToSlash(rel))
		return err
	})
	return programs, err
}

// isProgram reports whether the file at path is one that should run on this system.
func isProgram(path string) (bool, error) {
	src, err := os.ReadFile(path)
	if err != nil || !marked(src) {
		return false, err
	}
	if ok, err := build.Default.MatchFile(filepath.Split(path)); !ok || err != nil {
		return false, err
	}
	if bytes.Contains(src, []byte(runnerOnly)) {
		return false, nil
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, src, parser.ImportsOnly)
	if err != nil {
		return false, err
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return false, err
		}
		for _, low := range belowTheLanguage {
			if imported == low || strings.HasPrefix(imported, low+"/") {
				return false, nil
			}
		}
	}
	return true, nil
}

// marked reports whether the first line of src that says anything is the marker, as Go's own runner reads it.
func marked(src []byte) bool {
	for line := range bytes.Lines(src) {
		text := strings.TrimSpace(string(line))
		if text != "" && !strings.HasPrefix(text, "//go:build") {
			return text == marker
		}
	}
	return false
}
