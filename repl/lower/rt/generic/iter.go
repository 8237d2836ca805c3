package generic

import (
	"iter"
	"reflect"
)

// iterFuncs are those of package iter.
var iterFuncs = dynamics{
	"iter.Pull": func(in instance) body {
		return func(a values) values {
			next, stop := iter.Pull(sequence(a[0]))
			return of(reflect.MakeFunc(in.typ.Out(0), func(values) values {
				v, ok := next()
				if !ok {
					v = reflect.Zero(in.args[0])
				}
				return of(v, ok)
			}), stop)
		}
	},
	"iter.Pull2": func(in instance) body {
		return func(a values) values {
			next, stop := iter.Pull2(sequence2(a[0]))
			return of(reflect.MakeFunc(in.typ.Out(0), func(values) values {
				k, v, ok := next()
				if !ok {
					k, v = reflect.Zero(in.args[0]), reflect.Zero(in.args[1])
				}
				return of(k, v, ok)
			}), stop)
		}
	},
}
