package render

import (
	"encoding/hex"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// scalar is the node of a value without parts.
func scalar(v reflect.Value, text int) node {
	n := leaf(scalarText(v, text))
	n.number = isNumber(v.Kind())
	return n
}

func scalarText(v reflect.Value, text int) string {
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.String:
		return quote(v.String(), text)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return readable(v.Float())
	case reflect.Complex64, reflect.Complex128:
		return complexText(v.Complex())
	}
	return referenceText(v)
}

// referenceText says what is not to be read: functions, channels, addresses.
func referenceText(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Func, reflect.Chan:
		if v.IsNil() {
			return "nil"
		}
		if v.Kind() == reflect.Func {
			return typeName(v.Type())
		}
		return fmt.Sprintf("%s (len %d, cap %d)", typeName(v.Type()), v.Len(), v.Cap())
	case reflect.UnsafePointer:
		return fmt.Sprintf("%#x", v.Pointer())
	}
	return typeName(v.Type())
}

// bytesText shows a list of bytes: as a string if it is one, else short ones as numbers, and long ones in hexadecimal.
func bytesText(v reflect.Value, text int) (node, bool) {
	if v.Type().Elem().Kind() != reflect.Uint8 || v.Len() == 0 {
		return node{}, false
	}
	const asNumbers, line = 8, 24
	begin := firstBytes(v, max(text, asNumbers)*2)
	switch {
	case v.Kind() == reflect.Slice && isText(begin, v.Len()):
		return leaf(quoteBytes(begin, v.Len(), text)), true
	case v.Len() <= asNumbers:
		return node{}, false
	case text == alone && v.Len() > line:
		return leaf(dump(begin, v.Len())), true
	}
	const hash = 64 // bytes of the longest in use
	shown := v.Len()
	if shown > hash {
		shown = line
	}
	s := "0x" + hex.EncodeToString(begin[:min(shown, len(begin))])
	if v.Len() > shown {
		s += "… (" + count(v.Len(), "byte") + ")"
	}
	return leaf(s), true
}

// firstBytes copies bytes that may be in unexported fields.
func firstBytes(v reflect.Value, n int) []byte {
	b := make([]byte, min(n, v.Len()))
	for i := range b {
		b[i] = byte(v.Index(i).Uint())
	}
	return b
}

// isText tells whether the n bytes that begin so may be text.
func isText(begin []byte, n int) bool {
	for i := 0; i < len(begin); {
		r, size := utf8.DecodeRune(begin[i:])
		if r == utf8.RuneError && size == 1 && (len(begin) == n || utf8.FullRune(begin[i:])) || r != '\r' && size > 1 && hostile(r) || r < ' ' && !strings.ContainsRune("\t\n\r", r) {
			return false
		}
		i += size
	}
	return true
}

func quoteBytes(begin []byte, length, text int) string {
	s := string(begin)
	if length > len(begin) {
		s = cut(s, len(s)-1)
	}
	q := quote(s, text)
	if length > len(begin) && !strings.HasSuffix(q, ")") {
		q += "… (" + count(length, "byte") + ")"
	}
	return q
}

// dump is the beginning of bytes as hexdump writes it.
func dump(begin []byte, length int) string {
	const shown = 256
	s := strings.TrimRight(hex.Dump(begin[:min(shown, len(begin))]), "\n")
	if length > shown {
		s += "\n… (" + count(length, "byte") + ")"
	}
	return s
}
