package check

import (
	"go/token"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// FuzzCheck checks arbitrary text and pieces of Go, as one cell and after another that it can redeclare. It must not
// panic, and a cell that fails must leave nothing.
func FuzzCheck(f *testing.F) {
	list := goSources(f)
	for i, src := range list {
		f.Add(list[max(i-1, 0)], src)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		c := NewCells(token.NewFileSet(), CellsConfig{Packages: leaveOut})
		for _, src := range []string{first, second, second, "undefinedName +", second + "\nundefinedName"} {
			checkLeavesNothing(t, c, src)
		}
	})
}

// checkLeavesNothing checks a cell, and declares it if it is right.
func checkLeavesNothing(t *testing.T, c *Cells, src string) {
	before := snapshot(c)
	cell, err := c.Check("cell", src)
	Complete(src)
	if err == nil {
		c.Declare(cell)
		return
	}
	if d := cmp.Diff(before, snapshot(c)); d != "" {
		t.Errorf("a cell failed and changed what is declared:\n%s\n%s", src, d)
	}
	_ = err.(Errors).Pretty()
}

// TestMutated checks programs that lack, repeat or exchange tokens, as cells of one session each.
func TestMutated(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, src := range goSources(t) {
		c := NewCells(token.NewFileSet(), CellsConfig{Packages: leaveOut})
		for range 20 {
			checkLeavesNothing(t, c, mutate(random, src))
		}
	}
}

// goSources returns programs, and cells.
func goSources(t testing.TB) (list []string) {
	for _, pattern := range []string{"testdata/cells/*.txtar", "../script/testdata/*.txtar"} {
		paths, _ := filepath.Glob(pattern)
		for _, path := range paths {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range a.Files {
				for _, cell := range strings.Split(string(file.Data), separator) {
					list = append(list, withoutMarked(cell))
				}
			}
		}
	}
	return list
}

// mutate changes up to three tokens.
func mutate(random *rand.Rand, src string) string {
	all := lexemes(src)
	for range 1 + random.IntN(3) {
		i, j := random.IntN(len(all)), random.IntN(len(all))
		switch random.IntN(3) {
		case 0:
			all = slices.Delete(slices.Clone(all), i, i+1)
		case 1:
			all = slices.Insert(slices.Clone(all), i, all[j])
		case 2:
			all[i], all[j] = all[j], all[i]
		}
		if len(all) == 0 {
			break
		}
	}
	var b strings.Builder
	for _, l := range all {
		text := l.lit
		if text == "" && l.tok != token.EOF {
			text = l.tok.String()
		}
		b.WriteString(text + " ")
	}
	return b.String()
}
