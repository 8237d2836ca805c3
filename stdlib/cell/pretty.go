package cell

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Lists longer than showAll elements are shortened to their first showHead and their last one, and values nested deeper
// than showDepth to an ellipsis.
const (
	showAll   = 20
	showHead  = 10
	showDepth = 8
)

// pretty writes a value for reading: as fmt's %+v, but following pointers, quoting nested strings, and shortening.
// Values that say how they look (error, fmt.Stringer) are asked.
func pretty(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	var b strings.Builder
	write(&b, reflect.ValueOf(v), 0)
	return b.String()
}

func write(b *strings.Builder, v reflect.Value, depth int) {
	if !v.IsValid() {
		b.WriteString("nil")
		return
	}
	if text, ok := ownText(v); ok {
		b.WriteString(text)
		return
	}
	if depth > showDepth {
		b.WriteString("…")
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		write(b, v.Elem(), depth+1)
	case reflect.String:
		fmt.Fprintf(b, "%q", v.String())
	case reflect.Slice, reflect.Array:
		writeList(b, v, depth)
	case reflect.Map:
		writeMap(b, v, depth)
	case reflect.Struct:
		b.WriteByte('{')
		for i := range v.NumField() {
			separate(b, i)
			b.WriteString(v.Type().Field(i).Name + ":")
			write(b, v.Field(i), depth+1)
		}
		b.WriteByte('}')
	default:
		fmt.Fprintf(b, "%v", v)
	}
}

// ownText asks a value for its text. Unexported fields cannot be asked.
func ownText(v reflect.Value) (string, bool) {
	if !v.CanInterface() || v.Kind() == reflect.Pointer && v.IsNil() {
		return "", false
	}
	switch x := v.Interface().(type) {
	case error:
		return x.Error(), true
	case fmt.Stringer:
		return x.String(), true
	}
	return "", false
}

func writeList(b *strings.Builder, v reflect.Value, depth int) {
	n := v.Len()
	b.WriteByte('[')
	for i := range n {
		if n > showAll && i >= showHead && i < n-1 {
			continue
		}
		if n > showAll && i == n-1 {
			b.WriteString(" …")
		}
		separate(b, i)
		write(b, v.Index(i), depth+1)
	}
	b.WriteByte(']')
	if n > showAll {
		fmt.Fprintf(b, " (%d values)", n)
	}
}

// writeMap sorts entries by the text of their keys.
func writeMap(b *strings.Builder, v reflect.Value, depth int) {
	var entries []string
	for key, value := range v.Seq2() {
		var e strings.Builder
		write(&e, key, depth+1)
		e.WriteByte(':')
		write(&e, value, depth+1)
		entries = append(entries, e.String())
	}
	slices.Sort(entries)
	more := ""
	if len(entries) > showAll {
		more = fmt.Sprintf(" … (%d entries)", len(entries))
		entries = entries[:showHead]
	}
	b.WriteString("map[" + strings.Join(entries, " ") + more + "]")
}

func separate(b *strings.Builder, i int) {
	if i > 0 {
		b.WriteByte(' ')
	}
}
