package rt

import (
	"errors"
	"reflect"
	"regexp"
	"runtime"
	"strings"

	"github.com/traefik/yaegi/interp"
)

// runtimeError is an error that compiled code would have got from the runtime.
type runtimeError string

func (e runtimeError) Error() string { return string(e) }
func (runtimeError) RuntimeError()   {}

// Texts with which package reflect, through which yaegi does everything, panics where compiled code has a runtime
// error. They do not say which index was out of which range.
var reflectFaults = map[string]runtimeError{
	"reflect: slice index out of range":                     "runtime error: index out of range",
	"reflect: array index out of range":                     "runtime error: index out of range",
	"reflect: string index out of range":                    "runtime error: index out of range",
	"reflect.Value.Slice: slice index out of bounds":        "runtime error: slice bounds out of range",
	"reflect.Value.Slice: string slice index out of bounds": "runtime error: slice bounds out of range",
	"reflect.Value.Slice3: slice index out of bounds":       "runtime error: slice bounds out of range",
	"reflect.MakeSlice: negative len":                       "runtime error: makeslice: len out of range",
	"reflect.MakeSlice: negative cap":                       "runtime error: makeslice: cap out of range",
	"reflect.MakeSlice: len > cap":                          "runtime error: makeslice: cap out of range",
	"reflect.MakeChan: negative buffer size":                "makechan: size out of range",
	"reflect.Value.Call: call of nil function":              NilDereference,
	"reflect.Value.CallSlice: call of nil function":         NilDereference,
}

// NilDereference is the error of a nil pointer dereference, which the runtime gets from a signal.
const NilDereference runtimeError = "runtime error: invalid memory address or nil pointer dereference"

// position is what yaegi puts before its messages.
var position = regexp.MustCompile(`^[^ ]*:\d+:\d+: `)

// yaegi is the import path of the interpreter, whose errors have a type of their own.
var yaegi = reflect.TypeFor[interp.Panic]().PkgPath()

// fault translates what yaegi or reflect panicked with into the runtime error that compiled code would have got.
func fault(r any) any {
	switch x := r.(type) {
	case *reflect.ValueError:
		if x.Kind == reflect.Invalid {
			return NilDereference
		}
		return unable(x.Error())
	case string:
		if e, ok := reflectFaults[x]; ok {
			return e
		}
		if strings.HasPrefix(x, "reflect") {
			return unable(x)
		}
	case runtime.Error:
		if typ, ok := strings.CutPrefix(x.Error(), "hash of unhashable type: "); ok {
			return runtimeError("runtime error: hash of unhashable type " + typ)
		}
	case error:
		if t := reflect.TypeOf(x); t.Kind() != reflect.Pointer || t.Elem().PkgPath() != yaegi {
			break
		}
		text := position.ReplaceAllString(x.Error(), "")
		if strings.HasPrefix(text, "interface conversion: ") {
			return runtimeError(text)
		}
		return unable(text)
	}
	return r
}

// unable is the error for what yaegi compiled and then could not execute.
func unable(cause string) error { return errors.New("kairos cannot interpret this yet: " + cause) }
