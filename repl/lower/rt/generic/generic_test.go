package generic

import (
	"archive/zip"
	"fmt"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"kairos/stdlib/symbols/typedata"
)

func ExampleFunc() {
	type point struct{ X, Y int }
	targs := []reflect.Type{reflect.TypeFor[[]point](), reflect.TypeFor[point]()}
	reverse, _ := Func("slices", "Reverse", reflect.TypeFor[func([]point)](), targs, targs)
	points := []point{{1, 2}, {3, 4}}
	reverse.Call([]reflect.Value{reflect.ValueOf(points)})
	fmt.Println(points)
	// Output: [{3 4} {1 2}]
}

// plain are generic types that need no instances: func types.
var plain = []string{"iter.Seq", "iter.Seq2"}

// TestEverythingGeneric looks for generic functions and types in all that interpreted code may import.
func TestEverythingGeneric(t *testing.T) {
	imp, known, found := typedata.NewImporter(), Names(), 0
	for _, path := range importable(t) {
		pkg, err := imp.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range pkg.Scope().Names() {
			obj, full := pkg.Scope().Lookup(name), pkg.Path()+"."+name
			x, ok := obj.Type().(interface{ TypeParams() *types.TypeParamList })
			if !ok || !obj.Exported() || x.TypeParams().Len() == 0 {
				continue
			}
			found++
			if _, isFunc := obj.(*types.Func); isFunc && !slices.Contains(known, full) {
				t.Errorf("%s is not provided", full)
			} else if named, ok := x.(*types.Named); ok && !slices.Contains(plain, full) {
				checkMethods(t, full, named)
			}
		}
	}
	if found < 60 {
		t.Errorf("only %d generic names", found)
	}
}

// importable returns the import paths in the archives of package typedata.
func importable(t *testing.T) []string {
	archives, _ := filepath.Glob("../../../../stdlib/symbols/typedata/*.zip")
	var paths []string
	for _, name := range archives {
		archive, err := zip.OpenReader(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.File {
			paths = append(paths, f.Name)
		}
		archive.Close()
	}
	return paths
}

func checkMethods(t *testing.T, full string, named *types.Named) {
	g, ok := genericTypes[full]
	if !ok {
		t.Errorf("type %s is not provided", full)
	}
	for m := range named.Methods() {
		if g.methods[m.Name()] == nil && g.dynamic[m.Name()] == nil && m.Exported() {
			t.Errorf("%s.%s is not provided", full, m.Name())
		}
	}
}

func TestUnknown(t *testing.T) {
	byt := []reflect.Type{reflect.TypeFor[byte]()}
	if f, ok := Func("slices", "None", reflect.TypeFor[func()](), byt, byt); ok || f.IsValid() {
		t.Error("slices.None is provided")
	}
	if _, ok := Type("sync", "Pointer", byt); ok {
		t.Error("sync.Pointer is provided")
	}
	pointer, _ := Type("sync/atomic", "Pointer", byt)
	if _, ok := pointer.Method(reflect.PointerTo(pointer.Layout), "Add", reflect.TypeFor[func()]()); ok {
		t.Error("atomic.Pointer.Add is provided")
	}
}

func TestNames(t *testing.T) {
	names := Names()
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) || !slices.Contains(names, "slices.Sort") {
		t.Error(strings.Join(names, " "))
	}
}
