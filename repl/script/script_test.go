package script_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"kairos/repl/script"
	"kairos/repl/worker"
	"kairos/stdlib/symbols"
)

// child has this test binary run a script, as the front's hidden command does.
const child = "KAIROS_TEST_SCRIPT"

func TestMain(m *testing.M) {
	if os.Getenv(child) != "" {
		os.Unsetenv(child)
		os.Exit(script.Run(os.Args[1:2], os.Args[2:], script.Config{Lookup: symbols.Pure().Lookup}))
	}
	os.Exit(m.Run())
}

// outcome is what a user sees of a program. Both streams are files, as they are for most users.
type outcome struct {
	Stdout, Stderr string
	Status         int
}

// kairosRun does what kairos run does, in dir.
func kairosRun(t *testing.T, dir, input, path string, args ...string) outcome {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	t.Chdir(dir)
	if !script.Check([]string{path}, script.Config{}, &errs) {
		return outcome{"", errs.String(), 1}
	}
	env := script.Environ(append(os.Environ(), child+"=1"))
	streams := worker.Streams{In: strings.NewReader(input), Out: &out, Err: &errs}
	status := worker.Run(append([]string{self, path}, args...), env, streams)
	return outcome{out.String(), errs.String(), status}
}

func goRun(t *testing.T, dir, input, path string, args ...string) outcome {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command("go", append([]string{"run", path}, args...)...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, strings.NewReader(input), &out, &errs
	err := cmd.Run()
	if _, failed := err.(*exec.ExitError); err != nil && !failed {
		t.Fatal(err)
	}
	return outcome{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// What differs from run to run, or is known to differ between compiled and interpreted programs.
var differences = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`(?m) \+0x[0-9a-f]+$`), ""},                                    // program counters
	{regexp.MustCompile(`0x[0-9a-f]+`), "0x…"},                                         // addresses
	{regexp.MustCompile(`(?m)^(main\.\S*)\([^()]*\)$`), "$1()"},                        // arguments in frames
	{regexp.MustCompile(`(?m)^goroutine [1-9]\d+ |^goroutine [2-9] `), "goroutine N "}, // but not goroutine 1
	{regexp.MustCompile(`(?m)^created by .*\n\t.*\n`), ""},                             // not known
	{regexp.MustCompile(`(?m)^panic\(.*\n\t.*\n`), ""},                                 // the runtime's own frame
	{regexp.MustCompile(`(?m)^(?:fmt|strings)\..*\n\t.*\n`), ""},                       // compiled frames
	{regexp.MustCompile(`SIGSEGV: segmentation violation.*\]`), "SIGSEGV]"},            // addresses
	{regexp.MustCompile(`index out of range.*`), "index out of range"},                 // which index
	{regexp.MustCompile(`slice bounds out of range.*`), "slice bounds out of range"},   // which bounds
	{regexp.MustCompile(`syntax error: .*`), "syntax error"},                           // go/parser has its own words
	{regexp.MustCompile(`, [0-9.e+]+/s, .*`), ""},                                      // rates
	{regexp.MustCompile(`(?m)^Usage of .*/`), "Usage of "},                             // where the program lies
	{regexp.MustCompile(`\.\.\.\d+ frames elided\.\.\.`), "...frames elided..."},       // compiled ones have more
}

func alike(o outcome) outcome {
	for _, d := range differences {
		o.Stderr = d.pattern.ReplaceAllString(o.Stderr, d.with)
	}
	return o
}

// TestLikeGoRun runs the programs of testdata/gorun both ways.
func TestLikeGoRun(t *testing.T) {
	for _, c := range []struct {
		program string
		cases   []string
		more    []string
		input   string
	}{
		{program: "panics.go", cases: []string{
			"string", "lines", "error", "wrapped", "sprintf", "own error", "stringer", "int", "float", "named", "struct",
			"nil", "depth", "deep", "method", "literal", "callback", "index", "array", "slice", "nil map",
			"nil map increment", "global map", "nil pointer", "nil function", "divide", "assert", "close closed",
			"send closed", "length", "unhashable", "goroutine", "goroutine literal", "unknown",
		}},
		{program: "exits.go", cases: []string{
			"return", "exit 0", "exit 3", "fatal", "fatal logger", "check", "check nil", "check cancelled", "terminate",
			"kill", "builtins",
		}},
		{program: "exits.go", cases: []string{"flags"}, more: []string{"-n", "7", "a", "-b"}},
		{program: "exits.go", cases: []string{"flags"}, more: []string{"-x"}},
		{program: "exits.go", cases: []string{"flags"}, more: []string{"-h"}},
		{program: "exits.go", cases: []string{"input"}, input: "a line\nanother"},
		{program: "rethrow.go", cases: []string{""}},
		{program: "arrange.go", cases: []string{""}},
	} {
		for _, name := range c.cases {
			t.Run(strings.Join(append([]string{c.program, name}, c.more...), " "), func(t *testing.T) {
				args := append([]string{name}, c.more...)
				if name == "" {
					args = nil
				}
				want := goRun(t, "testdata/gorun", c.input, c.program, args...)
				got := kairosRun(t, "testdata/gorun", c.input, c.program, args...)
				if d := cmp.Diff(alike(want), alike(got)); d != "" {
					t.Errorf("go run (-), kairos run (+):\n%s", d)
				}
			})
		}
	}
}

// TestWrongLikeGoRun runs programs that do not compile both ways.
func TestWrongLikeGoRun(t *testing.T) {
	dir := unpack(t, "testdata/wrong.txtar")
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	programs := []string{"missing.go", filepath.Join("..", filepath.Base(dir), "types.go"), filepath.Join(dir, "types.go")}
	for _, path := range files {
		programs = append(programs, filepath.Base(path))
	}
	for _, program := range programs {
		t.Run(filepath.Base(program), func(t *testing.T) {
			want := goRun(t, dir, "", program)
			got := kairosRun(t, dir, "", program)
			if d := cmp.Diff(alike(want), alike(got)); d != "" {
				t.Errorf("go run (-), kairos run (+):\n%s", d)
			}
			if want.Status != 1 {
				t.Errorf("go run ends with status %d", want.Status)
			}
		})
	}
}

// unpack writes the files of an archive to a new directory.
func unpack(t *testing.T, archive string) string {
	t.Helper()
	a, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range a.Files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
