package generic

import (
	"cmp"
	"math"
	"math/bits"
	"reflect"
	"slices"
)

// slicesFuncs are those of package slices whose elements may be structs or arrays. Ordered elements have a shape.
var slicesFuncs = dynamics{
	"slices.All": with(func(in instance, a values) reflect.Value {
		return iterator2(in.typ.Out(0), func(yield func(i, v reflect.Value) bool) {
			for i := 0; i < a[0].Len() && yield(reflect.ValueOf(i), a[0].Index(i)); i++ {
			}
		})
	}),
	"slices.Backward": with(func(in instance, a values) reflect.Value {
		return iterator2(in.typ.Out(0), func(yield func(i, v reflect.Value) bool) {
			for i := a[0].Len() - 1; i >= 0 && yield(reflect.ValueOf(i), a[0].Index(i)); i-- {
			}
		})
	}),
	"slices.Values": with(func(in instance, a values) reflect.Value {
		return iterator(in.typ.Out(0), func(yield func(reflect.Value) bool) {
			for i := 0; i < a[0].Len() && yield(a[0].Index(i)); i++ {
			}
		})
	}),
	"slices.Chunk": with(func(in instance, a values) reflect.Value { return chunks(in.typ.Out(0), a[0], integral(a[1])) }),

	"slices.AppendSeq": giving(func(a values) reflect.Value { return appendSeq(a[0], a[1]) }),
	"slices.Collect":   with(func(in instance, a values) reflect.Value { return collect(in, a[0]) }),
	"slices.SortedFunc": with(func(in instance, a values) reflect.Value {
		s := collect(in, a[0])
		sortWith(slices.SortFunc[[]int], s, a[1])
		return s
	}),
	"slices.SortedStableFunc": with(func(in instance, a values) reflect.Value {
		s := collect(in, a[0])
		sortWith(slices.SortStableFunc[[]int], s, a[1])
		return s
	}),
	"slices.SortFunc":       doing(func(a values) { sortWith(slices.SortFunc[[]int], a[0], a[1]) }),
	"slices.SortStableFunc": doing(func(a values) { sortWith(slices.SortStableFunc[[]int], a[0], a[1]) }),

	"slices.Equal":        with(func(in instance, a values) bool { return equal(a[0], a[1], equality(in.trues[1])) }),
	"slices.EqualFunc":    giving(func(a values) bool { return equal(a[0], a[1], relation(a[2])) }),
	"slices.Index":        with(indexOf),
	"slices.IndexFunc":    giving(func(a values) int { return indexFunc(a[0], predicate(a[1])) }),
	"slices.Contains":     with(func(in instance, a values) bool { return indexOf(in, a) >= 0 }),
	"slices.ContainsFunc": giving(func(a values) bool { return indexFunc(a[0], predicate(a[1])) >= 0 }),
	"slices.CompareFunc":  giving(func(a values) int { return compareFunc(a[0], a[1], comparator(a[2])) }),
	"slices.IsSortedFunc": giving(func(a values) bool { return isSorted(a[0], comparator(a[1])) }),
	"slices.MinFunc":      giving(func(a values) reflect.Value { return slices.MinFunc(elements(a[0]), comparator(a[1])) }),
	"slices.MaxFunc":      giving(func(a values) reflect.Value { return slices.MaxFunc(elements(a[0]), comparator(a[1])) }),
	"slices.BinarySearchFunc": func(instance) body {
		return func(a values) values {
			i, found := binarySearch(a[0], a[1], comparator(a[2]))
			return of(i, found)
		}
	},

	"slices.Clip":        giving(func(a values) reflect.Value { return a[0].Slice3(0, a[0].Len(), a[0].Len()) }),
	"slices.Clone":       giving(func(a values) reflect.Value { return clone(a[0]) }),
	"slices.Compact":     with(func(in instance, a values) reflect.Value { return compact(a[0], equality(in.trues[1])) }),
	"slices.CompactFunc": giving(func(a values) reflect.Value { return compact(a[0], relation(a[1])) }),
	"slices.Concat":      with(func(in instance, a values) reflect.Value { return concat(in.typ.Out(0), a[0]) }),
	"slices.Delete":      giving(func(a values) reflect.Value { return remove(a[0], integral(a[1]), integral(a[2])) }),
	"slices.DeleteFunc":  giving(func(a values) reflect.Value { return removeFunc(a[0], predicate(a[1])) }),
	"slices.Grow":        giving(func(a values) reflect.Value { return grow(a[0], integral(a[1])) }),
	"slices.Insert":      giving(func(a values) reflect.Value { return insert(a[0], integral(a[1]), a[2]) }),
	"slices.Repeat":      giving(func(a values) reflect.Value { return repeat(a[0], integral(a[1])) }),
	"slices.Replace":     giving(func(a values) reflect.Value { return replace(a[0], integral(a[1]), integral(a[2]), a[3]) }),
	"slices.Reverse":     doing(func(a values) { reverse(a[0]) }),
}

