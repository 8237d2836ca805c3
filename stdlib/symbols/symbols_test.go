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
				if !slices.Contains(exported, key) {
					t.Errorf("%s.%s is in the symbols but not in the package: run go generate ./stdlib/symbols", name, key)
				}
			}
		})
	}
	if packages < 10 {
		t.Errorf("only %d packages", packages)
	}
}

// exportedNames returns the names but constants that the package in dir exports on this platform, nil if there is no
// package.
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

// declaredBy returns the names a declaration puts into the scope of its package, but constants.
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
				if d.Tok == token.VAR {
					names = append(names, s.Names...)
				}
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
			if key, ok := pair.Value.(*ast.BasicLit); ok {
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
	table := Pure()
	imp := typedata.NewImporter()
	functions := 0
	for _, path := range typedata.Paths() {
		if typedata.NeedsTorch(path) {
			continue
		}
		pkg, err := imp.Import(path)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, name := range pkg.Scope().Names() {
			obj := pkg.Scope().Lookup(name)
			v, shown := table.Lookup(path, name)
			if shown != (obj.Exported() && canBeShown(obj)) {
				t.Errorf("%s.%s: in the table %v", path, name, shown)
				continue
			}
			if !shown {
				continue
			}
			if _, isType := table.Type(path, name); isType != isTypeName(obj) {
				t.Errorf("%s.%s: a type %v", path, name, isType)
			}
			if fn, ok := obj.(*types.Func); ok {
				functions++
				agree(t, path+"."+name, fn.Signature(), v.Type())
			}
			if _, ok := obj.(*types.Var); ok != v.CanSet() {
				t.Errorf("%s.%s: can be assigned %v", path, name, v.CanSet())
			}
		}
	}
	if functions < 2000 {
		t.Errorf("only %d functions", functions)
	}
}

func isTypeName(obj types.Object) bool {
	_, ok := obj.(*types.TypeName)
	return ok
}

// canBeShown reports whether reflection can hold what obj is: not generic, no constraint and no constant.
func canBeShown(obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.Const:
		return false
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

func BenchmarkLookup(b *testing.B) {
	table := Pure()
	for b.Loop() {
		if _, ok := table.Lookup("kairos/stdlib/similarity", "WSD"); !ok {
			b.Fatal("not there")
		}
	}
}
