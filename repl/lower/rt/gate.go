package rt

import "reflect"

// MakeIn makes func(O) I, the conversion of a value of type t to the interface type target; open is how lowered code
// holds a t. If t is an interface type as well, nil stays nil.
func MakeIn(open, t, target reflect.Type, cast Cast) reflect.Value {
	if s := shapes[t.Kind()]; s != nil && target.NumMethod() == 0 {
		return retyped(s.in(t), signature(types(open), types(target)))
	}
	isInterface, none := t.Kind() == reflect.Interface, reflect.Zero(target)
	return makeFunc(types(open), types(target), func(in []reflect.Value) []reflect.Value {
		v := in[0]
		if isInterface {
			if v.IsNil() {
				return one(none)
			}
			return one(assigned(v.Elem(), target))
		}
		return one(assigned(seenAs(cast, v, t), target))
	})
}
