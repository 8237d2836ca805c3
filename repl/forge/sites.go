package forge

import (
	"reflect"
	"runtime/debug"
	"sync/atomic"
	"unsafe"
)

// Every type assertion and type switch to interfaces in compiled code has a
// cache of its own for what it is often asked.

// module mirrors the beginning of runtime.moduledata.
type module struct {
	_             unsafe.Pointer
	_             [6][]byte // functions
	_             [5]uintptr
	_             [2]uintptr // data without pointers
	data, edata   uintptr
	_             [9]uintptr
	types, etypes uintptr
}

// lastModule is the only one: there are no plugins.
//
//go:linkname lastModule runtime.lastmoduledatap
var lastModule *module

// site mirrors abi.TypeAssert and, with a number before the interfaces,
// abi.InterfaceSwitch.
type site struct {
	cache  unsafe.Pointer
	second uintptr
	third  uintptr
}

// emptyCache holds nothing, as those that the runtime begins with.
var emptyCache [4]uintptr

// forget empties the caches that know one of the types.
func forget(changed map[*rtype]bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	m := lastModule
	data := m.start()
	for at := uintptr(0); at+unsafe.Sizeof(site{}) <= m.edata-m.data; at += wordSize {
		s := (*site)(unsafe.Add(data, at))
		if stride := m.stride(s); stride > 0 && knows(s.cache, stride, changed) {
			atomic.StorePointer(&s.cache, unsafe.Pointer(&emptyCache))
		}
	}
}

// start is the beginning of the data with pointers.
func (m *module) start() unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&m.data)) }

// stride is the number of words of each entry in the cache of what looks
// like a site, or 0.
func (m *module) stride(s *site) int {
	switch {
	case uintptr(s.cache)-m.data < m.edata-m.data:
		return 0 // empty
	case m.isInterface(s.second) && s.third <= 1:
		return 2
	case s.second-1 < 1000 && m.isInterface(s.third):
		return 3
	}
	return 0
}

func (m *module) isInterface(p uintptr) bool {
	if p < m.types || p >= m.etypes || p%wordSize != 0 {
		return false
	}
	return reflect.Kind((*(**rtype)(unsafe.Pointer(&p))).kind) == reflect.Interface
}

// knows tells whether one of the types is in a cache: entries that begin with
// a type after the mask for their number.
//
//go:nocheckptr
func knows(cache unsafe.Pointer, stride int, changed map[*rtype]bool) (found bool) {
	defer func() { _ = recover() }() // it may be no cache, and no address
	if uintptr(cache)%wordSize != 0 || cache == nil {
		return false
	}
	n := *(*uintptr)(cache) + 1
	if n < 2 || n > 1<<16 || n&(n-1) != 0 {
		return false
	}
	words := unsafe.Slice((**rtype)(unsafe.Add(cache, wordSize)), int(n)*stride)
	for i := 0; i < len(words); i += stride {
		if changed[words[i]] {
			return true
		}
	}
	return false
}
