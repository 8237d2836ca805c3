package check

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"kairos/stdlib/symbols/typedata"
)

// commandLine is what the go command calls a package given as files.
const commandLine = "command-line-arguments"

// unit is a package before it is checked.
type unit struct {
	path    string // as the go command prints it
	dir     string // absolute; empty for text
	name    string // of the package clause
	version string
	sources []source
	imports []use // in order of path
}

// source is a file as the compiler names it.
type source struct {
	name string
	text []byte
}

// use is an import, where it is first written.
type use struct {
	path string
	pos  token.Position
}

// typesPath is the import path as programs see it.
func (u *unit) typesPath() string {
	if u.name == "main" {
		return "main"
	}
	return u.path
}

// loader finds the packages of a program, and what the go command itself reports of them before it compiles: package
// clauses and imports that do not parse, and imports that cannot be had. Such errors have no heading, and do not show the
// ./ that the compiler puts before a file name.
type loader struct {
	fset   *token.FileSet
	module *module // nil: no packages but compiled ones
	units  map[string]*unit
	wrong  []Error
	faults map[string]bool // what was said of imports, for each is said once
}

func newLoader(fset *token.FileSet, mod *module) *loader {
	return &loader{fset: fset, module: mod, units: map[string]*unit{}, faults: map[string]bool{}}
}

// program loads what main imports, then checks all.
func (l *loader) program(main *unit) (*Program, error) {
	l.load(main, []string{"package " + main.path})
	if len(l.wrong) > 0 {
		return nil, Errors{List: l.wrong}
	}
	if main.name != "main" {
		return nil, oneError("package %s is not a main package", main.path)
	}
	p, failed := l.check(append(l.initOrder(), main))
	switch {
	case len(failed) == 1:
		return nil, failed[0]
	case len(failed) > 1:
		return nil, errors.Join(failed...)
	}
	if _, ok := p.Main().Types.Scope().Lookup("main").(*types.Func); !ok {
		return nil, mainless(main)
	}
	return p, nil
}

// check checks packages in order.
func (l *loader) check(units []*unit) (p *Program, failed []error) {
	c := &checker{l.fset, newInfo(), typedata.NewImporter(), map[string]*types.Package{}}
	p = &Program{Fset: l.fset, Info: c.info}
	for _, u := range units {
		if !l.ready(u, func(path string) bool { return c.done[path] != nil }) {
			continue // go says nothing of what depends on a package that is wrong
		}
		pkg, err := c.check(u)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		p.Packages = append(p.Packages, pkg)
	}
	return p, failed
}

// initOrder returns the imported packages as the language initialises them: of those whose imports are done, always the
// first by path.
func (l *loader) initOrder() (order []*unit) {
	done := map[string]bool{}
	left := slices.Sorted(maps.Keys(l.units))
	for len(left) > 0 {
		i := slices.IndexFunc(left, func(path string) bool {
			return l.ready(l.units[path], func(path string) bool { return done[path] })
		})
		done[left[i]] = true
		order, left = append(order, l.units[left[i]]), slices.Delete(left, i, i+1)
	}
	return order
}

// ready reports whether of what u imports all is done that is not compiled.
func (l *loader) ready(u *unit, done func(path string) bool) bool {
	return !slices.ContainsFunc(u.imports, func(i use) bool { return l.units[i.path] != nil && !done(i.path) })
}

// load reads the headers of u and then of all that it imports. The stack says how u came to be imported.
func (l *loader) load(u *unit, stack []string) {
	before := len(l.wrong)
	l.header(u)
	if len(l.wrong) > before {
		return
	}
	for _, i := range u.imports {
		at := fmt.Sprintf("imports %s from %s", i.path, filepath.Base(i.pos.Filename))
		l.resolve(u, i, append(slices.Clip(stack), at))
	}
}

