package rt

import (
	"errors"
	"reflect"
	"regexp"
	"runtime"
	"strings"
)

// runtimeError is an error that compiled code would have got from the runtime.
type runtimeError string

func (e runtimeError) Error() string { return string(e) }
func (runtimeError) RuntimeError()   {}

// Texts with which package reflect, through which yaegi does everything, panics where compiled code has a runtime
// error that does not say more. The engine has the others say which index was out of which range.
var reflectFaults = map[string]runtimeError{
	"reflect.Append: slice overflow":     "runtime error: growslice: len out of range",
	"reflect.Value.Grow: slice overflow": "runtime error: growslice: len out of range",
}

// NilDereference is the text of the error of a nil pointer dereference.
const NilDereference = "runtime error: invalid memory address or nil pointer dereference"

// position is what yaegi puts before its messages.
var position = regexp.MustCompile(`^[^ ]*:\d+:\d+: `)

// fault translates what yaegi, or reflect called by yaegi, panicked with into the runtime error that compiled code would
// have got. Other panics are those of the program.
func fault(r any) any {
	switch x := r.(type) {
	case *reflect.ValueError:
		switch {
		case !calledByYaegi():
			return r
		case x.Kind == reflect.Invalid:
			return runtimeError(NilDereference)
		}
		return unable(x.Error())
	case string:
		if !strings.HasPrefix(x, "reflect") || !calledByYaegi() {
			return r
		}
		if e, ok := reflectFaults[x]; ok {
			return e
		}
		return unable(x)
	case error:
		if t := reflect.TypeOf(x); t.Kind() == reflect.Pointer && t.Elem().PkgPath() == yaegiPackage {
			return unable(position.ReplaceAllString(x.Error(), ""))
		}
	}
	return r
}

// unable is the error for what yaegi compiled and then could not execute.
func unable(cause string) error { return errors.New("kairos cannot interpret this yet: " + cause) }

// calledByYaegi reports whether the function of package reflect that panicked, for which the caller runs as a deferred
// function, was called by yaegi, or for it by the engine or by this package, for its own purposes: a function that the program calls is called by reflect in turn.
func calledByYaegi() bool {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	panicked, more := false, true
	for more {
		var frame runtime.Frame
		frame, more = frames.Next()
		switch name := frame.Function; {
		case !panicked:
			panicked = name == "runtime.gopanic"
		case name == "reflect.Value.Call" || name == "reflect.Value.CallSlice":
			return false
		case strings.HasPrefix(name, yaegiPackage+"."), strings.HasPrefix(name, enginePackage+"."), strings.HasPrefix(name, here):
			return true
		case !strings.HasPrefix(name, "reflect.") && !strings.HasPrefix(name, "runtime."):
			return false
		}
	}
	return false
}
