package repl

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"

	"kairos/internal/atomicfile"
	"kairos/stdlib/cell/render"
)

// separator is a line that begins a cell.
var separator = regexp.MustCompile(`(?m)^//[ \t]*%%.*\n?`)

// Cells returns the cells of a file: what is between lines that start with // %%, without those that are blank.
func Cells(src string) []string {
	var cells []string
	for _, cell := range separator.Split(src, -1) {
		if strings.TrimSpace(cell) != "" {
			cells = append(cells, cell)
		}
	}
	return cells
}

// Batch evaluates the cells of a file read from r, and writes their values, a line each, and whatever else they show. It
// stops at the first error, which it writes on stderr, and reports whether there was none. Pictures become files named
// after name.
func Batch(ctx context.Context, s Session, name string, r io.Reader, stdout, stderr io.Writer) (ok bool) {
	src, err := io.ReadAll(r)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return false
	}
	out := &printer{name: name, stdout: stdout, stderr: stderr}
	for _, cell := range Cells(string(src)) {
		result, err := s.Eval(ctx, cell, out)
		if err != nil {
			fmt.Fprintln(stderr, strings.TrimRight(err.Error(), "\n"))
			return false
		}
		if len(result.Values) > 0 {
			out.show(result.Bundle())
		}
	}
	return true
}

// printer is the Output of a batch.
type printer struct {
	name           string
	stdout, stderr io.Writer
	figures        int
	quarter        map[string]int // that each progress has reached
}

func (p *printer) Stream(name, text string) {
	w := p.stdout
	if name == Stderr {
		w = p.stderr
	}
	io.WriteString(w, text)
}

func (p *printer) Display(d Display) { p.show(d.Data) }

// show writes a picture to a file and prints its name, or prints text.
func (p *printer) show(data Bundle) {
	text := data.Text()
	for _, form := range []struct{ mime, ext string }{{render.PNG, "png"}, {render.SVG, "svg"}} {
		if picture, ok := data[form.mime]; ok {
			p.figures++
			text = fmt.Sprintf("%s-figure-%d.%s", p.name, p.figures, form.ext)
			if err := atomicfile.WriteFile(text, picture); err != nil {
				fmt.Fprintln(p.stderr, err)
				return
			}
			break
		}
	}
	fmt.Fprintln(p.stdout, text)
}

// Progress prints a line at each quarter.
func (p *printer) Progress(u Progress) {
	quarter := 4 * u.Done / max(u.Total, 1)
	if last, seen := p.quarter[u.ID]; seen && last == quarter {
		return
	}
	if p.quarter == nil {
		p.quarter = map[string]int{}
	}
	p.quarter[u.ID] = quarter
	fmt.Fprintf(p.stderr, "%s: %d%% (%d/%d)\n", u.Label, 100*u.Done/max(u.Total, 1), u.Done, u.Total)
}

// Input has nothing to offer: the cells themselves are the standard input.
func (p *printer) Input(context.Context, string, bool) (string, error) { return "", io.EOF }
