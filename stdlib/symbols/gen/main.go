// Gen writes the tables by which interpreted code reaches compiled packages, the export data by which it is checked, and
// the doc comments. It runs in the directory of package symbols:
//
//	go generate ./stdlib/symbols                    # every group
//	go run ./gen std pure                           # some of them, from stdlib/symbols
//
// For a group G it writes G/*.go, one file per package and symbols.go that lists them, and typedata/G.zip and docs/G.zip
// with one entry per package. Two runs write the same bytes. The group native is compiled to be looked at, so it needs
// libtorch (eval "$(bin/kairos env)"); the others need only the Go toolchain.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	if err := run(".", os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run generates the named groups, or all of them, below dir.
func run(dir string, names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(groups, func(g group) bool { return g.name == name }) {
			return fmt.Errorf("no group %q", name)
		}
	}
	for _, g := range groups {
		if len(names) > 0 && !slices.Contains(names, g.name) {
			continue
		}
		if err := generate(dir, g); err != nil {
			return fmt.Errorf("group %s: %w", g.name, err)
		}
	}
	return nil
}

// generate writes the files of one group and removes those of packages that are no longer in it.
func generate(dir string, g group) error {
	pkgs, err := load(g)
	if err != nil {
		return err
	}
	files := map[string][]byte{}
	for _, p := range pkgs {
		src, err := emitPackage(g, p)
		if err != nil {
			return fmt.Errorf("package %s: %w", p.Path(), err)
		}
		files[fileName(g, p)] = src
	}
	if files["symbols.go"], err = emitTable(g, pkgs); err != nil {
		return err
	}
	target := filepath.Join(dir, g.name)
	if err := writeGenerated(target, files); err != nil {
		return err
	}
	exports, err := archiveTypes(pkgs)
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(dir, "typedata", g.name+".zip"), exports); err != nil {
		return err
	}
	comments, err := archiveDocs(g, pkgs)
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, "docs", g.name+".zip"), comments)
}
