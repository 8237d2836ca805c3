package engine

import (
	"go/ast"
	"go/parser"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	_ "kairos/repl/engine/testdata/core"
	"kairos/repl/engine/testdata/k"
)

// entries is the pool of the tests.
func entries() map[string]reflect.Value {
	m := map[string]reflect.Value{}
	for _, t := range []any{
		(*k.I8)(nil), (*k.I16)(nil), (*k.I32)(nil), (*k.I64)(nil), (*k.U8)(nil), (*k.U16)(nil), (*k.U32)(nil), (*k.U64)(nil),
		(*k.Int)(nil), (*k.Uint)(nil), (*k.F32)(nil), (*k.F64)(nil), (*k.C64)(nil), (*k.Bool)(nil), (*k.Str)(nil),
		(*k.Ints)(nil), (*k.Strs)(nil), (*k.Bytes)(nil), (*k.Runes)(nil), (*k.Arr)(nil), (*k.Arrs)(nil), (*k.Matrix)(nil),
		(*k.Map)(nil), (*k.MapPoint)(nil), (*k.MapSlice)(nil), (*k.MapStr)(nil), (*k.Keyed)(nil),
		(*k.Fn)(nil), (*k.Fns)(nil), (*k.MapFn)(nil), (*k.Pred)(nil), (*k.Maker)(nil), (*k.VarFn)(nil), (*k.Chan)(nil), (*k.Any)(nil),
		(*k.Shower)(nil), (*k.MapMap)(nil), (*k.PtrPoints)(nil), (*k.Tree)(nil), (*k.In)(nil), (*k.Outer)(nil), (*k.Lower)(nil), (*k.AnyMap)(nil), (*k.Point)(nil), (*k.Node)(nil), (*k.Rec)(nil),
	} {
		v := reflect.ValueOf(t)
		m[v.Type().Elem().Name()] = v
	}
	for name, t := range map[string]any{
		"PInt": (*k.PInt)(nil), "PPoint": (*k.PPoint)(nil), "PPPoint": (*k.PPPoint)(nil), "PRec": (*k.PRec)(nil),
		"PNode": (*k.PNode)(nil), "PArr": (*k.PArr)(nil), "Points": (*k.Points)(nil), "Pair": (*k.Pair)(nil),
		"IntSlice": (*k.IntSlice)(nil), "IntArr": (*k.IntArr)(nil), "ByteSlice": (*k.ByteSlice)(nil),
		"RuneSlice": (*k.RuneSlice)(nil), "StrSlice": (*k.StrSlice)(nil), "AnySlice": (*k.AnySlice)(nil),
		"Greet": (*k.Greet)(nil), "Err": (*k.Err)(nil), "Func": (*k.Func)(nil), "MapAny": (*k.MapAny)(nil), "PBool": (*k.PBool)(nil), "Empty": (*k.Empty)(nil), "Bools": (*k.Bools)(nil), "Bools1": (*k.Bools1)(nil),
	} {
		m[name] = reflect.ValueOf(t)
	}
	for name, f := range map[string]any{
		"Print": k.Print, "Try": k.Try, "Send": k.Send, "Recv": k.Recv, "MakeChan": k.MakeChan, "Add": k.Add, "Sum": k.Sum,
		"Two": k.Two, "Three": k.Three, "Format": k.Format, "Apply": k.Apply, "Call": k.Call, "Call1": k.Call1, "NewRec": k.NewRec,
		"ToAny": k.ToAny, "IsNil": k.IsNil, "Len": k.Len, "GetFn": k.GetFn, "Fail": k.Fail, "Ok": k.Ok, "PanicNow": k.PanicNow,
		"Bump": k.Bump, "PGlobal": k.PGlobal, "C8": k.C8, "CU8": k.CU8, "CInt": k.CInt, "CNeg": k.CNeg, "CBig": k.CBig, "CF32": k.CF32, "CF64": k.CF64, "CStr": k.CStr,
		"CText": k.CText, "CTrue": k.CTrue, "CC64": k.CC64, "CRune": k.CRune,
	} {
		m[name] = reflect.ValueOf(f)
	}
	return m
}

// newEngine returns an engine with the pool of the tests, and the entry points that are registered with it.
func newEngine(t testing.TB) (*Engine, map[string]func()) {
	t.Helper()
	e, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range entries() {
		e.Use(name, v)
	}
	cases := map[string]func(){}
	e.Use("Case", reflect.ValueOf(func(name string, f func()) { cases[name] = f }))
	return e, cases
}

func load(t testing.TB, e *Engine, name string, src any) {
	t.Helper()
	if err := loadErr(e, name, src); err != nil {
		t.Fatal(err)
	}
}

func loadErr(e *Engine, name string, src any) error {
	file, err := parser.ParseFile(e.FileSet(), name, src, 0)
	if err != nil {
		return err
	}
	toCore(file)
	return e.Load(file)
}

// toCore makes a core file of one that could as well be compiled.
func toCore(file *ast.File) {
	file.Name.Name = "main"
	ast.Inspect(file, func(n ast.Node) bool { // in core the pool has a name that nothing else can have
		if id, ok := n.(*ast.Ident); ok && id.Name == "k" {
			id.Name = pool
		}
		return true
	})
}

// Every function of testdata/core prints the same whether compiled or interpreted.
func TestCore(t *testing.T) {
	files, err := filepath.Glob("testdata/core/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".go"), func(t *testing.T) {
			e, cases := newEngine(t)
			for _, part := range parts(t, e, file) {
				if err := e.Load(part); err != nil {
					t.Error(err)
				}
			}
			for name, f := range cases {
				t.Run(name, func(t *testing.T) {
					defer func() {
						if r := recover(); r != nil {
							t.Errorf("panic: %v\nafter\n%s", r, k.Output())
						}
					}()
					compare(t, f, k.Cases[name])
				})
			}
		})
	}
}

// parts splits a program: first the functions that are no entry points, then each entry point in a file of its own.
func parts(t *testing.T, e *Engine, path string) []*ast.File {
	file, err := parser.ParseFile(e.FileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	toCore(file)
	first := &ast.File{Name: file.Name}
	all := []*ast.File{first}
	for _, d := range file.Decls {
		switch f, ok := d.(*ast.FuncDecl); {
		case !ok || f.Name.Name == "init":
		case k.Cases[f.Name.Name] == nil:
			first.Decls = append(first.Decls, d)
		default:
			register, err := parser.ParseFile(e.FileSet(), path, "package main; func init() { k.Case(`"+f.Name.Name+"`, "+f.Name.Name+") }", 0)
			if err != nil {
				t.Fatal(err)
			}
			toCore(register)
			all = append(all, &ast.File{Name: file.Name, Decls: append([]ast.Decl{d}, register.Decls...)})
		}
	}
	return all
}

func compare(t *testing.T, interpreted, compiled func()) {
	t.Helper()
	k.Output()
	compiled()
	want := strings.Split(k.Output(), "\n")
	interpreted()
	got := strings.Split(k.Output(), "\n")
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Errorf("line %d: got %s, want %s", i+1, g, w)
		}
	}
}
