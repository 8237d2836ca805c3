package symbols

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kairos/stdlib/symbols/typedata"
)

// TestEveryNameIsThere compares the exported names in the source of each kairos package with its generated table. It
// reads source on both sides, so that it needs neither cgo nor libtorch.
func TestEveryNameIsThere(t *testing.T) {
	dirs, err := filepath.Glob("../*")
	if err != nil {
		t.Fatal(err)
	}
	packages := 0
	for _, dir := range dirs {
		name := filepath.Base(dir)
		if name == "internal" || name == "symbols" {
			continue
		}
		exported := exportedNames(t, dir)
		if exported == nil {
			continue
		}
		packages++
		t.Run(name, func(t *testing.T) {
			shown := tableKeys(t, name)
			for _, want := range exported {
				if !slices.Contains(shown, want) {
					t.Errorf("%s.%s is missing from the symbols: run go generate ./stdlib/symbols", name, want)
				}
			}
			for _, key := range shown {
				if !strings.HasPrefix(key, "_") && !slices.Contains(exported, key) {
					t.Errorf("%s.%s is in the symbols but not in the package: run go generate ./stdlib/symbols", name, key)
				}
			}
		})
	}
	if packages < 10 {
		t.Errorf("only %d packages", packages)
	}
}

// exportedNames returns the names that the package in dir exports on this platform, nil if there is no package.
func exportedNames(t *testing.T, dir string) []string {
	context := build.Default
	context.CgoEnabled = true
	pkg, err := context.ImportDir(dir, 0)
	if err != nil {
		if _, empty := err.(*build.NoGoError); empty {
			return nil
		}
		t.Fatal(err)
	}
	var names []string
	for _, file := range append(pkg.GoFiles, pkg.CgoFiles...) {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, file), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range f.Decls {
			for _, id := range declaredBy(decl) {
				if id.IsExported() {
					names = append(names, id.Name)
				}
			}
		}
	}
	return names
}

// declaredBy returns the names a declaration puts into the scope of its package.
func declaredBy(decl ast.Decl) (names []*ast.Ident) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			names = append(names, d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name)
			case *ast.ValueSpec:
				names = append(names, s.Names...)
			}
		}
	}
	return names
}

// tableKeys returns the keys of the table generated for a kairos package.
func tableKeys(t *testing.T, name string) []string {
	file := "kairos_stdlib_" + name + ".go"
	path := filepath.Join("pure", file)
	if _, err := os.Stat(path); err != nil {
		path = filepath.Join("native", file)
	}
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	ast.Inspect(f, func(n ast.Node) bool {
		if pair, ok := n.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.BasicLit); ok {
				text, err := strconv.Unquote(key.Value)
				if err != nil {
					t.Fatal(err)
				}
				keys = append(keys, text)
			}
		}
		return true
	})
	return keys
}

// TestTablesAgreeWithTypes compares what the interpreter sees of a package with what the type checker sees.
func TestTablesAgreeWithTypes(t *testing.T) {
	imp := typedata.NewImporter()
	functions := 0
	for key, table := range Pure() {
		if key == "." {
			continue
		}
		path, name := filepath.Split(key)
		path = strings.TrimSuffix(path, "/")
		pkg, err := imp.Import(path)
		if err != nil {
			t.Error(err)
			continue
		}
		if pkg.Name() != name || !typedata.Has(path) || typedata.NeedsTorch(path) {
			t.Errorf("%s: package %s, present %v, needs libtorch %v", key, pkg.Name(), typedata.Has(path), typedata.NeedsTorch(path))
		}
		for _, objName := range pkg.Scope().Names() {
			obj := pkg.Scope().Lookup(objName)
			v, shown := table[objName]
			if !obj.Exported() {
				continue
			}
			if shown != canBeShown(obj) {
				t.Errorf("%s.%s: in the table %v", path, objName, shown)
				continue
			}
			if fn, ok := obj.(*types.Func); ok && shown {
				functions++
				agree(t, path+"."+objName, fn.Signature(), v.Type())
			}
			if _, ok := obj.(*types.Var); ok && !v.CanSet() {
				t.Errorf("%s.%s: the variable cannot be assigned", path, objName)
			}
		}
	}
	if functions < 2000 {
		t.Errorf("only %d functions", functions)
	}
}

// canBeShown reports whether reflection can hold what obj is: not generic, and no constraint.
func canBeShown(obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.Func:
		return obj.Signature().TypeParams() == nil
	case *types.TypeName:
		if t, ok := obj.Type().(interface{ TypeParams() *types.TypeParamList }); ok && t.TypeParams().Len() > 0 {
			return false
		}
		iface, ok := obj.Type().Underlying().(*types.Interface)
		return !ok || iface.IsMethodSet()
	}
	return true
}

func agree(t *testing.T, name string, sig *types.Signature, typ reflect.Type) {
	if typ.Kind() != reflect.Func || typ.NumIn() != sig.Params().Len() || typ.NumOut() != sig.Results().Len() ||
		typ.IsVariadic() != sig.Variadic() {
		t.Errorf("%s: %v to the checker, %v to the interpreter", name, sig, typ)
	}
}

func TestUntypedConstantsAreExact(t *testing.T) {
	all := Pure()
	for _, c := range []struct{ pkg, name, want string }{
		{"math/math", "MaxUint64", "18446744073709551615"},
		{"math/math", "MaxInt64", "9223372036854775807"},
		{"math/math", "Pi", "3.14159265358979323846264338327950288419716939937510582097494459"},
		{"time/time", "RFC3339", `"2006-01-02T15:04:05Z07:00"`},
	} {
		got := all[c.pkg][c.name].Interface().(interface{ ExactString() string }).ExactString()
		if num, den, isRatio := strings.Cut(got, "/"); isRatio && strings.Trim(den, "0") == "1" {
			got = num[:1] + "." + num[1:]
		}
		if got != c.want {
			t.Errorf("%s.%s = %s, want %s", c.pkg, c.name, got, c.want)
		}
	}
	if got := all["unicode/utf8/utf8"]["RuneError"].Interface(); got != '�' {
		t.Errorf("utf8.RuneError = %v of type %[1]T, want a rune", got)
	}
	if got := all["time/time"]["Second"].Interface(); reflect.TypeOf(got).String() != "time.Duration" {
		t.Errorf("time.Second has type %T", got)
	}
}

func BenchmarkPure(b *testing.B) {
	for b.Loop() {
		Pure()
	}
}
