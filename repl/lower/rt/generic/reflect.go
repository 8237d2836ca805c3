package generic

import "reflect"

// reflectFuncs are those of package reflect, which deal in the types that interfaces hold.
var reflectFuncs = dynamics{
	"reflect.TypeFor": with(func(in instance, a values) reflect.Type { return in.trues[0] }),
	"reflect.TypeAssert": func(in instance) body {
		return func(a values) values {
			x, _ := reflect.TypeAssert[any](a[0].Interface().(reflect.Value)) // fails where the genuine one does
			t := in.trues[0]
			if x == nil || reflect.TypeOf(x) != t && !(t.Kind() == reflect.Interface && reflect.TypeOf(x).Implements(t)) {
				return of(reflect.Zero(in.args[0]), false)
			}
			found := reflect.New(t).Elem()
			found.Set(reflect.ValueOf(x))
			return of(view(found, in.args[0]), true)
		}
	},
}
