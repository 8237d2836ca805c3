package rt_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"reflect"
	"runtime"
	"testing"

	"kairos/repl/lower/rt"
)

// hidden stands for a type of a program with an unexported field, and open for the type lowered code holds it in.
type (
	hidden struct {
		a int
		b string
	}
	open struct {
		A int
		B string
	}
)

type speaker interface{ Speak() string }

type mute interface{ hush() }

func (h hidden) Speak() string { return h.b }

func cast(v reflect.Value, t reflect.Type) reflect.Value {
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	return reflect.NewAt(t, p.UnsafePointer()).Elem()
}

// made returns a made function as one of type F.
func made[F any](v reflect.Value) F { return v.Interface().(F) }

// panicked returns what f panics with.
func panicked(f func()) (r any) {
	defer func() {
		r = recover()
		if t, ok := r.(*rt.Thrown); ok {
			r = t.Value
		}
	}()
	f()
	return nil
}

// alike fails unless two functions panic alike.
func alike(t *testing.T, name string, lowered, compiled func()) {
	t.Helper()
	got, want := panicked(lowered), panicked(compiled)
	_, runtimeErr := want.(runtime.Error)
	if reflect.TypeOf(got) != reflect.TypeOf(want) || fmt.Sprint(got) != fmt.Sprint(want) || want == nil || !runtimeErr {
		t.Errorf("%s: panics with %T %v, want %T %v", name, got, got, want, want)
	}
}

func ExampleMakeAs() {
	words := rt.MakeAs(reflect.TypeFor[any](), reflect.TypeFor[hidden](), reflect.TypeFor[open](), cast).Interface().(func(any) open)
	fmt.Println(words(hidden{1, "x"}).B)
	defer func() { fmt.Println(recover()) }()
	words(3)
	// Output:
	// x
	// interface conversion: interface {} is int, not rt_test.hidden
}

func TestAssert(t *testing.T) {
	type local int
	other := func() any {
		type local int
		return local(1)
	}()
	asLocal := made[func(any) local](rt.MakeAs(reflect.TypeFor[any](), reflect.TypeFor[local](), reflect.TypeFor[local](), nil))
	asSpeaker := made[func(any) speaker](rt.MakeAs(reflect.TypeFor[any](), reflect.TypeFor[speaker](), reflect.TypeFor[speaker](), nil))
	asMute := made[func(any) mute](rt.MakeAs(reflect.TypeFor[error](), reflect.TypeFor[mute](), reflect.TypeFor[mute](), nil))
	asPathError := made[func(any) *fs.PathError](rt.MakeAs(reflect.TypeFor[error](), reflect.TypeFor[*fs.PathError](),
		reflect.TypeFor[*fs.PathError](), nil))
	var none any
	var noErr error
	if got := asLocal(local(3)); got != 3 {
		t.Errorf("assertion gives %v", got)
	}
	if got := asSpeaker(hidden{1, "said"}).Speak(); got != "said" {
		t.Errorf("assertion to an interface gives %v", got)
	}
	one := any(1)
	alike(t, "other type", func() { asLocal(one) }, func() { _ = one.(local) })
	alike(t, "other scope", func() { asLocal(other) }, func() { _ = other.(local) })
	alike(t, "nil", func() { asLocal(nil) }, func() { _ = none.(local) })
	alike(t, "nil error", func() { asPathError(nil) }, func() { _ = noErr.(*fs.PathError) })
	alike(t, "missing method", func() { asSpeaker(1) }, func() { _ = one.(speaker) })
	alike(t, "nil to interface", func() { asSpeaker(nil) }, func() { _ = none.(speaker) })
	alike(t, "unexported method", func() { asMute(fs.ErrExist) }, func() { _ = fs.ErrExist.(mute) })
	alike(t, "from error", func() { asPathError(fs.ErrExist) }, func() { _ = fs.ErrExist.(*fs.PathError) })
}

