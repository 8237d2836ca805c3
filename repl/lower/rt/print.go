package rt

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

// Print is the builtin print. Operands of interface types come as Words.
func Print(args ...any) {
	var text strings.Builder
	for _, arg := range args {
		text.WriteString(builtinText(arg))
	}
	writeErr(text.String())
}

// Println is the builtin println. Operands of interface types come as Words.
func Println(args ...any) {
	texts := make([]string, len(args))
	for i, arg := range args {
		texts[i] = builtinText(arg)
	}
	writeErr(strings.Join(texts, " ") + "\n")
}

// writeErr writes where the runtime does, whatever os.Stderr is.
func writeErr(text string) {
	for b := []byte(text); len(b) > 0; {
		n, err := syscall.Write(2, b)
		if err != nil && err != syscall.EINTR {
			return
		}
		b = b[max(n, 0):]
	}
}

// interfaceWords prints as the two words of an interface.
type interfaceWords [2]uintptr

// Words gives Print an operand of an interface type.
func Words(x any) any { return words(x) }

func words(x any) interfaceWords {
	w := *(*[2]unsafe.Pointer)(unsafe.Pointer(&x))
	return interfaceWords{uintptr(w[0]), uintptr(w[1])}
}

// builtinText is how the runtime prints a value: by its kind, whatever methods it has, and by address where the kind is
// not basic.
func builtinText(v any) string {
	if w, ok := v.(interfaceWords); ok {
		return fmt.Sprintf("(%#x,%#x)", w[0], w[1])
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(r.Bool())
	case reflect.String:
		return r.String()
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(r.Float(), 'g', -1, r.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		return strconv.FormatComplex(r.Complex(), 'g', -1, r.Type().Bits())
	case reflect.Slice:
		return fmt.Sprintf("[%d/%d]%#x", r.Len(), r.Cap(), r.Pointer())
	case reflect.Chan, reflect.Func, reflect.Map, reflect.Pointer, reflect.UnsafePointer:
		return fmt.Sprintf("%#x", words(v)[1])
	case reflect.Invalid:
		return "nil"
	}
	if r.CanInt() {
		return strconv.FormatInt(r.Int(), 10)
	}
	return strconv.FormatUint(r.Uint(), 10)
}
