package rt

import "reflect"

type number interface {
	int | int8 | int16 | int32 | int64 | uint | uint8 | uint16 | uint32 | uint64 | uintptr | float32 | float64
}

// numeric returns a func(From) To of the basic types of two kinds, compiled, or nil if they are no numbers. What becomes
// of a float that the integer cannot hold depends on the code of each pair.
func numeric(from, to reflect.Kind) any {
	switch from {
	case reflect.Int:
		return numericFrom[int](to)
	case reflect.Int8:
		return numericFrom[int8](to)
	case reflect.Int16:
		return numericFrom[int16](to)
	case reflect.Int32:
		return numericFrom[int32](to)
	case reflect.Int64:
		return numericFrom[int64](to)
	case reflect.Uint:
		return numericFrom[uint](to)
	case reflect.Uint8:
		return numericFrom[uint8](to)
	case reflect.Uint16:
		return numericFrom[uint16](to)
	case reflect.Uint32:
		return numericFrom[uint32](to)
	case reflect.Uint64:
		return numericFrom[uint64](to)
	case reflect.Uintptr:
		return numericFrom[uintptr](to)
	case reflect.Float32:
		return numericFrom[float32](to)
	case reflect.Float64:
		return numericFrom[float64](to)
	}
	return nil
}

func numericFrom[From number](to reflect.Kind) any {
	switch to {
	case reflect.Int:
		return convert[From, int]
	case reflect.Int8:
		return convert[From, int8]
	case reflect.Int16:
		return convert[From, int16]
	case reflect.Int32:
		return convert[From, int32]
	case reflect.Int64:
		return convert[From, int64]
	case reflect.Uint:
		return convert[From, uint]
	case reflect.Uint8:
		return convert[From, uint8]
	case reflect.Uint16:
		return convert[From, uint16]
	case reflect.Uint32:
		return convert[From, uint32]
	case reflect.Uint64:
		return convert[From, uint64]
	case reflect.Uintptr:
		return convert[From, uintptr]
	case reflect.Float32:
		return convert[From, float32]
	case reflect.Float64:
		return convert[From, float64]
	}
	return nil
}

func convert[From, To number](x From) To { return To(x) }
