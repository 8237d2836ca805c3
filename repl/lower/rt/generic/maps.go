package generic

import "reflect"

// mapsFuncs are those of package maps, all of it: there are as many shapes of maps as pairs of shapes.
var mapsFuncs = dynamics{
	"maps.All":  with(func(in instance, a values) reflect.Value { return iterator2(in.typ.Out(0), a[0].Seq2()) }),
	"maps.Keys": with(func(in instance, a values) reflect.Value { return iterator(in.typ.Out(0), a[0].Seq()) }),
	"maps.Values": with(func(in instance, a values) reflect.Value {
		return iterator(in.typ.Out(0), func(yield func(reflect.Value) bool) {
			for it := a[0].MapRange(); it.Next() && yield(it.Value()); {
			}
		})
	}),
	"maps.Collect": with(func(in instance, a values) reflect.Value {
		m := reflect.MakeMap(in.typ.Out(0))
		insertAll(m, a[0])
		return m
	}),
	"maps.Insert": doing(func(a values) { insertAll(a[0], a[1]) }),
	"maps.Clone":  giving(func(a values) reflect.Value { return cloneMap(a[0]) }),
	"maps.Copy":   doing(func(a values) { copyMap(a[0], a[1]) }),
	"maps.DeleteFunc": doing(func(a values) {
		del := relation(a[1])
		for it := a[0].MapRange(); it.Next(); {
			if del(it.Key(), it.Value()) {
				a[0].SetMapIndex(it.Key(), reflect.Value{})
			}
		}
	}),
	"maps.Equal": with(func(in instance, a values) bool {
		return equalMaps(a[0], a[1], equality(in.trues[3]))
	}),
	"maps.EqualFunc": giving(func(a values) bool { return equalMaps(a[0], a[1], relation(a[2])) }),
}

func insertAll(m, seq reflect.Value) {
	for k, v := range sequence2(seq) {
		m.SetMapIndex(k, v)
	}
}

func cloneMap(m reflect.Value) reflect.Value {
	if m.IsNil() {
		return m
	}
	c := reflect.MakeMapWithSize(m.Type(), m.Len())
	copyMap(c, m)
	return c
}

func copyMap(dst, src reflect.Value) {
	for it := src.MapRange(); it.Next(); {
		dst.SetMapIndex(it.Key(), it.Value())
	}
}

// equalMaps compares maps with one key type. It is that of a type parameter, so their map types may differ in name only.
func equalMaps(m1, m2 reflect.Value, eq func(a, b reflect.Value) bool) bool {
	if m1.Len() != m2.Len() {
		return false
	}
	for it := m1.MapRange(); it.Next(); {
		if v2 := m2.MapIndex(it.Key()); !v2.IsValid() || !eq(it.Value(), v2) {
			return false
		}
	}
	return true
}
