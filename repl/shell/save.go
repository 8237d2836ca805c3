package shell

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kairos/internal/atomicfile"
	"kairos/repl/export"
	"kairos/repl/history"
)

func save(_ context.Context, c *call) error {
	var force, last bool
	rest, err := c.parse(func(f *flag.FlagSet) {
		f.BoolVar(&force, "f", false, "")
		f.BoolVar(&last, "last", false, "")
	})
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return c.usage()
	}
	path, err := c.goFile(home(rest[0]))
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); err == nil && !force {
		return c.fail("%s is there already: %%save -f overwrites it", path)
	}
	cells, numbers, err := c.saved(rest[1:])
	if err != nil {
		return err
	}
	program, err := export.Program(cells, export.Config{Numbers: apart(numbers, c.number), Last: last})
	var wrong *export.Error
	if errors.As(err, &wrong) {
		return c.fail("%s", c.inCell(wrong, numbers))
	}
	if err != nil {
		return c.fail("%v", err)
	}
	if err := atomicfile.WriteFile(path, []byte(program)); err != nil {
		return c.fail("%v", err)
	}
	c.print("Wrote %s to %s", plural(len(slices.Compact(numbers)), "cell"), path)
	return nil
}

// apart gives the pieces of a cell numbers of their own, above free, but for the last, whose value is the cell's.
func apart(numbers []int, free int) []int {
	own := slices.Clone(numbers)
	for i := range own {
		if i+1 < len(own) && own[i] == own[i+1] {
			own[i] = free + i
		}
	}
	return own
}

// inCell is the text of an error with the numbers that the user knows.
func (c *call) inCell(err *export.Error, numbers []int) string {
	cell, msg := err.Cell, err.Msg
	for i, n := range apart(numbers, c.number) {
		if n != numbers[i] {
			msg = strings.ReplaceAll(msg, fmt.Sprintf("cell[%d]", n), fmt.Sprintf("cell[%d]", numbers[i]))
		}
		if n == err.Cell {
			cell = numbers[i]
		}
	}
	return fmt.Sprintf("cell %d: %s", cell, msg)
}

// goFile is the name of a file to save cells in.
func (c *call) goFile(path string) (string, error) {
	switch filepath.Ext(path) {
	case ".go":
		return path, nil
	case "":
		return path + ".go", nil
	case ".ipynb":
		name := strings.TrimSuffix(path, ".ipynb")
		return "", c.fail("save a Go file first, %s.go: kairos export makes the notebook of it", name)
	}
	return "", c.fail("%s: the name of a Go file ends in .go", path)
}

// saved are the sources of cells to be saved, and their numbers.
func (c *call) saved(ranges []string) (sources []string, numbers []int, err error) {
	spans, wrong := parseSpans(ranges)
	if wrong != "" {
		return nil, nil, c.fail("%q is not a range, such as 3-7 or ~1/4", wrong)
	}
	h := c.shell.History()
	list := c.whole(c.others(h.Range(0, 1, 0), h.Session()))
	if len(spans) > 0 {
		if list, err = c.cells(spans); err != nil {
			return nil, nil, c.fail("%v", err)
		}
	}
	for _, e := range list {
		for _, piece := range c.shell.exported(e.Number, e.Source) {
			sources, numbers = append(sources, piece), append(numbers, e.Number)
		}
	}
	if len(sources) == 0 {
		return nil, nil, c.fail("there is no Go in these cells")
	}
	return sources, numbers, nil
}

// whole are the cells of this session that did not fail.
func (c *call) whole(list []history.Entry) (whole []history.Entry) {
	c.shell.mu.Lock()
	defer c.shell.mu.Unlock()
	for _, e := range list {
		if !c.shell.broken[e.Number] {
			whole = append(whole, e)
		}
	}
	return whole
}

// ranFile notes what %run took for cells, which %save puts in its place.
func (s *Shell) ranFile(number int, src string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ran[number] = append(s.ran[number], src)
}

// exported is a cell in the pieces in which it was evaluated, as package export takes them. What is timed stands alone,
// and the cells of a file stand in place of %run; other commands, of which comments are made, stay with the Go after them.
// If there is no Go, there are no pieces.
func (s *Shell) exported(number int, src string) (pieces []string) {
	s.mu.Lock()
	ran := s.ran[number]
	s.mu.Unlock()
	before := ""
	for _, p := range s.split(src) {
		text, cmd := src[p.start:p.end], s.table.find(p)
		switch {
		case !p.command || cmd == nil:
			pieces, before = append(pieces, before+text), ""
		case cmd.name == "time":
			pieces, before = append(pieces, before+cmp.Or(p.body, p.args)), ""
		case cmd.name == "run" && len(ran) > 0:
			pieces, ran, before = append(pieces, fileCells(ran[0])...), ran[1:], ""
		default:
			before += text
		}
	}
	return pieces
}
