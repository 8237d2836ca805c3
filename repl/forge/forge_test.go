package forge_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kairos/repl/forge"
)

// twins are the compiled types of twins_test.go.
var twins = map[string]reflect.Type{}

func twin[T any](name string) { twins[name] = reflect.TypeFor[T]() }

func init() {
	twin[Int]("Int")
	twin[Small]("Small")
	twin[Float]("Float")
	twin[Complex]("Complex")
	twin[Str]("Str")
	twin[Flag]("Flag")
	twin[Uptr]("Uptr")
	twin[Unsafe]("Unsafe")
	twin[Ints]("Ints")
	twin[Arr]("Arr")
	twin[Table]("Table")
	twin[Pipe]("Pipe")
	twin[Fn]("Fn")
	twin[PtrTo]("PtrTo")
	twin[Nested]("Nested")
	twin[Point]("Point")
	twin[hidden]("hidden")
	twin[Empty]("Empty")
	twin[Tail]("Tail")
	twin[Padded]("Padded")
	twin[Blank]("Blank")
	twin[Wrap]("Wrap")
	twin[WrapF]("WrapF")
	twin[Floaty]("Floaty")
	twin[Big]("Big")
	twin[Huge]("Huge")
	twin[NoCmp]("NoCmp")
	twin[NoCmpF]("NoCmpF")
	twin[Iface]("Iface")
	twin[Tagged]("Tagged")
	twin[List]("List")
	twin[Tree]("Tree")
	twin[Node]("Node")
	twin[NodeK]("NodeK")
	twin[Slice]("Slice")
	twin[Map]("Map")
	twin[Func]("Func")
	twin[Chan]("Chan")
	twin[Ptr]("Ptr")
	twin[Array]("Array")
	twin[Ifc]("Ifc")
	twin[A]("A")
	twin[B]("B")
	twin[Anon]("Anon")
	twin[AnonM]("AnonM")
	twin[ArrM]("ArrM")
	twin[IfcS]("IfcS")
	twin[MapK]("MapK")
	twin[MapE]("MapE")
	twin[SelfGen]("SelfGen")
	twin[RoseInt]("RoseInt")
	twin[UseRose]("UseRose")
	twin[UseRose2]("UseRose2")
	twin[Instances]("Instances")
	twin[Wide]("Wide")
	twin[Embed]("Embed")
	twin[EmbedPtr]("EmbedPtr")
	twin[EmbedPtr2]("EmbedPtr2")
	twin[EmbedDeep]("EmbedDeep")
	twin[EmbedBuf]("EmbedBuf")
	twin[EmbedVal]("EmbedVal")
	twin[EmbedIfc]("EmbedIfc")
	twin[EmbedErr]("EmbedErr")
	twin[EmbedTime]("EmbedTime")
	twin[EmbedFunc]("EmbedFunc")
	twin[EmbedInt]("EmbedInt")
	twin[EmbedSmall]("EmbedSmall")
	twin[embedded]("embedded")
	twin[EmbedHid]("EmbedHid")
	twin[EmbedGen]("EmbedGen")
	twin[EmbedOwn]("EmbedOwn")
	twin[EmbedPkg]("EmbedPkg")
	twin[EmbedTwice]("EmbedTwice")
	twin[EmbedZero]("EmbedZero")
	twin[EmbedAlias]("EmbedAlias")
	twin[Anonymous]("Anonymous")
	twin[EmbedTB]("EmbedTB")
	twin[Shape]("Shape")
	twin[Closer]("Closer")
	twin[Any]("Any")
	twin[Both]("Both")
	twin[UseIfc]("UseIfc")
	twin[square]("square")
	twin[MyErr]("MyErr")
}

// compiled are the types of imported packages that twins_test.go uses.
var compiled = map[string]reflect.Type{
	"bytes.Buffer":  reflect.TypeFor[bytes.Buffer](),
	"fmt.Stringer":  reflect.TypeFor[fmt.Stringer](),
	"fmt.State":     reflect.TypeFor[fmt.State](),
	"io.Reader":     reflect.TypeFor[io.Reader](),
	"io.Writer":     reflect.TypeFor[io.Writer](),
	"sync.Mutex":    reflect.TypeFor[sync.Mutex](),
	"testing.TB":    reflect.TypeFor[testing.TB](),
	"time.Time":     reflect.TypeFor[time.Time](),
	"time.Duration": reflect.TypeFor[time.Duration](),
	"time.Month":    reflect.TypeFor[time.Month](),
	"time.Weekday":  reflect.TypeFor[time.Weekday](),
	"time.Location": reflect.TypeFor[time.Location](),

	"sync/atomic.noCopy": reflect.TypeFor[atomic.Int32]().Field(0).Type,
}

// testWorld is the world of twins_test.go: every method of a forged type calls
// the compiled twin's.
type testWorld struct {
	*forge.World
	pkg *types.Package
}

var checked = sync.OnceValue(func() *types.Package { return check("kairos/repl/forge_test", "twins_test.go", nil) })

