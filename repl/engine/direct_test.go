package engine

import (
	"errors"
	"os"
	"reflect"
	"strconv"
	"testing"
	"unsafe"
)

// TestDirect calls functions of all classes as package reflect does.
func TestDirect(t *testing.T) {
	type small int8
	type named string
	type pair struct{ A, B int }
	for _, f := range []any{
		func() {}, func() int { return -1 }, func(x int8) int8 { return x }, func(x small) bool { return x < 0 },
		func(r rune) rune { return r + 1 }, func(x uint32) int { return int(x) }, func(s string) named { return named(s) + "!" },
		func(x float64, n int) float64 { return x * float64(n) }, func(l []pair, n int) []pair { return l[:n+2] },
		func(m map[string]int, k string) int { return m[k] }, func(e error) error { return errors.Unwrap(e) },
		func(e error, x any) any { return []any{e, x} }, func(p *pair, f float64) *pair { return p },
		func(s string, e error) string { return s }, func(f func(), s string) func() { return f },
		strconv.Atoi, func(c <-chan string) (string, bool) { return "received", true }, os.Getwd,
		func(x any) (float64, bool) { return 1.5, x != nil },
	} {
		fn := reflect.ValueOf(f)
		call := callerOf(fn.Type())
		if call == nil {
			t.Errorf("%T has no caller", f)
			continue
		}
		in, places := arguments(fn.Type())
		out := [2]unsafe.Pointer{unsafe.Pointer(&nothing), unsafe.Pointer(&nothing)}
		var got []reflect.Value
		for i := range fn.Type().NumOut() {
			v := reflect.New(fn.Type().Out(i))
			got, out[i] = append(got, v.Elem()), v.UnsafePointer()
		}
		call(function(fn), places[0], places[1], out[0], out[1])
		for i, want := range fn.Call(in) {
			if want.Kind() != reflect.Func && !reflect.DeepEqual(got[i].Interface(), want.Interface()) {
				t.Errorf("%T: result %d is %v, want %v", f, i, got[i], want)
			}
		}
	}
	for _, f := range []any{
		func(float32) {}, func(pair) {}, func() complex128 { return 0 }, func() (int, int) { return 1, 2 },
		func(int, int) (int, bool) { return 1, true },
	} {
		if callerOf(reflect.TypeOf(f)) != nil {
			t.Errorf("%T has a caller", f)
		}
	}
}

// arguments makes values for the parameters of a function, and says where they lie.
func arguments(t reflect.Type) (in []reflect.Value, places [2]unsafe.Pointer) {
	for i := range t.NumIn() {
		v := reflect.New(t.In(i)).Elem()
		switch {
		case v.CanInt():
			v.SetInt(-1)
		case v.CanUint():
			v.SetUint(1 << 31)
		case v.CanFloat():
			v.SetFloat(2.5)
		case v.Kind() == reflect.String:
			v.SetString("text")
		case v.Kind() == reflect.Slice:
			v.Set(reflect.MakeSlice(t.In(i), 1, 2))
		case v.Kind() == reflect.Pointer:
			v.Set(reflect.New(t.In(i).Elem()))
		case v.Kind() == reflect.Interface:
			v.Set(reflect.ValueOf(errors.New("e")))
		}
		in, places[i] = append(in, v), v.Addr().UnsafePointer()
	}
	return in, places
}
