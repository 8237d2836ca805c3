package forge

import (
	"fmt"
	"reflect"
	"unsafe"
)

// value mirrors reflect.Value.
type value struct {
	typ  *rtype
	ptr  unsafe.Pointer
	flag uintptr
}

// Flags of value.flag.
const (
	flagAddressable = 1 << 8
	flagMethod      = 1 << 9
)

// As returns the memory of v seen as a t, which must be the other view of v's
// type, or the same: the layouts have to be equal. The result is addressable
// and settable if v is.
func As(v reflect.Value, t reflect.Type) reflect.Value {
	if (*value)(unsafe.Pointer(&v)).flag&flagMethod != 0 {
		v = reflect.ValueOf(v.Interface()) // a func of its own
	}
	if v.Kind() != t.Kind() || v.Type().Size() != t.Size() {
		panic(fmt.Sprintf("forge: a %v seen as a %v", v.Type(), t))
	}
	(*value)(unsafe.Pointer(&v)).typ = raw(t)
	return v
}
