package generic

import "hash/maphash"

// maphashFuncs are those of package hash/maphash for structs and arrays, hashed as interfaces that hold them.
var maphashFuncs = dynamics{
	"hash/maphash.Comparable": with(func(in instance, a values) uint64 {
		return maphash.Comparable(a[0].Interface().(maphash.Seed), view(a[1], in.trues[0]).Interface())
	}),
	"hash/maphash.WriteComparable": func(in instance) body {
		return func(a values) values {
			maphash.WriteComparable(a[0].Interface().(*maphash.Hash), view(a[1], in.trues[0]).Interface())
			return nil
		}
	},
}
