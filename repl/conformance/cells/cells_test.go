package cells_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"go/importer"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kairos/repl/conformance/cells"
)

var (
	update  = flag.Bool("update", false, "write what the compiled programs print into the archives")
	compile = flag.Bool("compile", false, "compile every case and compare with the archives")
	only    = flag.String("case", "", "compile only cases whose archive/name match the `regexp`")
)

const archives = "../../testdata/cells"

// TestTruth has every case in a form of which compiled Go tells what it prints, and with -compile or -update it does so.
func TestTruth(t *testing.T) {
	all, err := cells.Load(archives)
	if err != nil {
		t.Fatal(err)
	}
	match := regexp.MustCompile(*only)
	imports := importer.ForCompiler(token.NewFileSet(), "gc", exports{}.open)
	programs := map[string]string{} // archive/name -> source
	cases := map[string]cells.Case{}
	for _, c := range all {
		id := strings.TrimSuffix(c.Archive, ".txtar") + "/" + c.Name
		if !match.MatchString(id) {
			continue
		}
		src, err := c.Program(imports)
		if err != nil {
			t.Errorf("%s: %v\n%s", id, err, src)
			continue
		}
		if c.Go == "" && strings.Contains(src, "Out[%d]") != (c.Archive == "values.txtar") {
			t.Errorf("%s: a cell has a value, and is not in values.txtar; or the other way round", id)
		}
		programs[id], cases[id] = src, c
	}
	t.Logf("%d cases, %d cells that fail", len(all), failing(all))
	if *update || *compile {
		judge(t, programs, cases)
	}
}

// exports are the files with the compiler's description of packages.
type exports map[string]string

// open finds a package as the go command does, so also one of this module or that it needs.
func (e exports) open(path string) (io.ReadCloser, error) {
	if e[path] == "" {
		out, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}", path).Output()
		if err != nil {
			return nil, fmt.Errorf("go list %s: %w", path, err)
		}
		for line := range strings.Lines(string(out)) {
			name, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
			e[name] = file
		}
	}
	return os.Open(e[path])
}

func failing(all []cells.Case) int {
	n := 0
	for _, c := range all {
		n += len(c.Fails)
	}
	return n
}

// judge compiles the programs and runs them.
func judge(t *testing.T, programs map[string]string, cases map[string]cells.Case) {
	bin := build(t, programs)
	outputs := map[string]map[string]string{}
	for id, c := range cases {
		got, errs, err := execute(t, filepath.Join(bin, binary(id)))
		if err != nil {
			t.Errorf("%s: %v\n%s", id, err, errs)
			continue
		}
		for n, message := range c.Fails {
			line := regexp.MustCompile(fmt.Sprintf(`(?m)^%d: .*$`, n)).FindString(errs)
			if line != "" && !strings.Contains(line, message) {
				t.Errorf("%s: cell %d panics with %q, want %q", id, n, line, message)
			}
		}
		if *update {
			if outputs[c.Archive] == nil {
				outputs[c.Archive] = map[string]string{}
			}
			outputs[c.Archive][c.Name] = got
		} else if d := cmp.Diff(c.Out, got); d != "" {
			t.Errorf("%s: archive (-), compiled (+):\n%s", id, d)
		}
	}
	for archive, out := range outputs {
		if err := cells.Update(filepath.Join(archives, archive), out); err != nil {
			t.Error(err)
		}
	}
}

// binary names the program of a case.
func binary(id string) string { return "case_" + strings.ReplaceAll(id, "/", "_") }

// build compiles the programs all at once, as packages of this module that exist only for the go command.
func build(t *testing.T, programs map[string]string) (bin string) {
	dir := t.TempDir()
	bin = filepath.Join(dir, "bin")
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	args := []string{"build", "-overlay", filepath.Join(dir, "overlay.json"), "-ldflags=-s -w", "-o", bin + "/"}
	for id, src := range programs {
		real := filepath.Join(dir, binary(id)+".go")
		if err := os.WriteFile(real, []byte(src), 0o666); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(here, binary(id), "main.go")] = real
		args = append(args, "./"+binary(id))
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), data, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

// execute runs a program in an empty directory.
func execute(t *testing.T, path string) (stdout, stderr string, err error) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, path)
	cmd.Dir, cmd.Stdout, cmd.Stderr = t.TempDir(), &out, &errs
	err = cmd.Run()
	return out.String(), errs.String(), err
}
