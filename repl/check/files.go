package check

import (
	"errors"
	"fmt"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Files reads, parses and checks into fset the program that paths name: Go files of one directory, or one directory.
// Files given by name are taken whatever their build constraints, those of directories as for this system, without cgo.
// The error is an Errors, or several joined.
func Files(fset *token.FileSet, paths ...string) (*Program, error) {
	if len(paths) == 0 {
		return nil, oneError("go: no go files listed")
	}
	u, err := named(paths)
	if err != nil {
		return nil, err
	}
	mod, err := findModule(u.dir)
	if err != nil {
		return nil, err
	}
	if u.path == "" {
		u.path = mod.pathOf(u.dir)
		u.version = mod.version
	}
	return newLoader(fset, mod).program(u)
}

// Split divides the arguments of go run into what names the program and what is passed to it.
func Split(args []string) (program, rest []string) {
	n := slices.IndexFunc(args, func(a string) bool { return !strings.HasSuffix(a, ".go") })
	switch n {
	case -1:
		return args, nil
	case 0:
		n = 1 // a directory
	}
	return args[:n], args[n:]
}

func oneError(format string, args ...any) error {
	return Errors{List: []Error{{Msg: fmt.Sprintf(format, args...)}}}
}

// named reads what the command line names. A unit with no path is a directory.
func named(paths []string) (*unit, error) {
	if !strings.HasSuffix(paths[0], ".go") {
		return namedDir(paths)
	}
	u := &unit{path: commandLine, version: goVersion}
	var err error
	for _, path := range paths {
		text, err := readNamed(path)
		if err != nil {
			return nil, err
		}
		if filepath.Dir(path) != filepath.Dir(paths[0]) {
			return nil, oneError("named files must all be in one directory; have %s and %s", filepath.Dir(paths[0]), filepath.Dir(path))
		}
		u.sources = append(u.sources, source{displayName(path), text})
	}
	u.dir, err = filepath.Abs(filepath.Dir(paths[0]))
	return u, err
}

func namedDir(paths []string) (*unit, error) {
	dir, err := filepath.Abs(paths[0])
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, oneError("stat %s: directory not found", dir)
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, oneError("%s is not a Go file: its name must end in .go", paths[0])
	case len(paths) > 1:
		return nil, oneError("%s: one directory is one program", strings.Join(paths, " "))
	}
	sources, err := readDir(dir)
	switch {
	case errors.Is(err, errNoFiles):
		return nil, oneError("no Go files in %s", dir)
	case errors.Is(err, errOnlyTests):
		return nil, oneError("no non-test Go files in %s", dir)
	case errors.Is(err, errExcluded):
		return nil, oneError("build constraints exclude all Go files in %s", dir)
	}
	return &unit{dir: dir, sources: sources}, err
}

// readNamed reads a file of the command line.
func readNamed(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, oneError("stat %s: no such file or directory", path)
	case err != nil:
		return nil, err
	case !strings.HasSuffix(path, ".go"):
		return nil, oneError("named files must be .go files: %s", path)
	case info.IsDir():
		return nil, oneError("%s is a directory, should be a Go file", path)
	case strings.HasSuffix(path, "_test.go"):
		return nil, oneError("go: cannot run *_test.go files (%s)", filepath.Base(path))
	}
	return os.ReadFile(path)
}

var (
	errNoFiles   = errors.New("no Go files")
	errOnlyTests = errors.New("no Go files but tests")
	errExcluded  = errors.New("no Go files for this system")
)

// readDir reads the files that belong to the package in dir on this system.
func readDir(dir string) ([]source, error) {
	names, err := filepath.Glob(filepath.Join(quoteGlob(dir), "*.go"))
	if err != nil || len(names) == 0 {
		return nil, errNoFiles
	}
	ctx := build.Default
	ctx.CgoEnabled = false
	why := errOnlyTests
	var sources []source
	for _, path := range names {
		name := filepath.Base(path)
		if strings.HasSuffix(name, "_test.go") || name[0] == '_' || name[0] == '.' {
			continue
		}
		why = errExcluded
		match, err := ctx.MatchFile(dir, name)
		if err != nil || !match {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly); err == nil && importsC(file) {
			continue
		}
		sources = append(sources, source{displayName(path), text})
	}
	if len(sources) == 0 {
		return nil, why
	}
	return sources, nil
}

// quoteGlob makes a pattern that matches dir alone.
func quoteGlob(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
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
