// Package script runs a saved Go file as go run would: what it prints, what it returns and how it fails.
//
//	Check     finds what is wrong with a file without running it
//	Run       runs a file in this process
//	Environ   is the environment such a process needs
//
// A file passes through repl/check (every error by Go's own rules), repl/lower (into what yaegi executes faithfully, the
// rest refused) and yaegi. Package worker starts the process that calls Run.
//
// Known differences from go run: the text of index errors names no index, panics raised while another is on its way
// show only the last, and syntax errors are worded as gofmt words them.
package script

import (
	"errors"
	"flag"
	"fmt"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/traefik/yaegi/interp"

	"kairos/repl/check"
	"kairos/repl/lower"
	"kairos/repl/lower/rt"
)

// Config is what a script can use.
type Config struct {
	// Symbols returns the packages that can be imported, in the form that yaegi's Use takes. Check does not call it.
	Symbols func() map[string]map[string]reflect.Value
	// NoTorch, if not empty, says why packages that need libtorch cannot be imported, and what to do.
	NoTorch string
}

// A crash that Go's runtime itself reports should show what happened and not the interpreter's stack. The runtime reads
// how much to show from this variable when a process starts.
const traceback, brief = "GOTRACEBACK", "none"

// Environ returns env as a process should have it that calls Run. Run hides from the script what is added.
func Environ(env []string) []string {
	for _, v := range env {
		if strings.HasPrefix(v, traceback+"=") {
			return env // someone wants to see more
		}
	}
	return append(slices.Clip(env), traceback+"="+brief)
}

// Check reports on w all that keeps the file at path from running, as go run would, and whether there was nothing.
func Check(path string, cfg Config, w io.Writer) bool {
	_, err := load(token.NewFileSet(), path, cfg)
	if err != nil {
		fmt.Fprintln(w, err)
	}
	return err == nil
}

// Run runs the file at path with the arguments args in this process, which must have nothing else to do: the script
// owns os.Args, the command-line flags, the standard streams and the exit. It returns when main returns, with status 0,
// or with status 1 when the file cannot be run, having said why on standard error. A script that calls os.Exit or
// panics ends the process.
func Run(path string, args []string, cfg Config) int {
	if err := run(path, args, cfg); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func run(path string, args []string, cfg Config) error {
	in := interp.New(interp.Options{Unrestricted: true, Stderr: io.Discard})
	prog, err := load(in.FileSet(), path, cfg)
	if err != nil {
		return err
	}
	if err := use(in, cfg.Symbols()); err != nil {
		return err
	}
	compiled, err := compile(in, prog)
	if err != nil {
		return err
	}
	end := newCrash(prog)
	if err := instrument(compiled, end.uncaught); err != nil {
		return err
	}
	takeProcess(path, args)
	_, err = in.Execute(compiled)
	return end.of(err)
}

// load reads, checks and lowers a file.
func load(fset *token.FileSet, path string, cfg Config) (*check.Program, error) {
	src, err := readSource(path)
	if err != nil {
		return nil, err
	}
	prog, err := check.Script(fset, displayName(path), src)
	if err != nil {
		return nil, err
	}
	if cfg.NoTorch != "" {
		if err := needsTorch(prog, cfg.NoTorch); err != nil {
			return nil, err
		}
	}
	if err := lower.Program(prog); err != nil {
		return nil, err
	}
	return prog, nil
}

// readSource reads a file that go run would take for a program.
func readSource(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("stat %s: no such file or directory", path)
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory: kairos runs programs of one file", path)
	case filepath.Ext(path) != ".go":
		return nil, fmt.Errorf("%s is not a Go file: its name must end in .go", path)
	}
	return os.ReadFile(path)
}

// displayName is how the compiler names a file: relative to the current directory if that is shorter, and with ./ in it.
func displayName(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	wd, err := os.Getwd()
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(wd, abs)
	if err != nil || len(rel) >= len(abs) {
		return abs
	}
	if filepath.Base(rel) == rel {
		return "./" + rel
	}
	return rel
}

// use gives the interpreter its packages. Under the key "fmt/fmt" yaegi would take package fmt as the sign to put its
// own streams, arguments and exit in place of the process's; a script has the process to itself.
func use(in *interp.Interpreter, symbols map[string]map[string]reflect.Value) error {
	symbols["fmt//fmt"] = symbols["fmt/fmt"]
	delete(symbols, "fmt/fmt")
	if err := in.Use(symbols); err != nil {
		return err
	}
	return in.Use(rt.Symbols())
}

// takeProcess makes the process that of the script.
func takeProcess(path string, args []string) {
	name := strings.TrimSuffix(path, ".go")
	if abs, err := filepath.Abs(name); err == nil {
		name = abs
	}
	os.Args = append([]string{name}, args...)
	flag.CommandLine = flag.NewFlagSet(name, flag.ExitOnError)
	flag.CommandLine.Usage = func() { flag.Usage() }
	if os.Getenv(traceback) == brief {
		os.Unsetenv(traceback)
	}
}
