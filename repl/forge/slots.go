package forge

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Methods of forged types get their code from a table of slots written in
// assembly. A slot loads the closure that table holds for it into the context
// register and jumps to the closure's code: arguments stay in their registers
// and on the stack, there is no frame, so a slot serves any signature.

// table holds the closures of the slots. The assembly refers to it.
var table [slotCount]unsafe.Pointer

var slots struct {
	sync.Mutex
	used int   // slots below were given out once
	free []int // and given back
}

// claimSlot gives out a slot. Those given back come last, and the oldest of
// them first: a call of a method that is gone should find its panic.
func claimSlot() int {
	slots.Lock()
	defer slots.Unlock()
	if slots.used < slotCount {
		slots.used++
		return slots.used - 1
	}
	if len(slots.free) == 0 {
		fail("all %d slots for methods are in use", slotCount)
	}
	i := slots.free[0]
	slots.free = slots.free[1:]
	return i
}

func releaseSlot(i int) {
	setSlot(i, panicking(unboundError("forge: call of a method whose World is closed")))
	slots.Lock()
	defer slots.Unlock()
	slots.free = append(slots.free, i)
}

// setSlot makes closure (a pointer to a func value's code pointer) what slot i
// runs. A call that has begun goes on with the old one.
func setSlot(i int, closure unsafe.Pointer) { atomic.StorePointer(&table[i], closure) }

// slotCode is the entry point of slot i.
func slotCode(i int) unsafe.Pointer { return unsafe.Add(slotBase(), i*slotSize) }

// closureOf is the closure that a func value points to.
func closureOf(f func()) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&f)) }

// closureOfValue is the closure that a func held by v points to.
func closureOfValue(v reflect.Value) unsafe.Pointer {
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	return *(*unsafe.Pointer)(p.UnsafePointer())
}

// funcOf is the func of type t that points to closure.
func funcOf(t reflect.Type, closure unsafe.Pointer) reflect.Value {
	return reflect.NewAt(t, unsafe.Pointer(&closure)).Elem()
}

// panicking is a closure that panics, whatever the signature it is called by:
// it reads no argument and does not return.
func panicking(value any) unsafe.Pointer { return closureOf(func() { panic(value) }) }

// step is a closure written in assembly that changes the receiver, held in the
// first integer register, and goes on to the next closure.
type step struct {
	code   unsafe.Pointer // one of the step functions
	next   unsafe.Pointer // the closure to go on with
	offset uintptr        // of a field, for add, load and iface
	target unsafe.Pointer // code to jump to, or the closure for a nil receiver
	method uintptr        // of iface: the offset in the itab
}

func (s *step) closure() unsafe.Pointer { return unsafe.Pointer(s) }

// jumpTo goes on to code that needs no context.
func jumpTo(code unsafe.Pointer) unsafe.Pointer {
	return (&step{code: stepJump(), target: code}).closure()
}

// addTo moves the receiver by offset; a nil receiver faults.
func addTo(offset uintptr, next unsafe.Pointer) unsafe.Pointer {
	return (&step{code: stepAdd(), offset: offset, next: next}).closure()
}

// loadAt replaces the receiver by the pointer at offset from it.
func loadAt(offset uintptr, next unsafe.Pointer) unsafe.Pointer {
	return (&step{code: stepLoad(), offset: offset, next: next}).closure()
}

// callInterface calls method i of the interface at offset from the receiver.
func callInterface(offset uintptr, i int) unsafe.Pointer {
	const funs = 3 * wordSize // the offset of abi.ITab.Fun
	return (&step{code: stepIface(), offset: offset, method: funs + uintptr(i)*wordSize}).closure()
}

// nonNil goes to the closure null if the receiver is nil.
func nonNil(next, null unsafe.Pointer) unsafe.Pointer {
	return (&step{code: stepNonNil(), next: next, target: null}).closure()
}

// derefs replaces the receiver, a pointer, by the value of the given size that
// it points to. A nil pointer goes to the closure null.
func derefs(size uintptr, next, null unsafe.Pointer) unsafe.Pointer {
	s := &step{next: next, target: null}
	switch size {
	case 8:
		s.code = stepDeref8()
	case 4:
		s.code = stepDeref4()
	case 2:
		s.code = stepDeref2()
	case 1:
		s.code = stepDeref1()
	default:
		panic(fmt.Sprintf("forge: deref of %d bytes", size))
	}
	return s.closure()
}
