package check

import (
	"bytes"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// TestFiles checks the programs of testdata/modules, whose first line has the arguments. Of a program that is right, the
// file packages tells the order; of one that is wrong, the file want what is said, or else it is what go run says.
func TestFiles(t *testing.T) {
	archives, err := filepath.Glob("testdata/modules/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no modules", err)
	}
	for _, path := range archives {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			files := unpack(t, a)
			line, _, _ := strings.Cut(string(a.Comment), "\n")
			args := strings.Fields(line)
			p, err := Files(token.NewFileSet(), args...)
			if err == nil {
				if d := cmp.Diff(files["packages"], packages(p)); d != "" {
					t.Errorf("packages, want (-), got (+):\n%s", d)
				}
				return
			}
			want, ok := files["want"]
			if !ok {
				want = goRun(t, args)
			}
			if d := cmp.Diff(want, err.Error()+"\n"); d != "" {
				t.Errorf("want (-), got (+):\n%s", d)
			}
		})
	}
}

// unpack writes an archive to a new directory, which becomes the current one, and returns its files.
func unpack(t *testing.T, a *txtar.Archive) map[string]string {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	files := map[string]string{}
	for _, f := range a.Files {
		if err := os.MkdirAll(filepath.Dir(f.Name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.Name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
		files[f.Name] = strings.ReplaceAll(string(f.Data), "$DIR", dir)
	}
	return files
}

// goRun returns what go run says of a program that is wrong.
func goRun(t *testing.T, args []string) string {
	var out bytes.Buffer
	cmd := exec.Command("go", append([]string{"run"}, args...)...)
	cmd.Stderr = &out
	if err := cmd.Run(); err == nil {
		t.Error("go run runs it")
	}
	return out.String()
}

// packages lists the packages of a program, and the files of main.
func packages(p *Program) string {
	var b strings.Builder
	for _, pkg := range p.Packages {
		b.WriteString(pkg.Types.Path())
		if pkg == p.Main() {
			b.WriteString(":")
			for _, f := range pkg.Files {
				b.WriteString(" " + p.Fset.Position(f.Pos()).Filename)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestSplit(t *testing.T) {
	for _, c := range []struct{ args, program string }{
		{"", ""}, {"a.go", "a.go"}, {"a.go b.go x c.go", "a.go b.go"}, {". a.go", "."}, {"dir", "dir"},
	} {
		program, rest := Split(strings.Fields(c.args))
		if strings.Join(program, " ") != c.program || len(program)+len(rest) != len(strings.Fields(c.args)) {
			t.Errorf("%q: %q and %q", c.args, program, rest)
		}
	}
}
