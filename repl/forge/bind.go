package forge

import (
	"fmt"
	"go/types"
	"reflect"
	"unsafe"
)

// Bind sets, or replaces, the code of the method that the forged type named
// (for a generic one, an instance) declares by the given name. body is a
// function whose first parameter is the receiver, of type Open(named) or, and
// for methods with a pointer receiver always, a pointer to that; the others
// are the method's parameters and results as Open has them. A body that takes
// a pointer for a method with a value receiver must copy what it points to.
func (w *World) Bind(named *types.Named, name string, body reflect.Value) error {
	t, err := w.True(named)
	if err != nil {
		return err
	}
	open, err := w.Open(named)
	if err != nil {
		return err
	}
	b := binding{t: open, name: named.Obj().Name() + "." + name}
	w.mu.RLock()
	if table := w.tables[t]; table != nil {
		b.method = table.find(named.Obj().Pkg(), name)
	}
	w.mu.RUnlock()
	if b.method == nil || len(b.method.index) > 0 {
		return fmt.Errorf("forge: bind method %v.%s: the type does not declare it", named, name)
	}
	if err := b.check(w, body); err != nil {
		return fmt.Errorf("forge: bind method %v.%s: %w", named, name, err)
	}
	nilPanic := panicking(nilReceiver(fmt.Sprintf("value method %s.%s called using nil *%s pointer",
		packagePath(named.Obj().Pkg()), b.name, named.Obj().Name())))
	b.bind(body, nilPanic)
	w.announce()
	return nil
}

// binding is a method about to be bound.
type binding struct {
	t       reflect.Type // the open receiver
	name    string
	method  *method
	pointer bool         // body takes a pointer
	sig     reflect.Type // the open type without the receiver
}

// check compares the type of body with what it must be.
func (b *binding) check(w *World, body reflect.Value) error {
	if body.Kind() != reflect.Func || body.IsNil() {
		return fmt.Errorf("the body is not a function")
	}
	sig, err := w.Open(b.method.fn.Type())
	if err != nil {
		return err
	}
	b.sig = sig
	b.pointer = body.Type().NumIn() > 0 && body.Type().In(0) == reflect.PointerTo(b.t)
	recv := b.t
	if b.pointer || !b.method.value {
		recv = reflect.PointerTo(b.t)
	}
	if want := withReceiver(sig, recv); body.Type() != want {
		return fmt.Errorf("the body is a %v, not a %v", body.Type(), want)
	}
	return nil
}

// bind fills the slots. Open and true types lie alike in registers and memory,
// so the body itself serves wherever its receiver is passed as it takes it.
func (b *binding) bind(body reflect.Value, nilPanic unsafe.Pointer) {
	closure := closureOfValue(body)
	size, one := oneRegister(raw(b.t))
	switch m := b.method; {
	case !m.value:
		setSlot(m.pointer, closure)
	case b.pointer:
		setSlot(m.pointer, nonNil(closure, nilPanic))
		setSlot(m.direct, viaPointer(b.t, b.sig, closure))
	case one:
		setSlot(m.direct, closure)
		setSlot(m.pointer, derefs(size, closure, nilPanic))
	default:
		setSlot(m.direct, closure)
		setSlot(m.pointer, viaValue(b.t, b.sig, body, nilPanic))
	}
}

// withReceiver is the func type sig with a receiver as first parameter.
func withReceiver(sig, recv reflect.Type) reflect.Type {
	in := []reflect.Type{recv}
	for t := range sig.Ins() {
		in = append(in, t)
	}
	var out []reflect.Type
	for t := range sig.Outs() {
		out = append(out, t)
	}
	return reflect.FuncOf(in, out, sig.IsVariadic())
}
