package rt

import (
	"fmt"
	"reflect"
	"strings"
)

// panicText is how the runtime prints the value of a panic that nobody recovered.
func panicText(v any) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprintf("panic while printing panic value: type %T", Caught(r).Value)
		}
	}()
	switch x := v.(type) {
	case nil:
		return "nil"
	case error:
		return indent(x.Error())
	case fmt.Stringer:
		return indent(x.String())
	}
	t := reflect.TypeOf(v)
	basic := t.PkgPath() == ""
	switch t.Kind() {
	case reflect.Array, reflect.Chan, reflect.Func, reflect.Map, reflect.Pointer, reflect.Slice, reflect.Struct,
		reflect.UnsafePointer:
		return fmt.Sprintf("(%v) %#x", t, words(v)[1])
	case reflect.String:
		if !basic {
			return fmt.Sprintf(`%v("%s")`, t, indent(builtinText(v)))
		}
	case reflect.Complex64, reflect.Complex128:
		if !basic {
			return t.String() + builtinText(v)
		}
	default:
		if !basic {
			return fmt.Sprintf("%v(%s)", t, builtinText(v))
		}
	}
	return indent(builtinText(v))
}

// indent keeps the lines of a text below the one that says panic.
func indent(text string) string { return strings.ReplaceAll(text, "\n", "\n\t") }