func TestAssertOK(t *testing.T) {
	toOpen := made[func(any) (open, bool)](rt.MakeAsOK(reflect.TypeFor[hidden](), reflect.TypeFor[open](), cast))
	if v, ok := toOpen(hidden{1, "x"}); !ok || v != (open{1, "x"}) {
		t.Errorf("a hidden is %v, %v", v, ok)
	}
	for _, x := range []any{nil, 1, open{1, "x"}, &hidden{}} {
		if v, ok := toOpen(x); ok || v != (open{}) {
			t.Errorf("%v is %v, %v", x, v, ok)
		}
	}
	toSpeaker := made[func(any) (speaker, bool)](rt.MakeAsOK(reflect.TypeFor[speaker](), reflect.TypeFor[speaker](), nil))
	if v, ok := toSpeaker(hidden{1, "x"}); !ok || v.Speak() != "x" {
		t.Errorf("a hidden as speaker is %v, %v", v, ok)
	}
	if v, ok := toSpeaker(1); ok || v != nil {
		t.Errorf("1 as speaker is %v, %v", v, ok)
	}
	type table map[string]int
	isTable := made[func(any) bool](rt.MakeIs(reflect.TypeFor[map[string]int]()))
	if isTable(table{}) || !isTable(map[string]int(nil)) || isTable(nil) {
		t.Error("a named map is an unnamed one")
	}
}

func TestGate(t *testing.T) {
	in := made[func(open) any](rt.MakeIn(reflect.TypeFor[open](), reflect.TypeFor[hidden](), reflect.TypeFor[any](), cast))
	if got := in(open{1, "x"}); got != any(hidden{1, "x"}) {
		t.Errorf("an open becomes %#v", got)
	}
	speak := made[func(open) speaker](rt.MakeIn(reflect.TypeFor[open](), reflect.TypeFor[hidden](), reflect.TypeFor[speaker](), cast))
	if got := speak(open{1, "x"}).Speak(); got != "x" {
		t.Errorf("an open says %q", got)
	}
	widen := made[func(error) any](rt.MakeIn(reflect.TypeFor[error](), reflect.TypeFor[error](), reflect.TypeFor[any](), nil))
	if widen(nil) != nil || widen(fs.ErrExist) != any(fs.ErrExist) {
		t.Error("errors change")
	}
}

func TestEqual(t *testing.T) {
	type key struct {
		x any
		f float64
	}
	equal := made[func(a, b key) bool](rt.MakeEqual(reflect.TypeFor[key]()))
	for _, c := range [][2]key{
		{{1, 2}, {1, 2}}, {{1, 2}, {int8(1), 2}}, {{nil, math.NaN()}, {nil, math.NaN()}}, {{nil, 0}, {nil, math.Copysign(0, -1)}},
	} {
		if got, want := equal(c[0], c[1]), c[0] == c[1]; got != want {
			t.Errorf("%v == %v is %v", c[0], c[1], got)
		}
	}
	list := key{[]int{1}, 1}
	a, b := any([]int{1}), any(list)
	alike(t, "slices", func() { rt.Equal(a, a) }, func() { _ = a == a })
	alike(t, "inside", func() { rt.Equal(b, b) }, func() { _ = b == b })
	alike(t, "structs", func() { equal(list, list) }, func() { _ = list == list })
}

