package script_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the expectations of TestEveryday anew, by go run")

const everyday = "testdata/everyday.txtar"

// TestEveryday runs small programs of the kind people write, and compares with what go run printed for them when the
// file was made. A program is refused in words, or it prints what go run prints: there is no third way.
func TestEveryday(t *testing.T) {
	archive, err := txtar.ParseFile(everyday)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		updateEveryday(t, archive)
		return
	}
	dir := unpack(t, everyday)
	programs, accepted := 0, 0
	for i, f := range archive.Files {
		name, isProgram := strings.CutSuffix(f.Name, ".go")
		if !isProgram {
			continue
		}
		programs++
		want := archive.Files[i+1]
		if want.Name == name+".out" {
			accepted++
		}
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(string(want.Data), kairosRun(t, dir, "", f.Name).text()); d != "" {
				t.Errorf("%s (-), kairos run (+):\n%s", want.Name, d)
			}
		})
	}
	t.Logf("%d programs, %d accepted", programs, accepted)
}

// text is the form in which testdata holds an outcome: file names are without their directory.
func (o outcome) text() string {
	errs := directory.ReplaceAllString(alike(o).Stderr, "\t")
	return fmt.Sprintf("%s%sstatus %d\n", o.Stdout, errs, o.Status)
}

var directory = regexp.MustCompile(`(?m)^\t/\S*/`)

// updateEveryday writes the archive anew. It fails for programs that are wrong and not refused.
func updateEveryday(t *testing.T, archive *txtar.Archive) {
	path, err := filepath.Abs(everyday) // kairosRun changes the directory
	if err != nil {
		t.Fatal(err)
	}
	dir := unpack(t, everyday)
	programs := archive.Files
	archive.Files = nil
	for _, f := range programs {
		name, isProgram := strings.CutSuffix(f.Name, ".go")
		if !isProgram {
			continue
		}
		got, want := kairosRun(t, dir, "", f.Name).text(), goRun(t, dir, "", f.Name).text()
		kind := ".out"
		switch {
		case got == want:
		case strings.Contains(got, "kairos cannot interpret this yet"):
			kind, want = ".refused", got
		default:
			t.Errorf("%s: go run (-), kairos run (+):\n%s", f.Name, cmp.Diff(want, got))
		}
		archive.Files = append(archive.Files, f, txtar.File{Name: name + kind, Data: []byte(want)})
	}
	if err := os.WriteFile(path, txtar.Format(archive), 0o666); err != nil {
		t.Fatal(err)
	}
}
