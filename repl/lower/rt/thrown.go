package rt

import (
	"fmt"
	"go/token"
	"runtime"
	"unsafe"

	"kairos/repl/stop"
)

// Thrown is a panic on its way up through interpreted functions. It is an error and formats as its value does, so that
// compiled code which recovers it, such as fmt, finds what it expects.
type Thrown struct {
	Value any         // what recover returns
	Trace []token.Pos // where each function stood, innermost first

	earlier   *Thrown // the panic for which the deferred call ran that panicked
	recovered bool    // the call had recovered it
	uncaught  func(*Thrown)
}

// Through adds the position of an interpreted function to the panic r, as recovered there, and returns what to panic
// with. When the runtime finds that nobody recovered it, it calls uncaught, on the goroutine that panicked, which should
// end the process. It returns an Interrupted as it is.
func Through(r any, pos token.Pos, uncaught func(*Thrown)) any {
	if _, ok := r.(stop.Interrupted); ok {
		return r
	}
	t := Caught(r)
	if t.uncaught == nil {
		t.uncaught = uncaught
	}
	if pos.IsValid() { // otherwise lowering made the place
		t.Trace = append(t.Trace, pos)
	}
	return t
}

// Caught makes a Thrown of what recover returned to compiled code.
func Caught(r any) *Thrown {
	if t, ok := r.(*Thrown); ok {
		return t
	}
	return &Thrown{Value: fault(r)}
}

// follows notes what t prints after.
func (t *Thrown) follows(earlier *Thrown, recovered bool) {
	for e := earlier; e != nil; e = e.earlier {
		if e == t {
			return // compiled code kept it and panicked with it again
		}
	}
	for t.earlier != nil {
		t = t.earlier
	}
	t.earlier, t.recovered = earlier, recovered
}

// Text is what follows "panic: " when the program ends. It is what the runtime's printpanics prints.
func (t *Thrown) Text() string { return t.text("") }

func (t *Thrown) text(mark string) string {
	if t.earlier == nil {
		return panicText(t.Value) + mark
	}
	repanicked, earlierMark := same(t.Value, t.earlier.Value), ""
	if t.recovered {
		earlierMark = " [recovered]"
		if repanicked {
			earlierMark = " [recovered, repanicked]"
		}
	}
	before := t.earlier.text(earlierMark)
	if repanicked {
		return before
	}
	return before + "\n\tpanic: " + panicText(t.Value) + mark
}

// same reports whether two interfaces are, word by word.
func same(a, b any) bool {
	return *(*[2]unsafe.Pointer)(unsafe.Pointer(&a)) == *(*[2]unsafe.Pointer)(unsafe.Pointer(&b))
}

// Error returns the text of the value. The runtime asks for it just before it ends the process.
func (t *Thrown) Error() string {
	if t.uncaught != nil && calledBy() == "runtime.preprintpanics" {
		t.uncaught(t)
	}
	return t.Text()
}

// calledBy returns the name of the function that called its caller.
func calledBy() string {
	var pcs [1]uintptr
	runtime.Callers(3, pcs[:])
	frame, _ := runtime.CallersFrames(pcs[:]).Next()
	return frame.Function
}

// Format formats the value.
func (t *Thrown) Format(s fmt.State, verb rune) { fmt.Fprintf(s, fmt.FormatString(s, verb), t.Value) }

// Unwrap returns the value if it is an error.
func (t *Thrown) Unwrap() error {
	err, _ := t.Value.(error)
	return err
}
