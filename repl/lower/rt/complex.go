package rt

import "reflect"

// MakeMul makes func(T, T) T, which is x * y for a complex type, rounded as compiled code rounds it.
func MakeMul(t reflect.Type) reflect.Value {
	if t.Kind() == reflect.Complex64 {
		return retyped(mul[complex64], binary(t))
	}
	return retyped(mul[complex128], binary(t))
}

// MakeQuo makes func(T, T) T, which is x / y for a complex type.
func MakeQuo(t reflect.Type) reflect.Value {
	if t.Kind() == reflect.Complex64 {
		return retyped(quo[complex64], binary(t))
	}
	return retyped(quo[complex128], binary(t))
}

// binary returns the type func(T, T) T.
func binary(t reflect.Type) reflect.Type { return signature(types(t, t), types(t)) }

func mul[T complex64 | complex128](x, y T) T { return x * y }

func quo[T complex64 | complex128](x, y T) T { return x / y }
