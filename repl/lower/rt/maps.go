package rt

import "reflect"

// Iter is a loop over a map, like that of a range clause.
type Iter struct{ *reflect.MapIter }

// NewIter starts a loop over a map.
func NewIter(m any) *Iter { return &Iter{reflect.ValueOf(m).MapRange()} }

// Next goes on to the next entry, if there is one.
func (i *Iter) Next() bool { return i.MapIter.Next() }

// MakeKey makes func(*Iter) K, the key of the present entry.
func MakeKey(key reflect.Type) reflect.Value {
	return makeFunc(types(reflect.TypeFor[*Iter]()), types(key), func(in []reflect.Value) []reflect.Value {
		return one(in[0].Interface().(*Iter).Key())
	})
}

// MakeValue makes func(*Iter) V, the value of the present entry.
func MakeValue(value reflect.Type) reflect.Value {
	return makeFunc(types(reflect.TypeFor[*Iter]()), types(value), func(in []reflect.Value) []reflect.Value {
		return one(in[0].Interface().(*Iter).Value())
	})
}

// MakeGet makes func(M, K) V, which is m[k].
func MakeGet(m reflect.Type) reflect.Value {
	zero := reflect.Zero(m.Elem())
	return makeFunc(types(m, m.Key()), types(m.Elem()), func(in []reflect.Value) []reflect.Value {
		if v := in[0].MapIndex(in[1]); v.IsValid() {
			return one(v)
		}
		return one(zero)
	})
}

// MakeGetOK makes func(M, K) (V, bool), which is v, ok := m[k].
func MakeGetOK(m reflect.Type) reflect.Value {
	zero := reflect.Zero(m.Elem())
	return makeFunc(types(m, m.Key()), types(m.Elem(), boolType), func(in []reflect.Value) []reflect.Value {
		if v := in[0].MapIndex(in[1]); v.IsValid() {
			return []reflect.Value{v, trueValue}
		}
		return []reflect.Value{zero, falseValue}
	})
}

// MakePut makes func(M, K, V), which is m[k] = v.
func MakePut(m reflect.Type) reflect.Value {
	return makeFunc(types(m, m.Key(), m.Elem()), nil, func(in []reflect.Value) []reflect.Value {
		in[0].SetMapIndex(in[1], in[2])
		return nil
	})
}

// MakeDelete makes func(M, K), which is delete(m, k).
func MakeDelete(m reflect.Type) reflect.Value {
	return makeFunc(types(m, m.Key()), nil, func(in []reflect.Value) []reflect.Value {
		in[0].SetMapIndex(in[1], reflect.Value{})
		return nil
	})
}
