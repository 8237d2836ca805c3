package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"kairos/repl/script"
	"kairos/stdlib/symbols"
)

// child has this test binary run a script, as kairos run does.
const child = "KAIROS_TEST_SCRIPT"

func TestMain(m *testing.M) {
	if os.Getenv(child) != "" {
		os.Unsetenv(child)
		if !script.Check(os.Args[1:2], script.Config{}, os.Stderr) {
			os.Exit(1)
		}
		os.Exit(script.Run(os.Args[1:2], os.Args[2:], script.Config{Lookup: symbols.Pure().Lookup}))
	}
	os.Exit(m.Run())
}

var update = flag.Bool("update", false, "write the expectations of TestFound anew, by go run")

// TestFound runs programs that once differed. Beside each is what go run printed for it when the archive was made.
func TestFound(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range archives {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			expect(t, path, a)
		}
		for i, f := range a.Files {
			name, isProgram := strings.CutSuffix(f.Name, ".go")
			if !isProgram {
				continue
			}
			t.Run(name, func(t *testing.T) {
				if d := cmp.Diff(string(a.Files[i+1].Data), kairosRun(t, f)); d != "" {
					t.Errorf("go run (-), kairos run (+):\n%s", d)
				}
			})
		}
	}
}

func write(t *testing.T, f txtar.File) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), f.Name)
	if err := os.WriteFile(path, f.Data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// kairosRun returns all that a program prints.
func kairosRun(t *testing.T, f txtar.File) string {
	t.Helper()
	cmd := exec.Command(self(t), write(t, f))
	cmd.Env = append(script.Environ(os.Environ()), child+"=1")
	return all(cmd)
}

func all(cmd *exec.Cmd) string {
	out, err := cmd.CombinedOutput()
	if err != nil {
		out = fmt.Appendf(out, "%v\n", err)
	}
	return string(out)
}

func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// expect writes an archive with what go run prints.
func expect(t *testing.T, path string, a *txtar.Archive) {
	t.Helper()
	programs := a.Files
	a.Files = nil
	for _, f := range programs {
		if name, isProgram := strings.CutSuffix(f.Name, ".go"); isProgram {
			want := all(exec.Command("go", "run", write(t, f)))
			a.Files = append(a.Files, f, txtar.File{Name: name + ".out", Data: []byte(want)})
		}
	}
	if err := os.WriteFile(path, txtar.Format(a), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestGenerate makes programs: always the same of a seed, and nearly all of them valid.
func TestGenerate(t *testing.T) {
	const n = 60
	invalid := 0
	for seed := range uint64(n) {
		p := generate(seed, "_p1")
		if p.text() != generate(seed, "_p1").text() {
			t.Fatalf("seed %d: not the same again", seed)
		}
		if valid(p) != nil {
			invalid++
		}
	}
	if invalid > n/5 {
		t.Errorf("%d of %d programs are not valid", invalid, n)
	}
}

// TestDifferential runs a few new programs both ways, and one that ends the process in the middle.
func TestDifferential(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the Go compiler")
	}
	t.Setenv(child, "")
	r := &runner{kairos: "env " + child + "=1 " + self(t), dir: t.TempDir(), timeout: time.Minute}
	programs := []*program{
		{suffix: "_exit", body: []string{`fmt.Println("one")`, `if os.Args[0] != "" { os.Exit(0) }`}},
	}
	for seed := uint64(1); len(programs) < 30; seed++ {
		if p := generate(seed, fmt.Sprintf("_p%d", seed)); valid(p) == nil {
			programs = append(programs, p)
		}
	}
	list, err := r.run(programs[1:])
	if err != nil || len(list) != len(programs)-1 {
		t.Fatalf("%d results, error %v", len(list), err)
	}
	for _, res := range list {
		if !res.same() && !res.program.loose {
			t.Errorf("%s: compiled (-), kairos (+):\n%s", res.program.name(), cmp.Diff(res.want, res.got))
		}
	}
	list, err = r.runKairos(programs[:3])
	if err != nil || list[0].got == "" || list[2].got == "" {
		t.Errorf("after a program that exits: %v, error %v", list, err)
	}
}

// TestReduce makes a program small that kairos does not take.
func TestReduce(t *testing.T) {
	r := &runner{kairos: refuser(t), dir: t.TempDir(), timeout: time.Minute}
	p := &program{suffix: "_p1", decls: []string{"type T_p1 struct{ a, b int }", "func f_p1() int { return 1 }"}, body: []string{
		"x := T_p1{1, f_p1()}", "_ = x", "for range 3 {", "x.a++", `fmt.Println("needle", x)`, "}", "show(\"x\", x)",
	}}
	list, err := r.runKairos([]*program{p})
	if err != nil {
		t.Fatal(err)
	}
	got := r.reduce(list[0])
	want := "func run_p1() {\n\tfmt.Println(\"needle\")\n}\n"
	if strings.TrimSpace(got.program.source) != strings.TrimSpace(want) {
		t.Errorf("reduced to:\n%s", got.program.source)
	}
}

// refuser is a command that takes no program with a needle in it.
func refuser(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "refuser")
	code := "#!/bin/sh\nif grep -q '\"needle\"' \"$1\"; then echo no >&2; exit 1; fi\nshift\nfor n; do echo \"=== $n\"; done\necho === end\n"
	if err := os.WriteFile(path, []byte(code), 0o777); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestTemplate fills every feature in.
func TestTemplate(t *testing.T) {
	for i, text := range features {
		if bytes.Count([]byte(text), []byte("«")) != bytes.Count([]byte(text), []byte("»")) {
			t.Errorf("feature %d: a hole does not end", i)
		}
		ok := 0
		for seed := range uint64(10) {
			if err := valid(only(seed, text)); err == nil {
				ok++
			} else if seed == 9 && ok == 0 {
				t.Errorf("feature %d is never valid: %v\n%s", i, err, text)
			}
		}
	}
}
