package generic

import "reflect"

// cmpFuncs are those of package cmp for structs and arrays, which are never ordered.
var cmpFuncs = dynamics{
	"cmp.Or": with(func(in instance, a values) reflect.Value {
		same, zero := equality(in.trues[0]), reflect.Zero(in.args[0])
		for i := range a[0].Len() {
			if v := a[0].Index(i); !same(v, zero) {
				return v
			}
		}
		return zero
	}),
}
