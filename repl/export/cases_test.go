package export_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kairos/repl/conformance/cells"
	"kairos/repl/export"
	"kairos/stdlib/symbols/typedata"
)

var (
	all  = flag.Bool("all", false, "compile and run the programs of all cases, and not of a sample")
	only = flag.String("case", "", "take only cases whose archive/name match the `regexp`")
	dump = flag.String("dump", "", "write all programs into the `directory`")
)

// sample is how many cases one is compiled of, unless with -all.
const sample = 10

// exported is the program of a case.
type exported struct {
	id, src string
	c       cells.Case
}

// exportAll makes programs of all cases. Cells that fail are left out.
func exportAll(t *testing.T) (list []exported, refused map[string]*export.Error) {
	t.Helper()
	cases, err := cells.Load("../testdata/cells")
	if err != nil {
		t.Fatal(err)
	}
	match := regexp.MustCompile(*only)
	importer := typedata.NewImporter()
	refused = map[string]*export.Error{}
	for _, c := range cases {
		id := strings.TrimSuffix(c.Archive, ".txtar") + "/" + c.Name
		if !match.MatchString(id) {
			continue
		}
		texts, cfg := succeeding(c)
		cfg.Importer = importer
		src, err := export.Program(texts, cfg)
		if err != nil {
			refused[id] = err.(*export.Error)
			continue
		}
		list = append(list, exported{id, src, c})
	}
	for _, e := range list {
		if *dump != "" {
			os.WriteFile(filepath.Join(*dump, binary(e.id)+".go"), []byte(e.src), 0o666)
		}
	}
	return list, refused
}

// succeeding returns the cells of a case that do not fail.
func succeeding(c cells.Case) (texts []string, cfg export.Config) {
	for i, text := range c.Cells {
		if c.Fails[i+1] == "" {
			texts = append(texts, text)
			cfg.Numbers = append(cfg.Numbers, i+1)
		}
	}
	return texts, cfg
}

// TestRoundTrip takes each program apart and makes it again.
func TestRoundTrip(t *testing.T) {
	list, _ := exportAll(t)
	importer := typedata.NewImporter()
	for _, e := range list {
		parts, err := export.Cells(e.src)
		if err != nil {
			t.Errorf("%s: %v\n%s", e.id, err, e.src)
			continue
		}
		again, err := export.Program(parts, export.Config{Importer: importer})
		if err != nil {
			t.Errorf("%s: %v\n%s\ncells:\n%s", e.id, err, e.src, strings.Join(parts, "\n// %%\n"))
			continue
		}
		if d := cmp.Diff(e.src, again); d != "" {
			t.Errorf("%s: once (-), twice (+):\n%s", e.id, d)
		}
	}
	t.Logf("%d programs", len(list))
}

// unlike are the cases that are refused, and why.
var unlike = map[string]string{
	"redefinition/method":      "it redefines the method Point.String, which cells before it use",
	"redefinition/methodgrows": "it redefines the method Cat.String, which cells before it use",
}

// renamed are types whose new names show.
var renamed = map[string]*strings.Replacer{
	"redefinition/typeidentity": strings.NewReplacer("main.T1", "main.T"),
}

// TestRefused has no case refused without a reason.
func TestRefused(t *testing.T) {
	list, refused := exportAll(t)
	for id, err := range refused {
		if why := unlike[id]; why == "" || !strings.Contains(err.Msg, why) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if *only == "" && len(refused) != len(unlike) {
		t.Errorf("%d cases refused, want %d", len(refused), len(unlike))
	}
	t.Logf("%d programs, %d refused", len(list), len(refused))
}

// TestOutput compiles programs and compares what they print with what the cells printed. Where a cell panicked there is
// nothing to compare with.
func TestOutput(t *testing.T) {
	list, _ := exportAll(t)
	programs := map[string]exported{}
	cfg := export.Config{Importer: typedata.NewImporter()}
	for i, e := range list {
		if (*all || *only != "" || i%sample == 0) && !panics(e.c, cfg) {
			programs[e.id] = e
		}
	}
	bin := build(t, programs)
	for id, e := range programs {
		got, errs, err := execute(t, filepath.Join(bin, binary(id)))
		if err != nil {
			t.Errorf("%s: %v\n%s", id, err, errs)
		}
		if r := renamed[id]; r != nil {
			got = r.Replace(got)
		}
		if d := cmp.Diff(printed(e.c.Out), got); d != "" {
			t.Errorf("%s: cells (-), program (+):\n%s\n%s", id, d, e.src)
		}
	}
	t.Logf("%d programs", len(programs))
}

// panics reports whether a cell that fails compiles, so that it has done something before.
func panics(c cells.Case, cfg export.Config) bool {
	var texts []string
	for i, text := range c.Cells {
		if _, err := export.Program(append(slices.Clip(texts), text), cfg); err == nil {
			if c.Fails[i+1] != "" {
				return true
			}
			texts = append(texts, text)
		}
	}
	return false
}

var outLine = regexp.MustCompile(`(?m)^Out\[\d+\]: (.*)$`)

// printed is what the values of cells look like that package cell shows.
func printed(out string) string {
	return outLine.ReplaceAllStringFunc(out, func(line string) string {
		value := outLine.FindStringSubmatch(line)[1]
		if text, err := strconv.Unquote(value); err == nil {
			return text
		}
		return value
	})
}

func binary(id string) string { return "case_" + strings.ReplaceAll(id, "/", "_") }

// build compiles the programs all at once, as packages of this module that exist only for the go command.
func build(t *testing.T, programs map[string]exported) (bin string) {
	t.Helper()
	dir := t.TempDir()
	bin = filepath.Join(dir, "bin")
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	args := []string{"build", "-overlay", filepath.Join(dir, "overlay.json"), "-ldflags=-s -w", "-o", bin + "/"}
	for id, e := range programs {
		real := filepath.Join(dir, binary(id)+".go")
		if err := os.WriteFile(real, []byte(e.src), 0o666); err != nil {
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
