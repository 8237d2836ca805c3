package engine

import (
	"errors"
	"fmt"
	"reflect"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// checkLayout fails if yaegi's types are not what the types here are copies of.
func checkLayout() error {
	theirs := reflect.TypeFor[interp.Program]()
	seen := map[[2]reflect.Type]bool{}
	if err := sameLayout(reflect.TypeFor[program](), theirs, seen); err != nil {
		return fmt.Errorf("engine: this version of yaegi differs: %w", err)
	}
	if err := sameLayout(reflect.TypeFor[[]*node](), rootsField.Type, seen); err != nil {
		return fmt.Errorf("engine: this version of yaegi differs: %w", err)
	}
	n := nodeType.Elem()
	kind, _ := n.FieldByName("kind")
	action, _ := n.FieldByName("action")
	typ, _ := n.FieldByName("typ")
	cat, _ := typ.Type.Elem().FieldByName("cat")
	for _, f := range []reflect.StructField{kind, action, cat} {
		if err := sameNames(f.Type, enumerations[f.Name]); err != nil {
			return fmt.Errorf("engine: this version of yaegi differs: %w", err)
		}
	}
	return nil
}

// sameLayout compares two types in depth. Fields of ours that are unsafe.Pointer stand for any pointer.
func sameLayout(ours, theirs reflect.Type, seen map[[2]reflect.Type]bool) error {
	pair := [2]reflect.Type{ours, theirs}
	if ours == theirs || seen[pair] || ours.Kind() == reflect.UnsafePointer && theirs.Kind() == reflect.Pointer {
		return nil
	}
	seen[pair] = true
	if ours.Kind() != theirs.Kind() || ours.Size() != theirs.Size() {
		return fmt.Errorf("%v is not like %v", theirs, ours)
	}
	switch ours.Kind() {
	case reflect.Pointer, reflect.Slice:
		return sameLayout(ours.Elem(), theirs.Elem(), seen)
	case reflect.Map:
		return sameLayout(ours.Elem(), theirs.Elem(), seen)
	case reflect.Func:
		for i := range ours.NumIn() {
			if theirs.NumIn() != ours.NumIn() {
				return fmt.Errorf("%v is not like %v", theirs, ours)
			}
			if err := sameLayout(ours.In(i), theirs.In(i), seen); err != nil {
				return err
			}
		}
	case reflect.Struct:
		if ours.NumField() != theirs.NumField() {
			return fmt.Errorf("%v has %d fields, not %d", theirs, theirs.NumField(), ours.NumField())
		}
		for i := range ours.NumField() {
			a, b := ours.Field(i), theirs.Field(i)
			if a.Name != b.Name || a.Offset != b.Offset {
				return fmt.Errorf("%v has the field %s, not %s", theirs, b.Name, a.Name)
			}
			if err := sameLayout(a.Type, b.Type, seen); err != nil {
				return fmt.Errorf("field %s: %w", a.Name, err)
			}
		}
	}
	return nil
}

// sameNames checks the values of an enumeration of ours by the names that yaegi gives them.
func sameNames(theirs reflect.Type, names map[uint]string) error {
	for value, name := range names {
		v := reflect.New(theirs).Elem()
		v.SetUint(uint64(value))
		if got := fmt.Sprint(v.Interface()); got != name {
			return fmt.Errorf("%v %d is %s, not %s", theirs, value, got, name)
		}
	}
	return nil
}

// rootsField is where an interpreter remembers all that it compiled.
var rootsField = fieldOf[interp.Interpreter]("roots")

// fieldOf finds a field of a struct. Without it checkLayout fails.
func fieldOf[T any](name string) reflect.StructField {
	f, ok := reflect.TypeFor[T]().FieldByName(name)
	if !ok {
		f.Type = reflect.TypeFor[*struct{}]()
	}
	return f
}

// selfTest checks what this package assumes of Go itself: the layout of values of package reflect, of function values and
// of runtime errors.
func selfTest() error {
	ours, theirs := reflect.TypeFor[value](), reflect.TypeFor[reflect.Value]()
	for i := range ours.NumField() {
		if theirs.NumField() != ours.NumField() || ours.Field(i).Offset != theirs.Field(i).Offset {
			return errors.New("engine: this version of package reflect has other values")
		}
	}
	if err := testFrame(); err != nil {
		return err
	}
	if err := testClosure(); err != nil {
		return err
	}
	if err := testMap(); err != nil {
		return err
	}
	const want = "runtime error: slice bounds out of range [::7] with length 5"
	if got := boundsError(7, 5, slice3Length).Error(); got != want {
		return fmt.Errorf("engine: this version of the runtime has other errors: got %q", got)
	}
	return nil
}

// testFrame writes and reads variables of all kinds that layouts tell apart.
func testFrame() error {
	x := 1
	samples := []any{true, 2.5, complex(1, 2), "text", &x, map[int]int{1: 2}, []string{"a"}, unsafe.Pointer(&x), [2]any{1, "b"}}
	types := []reflect.Type{reflect.TypeFor[any](), reflect.TypeFor[error]()}
	for _, s := range samples {
		types = append(types, reflect.TypeOf(s))
	}
	l := newLayout(types)
	f := l.frame(&frame{})
	for i, s := range append([]any{3, errors.New("an error")}, samples...) {
		v := f.data[i]
		if v.Type() != types[i] || !v.IsZero() {
			return fmt.Errorf("engine: a frame has %v where it should have a zero %v", v, types[i])
		}
		v.Set(reflect.ValueOf(s))
		if !reflect.DeepEqual(f.data[i].Interface(), s) {
			return fmt.Errorf("engine: a frame has %v where it should have %v", f.data[i], s)
		}
	}
	return nil
}

// testClosure finds closures of all shapes in function values, and none in others.
func testClosure() error {
	bare := reflect.TypeFor[func()]()
	for _, t := range []reflect.Type{bare, reflect.TypeFor[func(*int)](), reflect.TypeFor[func(string) int]()} {
		c := &code{typ: t, shape: shapeOf(t)}
		captured := &frame{}
		fn := c.closure(captured)
		variable := reflect.New(t).Elem()
		variable.Set(fn)
		for _, v := range []reflect.Value{fn, variable} {
			if got := closureOf(v); got == nil || *got != (closure{c, captured}) {
				return fmt.Errorf("engine: this version of Go makes functions otherwise, like %v", t)
			}
		}
	}
	made := reflect.MakeFunc(bare, func([]reflect.Value) []reflect.Value { return nil })
	for _, other := range []reflect.Value{
		made, reflect.ValueOf(testFrame), reflect.ValueOf(reflect.ValueOf(0).Kind), reflect.Zero(bare),
		reflect.ValueOf(bare).MethodByName("Name"),
	} {
		if closureOf(other) != nil {
			return fmt.Errorf("engine: takes a %v for a closure", other.Type())
		}
	}
	return nil
}

// testMap sets and gets entries of a map.
func testMap() error {
	m, key := map[string][2]any{"one": {1, "I"}}, ""
	typ := reflect.TypeOf(m)
	constant := func(v reflect.Value) getter { return func(*frame) reflect.Value { return v } }
	place := operandPlace{constant(reflect.ValueOf(&key).Elem()), descriptor(typ.Key())}
	e := newMapEntry(typ, constant(reflect.ValueOf(m)), place)
	for _, key = range []string{"two", "one"} {
		e.set(nil, reflect.ValueOf([2]any{key, m}))
		if got, ok := e.get(nil); !ok || m[key][0] != key || got.Index(0).Interface() != any(key) {
			return errors.New("engine: this version of the runtime has other maps")
		}
	}
	key = "three"
	if _, ok := e.get(nil); ok {
		return errors.New("engine: finds what is not in a map")
	}
	return nil
}
