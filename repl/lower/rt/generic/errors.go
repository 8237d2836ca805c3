package generic

import (
	"errors"
	"reflect"
)

// errorsFuncs are those of package errors.
var errorsFuncs = dynamics{
	"errors.AsType": func(in instance) body {
		return func(a values) values {
			err, _ := a[0].Interface().(error)
			target := reflect.New(in.trues[0])
			if !errors.As(err, target.Interface()) {
				return of(reflect.Zero(in.args[0]), false)
			}
			return of(view(target.Elem(), in.args[0]), true)
		}
	},
}
