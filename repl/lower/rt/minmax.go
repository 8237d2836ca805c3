package rt

import (
	"cmp"
	"reflect"
)

// MakeMin makes func(T, ...T) T, the builtin min for an ordered type.
func MakeMin(t reflect.Type) reflect.Value { return retyped(minimums[t.Kind()], listing(t)) }

// MakeMax makes func(T, ...T) T, the builtin max.
func MakeMax(t reflect.Type) reflect.Value { return retyped(maximums[t.Kind()], listing(t)) }

// listing returns the type func(T, ...T) T.
func listing(t reflect.Type) reflect.Type {
	return reflect.FuncOf(types(t, reflect.SliceOf(t)), types(t), true)
}

var (
	minimums = map[reflect.Kind]any{
		reflect.Int: smallest[int], reflect.Int8: smallest[int8], reflect.Int16: smallest[int16],
		reflect.Int32: smallest[int32], reflect.Int64: smallest[int64], reflect.Uint: smallest[uint],
		reflect.Uint8: smallest[uint8], reflect.Uint16: smallest[uint16], reflect.Uint32: smallest[uint32],
		reflect.Uint64: smallest[uint64], reflect.Uintptr: smallest[uintptr], reflect.Float32: smallest[float32],
		reflect.Float64: smallest[float64], reflect.String: smallest[string],
	}
	maximums = map[reflect.Kind]any{
		reflect.Int: largest[int], reflect.Int8: largest[int8], reflect.Int16: largest[int16],
		reflect.Int32: largest[int32], reflect.Int64: largest[int64], reflect.Uint: largest[uint],
		reflect.Uint8: largest[uint8], reflect.Uint16: largest[uint16], reflect.Uint32: largest[uint32],
		reflect.Uint64: largest[uint64], reflect.Uintptr: largest[uintptr], reflect.Float32: largest[float32],
		reflect.Float64: largest[float64], reflect.String: largest[string],
	}
)

func smallest[T cmp.Ordered](x T, more ...T) T {
	for _, y := range more {
		x = min(x, y)
	}
	return x
}

func largest[T cmp.Ordered](x T, more ...T) T {
	for _, y := range more {
		x = max(x, y)
	}
	return x
}