// header parses the package clauses and the imports of u.
func (l *loader) header(u *unit) {
	seen := map[string]bool{}
	first := ""
	for _, s := range u.sources {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, strings.TrimPrefix(s.name, "./"), s.text, parser.ImportsOnly)
		if err != nil {
			l.wrong = append(l.wrong, parseErrors(err, "")...)
			continue
		}
		if u.name == "" {
			u.name, first = file.Name.Name, filepath.Base(s.name)
		}
		if u.name != file.Name.Name {
			l.fail("found packages %s (%s) and %s (%s) in %s", u.name, first, file.Name.Name, filepath.Base(s.name), u.dir)
			return
		}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err == nil && !seen[path] {
				seen[path] = true
				u.imports = append(u.imports, use{path, fset.Position(spec.Path.Pos())})
			}
		}
	}
	slices.SortStableFunc(u.imports, func(a, b use) int { return cmp.Compare(a.path, b.path) })
}

func (l *loader) fail(format string, args ...any) {
	l.failAt(token.Position{}, format, args...)
}

func (l *loader) failAt(pos token.Position, format string, args ...any) {
	e := Error{Pos: pos, Msg: fmt.Sprintf(format, args...)}
	if !l.faults[e.Error()] {
		l.faults[e.Error()] = true
		l.wrong = append(l.wrong, e)
	}
}

// resolve loads the package that u imports by i, unless it is compiled or loaded.
func (l *loader) resolve(u *unit, i use, stack []string) {
	if l.inStack(i.path, stack) {
		l.fail("%s: import cycle not allowed", strings.Join(stack, "\n\t"))
		return
	}
	if typedata.Has(i.path) || l.units[i.path] != nil {
		return
	}
	if strings.HasPrefix(i.path, "./") || strings.HasPrefix(i.path, "../") {
		l.failAt(i.pos, "%q is relative, but relative import paths are not supported in module mode", i.path)
		return
	}
	dir, ok := l.module.dir(i.path)
	if !ok {
		l.failAt(i.pos, "%s", noPackage(i.path, "a script"))
		return
	}
	if !l.module.mayImport(u, i.path) {
		l.fail("%s\n\t%s: use of internal package %s not allowed", stackPaths(stack[:len(stack)-1]), i.pos, i.path)
		return
	}
	l.local(i, dir, stack)
}

// local loads the package i of the module, from dir.
func (l *loader) local(i use, dir string, stack []string) {
	next := &unit{path: i.path, dir: dir, version: l.module.version}
	var err error
	next.sources, err = readDir(dir)
	switch {
	case errors.Is(err, errNoFiles):
		l.failAt(i.pos, "package %s is not in module %s: no Go files in %s", i.path, l.module.path, dir)
		return
	case errors.Is(err, errOnlyTests):
		l.fail("%s: no non-test Go files in %s", i.path, dir)
		return
	case errors.Is(err, errExcluded):
		l.fail("%s: build constraints exclude all Go files in %s", stackPaths(stack), dir)
		return
	case err != nil:
		l.failAt(i.pos, "%v", err)
		return
	}
	l.units[i.path] = next
	l.load(next, stack)
	if next.name == "main" {
		l.failAt(i.pos, "import %q is a program, not an importable package", i.path)
	}
}

// inStack reports whether the package at path is being loaded.
func (l *loader) inStack(path string, stack []string) bool {
	return slices.ContainsFunc(stack[:len(stack)-1], func(s string) bool {
		return s == "package "+path || strings.HasPrefix(s, "imports "+path+" ")
	})
}

// stackPaths prints how a package came to be imported, without the files.
func stackPaths(stack []string) string {
	lines := slices.Clone(stack)
	for i, line := range lines {
		lines[i], _, _ = strings.Cut(line, " from ")
	}
	return strings.Join(lines, "\n\t")
}

func noPackage(path, who string) string {
	if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") || first == "kairos" {
		return fmt.Sprintf("no package %s here: %s can import the standard library, kairos/stdlib/… and parts of gonum.org/v1",
			path, who)
	}
	return fmt.Sprintf("package %s is not among those of the standard library that %s can import", path, who)
}

// importsC reports whether a file needs cgo.
func importsC(file *ast.File) bool {
	return slices.ContainsFunc(file.Imports, func(s *ast.ImportSpec) bool { return s.Path.Value == `"C"` })
}