func TestMaps(t *testing.T) {
	type table map[any]float64
	typ := reflect.TypeFor[table]()
	get, getOK := made[func(table, any) float64](rt.MakeGet(typ)), made[func(table, any) (float64, bool)](rt.MakeGetOK(typ))
	put, del := made[func(table, any, float64)](rt.MakePut(typ)), made[func(table, any)](rt.MakeDelete(typ))
	key, value := made[func(*rt.Iter) any](rt.MakeKey(typ.Key())), made[func(*rt.Iter) float64](rt.MakeValue(typ.Elem()))
	m := table{}
	put(m, 1, 1.5)
	put(m, nil, 2.5)
	put(m, math.NaN(), 3.5)
	if v, ok := getOK(m, 1); get(m, nil) != 2.5 || v != 1.5 || !ok {
		t.Errorf("the map is %v", m)
	}
	del(m, nil)
	if v, ok := getOK(m, nil); ok || v != 0 {
		t.Errorf("after delete the map is %v", m)
	}
	seen := table{}
	for i := rt.NewIter(m); i.Next(); {
		seen[key(i)] = value(i)
		delete(m, key(i))
	}
	if len(seen) != 2 || len(m) != 1 {
		t.Errorf("iteration saw %v and left %v", seen, m)
	}
	rt.Clear(m)
	var none table
	if len(m) != 0 || rt.NewIter(none).Next() || get(none, 1) != 0 {
		t.Error("clear left something, or a nil map has something")
	}
	bad := any([]int{})
	alike(t, "nil map", func() { put(none, 1, 1) }, func() { none[1] = 1 })
	alike(t, "get from empty", func() { get(none, bad) }, func() { _ = none[bad] })
	alike(t, "get", func() { get(seen, bad) }, func() { _ = seen[bad] })
	alike(t, "put", func() { put(seen, bad, 1) }, func() { seen[bad] = 1 })
	alike(t, "delete", func() { del(none, bad) }, func() { delete(none, bad) })
}

func TestSlices(t *testing.T) {
	type char byte
	type text []char
	s := []int{1, 2, 3, 4}
	appendInts := made[func([]int, ...int) []int](rt.MakeAppend(reflect.TypeFor[[]int]()))
	concat := made[func([]int, []int) []int](rt.MakeAppendSlice(reflect.TypeFor[[]int]()))
	if got := appendInts(s[:0], s[1], s[0]); got[0] != 2 || got[1] != 1 || s[0] != 2 {
		t.Errorf("append gives %v in %v", got, s)
	}
	if got := concat(s[:1], s); fmt.Sprint(got) != "[2 2 1 3 4]" || appendInts(nil) != nil || concat([]int{}, nil) == nil {
		t.Errorf("append gives %v", got)
	}
	for _, n := range []int{0, 1, 5, 255, 256, 300, 2000} {
		if got, want := cap(concat(nil, make([]int, n))), cap(append([]int(nil), make([]int, n)...)); got != want {
			t.Errorf("append of %d has capacity %d, want %d", n, got, want)
		}
	}
	letters := made[func(text, string) text](rt.MakeAppendString(reflect.TypeFor[text]()))(text("a"), "bc")
	if string(letters) != "abc" {
		t.Errorf("append of a string gives %s", string(letters))
	}
	if n := rt.Copy(letters, "xy"); n != 2 || string(letters) != "xyc" {
		t.Errorf("copy of a string gives %d, %s", n, string(letters))
	}
	if n := rt.Copy(s[1:], s); n != 3 || fmt.Sprint(s) != "[2 2 1 3]" {
		t.Errorf("copy gives %d, %v", n, s)
	}
	rt.Clear(s)
	if fmt.Sprint(s) != "[0 0 0 0]" {
		t.Errorf("clear leaves %v", s)
	}
}

func TestMinMax(t *testing.T) {
	type celsius float64
	typ := reflect.TypeFor[celsius]()
	least, most := made[func(celsius, ...celsius) celsius](rt.MakeMin(typ)), made[func(celsius, ...celsius) celsius](rt.MakeMax(typ))
	nan, minus := celsius(math.NaN()), celsius(math.Copysign(0, -1))
	for _, c := range [][3]celsius{{3, 1, 2}, {0, minus, 0}, {minus, 0, 0}, {1, nan, 2}, {celsius(math.Inf(-1)), nan, 1}} {
		for _, pair := range [][2]celsius{{least(c[0], c[1:]...), min(c[0], c[1], c[2])}, {most(c[0], c[1:]...), max(c[0], c[1], c[2])}} {
			if math.Float64bits(float64(pair[0])) != math.Float64bits(float64(pair[1])) {
				t.Errorf("of %v: %v, want %v", c, pair[0], pair[1])
			}
		}
	}
	if got := made[func(string, ...string) string](rt.MakeMax(reflect.TypeFor[string]()))("a", "c", "b"); got != "c" {
		t.Errorf("max of strings is %q", got)
	}
	if got := made[func(uint8, ...uint8) uint8](rt.MakeMin(reflect.TypeFor[uint8]()))(200); got != 200 {
		t.Errorf("min of one is %d", got)
	}
}

