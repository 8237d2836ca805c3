// Package rt is what lowered programs call at run time: the parts of Go that yaegi does not have or gets wrong, compiled.
//
// Some of it are functions, which Symbols lists. The rest is made for the types that a program has, by functions named
// Make; each returns a function of exactly the types its comment says. A type in an interface is always the true one;
// lowered code may hold a value in its open type, of the same layout, and a Cast then tells one from the other.
//
//	Run, Frame, Recover     defer and recover                          frame.go, recover.go
//	Panic, Go               panic and go statements                    panic.go
//	Thrown                  a panic on its way through the stack       thrown.go, fault.go, text.go
//	Print, Println, Words   the builtins that print                    print.go
//	MakeSend, MakeRecv …    channel operations                         chan.go
//	Select                  select statements                          select.go
//	MakeIs, MakeAs …        type assertions and switches               assert.go
//	MakeIn                  conversions to interface types             gate.go
//	Equal, MakeEqual        comparison                                 equal.go
//	Iter, MakeGet …         maps                                       maps.go
//	MakeAppend, Copy …      slices                                     slices.go
//	MakeMin, MakeMax        the builtins min and max                   minmax.go
//	MakeConvert             conversions                                convert.go, numbers.go
//	MakeMul, MakeQuo        complex numbers                            complex.go
//	Loop                    range over functions                       loop.go
//	Runes                   range over strings                         runes.go
//	PanicNil, PanicShift    runtime errors                             genuine.go
//
//	shape                   how the made functions are made fast       shape.go
//
// What it does not have: the generic functions of the standard library, which are in package generic below it.
package rt

import "reflect"

// A Cast returns the memory of v seen as a value of type t, which has the layout of v's type.
type Cast = func(v reflect.Value, t reflect.Type) reflect.Value

// Symbols returns the functions and types that are the same for all programs, by name. Types are nil pointers, as yaegi
// has them. Uncaught gets the panics that nobody recovers in goroutines of the program.
func Symbols(uncaught func(*Thrown)) map[string]reflect.Value {
	return map[string]reflect.Value{
		"Frame":  reflect.ValueOf((*Frame)(nil)),
		"Iter":   reflect.ValueOf((*Iter)(nil)),
		"Loop":   reflect.ValueOf((*Loop)(nil)),
		"Select": reflect.ValueOf((*Select)(nil)),

		"Clear":        reflect.ValueOf(Clear),
		"Close":        reflect.ValueOf(Close),
		"Copy":         reflect.ValueOf(Copy),
		"Defer":        reflect.ValueOf((*Frame).Defer),
		"DeferCall":    reflect.ValueOf((*Frame).DeferCall),
		"DeferRecover": reflect.ValueOf((*Frame).DeferRecover),
		"Equal":        reflect.ValueOf(Equal),
		"Go":           reflect.ValueOf(func(f func()) { Go(f, uncaught) }),
		"NewIter":      reflect.ValueOf(NewIter),
		"PanicNil":     reflect.ValueOf(PanicNil),
		"PanicShift":   reflect.ValueOf(PanicShift),
		"NewLoop":      reflect.ValueOf(NewLoop),
		"NewSelect":    reflect.ValueOf(NewSelect),
		"Panic":        reflect.ValueOf(Panic),
		"Print":        reflect.ValueOf(Print),
		"Println":      reflect.ValueOf(Println),
		"Recover":      reflect.ValueOf(Recover),
		"Run":          reflect.ValueOf(Run),
		"Runes":        reflect.ValueOf(Runes),
		"Words":        reflect.ValueOf(Words),
	}
}

// makeFunc makes a function from parameters to results.
func makeFunc(in, out []reflect.Type, f func([]reflect.Value) []reflect.Value) reflect.Value {
	return reflect.MakeFunc(signature(in, out), f)
}

// makeVariadic makes a function whose last parameter, a slice, is variadic.
func makeVariadic(in, out []reflect.Type, f func([]reflect.Value) []reflect.Value) reflect.Value {
	return reflect.MakeFunc(reflect.FuncOf(in, out, true), f)
}

// types shortens lists of types.
func types(list ...reflect.Type) []reflect.Type { return list }

// signature is the type of a function from in to out.
func signature(in, out []reflect.Type) reflect.Type { return reflect.FuncOf(in, out, false) }

// one shortens lists of one value.
func one(v reflect.Value) []reflect.Value { return []reflect.Value{v} }

// seenAs is cast, if there is anything to cast.
func seenAs(cast Cast, v reflect.Value, t reflect.Type) reflect.Value {
	if v.Type() == t {
		return v
	}
	return cast(v, t)
}

var (
	anyType    = reflect.TypeFor[any]()
	boolType   = reflect.TypeFor[bool]()
	stringType = reflect.TypeFor[string]()
	trueValue  = reflect.ValueOf(true)
	falseValue = reflect.ValueOf(false)
)
