package assist

import (
	"cmp"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"slices"
	"strings"
)

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// packageName guesses the name of the package at a path, which for all that can be imported it is.
func packageName(at string) string {
	name := path.Base(at)
	if majorVersion.MatchString(name) {
		name = path.Base(path.Dir(at))
	}
	return name
}

// packagesByName sorts import paths by the names of their packages, the likeliest first: those of the standard library,
// then those of kairos, and of several the shortest.
func packagesByName(paths []string) map[string][]string {
	byName := map[string][]string{}
	for _, at := range slices.SortedFunc(slices.Values(paths), func(a, b string) int {
		return cmp.Or(rank(a)-rank(b), len(a)-len(b), cmp.Compare(a, b))
	}) {
		name := packageName(at)
		byName[name] = append(byName[name], at)
	}
	return byName
}

func rank(at string) int {
	first, _, _ := strings.Cut(at, "/")
	switch {
	case at == "crypto/rand": // what is called rand is rarely that
		return 1
	case first == "kairos":
		return 2
	case strings.Contains(first, "."):
		return 3
	}
	return 0
}

// packageFor returns the package that a name without a declaration means, of several the one that has most of the
// members that are used. A member that is still being written counts if it begins like one that is there.
func (e *Engine) packageFor(name string, members []member) *types.Package {
	var best *types.Package
	most := -1
	for _, at := range e.byName[name] {
		pkg, err := e.Importer.Import(at)
		if err != nil {
			continue
		}
		if n := countMembers(pkg, members); n > most {
			best, most = pkg, n
		}
	}
	return best
}

// member is a name after a dot.
type member struct {
	name    string
	partial bool
}

func countMembers(pkg *types.Package, members []member) (n int) {
	for _, m := range members {
		if m.partial && slices.ContainsFunc(pkg.Scope().Names(), func(s string) bool {
			return token.IsExported(s) && strings.HasPrefix(s, m.name)
		}) || !m.partial && token.IsExported(m.name) && pkg.Scope().Lookup(m.name) != nil {
			n++
		}
	}
	return n
}
