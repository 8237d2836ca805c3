package engine

import (
	"errors"
	"math"
	"math/bits"
	"reflect"
	"runtime"
	"strings"
	"unsafe"
)

// Yaegi executes core through package reflect, which panics with texts of its own where compiled code has a runtime
// error. The engine then does in compiled code what was tried, on the same operands, and takes the runtime's own error:
// its type and text are those that programs know.

// genuine is the panic that compiled code would have had where an exec panicked with r.
func genuine(r any, repeat func(*frame), f *frame) any {
	text := complaint(r)
	if text == "" {
		return r
	}
	if repeat != nil {
		if err := failing(func() { repeat(f) }); err != nil {
			return err
		}
	}
	if v, ok := r.(*reflect.ValueError); ok && v.Kind == reflect.Invalid || strings.Contains(text, "zero Value") ||
		text == "reflect: Method on nil interface value" {
		return nilDereference()
	}
	if strings.HasSuffix(text, ": slice overflow") {
		return failing(growTooLong)
	}
	if _, ok := r.(runtime.Error); ok {
		return r
	}
	return errors.New("kairos cannot interpret this yet: " + text)
}

// growTooLong panics as an append does that makes a slice too long.
func growTooLong() {
	all := make([]struct{}, math.MaxInt)
	_ = append(all, struct{}{})
}

// complaint is the text of a panic that compiled code would not have had.
func complaint(r any) string {
	text := ""
	switch x := r.(type) {
	case string:
		text = x
	case *reflect.ValueError:
		return x.Error()
	case runtime.Error: // from the runtime's entry points for package reflect
		text = x.Error()
	}
	for _, prefix := range []string{"reflect", "hash of unhashable type: ", "runtime: allocation size out of range"} {
		if strings.HasPrefix(text, prefix) {
			return text
		}
	}
	return ""
}

// failing returns the runtime error that f panics with, or nil.
func failing(f func()) (err error) {
	defer func() {
		if e, ok := recover().(runtime.Error); ok {
			err = e
		}
	}()
	f()
	return nil
}

// nilDereference is the runtime's error for the use of a nil pointer.
func nilDereference() error { return failing(func() { _ = *nowhere }) }

var nowhere *int

// repeat says how to do in compiled code what a node does, if package reflect may panic there. The result of what is
// done does not matter.
func repeat(n *node) func(*frame) {
	switch {
	case n.kind == indexExpr && typeOf(n.child[0].typ).Kind() == reflect.Map:
		return repeatLookup(n)
	case n.kind == indexExpr:
		return repeatIndex(n)
	case n.action == aSlice || n.action == aSlice0:
		return repeatSlice(n)
	case entry(n.gen) == entry(yaegiMake):
		return repeatMake(n)
	case entry(n.gen) == entry(yaegiConvert):
		return repeatConvert(n)
	}
	return nil
}

func repeatIndex(n *node) func(*frame) {
	array, index := container(n.child[0]), genValue(n.child[1])
	return func(f *frame) {
		a := make([]struct{}, array(f).Len())
		if i := index(f); i.CanInt() {
			_ = a[i.Int()]
		} else {
			_ = a[i.Uint()]
		}
	}
}

// repeatLookup repeats the use of a key that may have no hash.
func repeatLookup(n *node) func(*frame) {
	m, key := genValue(n.child[0]), genValue(n.child[1])
	assigned := n.anc.child[0] == n && (n.anc.kind == assignStmt || n.anc.kind == incDecStmt)
	return func(f *frame) {
		like := map[any]struct{}{}
		if m(f).Len() > 0 {
			like[0] = struct{}{}
		}
		if assigned {
			like[key(f).Interface()] = struct{}{}
		}
		_ = like[key(f).Interface()]
	}
}

// container gets the array that a node has or points to, a slice or a string.
func container(n *node) getter {
	value := genValue(n)
	if typeOf(n.typ).Kind() == reflect.Pointer {
		return func(f *frame) reflect.Value { return value(f).Elem() }
	}
	return value
}