func TestComplex(t *testing.T) {
	type signal complex64
	typ := reflect.TypeFor[signal]()
	mul, quo := made[func(a, b signal) signal](rt.MakeMul(typ)), made[func(a, b signal) signal](rt.MakeQuo(typ))
	wide := made[func(a, b complex128) complex128](rt.MakeQuo(reflect.TypeFor[complex128]()))
	numbers := []signal{0, 1, 1i, 0.1 + 0.3i, 1e30 - 1e20i, signal(complex(math.Inf(1), 1)), signal(complex(math.NaN(), 0))}
	for _, a := range numbers {
		for _, b := range numbers {
			got := fmt.Sprint(mul(a, b), quo(a, b), wide(complex128(a), complex128(b)))
			if want := fmt.Sprint(a*b, a/b, complex128(a)/complex128(b)); got != want {
				t.Errorf("%v and %v: %v, want %v", a, b, got, want)
			}
		}
	}
}

func sameConversions[From, To any](t *testing.T, convert func(From) To, values ...From) {
	t.Helper()
	lowered := made[func(From) To](rt.MakeConvert(reflect.TypeFor[From](), reflect.TypeFor[To]()))
	for _, v := range values {
		if got, want := lowered(v), convert(v); !reflect.DeepEqual(got, want) {
			t.Errorf("%T(%T(%v)) is %v, want %v", want, v, v, got, want)
		}
	}
}

func TestConvertNumbers(t *testing.T) {
	type small int8
	floats := []float64{0, 1.9, -1.9, 127.5, 128, 255.9, 256, -129, 1 << 31, 1<<32 + 5, 1 << 62, 1 << 63, 1<<63 + 4096, 1 << 64, 1e300,
		-1 << 63, -1e300, math.Inf(1), math.Inf(-1), math.NaN()}
	sameConversions(t, func(x float64) small { return small(x) }, floats...)
	sameConversions(t, func(x float64) int16 { return int16(x) }, floats...)
	sameConversions(t, func(x float64) int32 { return int32(x) }, floats...)
	sameConversions(t, func(x float64) int64 { return int64(x) }, floats...)
	sameConversions(t, func(x float64) int { return int(x) }, floats...)
	sameConversions(t, func(x float64) uint8 { return uint8(x) }, floats...)
	sameConversions(t, func(x float64) uint16 { return uint16(x) }, floats...)
	sameConversions(t, func(x float64) uint32 { return uint32(x) }, floats...)
	sameConversions(t, func(x float64) uint64 { return uint64(x) }, floats...)
	sameConversions(t, func(x float64) uintptr { return uintptr(x) }, floats...)
	var narrow []float32
	for _, x := range floats {
		narrow = append(narrow, float32(x))
	}
	sameConversions(t, func(x float32) int8 { return int8(x) }, narrow...)
	sameConversions(t, func(x float32) uint32 { return uint32(x) }, narrow...)
	sameConversions(t, func(x float32) uint64 { return uint64(x) }, narrow...)
	sameConversions(t, func(x int64) float32 { return float32(x) }, 0, 1<<24+1, 1<<53+1, math.MaxInt64, math.MinInt64, 0x7fffff4000000001)
	sameConversions(t, func(x uint64) float32 { return float32(x) }, 0, math.MaxUint64, 0x8000008000000001)
	sameConversions(t, func(x int64) small { return small(x) }, 128, -129, math.MaxInt64)
}

