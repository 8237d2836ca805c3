package rt

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// builtinText is how the runtime prints a value: by its kind, whatever methods it has, and by address where the kind is
// not basic.
func builtinText(v any) string {
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(r.Float(), 'g', -1, r.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		return strconv.FormatComplex(r.Complex(), 'g', -1, r.Type().Bits())
	case reflect.Slice:
		return fmt.Sprintf("[%d/%d]0x%x", r.Len(), r.Cap(), r.Pointer())
	case reflect.Chan, reflect.Func, reflect.Map, reflect.Pointer, reflect.UnsafePointer:
		return fmt.Sprintf("0x%x", r.Pointer())
	case reflect.Invalid:
		return "nil"
	}
	return fmt.Sprint(r) // fmt prints what a reflect.Value holds, without asking its methods
}

// panicText is how the runtime prints the value of a panic nobody recovered. Of a type of the program only the kind is
// left at run time, so its name must be given; "" takes the value's own.
func panicText(v any, typeName string) string {
	switch x := v.(type) {
	case nil:
		return "nil"
	case error:
		return indent(x.Error())
	case fmt.Stringer:
		return indent(x.String())
	}
	t := reflect.TypeOf(v)
	if typeName == "" {
		typeName = t.String()
	}
	basic := t.PkgPath() == "" && typeName == t.Name()
	switch t.Kind() {
	case reflect.String:
		if text := indent(builtinText(v)); !basic {
			return typeName + `("` + text + `")`
		} else {
			return text
		}
	case reflect.Complex64, reflect.Complex128:
		if !basic {
			return typeName + builtinText(v)
		}
	case reflect.Array, reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Pointer, reflect.Slice,
		reflect.Struct, reflect.UnsafePointer:
		return fmt.Sprintf("(%s) 0x%x", typeName, address(v))
	default:
		if !basic {
			return typeName + "(" + builtinText(v) + ")"
		}
	}
	return builtinText(v)
}

// address is where an interface's value lies, which is what the runtime shows of a value it cannot print.
func address(v any) uintptr {
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Chan, reflect.Func, reflect.Map, reflect.Pointer, reflect.Slice, reflect.UnsafePointer:
		return r.Pointer()
	}
	box := reflect.New(r.Type())
	return box.Pointer()
}

// indent keeps the lines of a text below the one that says panic.
func indent(text string) string { return strings.ReplaceAll(text, "\n", "\n\t") }
