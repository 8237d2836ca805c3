package check

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kairos/stdlib/symbols/typedata"
)

// importAll resolves the imports that a cell writes. They are objects of the session like all else.
func (a *attempt) importAll() {
	for _, spec := range a.imports {
		at, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if !typedata.Has(at) {
			a.failAt(spec.Path.Pos(), noPackage(at, "a cell"))
			continue
		}
		pkg, err := a.session.compiled.Import(at)
		if err != nil {
			a.failAt(spec.Path.Pos(), err.Error())
			continue
		}
		a.declareImport(spec, pkg)
	}
}

func (a *attempt) failAt(pos token.Pos, msg string) {
	a.wrong = append(a.wrong, Error{Pos: a.fset.Position(pos), Msg: msg})
}

func (a *attempt) declareImport(spec *ast.ImportSpec, pkg *types.Package) {
	name := pkg.Name()
	if spec.Name != nil {
		name = spec.Name.Name
	}
	obj := types.NewPkgName(spec.Pos(), a.session.pkg, name, pkg)
	switch name {
	case "_":
	case ".":
		for _, name := range pkg.Scope().Names() {
			if token.IsExported(name) {
				a.declare(pkg.Scope().Lookup(name))
			}
		}
	default:
		if old := a.shown[name]; old != nil {
			if p, ok := old.(*types.PkgName); !ok || p.Imported() != pkg {
				a.redeclared(name, obj, old)
			}
			return
		}
		a.declare(obj)
	}
	a.cell.Imports = append(a.cell.Imports, obj)
}

func (a *attempt) declare(obj types.Object) {
	a.shown[obj.Name()] = obj
	a.cell.declared[obj.Name()] = obj
}

// redeclared reports a name that has two meanings in a cell, at the later one.
func (a *attempt) redeclared(name string, x, y types.Object) {
	if x.Pos() < y.Pos() {
		x, y = y, x
	}
	a.failAt(x.Pos(), name+" redeclared in this block")
	a.failAt(y.Pos(), "\tother declaration of "+name)
}

// conflicts reports variables named as other things that the same cell declares.
func (a *attempt) conflicts() {
	for _, v := range a.cell.Vars {
		if other := a.session.pkg.Scope().Lookup(v.Name()); other != v {
			a.redeclared(v.Name(), v, other)
		}
	}
}

// packageName guesses the name of a package by its path.
func packageName(at string) string {
	base := path.Base(at)
	if majorVersion.MatchString(base) {
		base = path.Base(path.Dir(at))
	}
	return base
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// supplyImport gives a name that nothing declares the meaning of a package, if what is selected from it tells which.
// That lasts for the cell: the next may mean another.
func (a *attempt) supplyImport(name string) {
	best := a.bestPackages(name)
	switch len(best) {
	case 0:
	case 1:
		a.shown[name] = types.NewPkgName(token.NoPos, a.session.pkg, name, best[0])
	default:
		var paths []string
		for _, p := range best {
			paths = append(paths, strconv.Quote(p.Path()))
		}
		a.ambiguous[name] = strings.Join(paths, " or ")
	}
}

// bestPackages returns the packages of a name that export most of what is selected from it.
func (a *attempt) bestPackages(name string) (best []*types.Package) {
	most := 0
	for _, at := range a.session.packages[name] {
		pkg, err := a.session.compiled.Import(at)
		if err != nil || pkg.Name() != name {
			continue
		}
		n := exported(pkg, a.selectors[name])
		if n == 0 || n < most {
			continue
		}
		if n > most {
			best, most = nil, n
		}
		best = append(best, pkg)
	}
	if at := a.session.packages[name]; len(best) == 0 && len(at) == 1 && slices.ContainsFunc(a.selectors[name], token.IsExported) {
		if pkg, err := a.session.compiled.Import(at[0]); err == nil {
			return []*types.Package{pkg} // to say what it does not export
		}
	}
	return preferred(best)
}

// exported counts those of names that pkg exports.
func exported(pkg *types.Package, names []string) (n int) {
	for _, name := range names {
		if token.IsExported(name) && pkg.Scope().Lookup(name) != nil {
			n++
		}
	}
	return n
}

// preferred picks among packages that fit equally well: those of the standard library, then those of kairos; of
// versions of one package the first, which most code means; and of sources of randomness the one for statistics.
func preferred(pkgs []*types.Package) []*types.Package {
	if len(pkgs) < 2 {
		return pkgs
	}
	slices.SortStableFunc(pkgs, func(x, y *types.Package) int {
		return cmp.Or(rank(x.Path())-rank(y.Path()), cmp.Compare(x.Path(), y.Path()))
	})
	first := rank(pkgs[0].Path())
	var kept []*types.Package
	for _, p := range pkgs {
		newer := len(kept) > 0 && majorVersion.MatchString(path.Base(p.Path())) && path.Dir(p.Path()) == kept[len(kept)-1].Path()
		if rank(p.Path()) == first && !newer {
			kept = append(kept, p)
		}
	}
	if i := slices.IndexFunc(kept, func(p *types.Package) bool { return p.Path() == "math/rand" }); i >= 0 {
		return kept[i : i+1]
	}
	return kept
}

func rank(at string) int {
	first, _, _ := strings.Cut(at, "/")
	switch {
	case first == "kairos":
		return 1
	case strings.Contains(first, "."):
		return 2
	}
	return 0
}

// listImports adds to the imports of a cell those that it left out.
func (a *attempt) listImports() {
	supplied := map[*types.PkgName]bool{}
	for _, obj := range a.cell.Info.Uses {
		if p, ok := obj.(*types.PkgName); ok && !p.Pos().IsValid() && p.Imported() != types.Unsafe {
			supplied[p] = true
		}
	}
	var list []*types.PkgName
	for p := range supplied {
		list = append(list, p)
	}
	slices.SortFunc(list, func(x, y *types.PkgName) int { return cmp.Compare(x.Name(), y.Name()) })
	a.cell.Imports = append(a.cell.Imports, list...)
}