func repeatSlice(n *node) func(*frame) {
	array := container(n.child[0])
	bounds := [3]getter{}
	first := 0
	if n.action == aSlice0 {
		first = 1
	}
	for i, child := range n.child[1:] {
		bounds[first+i] = genValue(child)
	}
	return func(f *frame) {
		a := array(f)
		low, high, max := 0, a.Len(), a.Len()
		if a.Kind() == reflect.Slice {
			max = a.Cap()
		}
		var large [3]bool // for an int
		for i, bound := range [...]*int{&low, &high, &max} {
			if bounds[i] != nil {
				v := bounds[i](f)
				*bound = integer(v)
				large[i] = v.CanUint() && *bound < 0
			}
		}
		if err := failing(func() { slice(a, low, high, max, bounds[2] != nil) }); err != nil {
			panic(changed(err, func(b *boundsFault) { b.signed = !large[boundAtFault[b.code]] }))
		}
	}
}

// boundAtFault tells which bound of a slice a code in the runtime's errors is about: low, high or max.
var boundAtFault = [...]int{1: 1, 2: 1, 3: 0, 4: 2, 5: 2, 6: 1, 7: 0}

// slice slices something as long as a.
func slice(a reflect.Value, low, high, max int, three bool) {
	switch {
	case a.Kind() == reflect.Slice && three:
		_ = make([]struct{}, a.Len(), a.Cap())[low:high:max]
	case a.Kind() == reflect.Slice:
		_ = make([]struct{}, a.Len(), a.Cap())[low:high]
	case three && uint(max) > uint(a.Len()):
		panic(boundsError(max, a.Len(), slice3Length))
	case three:
		_ = make([]struct{}, a.Len())[low:high:max]
	default: // strings and arrays have the same texts
		_ = unsafe.String(new(byte), a.Len())[low:high]
	}
}

// integer is the value of an index, as an int.
func integer(v reflect.Value) int {
	if v.CanInt() {
		return int(v.Int())
	}
	return int(v.Uint())
}

func repeatMake(n *node) func(*frame) {
	typ := typeOf(n.child[1].typ)
	var sizes []getter
	for _, child := range n.child[2:] {
		sizes = append(sizes, genValue(child))
	}
	return func(f *frame) {
		switch {
		case len(sizes) == 0:
		case typ.Kind() == reflect.Chan:
			_ = make(chan struct{}, integer(sizes[0](f)))
		case typ.Kind() == reflect.Slice:
			if n := integer(sizes[0](f)); n < 0 || tooLarge(n, typ.Elem()) {
				_ = make([]byte, min(n, -1))
			}
			if len(sizes) == 2 {
				_ = make([]byte, 0, -1|integer(sizes[1](f)))
			}
		}
	}
}

// tooLarge reports whether no slice can have n elements of type t.
func tooLarge(n int, t reflect.Type) bool {
	hi, lo := bits.Mul64(uint64(n), uint64(t.Size()))
	return hi > 0 || lo > maxAlloc
}

// maxAlloc is how many bytes the runtime can address.
const maxAlloc = 1 << 48

// repeatConvert repeats the conversion of a slice to an array or a pointer to one.
func repeatConvert(n *node) func(*frame) {
	to := typeOf(n.child[0].typ)
	if to.Kind() == reflect.Pointer {
		to = to.Elem()
	}
	if to.Kind() != reflect.Array || typeOf(n.child[1].typ).Kind() != reflect.Slice {
		return nil
	}
	from, length := genValue(n.child[1]), to.Len()
	return func(f *frame) {
		if has := from(f).Len(); has < length {
			panic(boundsError(length, has, convertSlice))
		}
	}
}

// Codes in the runtime's errors for bounds, of those that no operation of variable length has.
const (
	slice3Length = 4
	convertSlice = 8
)

// boundsError makes a runtime error out of another one.
func boundsError(x, y int, code uint8) error {
	err := failing(func() { _ = make([]struct{}, 1)[integer(reflect.ValueOf(1)):][y] })
	return changed(err, func(b *boundsFault) { b.x, b.y, b.code = int64(x), y, code })
}

// changed is a copy of a runtime error for bounds, with a change.
func changed(err error, change func(*boundsFault)) error {
	b := *(*boundsFault)((*[2]unsafe.Pointer)(unsafe.Pointer(&err))[1])
	change(&b)
	made := err
	(*[2]unsafe.Pointer)(unsafe.Pointer(&made))[1] = unsafe.Pointer(&b)
	return made
}

// boundsFault is the runtime's boundsError.
type boundsFault struct {
	x      int64
	y      int
	signed bool
	code   uint8
}
