package repl

import (
	"fmt"
	"reflect"

	"kairos/stdlib/cell/render"
)

// isShown tells whether the values of a cell's last expression are shown.
func isShown(values []Typed) bool {
	switch {
	case len(values) == 0:
		return false
	case len(values) == 1 && values[0].Type == "error":
		return !isNil(values[0].Value)
	}
	return true
}

func isNil(v reflect.Value) bool {
	return !v.IsValid() || v.Kind() == reflect.Interface && v.IsNil()
}

// rendered makes values fit to be shown. One that cannot make all of its forms says so in its text.
func rendered(values []Typed, style render.Config) []Value {
	shown := make([]Value, len(values))
	for i, v := range values {
		var x any
		if v.Value.IsValid() && v.Value.CanInterface() {
			x = v.Value.Interface()
		}
		data, err := style.Of(x)
		if _, isString := x.(string); isString {
			data[render.Plain] = []byte(style.Quoted(x))
		}
		if err != nil {
			data[render.Plain] = fmt.Appendf(data[render.Plain], "\n%v", err)
		}
		shown[i] = Value{Type: v.Type, Data: data}
	}
	return shown
}
