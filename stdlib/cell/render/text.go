package render

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// Lists longer than showAll elements are shortened to their first showHead and their last one, values nested deeper than
// showDepth to an ellipsis, strings inside of others to showString bytes, and what is still longer than showText is cut.
const (
	showAll    = 20
	showHead   = 10
	showDepth  = 8
	showString = 1 << 10
	showText   = 64 << 10
)

// Text writes a value for reading: as fmt's %+v, but following pointers, quoting nested strings, and shortening.
// Values that say how they look (error, fmt.Stringer) are asked.
func Text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return Quoted(v)
}

// Quoted is Text, but for a string quoted as inside of other values.
func Quoted(v any) string {
	var w writer
	w.value(reflect.ValueOf(v), 0)
	if w.Len() > showText {
		return cut(w.String(), showText) + "…"
	}
	return w.String()
}

// writer writes one value.
type writer struct{ strings.Builder }

func (w *writer) value(v reflect.Value, depth int) {
	if !v.IsValid() {
		w.WriteString("nil")
		return
	}
	if w.own(v) {
		return
	}
	if depth > showDepth || w.Len() > showText {
		w.WriteString("…")
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		w.value(v.Elem(), depth+1)
	case reflect.String:
		w.quote(v.String())
	case reflect.Slice, reflect.Array:
		w.list(v, depth)
	case reflect.Map:
		w.mapping(v, depth)
	case reflect.Struct:
		w.structure(v, depth)
	default:
		fmt.Fprintf(w, "%v", v)
	}
}

// own asks a value for its text. Unexported fields cannot be asked.
func (w *writer) own(v reflect.Value) bool {
	if !v.CanInterface() || v.Kind() == reflect.Pointer && v.IsNil() {
		return false
	}
	switch x := v.Interface().(type) {
	case error, fmt.Stringer:
		fmt.Fprintf(w, "%v", x) // which survives a panic of the method
		return true
	}
	return false
}

func (w *writer) quote(s string) {
	if len(s) > showString {
		fmt.Fprintf(w, "%q… (%d bytes)", cut(s, showString), len(s))
		return
	}
	fmt.Fprintf(w, "%q", s)
}

// cut returns about the first n bytes of s, and no half of a character.
func cut(s string, n int) string {
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func (w *writer) structure(v reflect.Value, depth int) {
	w.WriteByte('{')
	for i := range v.NumField() {
		w.separate(i)
		w.WriteString(v.Type().Field(i).Name + ":")
		w.value(v.Field(i), depth+1)
	}
	w.WriteByte('}')
}

func (w *writer) list(v reflect.Value, depth int) {
	n := v.Len()
	w.WriteByte('[')
	for i := range n {
		if n > showAll && i >= showHead {
			break
		}
		w.separate(i)
		w.value(v.Index(i), depth+1)
	}
	if n > showAll {
		w.WriteString(" … ")
		w.value(v.Index(n-1), depth+1)
	}
	w.WriteByte(']')
	if n > showAll {
		fmt.Fprintf(w, " (%d values)", n)
	}
}

// mapping writes the entries with the least keys.
func (w *writer) mapping(v reflect.Value, depth int) {
	show := v.Len()
	if show > showAll {
		show = showHead
	}
	w.WriteString("map[")
	for i, key := range leastKeys(v, show, depth) {
		w.separate(i)
		w.value(key, depth+1)
		w.WriteByte(':')
		w.value(v.MapIndex(key), depth+1)
	}
	if n := v.Len(); n > show {
		fmt.Fprintf(w, " … (%d entries)", n)
	}
	w.WriteByte(']')
}

func (w *writer) separate(i int) {
	if i > 0 {
		w.WriteByte(' ')
	}
}

// leastKeys returns the n least keys of a map in order.
func leastKeys(m reflect.Value, n, depth int) []reflect.Value {
	order := keyOrder(m.Type().Key().Kind(), depth)
	var least []reflect.Value
	for key := range m.Seq() {
		if len(least) == n && (n == 0 || order(key, least[n-1]) >= 0) {
			continue
		}
		at, _ := slices.BinarySearchFunc(least, key, order)
		least = slices.Insert(least, at, key)
		least = least[:min(n, len(least))]
	}
	return least
}

// keyOrder orders numbers and strings as Go does and everything else by its text.
func keyOrder(kind reflect.Kind, depth int) func(a, b reflect.Value) int {
	switch kind {
	case reflect.String:
		return func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(a, b reflect.Value) int { return cmp.Compare(a.Int(), b.Int()) }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return func(a, b reflect.Value) int { return cmp.Compare(a.Uint(), b.Uint()) }
	case reflect.Float32, reflect.Float64:
		return func(a, b reflect.Value) int { return cmp.Compare(a.Float(), b.Float()) }
	}
	return func(a, b reflect.Value) int {
		var x, y writer
		x.value(a, depth+1)
		y.value(b, depth+1)
		return cmp.Compare(x.String(), y.String())
	}
}