func integral(v reflect.Value) int { return int(v.Int()) }

// ghost returns a slice of s's length and capacity that takes no memory. Genuine code run on it panics as it would on s.
func ghost(s reflect.Value) []struct{} { return make([]struct{}, s.Len(), s.Cap()) }

// elements returns the elements of s where they are.
func elements(s reflect.Value) []reflect.Value {
	all := make([]reflect.Value, s.Len())
	for i := range all {
		all[i] = s.Index(i)
	}
	return all
}

func chunks(t reflect.Type, s reflect.Value, n int) reflect.Value {
	ghosts := slices.Chunk(ghost(s), n)
	return iterator(t, func(yield func(reflect.Value) bool) {
		start := 0
		for g := range ghosts {
			end := start + len(g)
			if !yield(s.Slice3(start, end, end)) {
				return
			}
			start = end
		}
	})
}

func collect(in instance, seq reflect.Value) reflect.Value {
	return appendSeq(reflect.Zero(in.typ.Out(0)), seq)
}

func appendSeq(s, seq reflect.Value) reflect.Value {
	for v := range sequence(seq) {
		s = reflect.Append(s, v)
	}
	return s
}

// sortWith sorts by sort, a genuine function, which sees the comparisons only: it sorts indices of a copy, of which s
// then gets the order, even if f panics halfway.
func sortWith(sort func([]int, func(i, j int) int), s, f reflect.Value) {
	old := reflect.MakeSlice(s.Type(), s.Len(), s.Len())
	reflect.Copy(old, s)
	order := make([]int, s.Len())
	for i := range order {
		order[i] = i
	}
	defer func() {
		for i, j := range order {
			if i != j {
				s.Index(i).Set(old.Index(j))
			}
		}
	}()
	values, compare := elements(old), comparator(f)
	sort(order, func(i, j int) int { return compare(values[i], values[j]) })
}

func equal(s1, s2 reflect.Value, eq func(a, b reflect.Value) bool) bool {
	if s1.Len() != s2.Len() {
		return false
	}
	for i := range s1.Len() {
		if !eq(s1.Index(i), s2.Index(i)) {
			return false
		}
	}
	return true
}

func indexOf(in instance, a values) int {
	same := equality(in.trues[1])
	return indexFunc(a[0], func(v reflect.Value) bool { return same(a[1], v) })
}

func indexFunc(s reflect.Value, f func(reflect.Value) bool) int {
	for i := range s.Len() {
		if f(s.Index(i)) {
			return i
		}
	}
	return -1
}

func compareFunc(s1, s2 reflect.Value, compare func(a, b reflect.Value) int) int {
	for i := range min(s1.Len(), s2.Len()) {
		if c := compare(s1.Index(i), s2.Index(i)); c != 0 {
			return c
		}
	}
	return cmp.Compare(s1.Len(), s2.Len())
}

func isSorted(s reflect.Value, compare func(a, b reflect.Value) int) bool {
	for i := s.Len() - 1; i > 0; i-- {
		if compare(s.Index(i), s.Index(i-1)) < 0 {
			return false
		}
	}
	return true
}

func binarySearch(s, target reflect.Value, compare func(a, b reflect.Value) int) (int, bool) {
	i, j := 0, s.Len()
	for i < j {
		h := int(uint(i+j) >> 1)
		if compare(s.Index(h), target) < 0 {
			i = h + 1
		} else {
			j = h
		}
	}
	return i, i < s.Len() && compare(s.Index(i), target) == 0
}

func clone(s reflect.Value) reflect.Value {
	if s.IsNil() {
		return s
	}
	return reflect.AppendSlice(reflect.MakeSlice(s.Type(), 0, 0), s)
}

