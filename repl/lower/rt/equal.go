package rt

import "reflect"

// Equal is a == b for interfaces.
func Equal(a, b any) bool { return a == b }

// MakeEqual makes func(T, T) bool, which is a == b for structs and arrays.
func MakeEqual(t reflect.Type) reflect.Value {
	return makeFunc(types(t, t), types(boolType), func(in []reflect.Value) []reflect.Value {
		return one(reflect.ValueOf(in[0].Interface() == in[1].Interface()))
	})
}
