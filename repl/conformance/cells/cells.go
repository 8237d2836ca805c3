// Package cells holds cases of a session's behaviour against ordinary Go: cells as people type them, and what the same code
// prints when it is compiled.
//
//	Case      some cells and what they print
//	Load      reads the archives of a directory
//	Case.Program   turns a case into a Go program, which is how its output was found
//
// The test of this package compiles the cases: with -compile it compares, with -update it writes the outputs anew, and with
// -case it takes those only whose archive/name match.
//
// A case is made of sections of a txtar archive:
//
//	-- name --       the cells, separated by lines that say // %%
//	-- name.err --   for each cell that must fail, a line "2: part of the message"
//	-- name.go --    the program that prints the same, where Program cannot make it: cells that redeclare things
//	-- name.out --   what the cells print
//
// A cell that must fail and does not compile does nothing at all. One that panics has done what it did before. The value
// of a cell is printed as ValueFormat says, but only in the archive values.txtar are there cells that have one.
package cells

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"
)

// ValueFormat is how .out sections show the value of a cell: its number, from 1, and the value.
const ValueFormat = "Out[%d]: %#v\n"

// Case is some cells and what they print.
type Case struct {
	Archive string         // the base name of the archive
	Name    string         // unique in its archive
	Cells   []string       // in order
	Fails   map[int]string // cell, from 1 -> part of the message with which it fails
	Go      string         // a program that prints the same, if it is written out
	Out     string         // what the cells print on standard output
}

// Load returns the cases of all archives in dir.
func Load(dir string) ([]Case, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil {
		return nil, err
	}
	var all []Case
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		cases, err := parse(filepath.Base(path), txtar.Parse(data))
		if err != nil {
			return nil, fmt.Errorf("cells: read %s: %w", path, err)
		}
		all = append(all, cases...)
	}
	return all, nil
}

// parse returns the cases of an archive.
func parse(name string, archive *txtar.Archive) ([]Case, error) {
	var cases []Case
	seen := map[string]bool{}
	for _, f := range archive.Files {
		if seen[f.Name] {
			return nil, fmt.Errorf("section %s is there twice", f.Name)
		}
		seen[f.Name] = true
		ext := filepath.Ext(f.Name)
		if ext == "" {
			cases = append(cases, Case{Archive: name, Name: f.Name, Cells: split(string(f.Data))})
			continue
		}
		if len(cases) == 0 || cases[len(cases)-1].Name+ext != f.Name {
			return nil, fmt.Errorf("section %s does not follow %s", f.Name, strings.TrimSuffix(f.Name, ext))
		}
		if err := cases[len(cases)-1].add(ext, string(f.Data)); err != nil {
			return nil, fmt.Errorf("section %s: %w", f.Name, err)
		}
	}
	return cases, nil
}

// add takes a section about the case.
func (c *Case) add(ext, data string) error {
	switch ext {
	case ".out":
		c.Out = data
	case ".go":
		c.Go = data
	case ".err":
		c.Fails = map[int]string{}
		for line := range strings.Lines(data) {
			number, message, _ := strings.Cut(strings.TrimSpace(line), ": ")
			n, err := strconv.Atoi(number)
			if err != nil || n < 1 || n > len(c.Cells) || message == "" {
				return fmt.Errorf("want cell: message, got %q", line)
			}
			c.Fails[n] = message
		}
	default:
		return fmt.Errorf("unknown kind %q", ext)
	}
	return nil
}

var separator = regexp.MustCompile(`(?m)^// %%.*\n`)

func split(src string) []string { return separator.Split(src, -1) }

// Update puts outputs, by name of the case, into the .out sections of the archive at path. Other cases keep what they have.
func Update(path string, outputs map[string]string) error {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		return err
	}
	var files []txtar.File
	name := ""
	flush := func() {
		if out, ok := outputs[name]; ok {
			files = append(files, txtar.File{Name: name + ".out", Data: []byte(out)})
		}
	}
	for _, f := range archive.Files {
		switch filepath.Ext(f.Name) {
		case "":
			flush()
			name = f.Name
		case ".out":
			if _, ok := outputs[name]; ok {
				continue
			}
		}
		files = append(files, f)
	}
	flush()
	archive.Files = files
	return os.WriteFile(path, txtar.Format(archive), 0o666)
}
