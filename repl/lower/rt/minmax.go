package rt

import (
	"cmp"
	"reflect"
)

// addMinMax adds the builtins min and max for each ordered basic type, under names such as min_float64.
func addMinMax(table map[string]reflect.Value) {
	add[int](table)
	add[int8](table)
	add[int16](table)
	add[int32](table)
	add[int64](table)
	add[uint](table)
	add[uint8](table)
	add[uint16](table)
	add[uint32](table)
	add[uint64](table)
	add[uintptr](table)
	add[float32](table)
	add[float64](table)
	add[string](table)
}

func add[T cmp.Ordered](table map[string]reflect.Value) {
	name := reflect.TypeFor[T]().Name()
	table["min_"+name] = reflect.ValueOf(smallest[T])
	table["max_"+name] = reflect.ValueOf(largest[T])
}

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
