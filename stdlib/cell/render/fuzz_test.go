package render

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// maker makes values of any type from random numbers.
type maker struct{ *rand.Rand }

var basic = []reflect.Type{
	reflect.TypeFor[bool](), reflect.TypeFor[int](), reflect.TypeFor[int8](), reflect.TypeFor[uint8](), reflect.TypeFor[uint64](),
	reflect.TypeFor[float32](), reflect.TypeFor[float64](), reflect.TypeFor[complex128](), reflect.TypeFor[string](), reflect.TypeFor[any](),
	reflect.TypeFor[error](), reflect.TypeFor[time.Time](), reflect.TypeFor[time.Duration](), reflect.TypeFor[celsius](), reflect.TypeFor[grid](),
	reflect.TypeFor[*ring](), reflect.TypeFor[hidden](), reflect.TypeFor[loud](), reflect.TypeFor[reflect.Value](), reflect.TypeFor[reflect.Type](),
	reflect.TypeFor[broken](), reflect.TypeFor[func(int) string](), reflect.TypeFor[chan int](), reflect.TypeFor[step](), reflect.TypeFor[dialogue](),
	reflect.TypeFor[uintptr](), reflect.TypeFor[page](), reflect.TypeFor[[]byte](),
}

func (m maker) typ(depth int) reflect.Type {
	if depth == 0 {
		return basic[m.IntN(len(basic))]
	}
	part := m.typ(depth - 1 - m.IntN(depth))
	switch m.IntN(6) {
	case 0:
		return reflect.PointerTo(part)
	case 1, 2:
		return reflect.SliceOf(part)
	case 3:
		return reflect.ArrayOf(m.IntN(4), part)
	case 4:
		if key := m.typ(0); key.Comparable() && key != reflect.TypeFor[hidden]() {
			return reflect.MapOf(key, part)
		}
	}
	var fields []reflect.StructField
	for i := range m.IntN(5) {
		f := reflect.StructField{Name: fmt.Sprint("Field", i), Type: part}
		if i == 0 {
			f.Name, f.PkgPath = "hidden", "kairos/stdlib/cell/render"
		} else {
			part = m.typ(m.IntN(depth))
		}
		fields = append(fields, f)
	}
	return reflect.StructOf(fields)
}

// length is shorter inside of other values.
func (m maker) length(depth int) int {
	return []int{0, 1, 2, 3, 8, 25, 300}[m.IntN(7)] >> depth
}

func (m maker) text() string {
	pieces := []string{"", "a", "word ", "\n", "\x1b[31m", "日本", "👨‍👩‍👧", "e\u0301\u0301", "\xff", "\u202e", "\u2028", "\t", "\x00", "&<>\"", "\u00a0"}
	var b strings.Builder
	for range m.length(0) {
		b.WriteString(pieces[m.IntN(len(pieces))])
	}
	return b.String()
}

// fill sets v to something, with less and less in it.
func (m maker) fill(v reflect.Value, depth int) {
	if !v.CanSet() || depth > 4 {
		return
	}
	switch {
	case v.CanInt():
		v.SetInt(int64(m.Uint64() >> m.IntN(64)))
	case v.CanUint():
		v.SetUint(m.Uint64())
	case v.CanFloat():
		v.SetFloat([]float64{0, 1, 0.1, math.NaN(), math.Inf(-1), m.NormFloat64(), 1e300 * m.Float64(), m.Float64() * 1e-7}[m.IntN(8)])
	case v.CanComplex():
		v.SetComplex(complex(m.NormFloat64(), m.NormFloat64()))
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(m.IntN(2) == 0)
	case reflect.String:
		v.SetString(m.text())
	case reflect.Struct:
		for i := range v.NumField() {
			m.fill(v.Field(i), depth+1)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		m.fill(v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), m.length(depth), 300))
		m.fillAll(v, depth)
	case reflect.Array:
		m.fillAll(v, depth)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range m.length(depth) {
			m.put(v, depth)
		}
	case reflect.Interface:
		if v.NumMethod() == 0 && m.IntN(4) > 0 {
			held := reflect.New(m.typ(2)).Elem()
			m.fill(held, depth+1)
			v.Set(held)
		}
	}
}

func (m maker) fillAll(v reflect.Value, depth int) {
	for i := range v.Len() {
		m.fill(v.Index(i), depth+1)
	}
}

// put adds an entry, unless the key holds what is no key.
func (m maker) put(v reflect.Value, depth int) {
	defer func() { recover() }()
	key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
	m.fill(key, depth+1)
	m.fill(value, depth+1)
	v.SetMapIndex(key, value)
}

func (m maker) value() any {
	v := reflect.New(m.typ(4)).Elem()
	m.fill(v, 0)
	return v.Interface()
}

// check reports what is wrong with the looks of a value.
func check(v any) error {
	forms, err := Of(v)
	text := forms.Text()
	switch {
	case err != nil && !strings.Contains(err.Error(), "loud"):
		return err
	case len(text) > longest+1000:
		return fmt.Errorf("%d bytes", len(text))
	case !utf8.ValidString(text):
		return fmt.Errorf("no UTF-8")
	}
	if i := strings.IndexFunc(text, hostile); i >= 0 {
		return fmt.Errorf("the character %q", text[i:i+1])
	}
	if s := Summary(v); columns(s) > 80 || strings.Contains(s, "\n") || strings.IndexFunc(s, hostile) >= 0 {
		return fmt.Errorf("the summary has %d columns: %q", columns(s), s)
	}
	if _, own := v.(page); forms[HTML] == nil || own {
		return nil
	}
	for line := range strings.Lines(text) {
		if w := columns(strings.TrimSuffix(line, "\n")); w > 100 {
			return fmt.Errorf("a line of %d columns", w)
		}
	}
	return wellFormed(string(forms[HTML]))
}

func checkSeed(t *testing.T, a, b uint64) {
	v := maker{rand.New(rand.NewPCG(a, b))}.value()
	begin := time.Now()
	if err := check(v); err != nil {
		t.Errorf("seed %d %d, a %T: %v\n%s", a, b, v, err, Quoted(v))
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("seed %d %d, a %T took %v", a, b, v, took)
	}
}

func TestAnyValue(t *testing.T) {
	for seed := range uint64(3000) {
		checkSeed(t, seed, 1)
	}
}

func FuzzAnyValue(f *testing.F) {
	f.Add([]byte("0123456789abcdef"))
	f.Fuzz(func(t *testing.T, seed []byte) {
		seed = append(seed, make([]byte, 16)...)
		checkSeed(t, binary.LittleEndian.Uint64(seed), binary.LittleEndian.Uint64(seed[8:]))
	})
}

func FuzzString(f *testing.F) {
	for _, s := range []string{"", "a\nb", "\x1b[31m", "日本語", "e\u0301", "👨‍👩‍👧", "\xff\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, v := range []any{s, []string{s, s}, map[string]string{s: s}, []byte(s), struct{ A, B string }{s, s}, [][]string{{s, s}, {s, "a"}}} {
			if err := check(v); err != nil {
				t.Errorf("a %T of %q: %v", v, s, err)
			}
		}
	})
}
