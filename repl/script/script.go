// Package script runs saved Go programs as go run does: it takes the same files, says the same about what is wrong with
// them, and ends as they would.
//
//	Check     reports everything that keeps a program from running
//	Run       runs it in this process
//	Environ   the environment such a process should have
//
// The way of a program: check (parsed and type-checked, all errors found), lower (translated into what yaegi executes
// faithfully, the rest refused) and engine. Package worker starts the process that calls Run.
//
// Known differences from go run: stacks show no addresses and arguments, and syntax errors are worded as gofmt words
// them.
package script

import (
	"flag"
	"fmt"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"kairos/repl/check"
	"kairos/repl/engine"
	"kairos/repl/lower"
	"kairos/repl/lower/rt"
	"kairos/stdlib/symbols/typedata"
)

// Config is what a program can use.
type Config struct {
	// Lookup finds an exported name of a package that can be imported. Check does not call it.
	Lookup func(path, name string) (reflect.Value, bool)
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

// Check reports on w all that keeps the program in the files or the directory at paths from running, as go run would, and
// whether there was nothing.
func Check(paths []string, cfg Config, w io.Writer) bool {
	_, err := load(token.NewFileSet(), paths, cfg)
	if err != nil {
		fmt.Fprintln(w, err)
	}
	return err == nil
}

// Run runs the program at paths with the arguments args in this process, which must have nothing else to do: the program
// owns os.Args, the command-line flags, the standard streams and the exit. It returns when main returns, with status 0,
// or with status 1 when the program cannot be run, having said why on standard error. One that calls os.Exit or panics
// ends the process.
func Run(paths, args []string, cfg Config) int {
	if err := run(paths, args, cfg); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func run(paths, args []string, cfg Config) error {
	end := &crash{}
	e, err := engine.New(engine.Config{Uncaught: end.uncaught})
	if err != nil {
		return err
	}
	prog, err := load(e.FileSet(), paths, cfg)
	if err != nil {
		return err
	}
	end.learn(prog)
	low := lower.New(lower.Config{Fset: e.FileSet(), Lookup: cfg.Lookup, Use: e.Use, Runtime: rt.Symbols(end.uncaught)})
	unit, err := low.Program(prog)
	if err != nil {
		return err
	}
	if err := e.Load(unit.File); err != nil {
		return err
	}
	engine.RelaxGC()
	takeProcess(paths[0], args)
	defer func() {
		if r := recover(); r != nil {
			end.uncaught(rt.Caught(r))
		}
	}()
	unit.Start()
	return nil
}

// load reads and checks a program.
func load(fset *token.FileSet, paths []string, cfg Config) (*check.Program, error) {
	prog, err := check.Files(fset, paths...)
	if err != nil {
		return nil, err
	}
	if cfg.NoTorch != "" {
		if err := needsTorch(prog, cfg.NoTorch); err != nil {
			return nil, err
		}
	}
	return prog, nil
}

// needsTorch refuses imports of packages that link libtorch.
func needsTorch(prog *check.Program, why string) error {
	for _, pkg := range prog.Packages {
		for _, file := range pkg.Files {
			for _, spec := range file.Imports {
				path, err := strconv.Unquote(spec.Path.Value)
				if err == nil && typedata.NeedsTorch(path) {
					pos := prog.Fset.Position(spec.Path.Pos())
					return check.Errors{List: []check.Error{{Pos: pos, Msg: fmt.Sprintf("import %q needs libtorch: %s", path, why)}}}
				}
			}
		}
	}
	return nil
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
