package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// A small tree of programs. The binary under test is a script that knows their names, so that the tests build nothing.
const tree = `
-- test/pass.go --
// run

package main

func main() { print("fine\n") }
-- test/pass.out --
fine
-- test/sub/refused.go --
//go:build !plan9
// run

package main
-- test/late.go --
// run

package main
-- test/wrong.go --
// run

package main

import "fmt"

func main() { fmt.Println("two") }
-- test/status.go --
// run

package main

import "os"

func main() { println("on standard error"); os.Exit(3) }
-- test/lower.go --
// run

package main

import "runtime/debug"
-- test/runner.go --
// run

package main

const name = "STDLIB_IMPORTCFG"
-- test/flags.go --
// run -race

package main
-- test/elsewhere.go --
// run

//go:build ignore

package main
-- test/more.dir/main.go --
// run

package main
-- kairos --
#!/bin/sh
case "$2" in
pass.go) echo fine ;;
sub/refused.go)
	echo './refused.go:7:2: kairos cannot interpret this yet: a call of frob; call knob' >&2
	echo './refused.go:9:2: kairos cannot interpret this yet: a call of twist; call knob' >&2
	exit 1 ;;
late.go)
	echo begun
	echo './late.go:7:2: kairos cannot interpret this: reflect: call of Value.Complex' >&2
	echo 'exit status 1' >&2
	exit 1 ;;
wrong.go) echo one ;;
status.go) echo 'on standard error' >&2; echo 'exit status 3' >&2; exit 1 ;;
esac
-- lists/passing.txt --
late.go
pass.go
`

func unpack(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(tree)).Files {
		path := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func conformance(t *testing.T, dir string, args ...string) (out string, ok bool) {
	t.Helper()
	var stdout, stderr strings.Builder
	ok, err := run(t.Context(), append([]string{
		"-kairos", filepath.Join(dir, "kairos"), "-tree", filepath.Join(dir, "test"),
		"-lists", filepath.Join(dir, "lists"), "-cache", filepath.Join(dir, "cache"),
	}, args...), &stdout, &stderr)
	if err != nil {
		t.Fatal(err, stderr.String())
	}
	return stdout.String(), ok
}

func TestConformance(t *testing.T) {
	dir := unpack(t)
	got, ok := conformance(t, dir)
	want := `
refused
  sub/refused.go  ./refused.go:7:2: kairos cannot interpret this yet: a call of frob; call knob

late
  late.go  ./late.go:7:2: kairos cannot interpret this: reflect: call of Value.Complex

wrong
  wrong.go  prints something else: line 1: want "two\n", got "one\n"

refused or late, by construct
  programs  only this  construct
  1         0          a call of frob
  1         0          a call of twist
  1         1          reflect: call of X

5 programs: 2 passed, 1 refused, 1 late, 1 wrong
	1 wrong: prints something else

1 pass and could be added to passing.txt (-update)
  status.go

1 of passing.txt no longer pass
  late.go  late: ./late.go:7:2: kairos cannot interpret this: reflect: call of Value.Complex
`
	if got != want || ok {
		t.Errorf("ok %v, got\n%s\nwant false and\n%s", ok, got, want)
	}
	if kept, _ := filepath.Glob(filepath.Join(dir, "cache", "*.json")); len(kept) != 2 {
		t.Errorf("go run is remembered for %d programs, want 2", len(kept))
	}
}

func TestUpdate(t *testing.T) {
	dir := unpack(t)
	lists := filepath.Join(dir, "lists")
	if _, ok := conformance(t, dir, "-update", "-run", "late|pass|status"); ok {
		t.Error("late.go no longer passes, and nothing is said")
	}
	for name, want := range map[string][]string{
		passingFile: {"late.go", "pass.go", "status.go"}, // nothing is taken off
		sampleFile:  {"pass.go", "status.go"},
	} {
		list, err := readList(lists, name)
		if err != nil || !slices.Equal(list, want) {
			t.Errorf("%s holds %v, %v; want %v", name, list, err, want)
		}
	}
	if got, ok := conformance(t, dir, "-sample", "-v"); !ok || !strings.Contains(got, "2 programs: 2 passed") {
		t.Errorf("the sample: ok %v\n%s", ok, got)
	}
}

func TestWithoutPrograms(t *testing.T) {
	if _, err := findPrograms(filepath.Join(t.TempDir(), "test")); err == nil || !strings.Contains(err.Error(), "comes without Go's own test programs") {
		t.Errorf("got %v", err)
	}
}

func TestConstruct(t *testing.T) {
	for message, want := range map[string]string{
		"_List is generic; write it for a concrete type":             "X is generic",
		"whether a value has the methods of I2; name concrete types": "whether a value has the methods of X",
		"cannot assign to %!s(int=524288) (int constant)":            "cannot assign to X(X) (int constant)",
	} {
		if got := construct(message); got != want {
			t.Errorf("construct(%q) = %q, want %q", message, got, want)
		}
	}
}
