package render

import (
	"cmp"
	"reflect"
	"slices"
)

// mostKeys is how many keys of a map are looked at for the least.
const mostKeys = 2 << 20

// entry is what a map holds under a key, which need not lead to it: NaN does not.
type entry struct{ key, value reflect.Value }

// leastEntries returns the entries of a map with the n least keys, in order.
func leastEntries(m reflect.Value, n int) []entry {
	var least []entry
	key := reflect.New(m.Type().Key()).Elem() // one place for all
	entries := m.MapRange()
	for looked := 0; looked < mostKeys && n > 0 && entries.Next(); looked++ {
		candidate := key
		if m.CanInterface() {
			key.SetIterKey(entries)
		} else {
			candidate = entries.Key()
		}
		if len(least) == n && order(candidate, least[n-1].key) >= 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(least, candidate, func(e entry, key reflect.Value) int { return order(e.key, key) })
		least = slices.Insert(least, at, entry{entries.Key(), entries.Value()})
		least = least[:min(n, len(least))]
	}
	return least
}

// order compares keys of one type: numbers and strings as Go does, the rest in some order that is always the same.
func order(a, b reflect.Value) int {
	switch k := a.Kind(); {
	case k == reflect.String:
		return cmp.Compare(a.String(), b.String())
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	case a.CanComplex():
		x, y := a.Complex(), b.Complex()
		return cmp.Or(cmp.Compare(real(x), real(y)), cmp.Compare(imag(x), imag(y)))
	case k == reflect.Bool:
		return cmp.Compare(fromBool(a.Bool()), fromBool(b.Bool()))
	case k == reflect.Pointer || k == reflect.Chan || k == reflect.UnsafePointer:
		return cmp.Compare(a.Pointer(), b.Pointer())
	case k == reflect.Struct || k == reflect.Array:
		return orderParts(a, b)
	case k == reflect.Interface:
		return orderHeld(a.Elem(), b.Elem())
	}
	return 0
}

func fromBool(b bool) int {
	if b {
		return 1
	}
	return 0
}

func orderParts(a, b reflect.Value) int {
	n, part := a.Len, reflect.Value.Index
	if a.Kind() == reflect.Struct {
		n, part = a.NumField, reflect.Value.Field
	}
	for i := range n() {
		if c := order(part(a, i), part(b, i)); c != 0 {
			return c
		}
	}
	return 0
}

// orderHeld compares what interfaces hold: nil first, numbers before the rest, each type by itself.
func orderHeld(a, b reflect.Value) int {
	switch {
	case !a.IsValid() || !b.IsValid():
		return cmp.Compare(fromBool(a.IsValid()), fromBool(b.IsValid()))
	case a.Type() == b.Type():
		return order(a, b)
	}
	return cmp.Or(cmp.Compare(a.Kind(), b.Kind()), cmp.Compare(a.Type().String(), b.Type().String()))
}
