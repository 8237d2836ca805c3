package rt

import (
	"go/token"
	"reflect"
	"runtime"
	"strings"
)

// Thrown is a panic on its way up through interpreted frames. It is an error so that compiled code which recovers it,
// such as fmt, finds the text of the value.
type Thrown struct {
	Value any         // what recover returns
	Trace []token.Pos // where each frame stood, innermost first

	printed  any    // Value with its methods, for printing
	typeName string // of a Value of a type of the program
	uncaught func(*Thrown)
}

// Through adds the position of a frame to the panic r, as recovered there. When the runtime finds that nobody recovered
// it, it calls uncaught, on the goroutine that panicked, which ends the process.
func Through(r any, pos token.Pos, uncaught func(*Thrown)) *Thrown {
	t, ok := r.(*Thrown)
	if !ok {
		t = newThrown(r)
		t.uncaught = uncaught
	}
	if pos.IsValid() { // otherwise lowering made the frame
		t.Trace = append(t.Trace, pos)
	}
	return t
}

// newThrown understands what yaegi panics with: a reflect.Value from a panic statement, and its own or reflect's
// complaint where the runtime would have panicked.
func newThrown(r any) *Thrown {
	if v, ok := r.(reflect.Value); ok {
		if !v.IsValid() {
			return newThrown(new(runtime.PanicNilError))
		}
		r = v.Interface()
		if e, ok := r.(explicit); ok {
			return &Thrown{Value: e.value, printed: e.printed, typeName: e.typeName}
		}
		return &Thrown{Value: r, printed: r}
	}
	r = fault(r)
	return &Thrown{Value: r, printed: r}
}

// explicit is the argument of a lowered panic statement.
type explicit struct {
	value, printed any
	typeName       string
}

// Throw makes the argument of a panic statement. TypeName is the name of the value's type if the program declares it.
// Yaegi hands over a value with the methods Error or String in a wrapper that has them (see MapTypes).
func Throw(v any, typeName string) any {
	if v == nil {
		v = new(runtime.PanicNilError)
	}
	return explicit{unwrapped(v), v, typeName}
}

// unwrapped takes a value out of the wrapper by which yaegi gives it methods.
func unwrapped(v any) any {
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Struct && r.NumField() > 0 && r.Type().Field(0).Name == "IValue" {
		return r.Field(0).Interface()
	}
	return v
}

// Catch returns the value of a recovered panic.
func Catch(recovered any) any {
	if t, ok := recovered.(*Thrown); ok {
		return t.Value
	}
	return recovered
}

// Text is what follows "panic: " when the program ends.
func (t *Thrown) Text() string { return panicText(t.printed, t.typeName) }

// Error returns the text of the value. The runtime asks for it just before it ends the process.
func (t *Thrown) Error() string {
	if t.uncaught != nil && runtimeIsDying() {
		t.uncaught(t)
	}
	return t.Text()
}

// Unwrap returns the value if it is an error.
func (t *Thrown) Unwrap() error {
	err, _ := t.Value.(error)
	return err
}

// runtimeIsDying reports whether the caller was called by the runtime, to print a panic that nobody recovered.
func runtimeIsDying() bool {
	pcs := make([]uintptr, 4)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		frame, more := frames.Next()
		if strings.HasPrefix(frame.Function, "runtime.preprintpanics") {
			return true
		}
		if !more {
			return false
		}
	}
}
