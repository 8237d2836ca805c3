package rt

import "reflect"

// Clear is the builtin clear, of a map or a slice.
func Clear(mapOrSlice any) { reflect.ValueOf(mapOrSlice).Clear() }

// Copy is the builtin copy; src may be a string.
func Copy(dst, src any) int { return reflect.Copy(reflect.ValueOf(dst), reflect.ValueOf(src)) }

// MakeAppend makes func(S, ...E) S, which is append(s, v, …).
func MakeAppend(s reflect.Type) reflect.Value {
	return makeVariadic(types(s, reflect.SliceOf(s.Elem())), types(s), appendSlice)
}

// MakeAppendSlice makes func(S, S) S, which is append(s, t...).
func MakeAppendSlice(s reflect.Type) reflect.Value {
	return makeFunc(types(s, s), types(s), appendSlice)
}

func appendSlice(in []reflect.Value) []reflect.Value { return one(reflect.AppendSlice(in[0], in[1])) }

// MakeAppendString makes func(S, string) S, which is append(s, t...) for a slice of bytes and a string.
func MakeAppendString(s reflect.Type) reflect.Value {
	return makeFunc(types(s, stringType), types(s), func(in []reflect.Value) []reflect.Value {
		return one(reflect.AppendSlice(in[0], converted(in[1], s)))
	})
}