func TestConvertOthers(t *testing.T) {
	type char byte
	type text []char
	type word string
	sameConversions(t, func(x int64) word { return word(rune(x)) }, 'a', 'é', 0x10ffff, -1, 0x110000)
	sameConversions(t, func(x word) text { return text(x) }, "", "abc")
	sameConversions(t, func(x text) word { return word(x) }, nil, text("abc"))
	sameConversions(t, func(x string) []rune { return []rune(x) }, "", "aé\xff")
	sameConversions(t, func(x []rune) string { return string(x) }, nil, []rune{'a', -1})
	sameConversions(t, func(x []int) [2]int { return [2]int(x) }, []int{1, 2, 3})
	toArray := made[func([]int) [2]int](rt.MakeConvert(reflect.TypeFor[[]int](), reflect.TypeFor[[2]int]()))
	toPointer := made[func([]int) *[2]int](rt.MakeConvert(reflect.TypeFor[[]int](), reflect.TypeFor[*[2]int]()))
	short, s := []int{1}, []int{1, 2}
	if toPointer(s) != (*[2]int)(s) {
		t.Error("the pointer to an array is not that of the slice")
	}
	alike(t, "array", func() { toArray(short) }, func() { _ = [2]int(short) })
	alike(t, "array pointer", func() { toPointer(short) }, func() { _ = (*[2]int)(short) })
	i := 5
	alike(t, "index", func() { panic(rt.IndexError(i, len(short))) }, func() { _ = short[i] })
	i = -1
	alike(t, "negative index", func() { panic(rt.IndexError(i, len(short))) }, func() { _ = short[i] })
}

func ExampleLoop() {
	count := func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	}
	l := rt.NewLoop()
	count(func(i int) bool { // for i := range count
		l.Enter()
		if i == 2 {
			return l.Leave() // break
		}
		fmt.Println(i)
		return l.Next()
	})
	l.End()
	// Output:
	// 0
	// 1
}

func TestLoop(t *testing.T) {
	lowered := func(seq func(func() bool), body func(l *rt.Loop) bool) func() {
		return func() {
			l := rt.NewLoop()
			seq(func() bool { l.Enter(); return body(l) })
			l.End()
		}
	}
	next := func(l *rt.Loop) bool { return l.Next() }
	leave := func(l *rt.Loop) bool { return l.Leave() }
	throw := func(*rt.Loop) bool { panic("x") }
	var late func() bool
	keep := func(yield func() bool) { late = yield }
	twice := func(yield func() bool) { yield(); yield() }
	swallow := func(yield func() bool) { defer func() { recover() }(); yield() }
	retry := func(yield func() bool) { swallow(yield); yield() }
	if r := panicked(lowered(twice, next)); r != nil {
		t.Errorf("a good loop panics with %v", r)
	}
	alike(t, "left", lowered(twice, leave), func() {
		for range twice {
			break
		}
	})
	alike(t, "swallowed", lowered(swallow, throw), func() {
		for range swallow {
			panic("x")
		}
	})
	alike(t, "retried", lowered(retry, throw), func() {
		for range retry {
			panic("x")
		}
	})
	alike(t, "late", func() { lowered(keep, next)(); late() }, func() {
		for range keep {
		}
		late()
	})
}

func TestRuntimeErrors(t *testing.T) {
	var p *int
	count := -1
	alike(t, "nil", rt.PanicNil, func() { *p = 1 })
	alike(t, "shift", rt.PanicShift, func() { *p = 1 << count })
}

func TestThrown(t *testing.T) {
	boom := rt.Through(fs.ErrExist, 7, nil)
	thrown := rt.Through(boom, 9, nil).(*rt.Thrown)
	if fmt.Sprint(thrown.Trace) != "[7 9]" || thrown.Value != any(fs.ErrExist) || !errors.Is(thrown, fs.ErrExist) {
		t.Errorf("thrown %v at %v", thrown.Value, thrown.Trace)
	}
	if got := fmt.Sprintf("%5.2f", rt.Caught(2.5)); got != " 2.50" {
		t.Errorf("formats as %q", got)
	}
}

func TestSymbols(t *testing.T) {
	for name, v := range rt.Symbols(nil) {
		if v.Kind() != reflect.Func && v.Kind() != reflect.Pointer {
			t.Errorf("%s is a %v", name, v.Kind())
		}
	}
}
