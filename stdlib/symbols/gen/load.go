package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// load returns the types of the packages of g, sorted by path, as the compiler's export data has them.
func load(g group) ([]*types.Package, error) {
	paths, err := expand(g)
	if err != nil {
		return nil, err
	}
	exports, err := compile(g, paths)
	if err != nil {
		return nil, err
	}
	imp := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		file, ok := exports[path]
		if !ok {
			return nil, fmt.Errorf("no export data for %s", path)
		}
		return os.Open(file)
	})
	var pkgs []*types.Package
	for _, path := range paths {
		p, err := imp.Import(path)
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", path, err)
		}
		pkgs = append(pkgs, p)
	}
	return pkgs, nil
}

// expand returns the paths of the packages that match g, sorted. It compiles nothing, and accepts what does not
// compile: the pattern of this project's own packages also matches packages that import the tables to be written.
func expand(g group) ([]string, error) {
	lines, err := goList(g, append([]string{"-e", "-f", "{{len .GoFiles}} {{.ImportPath}}"}, g.patterns...))
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, line := range lines {
		if files, path, _ := strings.Cut(line, " "); files != "0" && g.wants(path) {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("no packages match %s", strings.Join(g.patterns, " "))
	}
	slices.Sort(paths)
	return paths, nil
}

// compile returns the files with the export data of the packages at paths and all they depend on.
func compile(g group, paths []string) (map[string]string, error) {
	lines, err := goList(g, append([]string{"-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}, paths...))
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for _, line := range lines {
		path, file, _ := strings.Cut(line, " ")
		exports[path] = file
	}
	return exports, nil
}

// goList runs go list for the platform of the tables, and without cgo where g does not need it, so that the answer is
// the same with and without a C compiler.
func goList(g group, args []string) ([]string, error) {
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch)
	if !g.cgo {
		cmd.Env = append(cmd.Env, "CGO_ENABLED=0")
	}
	out, err := cmd.Output()
	if err != nil {
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			return nil, fmt.Errorf("go list: %s", bytes.TrimSpace(failed.Stderr))
		}
		return nil, err
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n"), nil
}
