package engine

import (
	"errors"
	"reflect"
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
	} {
		fn := reflect.ValueOf(f)
		call := callerOf(fn.Type())
		if call == nil {
			t.Errorf("%T has no caller", f)
			continue
		}
		in, places := arguments(fn.Type())
		want, got, out := fn.Call(in), reflect.Value{}, unsafe.Pointer(&nothing)
		if len(want) > 0 {
			got = reflect.New(fn.Type().Out(0)).Elem()
			out = got.Addr().UnsafePointer()
		}
		call(function(fn), places[0], places[1], out)
		if len(want) > 0 && got.Kind() != reflect.Func && !reflect.DeepEqual(got.Interface(), want[0].Interface()) {
			t.Errorf("%T: %v, want %v", f, got, want[0])
		}
	}
	for _, f := range []any{func(float32) {}, func(pair) {}, func() complex128 { return 0 }} {
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