// compact keeps the first of each run of equal elements. Like the genuine function it compares each element with its
// neighbour as it was.
func compact(s reflect.Value, eq func(a, b reflect.Value) bool) reflect.Value {
	if s.Len() < 2 {
		return s
	}
	kept := 1
	for i := 1; i < s.Len(); i++ {
		if !eq(s.Index(i), s.Index(i-1)) {
			s.Index(kept).Set(s.Index(i))
			kept++
		}
	}
	return truncate(s, kept)
}

// truncate returns s[:n] and clears the rest.
func truncate(s reflect.Value, n int) reflect.Value {
	s.Slice(n, s.Len()).Clear()
	return s.Slice(0, n)
}

func concat(t reflect.Type, all reflect.Value) reflect.Value {
	ghosts := make([][]struct{}, all.Len())
	for i := range ghosts {
		ghosts[i] = ghost(all.Index(i))
	}
	joined := grow(reflect.Zero(t), len(slices.Concat(ghosts...)))
	for i := range all.Len() {
		joined = reflect.AppendSlice(joined, all.Index(i))
	}
	return joined
}

func remove(s reflect.Value, i, j int) reflect.Value {
	_ = ghost(s)[i:j:s.Len()]
	if i == j {
		return s
	}
	return truncate(s, reflect.AppendSlice(s.Slice(0, i), s.Slice(j, s.Len())).Len())
}

func removeFunc(s reflect.Value, del func(reflect.Value) bool) reflect.Value {
	kept := 0
	for i := range s.Len() {
		if v := copyOf(s.Index(i)); !del(v) {
			s.Index(kept).Set(v)
			kept++
		}
	}
	return truncate(s, kept)
}

func grow(s reflect.Value, n int) reflect.Value {
	_ = slices.Grow(ghost(s), n) // for its panics
	s = copyOf(s)
	s.Grow(n)
	return s
}

// extend returns s[:n], grown as append grows if n is beyond the capacity.
func extend(s reflect.Value, n int) reflect.Value {
	s = copyOf(s)
	s.Grow(n - s.Len())
	s.SetLen(n)
	return s
}

func insert(s reflect.Value, i int, v reflect.Value) reflect.Value {
	_ = ghost(s)[i:]
	switch {
	case v.Len() == 0:
		return s
	case i == s.Len():
		return reflect.AppendSlice(s, v.Convert(s.Type()))
	}
	return splice(s, i, i, v)
}

func replace(s reflect.Value, i, j int, v reflect.Value) reflect.Value {
	_ = ghost(s)[i:j]
	switch {
	case i == j:
		return insert(s, i, v)
	case j != s.Len():
		_ = ghost(s)[j:]
		return splice(s, i, j, v)
	}
	replaced := reflect.AppendSlice(s.Slice(0, i), v.Convert(s.Type()))
	if replaced.Len() < s.Len() {
		s.Slice(replaced.Len(), s.Len()).Clear()
	}
	return replaced
}

// splice puts v in the place of s[i:j]. v may be part of s.
func splice(s reflect.Value, i, j int, v reflect.Value) reflect.Value {
	end := i + v.Len()
	total := end + s.Len() - j
	v = clone(v)
	r := extend(s.Slice(0, i), total)
	reflect.Copy(r.Slice(end, total), s.Slice(j, s.Len()))
	reflect.Copy(r.Slice(i, end), v)
	if total < s.Len() {
		s.Slice(total, s.Len()).Clear()
	}
	return r
}

func reverse(s reflect.Value) {
	swap := reflect.Swapper(s.Interface())
	for i, j := 0, s.Len()-1; i < j; i, j = i+1, j-1 {
		swap(i, j)
	}
}

// addressable is a size that no slice has.
const addressable = 1 << 47

func repeat(s reflect.Value, count int) reflect.Value {
	n := len(slices.Repeat(ghost(s), count))
	if hi, size := bits.Mul(uint(n), uint(s.Type().Elem().Size())); hi > 0 || size > addressable {
		n = math.MaxInt
		_ = make([]byte, n) // fails as make of s's type would, reflect.MakeSlice has other words
	}
	repeated := reflect.MakeSlice(s.Type(), n, n)
	for done := reflect.Copy(repeated, s); done < n; {
		done += reflect.Copy(repeated.Slice(done, n), repeated.Slice(0, done))
	}
	return repeated
}
