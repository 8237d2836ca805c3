package lower

import (
	"flag"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"kairos/repl/check"
	"kairos/repl/lower/rt"
	"kairos/stdlib/symbols"
)

var update = flag.Bool("update", false, "write the core in testdata anew")

// separator stands between the cells of a session.
const separator = "// %%\n"

// TestCore compares what constructs become with testdata/core: one file for each source file of this package, in which
// a section x.go has a program, or a section x.cells a session, and x.core what it becomes. What readable says about
// names holds for all of them. A program without main is about its declarations alone.
func TestCore(t *testing.T) {
	paths, err := filepath.Glob("testdata/core/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no files: ", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) { testCore(t, path) })
	}
}

func testCore(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := &txtar.Archive{Comment: archive.Comment}
	for i, file := range archive.Files {
		name, kind, _ := strings.Cut(file.Name, ".")
		if kind == "core" {
			continue
		}
		core := "refused: "
		if made, err := translate(kind, string(file.Data)); err == nil {
			core = made
		} else {
			core += err.Error() + "\n"
		}
		out.Files = append(out.Files, file, txtar.File{Name: name + ".core", Data: []byte(core)})
		if *update {
			continue
		}
		if i+1 == len(archive.Files) || archive.Files[i+1].Name != name+".core" {
			t.Errorf("%s: no core", name)
			continue
		}
		if d := cmp.Diff(string(archive.Files[i+1].Data), core); d != "" {
			t.Errorf("%s: want (-), got (+):\n%s", name, d)
		}
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(out), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// translate returns the core for a program, or for each cell of a session.
func translate(kind, src string) (string, error) {
	if kind == "cells" {
		return translateCells(strings.Split(src, separator))
	}
	l, shown := forTest(token.NewFileSet())
	prog, err := check.Script(l.Fset, "x.go", []byte(wholeProgram(src)))
	if err != nil {
		return "", err
	}
	unit, err := l.Program(prog)
	if err != nil {
		return "", err
	}
	return renumber(readable(l, shown, unit.File, !declaresMain(src))), nil
}

// wholeProgram adds to declarations what makes a program of them.
func wholeProgram(src string) string {
	if !declaresMain(src) {
		src += "\nfunc main() {}\n"
	}
	return "package main\n" + src
}

func declaresMain(src string) bool { return strings.Contains(src, "func main()") }

func translateCells(list []string) (string, error) {
	s := newSession()
	var out []string
	for _, src := range list {
		core, err := s.cell(src)
		if err != nil {
			return "", err
		}
		out = append(out, core)
	}
	return renumber(strings.Join(out, separator)), nil
}

// session translates one cell after the other.
type session struct {
	l     *Lowering
	shown entries
	cells *check.Cells
	count int
}

func newSession() *session {
	l, shown := forTest(token.NewFileSet())
	return &session{l: l, shown: shown, cells: check.NewCells(l.Fset, check.CellsConfig{})}
}

// cell returns the core for a cell, with names as they are.
func (s *session) cell(src string) (string, error) {
	s.count++
	cell, err := s.cells.Check(fmt.Sprintf("cell[%d]", s.count), src)
	if err != nil {
		return "", err
	}
	unit, err := s.l.Cell(cell)
	if err != nil {
		return "", err
	}
	s.cells.Declare(cell)
	return readable(s.l, s.shown, unit.File, false), nil
}

// forTest returns a Lowering and what it puts into the pool.
func forTest(fset *token.FileSet) (*Lowering, entries) {
	shown := entries{}
	return New(Config{
		Fset:    fset,
		Lookup:  symbols.Pure().Lookup,
		Use:     shown.use,
		Runtime: rt.Symbols(func(*rt.Thrown) {}),
	}), shown
}