// check type-checks one file.
func check(path, file string, src any) *types.Package {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, src, 0)
	if err != nil {
		panic(err)
	}
	conf := types.Config{Importer: importer.ForCompiler(fset, "gc", nil)}
	pkg, err := conf.Check(path, fset, []*ast.File{f}, nil)
	if err != nil {
		panic(err)
	}
	return pkg
}

func newWorld(pkg *types.Package) *testWorld {
	w := forge.New(func(path, name string) (reflect.Type, bool) {
		t, ok := compiled[path+"."+name]
		return t, ok
	})
	w.Own(pkg)
	return &testWorld{w, pkg}
}

func (w *testWorld) named(name string) *types.Named {
	return w.pkg.Scope().Lookup(name).Type().(*types.Named)
}

func TestTwins(t *testing.T) {
	w := newWorld(checked())
	for name, want := range twins {
		t.Run(name, func(t *testing.T) {
			got, err := w.True(w.named(name))
			if err != nil {
				t.Fatal(err)
			}
			c := comparison{t, map[[2]reflect.Type]bool{}}
			c.types(name, got, want)
		})
	}
}

// comparison compares forged types with compiled ones.
type comparison struct {
	*testing.T
	seen map[[2]reflect.Type]bool
}

func (c *comparison) equal(at, what string, got, want any) {
	c.Helper()
	if got != want {
		c.Errorf("%s: %s is %v, want %v", at, what, got, want)
	}
}

func (c *comparison) types(at string, got, want reflect.Type) {
	if got == want || c.seen[[2]reflect.Type{got, want}] {
		return
	}
	c.seen[[2]reflect.Type{got, want}] = true
	c.equal(at, "String", got.String(), want.String())
	c.equal(at, "Name", got.Name(), want.Name())
	c.equal(at, "PkgPath", got.PkgPath(), want.PkgPath())
	c.equal(at, "Kind", got.Kind(), want.Kind())
	c.equal(at, "Size", got.Size(), want.Size())
	c.equal(at, "Align", got.Align(), want.Align())
	c.equal(at, "FieldAlign", got.FieldAlign(), want.FieldAlign())
	c.equal(at, "Comparable", got.Comparable(), want.Comparable())
	c.methods(at, got, want)
	if got.Kind() != want.Kind() {
		return
	}
	if got.Name() != "" {
		c.types("*"+at, reflect.PointerTo(got), reflect.PointerTo(want))
	}
	switch want.Kind() {
	case reflect.Pointer, reflect.Slice:
		c.types(at+".Elem", got.Elem(), want.Elem())
	case reflect.Array:
		c.equal(at, "Len", got.Len(), want.Len())
		c.types(at+".Elem", got.Elem(), want.Elem())
	case reflect.Chan:
		c.equal(at, "ChanDir", got.ChanDir(), want.ChanDir())
		c.types(at+".Elem", got.Elem(), want.Elem())
	case reflect.Map:
		c.types(at+".Key", got.Key(), want.Key())
		c.types(at+".Elem", got.Elem(), want.Elem())
	case reflect.Func:
		c.signature(at, got, want)
	case reflect.Struct:
		c.fields(at, got, want)
	}
}

func (c *comparison) signature(at string, got, want reflect.Type) {
	c.equal(at, "IsVariadic", got.IsVariadic(), want.IsVariadic())
	c.equal(at, "NumIn", got.NumIn(), want.NumIn())
	c.equal(at, "NumOut", got.NumOut(), want.NumOut())
	if c.Failed() {
		return
	}
	for i := range want.NumIn() {
		c.types(fmt.Sprintf("%s.In(%d)", at, i), got.In(i), want.In(i))
	}
	for i := range want.NumOut() {
		c.types(fmt.Sprintf("%s.Out(%d)", at, i), got.Out(i), want.Out(i))
	}
}

func (c *comparison) fields(at string, got, want reflect.Type) {
	c.equal(at, "NumField", got.NumField(), want.NumField())
	for i := range want.NumField() {
		g, w := got.Field(i), want.Field(i)
		at := at + "." + w.Name
		c.equal(at, "Name", g.Name, w.Name)
		c.equal(at, "PkgPath", g.PkgPath, w.PkgPath)
		c.equal(at, "Tag", g.Tag, w.Tag)
		c.equal(at, "Offset", g.Offset, w.Offset)
		c.equal(at, "Anonymous", g.Anonymous, w.Anonymous)
		c.types(at, g.Type, w.Type)
	}
}

func (c *comparison) methods(at string, got, want reflect.Type) {
	c.equal(at, "NumMethod", got.NumMethod(), want.NumMethod())
	for i := range min(want.NumMethod(), got.NumMethod()) {
		g, w := got.Method(i), want.Method(i)
		c.equal(at, "method", g.Name, w.Name)
		c.equal(at+"."+w.Name, "PkgPath", g.PkgPath, w.PkgPath)
		c.types(at+"."+w.Name, g.Type, w.Type)
	}
}

func TestSelfTest(t *testing.T) {
	start := time.Now()
	if err := forge.SelfTest(); err != nil {
		t.Fatal(err)
	}
	if d := time.Since(start); d > 50*time.Millisecond {
		t.Errorf("took %v", d)
	} else {
		t.Log(d)
	}
}
