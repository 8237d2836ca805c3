package generic

import (
	"reflect"
	"unique"
)

// A unique.Handle[T] is laid out and made as a unique.Handle[any] that holds a T.

var uniqueFuncs = dynamics{
	"unique.Make": with(func(in instance, a values) reflect.Value {
		return view(reflect.ValueOf(unique.Make(view(a[0], in.trues[0]).Interface())), in.typ.Out(0))
	}),
}

// handleValue is the method Value of a handle.
func handleValue(in instance) body {
	return func(a values) values {
		h := view(reflect.Indirect(a[0]), reflect.TypeFor[unique.Handle[any]]()).Interface().(unique.Handle[any])
		v := reflect.New(in.trues[0]).Elem()
		if x := h.Value(); x != nil { // nil is the value of an interface type
			v.Set(reflect.ValueOf(x))
		}
		return of(view(v, in.typ.Out(0)))
	}
}
