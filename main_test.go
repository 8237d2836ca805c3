package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kairos/repl/worker"
)

// asMain has this test binary be kairos: what run starts is the executable it runs in.
const asMain = "KAIROS_TEST_MAIN"

func TestMain(m *testing.M) {
	if len(os.Args) == 5 && os.Args[1] == worker.EmbedFlag {
		if err := embedAsWorker(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if os.Getenv(asMain) != "" {
		main()
	}
	os.Setenv(asMain, "1")
	os.Exit(m.Run())
}

// kairos runs a command line.
func kairos(input string, args ...string) (status int, out, errs string) {
	var o, e bytes.Buffer
	status = run(args, worker.Streams{In: strings.NewReader(input), Out: &o, Err: &e})
	return status, o.String(), e.String()
}

// write writes a script to a new file.
func write(t *testing.T, src string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.go")
	if err := os.WriteFile(path, []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRun(t *testing.T) {
	path := write(t, `package main

import ("bufio"; "fmt"; "os"; "path/filepath"; "kairos/stdlib/matrix")

func main() {
	in, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	fmt.Println(filepath.Base(os.Args[0]), os.Args[1:], in, matrix.New(1, 2).Data)
	os.Exit(3)
}`)
	status, out, errs := kairos("input", "run", path, "-a", "--", "--help")
	if status != 1 || out != "x [-a -- --help] input [0 0]\n" || errs != "exit status 3\n" {
		t.Errorf("status %d, out %q, err %q", status, out, errs)
	}
}

func TestRunRefusals(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct{ name, src, want string }{
		{"wrong.go", "package main\nfunc main() { x := 1 }", "# command-line-arguments\n./wrong.go:2:15: declared and not used: x\n"},
		{"torch.go", "package main\nimport _ \"kairos/stdlib/model\"\nfunc main() {}", "./torch.go:2:10: import \"kairos/stdlib/model\" needs libtorch: there is no kairos-worker"},
		{"refused.go", "package main\nimport \"runtime\"\nfunc main() { runtime.Caller(0) }", "./refused.go:3:23: kairos cannot interpret this yet: "},
	} {
		if err := os.WriteFile(c.name, []byte(c.src), 0o666); err != nil {
			t.Fatal(err)
		}
		status, out, errs := kairos("", "run", c.name)
		if status != 1 || out != "" || !strings.HasPrefix(errs, c.want) {
			t.Errorf("%s: status %d, out %q, err %q", c.name, status, out, errs)
		}
	}
	if status, _, errs := kairos("", "run", "missing.go"); status != 1 || errs != "stat missing.go: no such file or directory\n" {
		t.Errorf("missing file: status %d, err %q", status, errs)
	}
	t.Setenv(worker.Env, "/nonexistent")
	if status, _, errs := kairos("", "run", "wrong.go"); status != 1 || !strings.HasPrefix(errs, "kairos: worker: find $KAIROS_WORKER: ") {
		t.Errorf("missing worker: status %d, err %q", status, errs)
	}
}

func TestCells(t *testing.T) {
	status, out, errs := kairos("x := 20\n// %%\nfmt.Println(x)\nx + 1\n// %%\n[]int{}[x]\n// %%\nx")
	if want := "panic: runtime error: index out of range [20] with length 0\n"; status != 1 || out != "20\n21\n" || !strings.HasPrefix(errs, want) {
		t.Errorf("status %d, out %q, err %q", status, out, errs)
	}
}

// A program that parses its command line and was exported to a notebook finds none there, and can run again.
func TestCommandLineOfCells(t *testing.T) {
	cell := "size := flag.String(\"size\", \"tiny\", \"\")\nflag.Parse()\nfmt.Println(os.Args, *size)"
	status, out, errs := kairos(cell + "\n// %%\n" + cell)
	if want := "[kairos] tiny\n"; status != 0 || out != want+want {
		t.Errorf("status %d, out %q, err %q", status, out, errs)
	}
}

func TestEnv(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("KAIROS_CACHE", dir)
	t.Setenv("LIBTORCH", "")
	status, out, errs := kairos("", "env")
	if status != 1 || out != "" || !strings.Contains(errs, "kairos fetch libtorch") {
		t.Errorf("without libtorch: status %d, out %q, err %q", status, out, errs)
	}
	for s, want := range map[string]string{"a b": "'a b'", "it's $HOME": `'it'\''s $HOME'`} {
		if got := shellQuote(s); got != want {
			t.Errorf("shellQuote(%q) = %s", s, got)
		}
	}
}

func TestDoctorAndFetch(t *testing.T) {
	t.Setenv("KAIROS_CACHE", t.TempDir())
	if status, out, _ := kairos("", "doctor"); status != 1 || !strings.Contains(out, "kairos fetch ") {
		t.Errorf("doctor of an empty cache: status %d, out %q", status, out)
	}
	if status, _, errs := kairos("", "fetch", "no-such-thing"); status != 1 || !strings.Contains(errs, "no-such-thing") {
		t.Errorf("fetch of nothing: status %d, err %q", status, errs)
	}
}

func TestCommandLine(t *testing.T) {
	status, out, _ := kairos("", "version")
	if status != 0 || !strings.HasPrefix(out, "kairos ") || !strings.Contains(out, " go1.") {
		t.Errorf("version: status %d, out %q", status, out)
	}
	status, out, _ = kairos("", "--help")
	if status != 0 || !strings.Contains(out, "run <program> ...") || strings.Contains(out, "script") {
		t.Errorf("help: status %d, out %q", status, out)
	}
	for _, args := range [][]string{{"run"}, {"brew"}, {"version", "-x"}} {
		if status, _, errs := kairos("", args...); status != 1 || !strings.HasPrefix(errs, "kairos: ") {
			t.Errorf("%q: status %d, err %q", args, status, errs)
		}
	}
}

// TestStart: the front is pure Go, and quick to start.
func TestStart(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "kairos")
	build := exec.Command("go", "build", "-o", bin, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build without cgo: %v\n%s", err, out)
	}
	best := time.Hour
	for range 5 {
		start := time.Now()
		if out, err := exec.Command(bin, "version").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		best = min(best, time.Since(start))
	}
	t.Logf("kairos version takes %v", best)
	if best > 50*time.Millisecond {
		t.Errorf("kairos version takes %v, want at most 50ms", best)
	}
}

func TestExport(t *testing.T) {
	script := write(t, "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(1 + 2) }\n")
	notebook := strings.TrimSuffix(script, ".go") + ".ipynb"
	if status, out, errs := kairos("", "export", script); status != 0 || out != "wrote "+notebook+"\n" || errs != "" {
		t.Fatalf("%d, %q, %q", status, out, errs)
	}
	if status, _, errs := kairos("", "export", notebook); status != 1 || !strings.Contains(errs, "there is a file "+script+" already") {
		t.Errorf("over what is there: %d, %q", status, errs)
	}
	if status, _, errs := kairos("", "export", "-f", notebook); status != 0 || errs != "" {
		t.Errorf("forced: %d, %q", status, errs)
	}
	if status, out, errs := kairos("", "run", script); status != 0 || out != "3\n" {
		t.Errorf("what came back: %d, %q, %q", status, out, errs)
	}
	if status, _, errs := kairos("", "export", os.Args[0]); status != 1 || !strings.Contains(errs, "want a notebook") {
		t.Errorf("of a binary: %d, %q", status, errs)
	}
}

func TestKernelInstall(t *testing.T) {
	dir := t.TempDir()
	where := filepath.Join(dir, "share", "jupyter", "kernels", "kairos")
	if status, out, errs := kairos("", "kernel", "install", "--prefix", dir); status != 0 || out != "installed the kernel kairos in "+where+"\n" {
		t.Errorf("%d, %q, %q", status, out, errs)
	}
	if status, out, errs := kairos("", "kernel", "uninstall", "--prefix", dir); status != 0 || out != "removed "+where+"\n" {
		t.Errorf("%d, %q, %q", status, out, errs)
	}
	t.Setenv("VIRTUAL_ENV", "")
	t.Setenv("CONDA_PREFIX", "")
	if status, _, errs := kairos("", "kernel", "install", "--sys-prefix"); status != 1 || !strings.Contains(errs, "no virtual environment is active") {
		t.Errorf("%d, %q", status, errs)
	}
}
