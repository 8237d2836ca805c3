package engine

import (
	"reflect"
	"unsafe"
)

// layout says how to make the frames of a function. Yaegi allocates each variable for itself; here those of like types
// share an allocation. None of them outlives its function, for shared variables have boxes.
type layout struct {
	values   []reflect.Value // of the frame, to be copied; those of kinds below are still without their places
	scalars  []place         // without pointers, in words
	words    int
	pointers []int // indices of pointers, maps, channels and functions
	strings  []int
	slices   []int
	ifaces   []int
	others   []int
}

// place is where in a block of words a value lies.
type place struct{ index, word int }

func newLayout(types []reflect.Type) layout {
	l := layout{values: make([]reflect.Value, len(types))}
	for i, t := range types {
		l.values[i] = reflect.NewAt(t, unsafe.Pointer(&nothing)).Elem()
		switch kind := t.Kind(); {
		case kind <= reflect.Complex128 && kind != reflect.Invalid:
			l.scalars = append(l.scalars, place{i, l.words})
			l.words += (int(t.Size()) + 7) / 8
		case kind == reflect.Pointer, kind == reflect.Map, kind == reflect.Chan, kind == reflect.Func, kind == reflect.UnsafePointer:
			l.pointers = append(l.pointers, i)
		case kind == reflect.String:
			l.strings = append(l.strings, i)
		case kind == reflect.Slice:
			l.slices = append(l.slices, i)
		case kind == reflect.Interface:
			l.ifaces = append(l.ifaces, i)
		default:
			l.others = append(l.others, i)
		}
	}
	return l
}

// nothing is where the values of a layout lie.
var nothing [1]uint64

// frame makes a frame for a call; anc is that in which a function literal was made.
func (l *layout) frame(anc *frame) *frame {
	f := newFrame(len(l.values))
	f.root, f.anc = anc.root, anc
	copy(f.data, l.values)
	if l.words > 0 {
		block := make([]uint64, l.words)
		for _, p := range l.scalars {
			f.put(p.index, unsafe.Pointer(&block[p.word]))
		}
	}
	putAll[unsafe.Pointer](f, l.pointers)
	putAll[string](f, l.strings)
	putAll[[]unsafe.Pointer](f, l.slices)
	putAll[any](f, l.ifaces)
	for _, i := range l.others {
		f.data[i] = reflect.New(f.data[i].Type()).Elem()
	}
	return f
}

// putAll makes places of a type with T's layout.
func putAll[T any](f *frame, indices []int) {
	if len(indices) == 0 {
		return
	}
	block := make([]T, len(indices))
	for i, index := range indices {
		f.put(index, unsafe.Pointer(&block[i]))
	}
}

// put gives a value its place in memory.
func (f *frame) put(i int, p unsafe.Pointer) { (*value)(unsafe.Pointer(&f.data[i])).ptr = p }

// newFrame makes a frame together with n values.
func newFrame(n int) *frame {
	switch {
	case n <= 4:
		f := new(struct {
			frame
			values [4]reflect.Value
		})
		f.data = f.values[:n]
		return &f.frame
	case n <= 8:
		f := new(struct {
			frame
			values [8]reflect.Value
		})
		f.data = f.values[:n]
		return &f.frame
	case n <= 16:
		f := new(struct {
			frame
			values [16]reflect.Value
		})
		f.data = f.values[:n]
		return &f.frame
	}
	return &frame{data: make([]reflect.Value, n)}
}
