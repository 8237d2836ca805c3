package export_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"kairos/repl"
	"kairos/repl/export"
	"kairos/repl/interpreter"
	"kairos/repl/script"
	"kairos/stdlib/symbols"
)

var update = flag.Bool("update", false, "write the programs of testdata anew")

// example is some cells with their program and what both print.
type example struct{ cells, program, out string }

const programs = "testdata/programs.txtar"

func readExamples(t *testing.T) (archive *txtar.Archive, names []string, examples map[string]*example) {
	t.Helper()
	archive, err := txtar.ParseFile(programs)
	if err != nil {
		t.Fatal(err)
	}
	examples = map[string]*example{}
	for _, f := range archive.Files {
		name := strings.TrimSuffix(f.Name, filepath.Ext(f.Name))
		switch filepath.Ext(f.Name) {
		case "":
			names = append(names, name)
			examples[name] = &example{cells: string(f.Data)}
		case ".go":
			examples[name].program = string(f.Data)
		case ".out":
			examples[name].out = string(f.Data)
		}
	}
	return archive, names, examples
}

var cellLine = regexp.MustCompile(`(?m)^// %%`)

// cellsOf takes a section apart. Headings stay with their cells.
func cellsOf(text string) (cells []string) {
	begin := 0
	for _, at := range append(cellLine.FindAllStringIndex(text, -1), []int{len(text)}) {
		if cell := strings.TrimPrefix(text[begin:at[0]], "// %%\n"); cell != "" {
			cells = append(cells, cell)
		}
		begin = at[0]
	}
	return cells
}

// TestPrograms compares programs with those in testdata, and with what they become when taken apart and made again.
func TestPrograms(t *testing.T) {
	archive, names, examples := readExamples(t)
	for _, name := range names {
		e := examples[name]
		src, err := export.Program(cellsOf(e.cells), export.Config{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if *update {
			e.program = src
		}
		if d := cmp.Diff(e.program, src); d != "" {
			t.Errorf("%s: want (-), got (+):\n%s", name, d)
		}
		parts, err := export.Cells(src)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		again, err := export.Program(parts, export.Config{})
		if err != nil {
			t.Errorf("%s: again: %v\n%s", name, err, strings.Join(parts, "\n// %%\n"))
			continue
		}
		if d := cmp.Diff(src, again); d != "" {
			t.Errorf("%s: once (-), twice (+):\n%s", name, d)
		}
	}
	if *update {
		rewrite(t, archive, names, examples)
	}
}

func rewrite(t *testing.T, archive *txtar.Archive, names []string, examples map[string]*example) {
	t.Helper()
	archive.Files = nil
	for _, name := range names {
		e := examples[name]
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(e.cells)},
			txtar.File{Name: name + ".go", Data: []byte(e.program)}, txtar.File{Name: name + ".out", Data: []byte(e.out)})
	}
	if err := os.WriteFile(programs, txtar.Format(archive), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestProgramsPrint compiles the programs of testdata, and also has kairos run them, and compares what they print.
func TestProgramsPrint(t *testing.T) {
	_, names, examples := readExamples(t)
	sources := map[string]exported{}
	for _, name := range names {
		sources[name] = exported{id: name, src: examples[name].program}
	}
	bin := build(t, sources)
	for _, name := range names {
		got, errs, err := execute(t, filepath.Join(bin, binary(name)))
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, errs)
		}
		if d := cmp.Diff(examples[name].out, got); d != "" {
			t.Errorf("%s: want (-), compiled (+):\n%s", name, d)
		}
		path := filepath.Join(t.TempDir(), name+".go")
		if err := os.WriteFile(path, []byte(examples[name].program), 0o666); err != nil {
			t.Fatal(err)
		}
		got, err = child(t, "", path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(examples[name].out, got); d != "" {
			t.Errorf("%s: want (-), interpreted (+):\n%s", name, d)
		}
	}
}

// childRole has this test binary be a session, or run the program at a path.
const childRole = "KAIROS_EXPORT_TEST"

func TestMain(m *testing.M) {
	switch path := os.Getenv(childRole); path {
	case "":
		os.Exit(m.Run())
	case "session":
		os.Exit(evaluate())
	default:
		os.Exit(script.Run([]string{path}, nil, script.Config{Lookup: symbols.Pure().Lookup}))
	}
}

// evaluate evaluates the cells on standard input.
func evaluate() int {
	src, err := io.ReadAll(os.Stdin)
	if err != nil {
		return 2
	}
	s, err := interpreter.Open(interpreter.Config{Lookup: symbols.Pure().Lookup})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	for _, cell := range strings.Split(string(src), "\x00") {
		result, err := s.Eval(context.Background(), cell, streams{})
		if err != nil && err.Error() == "exit status 0" {
			return 0
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		if len(result.Values) > 0 {
			fmt.Println(strings.ReplaceAll(result.Text(), ", ", " "))
		}
	}
	return 0
}

// streams is an Output that shows text only.
type streams struct{}

func (streams) Stream(name, text string) {
	w := os.Stdout
	if name == repl.Stderr {
		w = os.Stderr
	}
	io.WriteString(w, text)
}
func (streams) Display(d repl.Display) { fmt.Println(d.Data.Text()) }
func (streams) Progress(repl.Progress) {}
func (streams) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("nobody answers")
}

// TestCellsPrint has a session evaluate the cells of testdata, and those that their programs are taken apart to.
func TestCellsPrint(t *testing.T) {
	_, names, examples := readExamples(t)
	for _, name := range names {
		parts, err := export.Cells(examples[name].program)
		if err != nil {
			t.Fatal(err)
		}
		lists := map[string][]string{"taken apart": parts}
		if !foreign.MatchString(examples[name].cells) {
			lists["original"] = cellsOf(examples[name].cells)
		}
		for what, list := range lists {
			out, err := session(t, list)
			if err != nil {
				t.Errorf("%s, %s: %v\n%s", name, what, err, strings.Join(list, "\n// %%\n"))
			}
			if d := cmp.Diff(examples[name].out, out); d != "" {
				t.Errorf("%s, %s: want (-), session (+):\n%s", name, what, d)
			}
		}
	}
}

// foreign is what cells have that a session of Go alone does not know.
var foreign = regexp.MustCompile(`(?m)^[%!?]|\b_\d|Out\[`)

// session evaluates cells in a process and returns what they print.
func session(t *testing.T, list []string) (out string, err error) {
	t.Helper()
	return child(t, strings.Join(list, "\x00"), "session")
}

func child(t *testing.T, stdin, role string) (out string, err error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr strings.Builder
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), childRole+"="+role)
	cmd.Dir = t.TempDir()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), fmt.Errorf("%w\n%s", err, &stderr)
	}
	return stdout.String(), nil
}
