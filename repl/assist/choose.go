package assist

import (
	"cmp"
	"go/token"
	"slices"
	"strings"
)

// choose keeps the candidates whose names begin with prefix; if there are none those that begin so in other letters,
// then those that contain its letters in order. They are sorted, the likeliest first.
func choose(prefix string, all []candidate) []Item {
	for _, match := range []func(c candidate, name, prefix string) bool{hasPrefix, hasPrefixFold, hasSubsequence} {
		var kept []choice
		seen := map[string]bool{}
		for _, c := range all {
			if name := c.text(); match(c, name, prefix) && !seen[name] {
				seen[name] = true
				kept = append(kept, choice{c, name, strings.ToLower(name)})
			}
		}
		if len(kept) > 0 {
			slices.SortFunc(kept, choice.compare)
			return items(kept)
		}
	}
	return nil
}

// choice is a candidate with what it is sorted by.
type choice struct {
	candidate
	name, lower string
}

func hasPrefix(_ candidate, name, prefix string) bool { return strings.HasPrefix(name, prefix) }

func hasPrefixFold(_ candidate, name, prefix string) bool {
	return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
}

// hasSubsequence leaves out keywords and packages that are not imported, which often fit by chance.
func hasSubsequence(c candidate, name, letters string) bool {
	if len(letters) < 2 || c.rank >= keyword {
		return false
	}
	name = strings.ToLower(name)
	for _, r := range strings.ToLower(letters) {
		i := strings.IndexRune(name, r)
		if i < 0 {
			return false
		}
		name = name[i+len(string(r)):]
	}
	return true
}

func (a choice) compare(b choice) int {
	return cmp.Or(
		a.rank-b.rank,
		a.depth-b.depth,
		exportedFirst(a.name)-exportedFirst(b.name),
		cmp.Compare(a.kind, b.kind), // fields before methods
		cmp.Compare(a.lower, b.lower),
		cmp.Compare(a.name, b.name),
	)
}

func exportedFirst(name string) int {
	if token.IsExported(name) {
		return 0
	}
	return 1
}

func items(list []choice) []Item {
	items := make([]Item, len(list))
	for i, c := range list {
		items[i] = Item{Text: c.name, Kind: c.kindName(), Detail: c.note}
		if c.obj != nil {
			items[i].Detail = detail(c.obj)
		}
	}
	return items
}

func (c candidate) text() string {
	if c.obj != nil {
		return c.obj.Name()
	}
	return c.name
}

func (c candidate) kindName() string {
	if c.kind == "" {
		return kindOfObject(c.obj)
	}
	return c.kind
}
