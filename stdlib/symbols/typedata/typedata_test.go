package typedata

import (
	"fmt"
	"go/types"
	"strings"
	"testing"
)

func ExampleImporter() {
	pkg, err := NewImporter().Import("kairos/stdlib/matrix")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(types.ObjectString(pkg.Scope().Lookup("New"), (*types.Package).Name))
	// Output: func matrix.New(rows int, cols int) *matrix.Dense
}

func TestImport(t *testing.T) {
	imp := NewImporter()
	strs, err := imp.Import("strings")
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := imp.Import("strings"); again != strs {
		t.Error("a package imported twice is two packages")
	}
	io, err := imp.Import("io")
	if err != nil {
		t.Fatal(err)
	}
	reader := strs.Scope().Lookup("Reader").Type()
	if !types.Implements(types.NewPointer(reader), io.Scope().Lookup("Reader").Type().Underlying().(*types.Interface)) {
		t.Error("*strings.Reader is no io.Reader: packages do not share their types")
	}
	if _, err := imp.Import("example.com/none"); err == nil || !strings.Contains(err.Error(), `typedata: import "example.com/none": not among`) {
		t.Errorf("an unknown package: %v", err)
	}
}

func TestHas(t *testing.T) {
	for path, want := range map[string]struct{ has, torch bool }{
		"fmt":                  {true, false},
		"slices":               {true, false},
		"gonum.org/v1/plot/vg": {true, false},
		"kairos/stdlib/data":   {true, false},
		"kairos/stdlib/model":  {true, true},
		"unsafe":               {},
		"internal/abi":         {},
		"kairos/stdlib/none":   {},
		"C":                    {},
	} {
		if Has(path) != want.has || NeedsTorch(path) != want.torch {
			t.Errorf("%s: present %v, needs libtorch %v", path, Has(path), NeedsTorch(path))
		}
	}
}

// TestEveryPackage reads all there is: what is broken here would break one script only.
func TestEveryPackage(t *testing.T) {
	found, err := entries()
	if err != nil {
		t.Fatal(err)
	}
	imp := NewImporter()
	for path := range found {
		pkg, err := imp.Import(path)
		if err != nil {
			t.Error(err)
		} else if !pkg.Complete() || pkg.Path() != path {
			t.Errorf("%s: read %s, complete %v", path, pkg.Path(), pkg.Complete())
		}
	}
	if len(found) < 180 {
		t.Errorf("only %d packages", len(found))
	}
}

func BenchmarkImportFmt(b *testing.B) {
	for b.Loop() {
		if _, err := NewImporter().Import("fmt"); err != nil {
			b.Fatal(err)
		}
	}
}
