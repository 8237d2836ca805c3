package rt

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

func ExampleThrown() {
	boom := Through("boom", 7, nil)
	boom = Through(boom, 9, nil)
	fmt.Println(boom, boom.Trace, Catch(boom) == "boom")
	// Output: boom [7 9] true
}

func TestBuiltinText(t *testing.T) {
	type named int
	for _, c := range []struct {
		value any
		want  string
	}{
		{1.5, "1.5"}, {1e21, "1e+21"}, {float32(0.1), "0.1"}, {math.Inf(-1), "-Inf"}, {math.Copysign(0, -1), "-0"},
		{complex(1, -2), "(1-2i)"}, {complex64(complex(0.5, 2)), "(0.5+2i)"},
		{'a', "97"}, {uint64(1 << 63), "9223372036854775808"}, {true, "true"}, {"s", "s"}, {named(3), "3"},
		{nil, "nil"}, {(*int)(nil), "0x0"}, {[]int(nil), "[0/0]0x0"},
		{fs.ErrExist, ""}, // an address
	} {
		if got := builtinText(c.value); got != c.want && (c.want != "" || !strings.HasPrefix(got, "0x")) {
			t.Errorf("%#v: %q, want %q", c.value, got, c.want)
		}
	}
}

func TestPanicText(t *testing.T) {
	for _, c := range []struct {
		value    any
		typeName string
		want     string
	}{
		{"a\nb", "", "a\n\tb"},
		{errors.New("x\ny"), "", "x\n\ty"},
		{reflect.Int, "", "int"}, // a Stringer
		{3, "", "3"}, {3, "main.N", "main.N(3)"}, {"s", "main.S", `main.S("s")`},
		{true, "main.B", "main.B(true)"}, {1i, "main.C", "main.C(0+1i)"}, {2.5, "", "2.5"},
		{struct{}{}, "main.T", "(main.T) 0x"}, {[]int(nil), "", "([]int) 0x0"}, {(*int)(nil), "", "(*int) 0x0"},
	} {
		got := panicText(c.value, c.typeName)
		if got != c.want && !(strings.HasSuffix(c.want, "0x") && strings.HasPrefix(got, c.want)) {
			t.Errorf("%#v of type %q: %q, want %q", c.value, c.typeName, got, c.want)
		}
	}
}

// caught returns what f panics with.
func caught(f func()) (r any) {
	defer func() { r = recover() }()
	f()
	return nil
}

// TestFault takes what yaegi's way of executing Go panics with, and compares with what Go says.
func TestFault(t *testing.T) {
	list, fn := reflect.ValueOf([]int{1}), reflect.ValueOf((func())(nil))
	for _, c := range []struct {
		name string
		f    func()
		want string
	}{
		{"index", func() { list.Index(5) }, "runtime error: index out of range"},
		{"array", func() { reflect.ValueOf([1]int{}).Index(5) }, "runtime error: index out of range"},
		{"string", func() { reflect.ValueOf("a").Index(5) }, "runtime error: index out of range"},
		{"slice", func() { list.Slice(2, 9) }, "runtime error: slice bounds out of range"},
		{"slice string", func() { reflect.ValueOf("a").Slice(2, 9) }, "runtime error: slice bounds out of range"},
		{"slice 3", func() { list.Slice3(0, 1, 9) }, "runtime error: slice bounds out of range"},
		{"make", func() { reflect.MakeSlice(list.Type(), -1, 1) }, "runtime error: makeslice: len out of range"},
		{"make cap", func() { reflect.MakeSlice(list.Type(), 2, 1) }, "runtime error: makeslice: cap out of range"},
		{"nil function", func() { fn.Call(nil) }, string(NilDereference)},
		{"nil pointer", func() { reflect.ValueOf((*struct{ A int })(nil)).Elem().Field(0) }, string(NilDereference)},
		{"unhashable", func() { reflect.ValueOf(map[any]int{}).MapIndex(list) }, "runtime error: hash of unhashable type []int"},
	} {
		t.Run(c.name, func(t *testing.T) {
			thrown := newThrown(caught(c.f))
			if _, ok := thrown.Value.(runtime.Error); !ok || thrown.Text() != c.want {
				t.Errorf("%T %q, want %q", thrown.Value, thrown.Text(), c.want)
			}
		})
	}
	unknown := newThrown(caught(func() { list.SetInt(1) }))
	if got := unknown.Text(); !strings.HasPrefix(got, "kairos cannot interpret this yet: reflect") {
		t.Errorf("what reflect says of yaegi's own mistakes becomes %q", got)
	}
}

func TestThrow(t *testing.T) {
	type wrapper struct {
		IValue any
		error
	}
	own := &struct{ a int }{1}
	thrown := newThrown(reflect.ValueOf(Throw(wrapper{own, errors.New("own text")}, "*main.E")))
	if thrown.Value != any(own) || thrown.Text() != "own text" || Catch(thrown) != any(own) {
		t.Errorf("a value in yaegi's wrapper becomes %v, printed %q", thrown.Value, thrown.Text())
	}
	if got := newThrown(reflect.ValueOf(Throw(nil, ""))).Text(); !strings.HasPrefix(got, "panic called with nil argument") {
		t.Errorf("panic(nil) prints %q", got)
	}
	if !errors.Is(Through(fs.ErrExist, 1, nil), fs.ErrExist) {
		t.Error("a thrown error is not itself to errors.Is")
	}
	if got := Catch("text"); got != "text" {
		t.Errorf("Catch changes %v", got)
	}
}

// TestUncaught: only the dying runtime makes Error call uncaught. That it does is seen in package script, where a
// program panics in a goroutine.
func TestUncaught(t *testing.T) {
	thrown := Through("x", 1, func(*Thrown) { t.Error("called") })
	if got := fmt.Sprint(caught(func() { panic(thrown) })); got != "x" {
		t.Errorf("printed as %q", got)
	}
}

func TestMinMaxClear(t *testing.T) {
	table := Symbols()[Path+"/rt"]
	call := func(name string, args ...any) any {
		var in []reflect.Value
		for _, arg := range args {
			in = append(in, reflect.ValueOf(arg))
		}
		return table[name].Call(in)[0].Interface()
	}
	if got := call("min_int", 3, 1, 2); got != 1 {
		t.Errorf("min_int: %v", got)
	}
	if got := call("max_string", "a", "b"); got != "b" {
		t.Errorf("max_string: %v", got)
	}
	if got := call("max_float64", 1.0, math.NaN()).(float64); !math.IsNaN(got) {
		t.Errorf("max_float64 with NaN: %v", got)
	}
	m, s := map[int]int{1: 1}, []int{1, 2}
	Clear(m)
	Clear(s)
	if len(m) != 0 || s[0] != 0 || s[1] != 0 {
		t.Errorf("cleared: %v %v", m, s)
	}
}
