package generic

import (
	"iter"
	"reflect"
)

// seenAs returns the compiled func f as a value of the func type t, whose parameters and results have the layouts of f's.
func seenAs(f any, t reflect.Type) reflect.Value {
	p := reflect.New(reflect.TypeOf(f))
	p.Elem().Set(reflect.ValueOf(f))
	return reflect.ValueOf(reflect.NewAt(t, p.UnsafePointer()).Elem().Interface()) // no variable
}

// view returns v as a value of type t, which has the layout of v's: in v's memory if it is addressable, else in a copy.
func view(v reflect.Value, t reflect.Type) reflect.Value {
	if v.Type() == t {
		return v
	}
	if !v.CanAddr() {
		v = copyOf(v)
	}
	return reflect.NewAt(t, v.Addr().UnsafePointer()).Elem()
}

// copyOf returns a variable that holds what v does now.
func copyOf(v reflect.Value) reflect.Value {
	p := reflect.New(v.Type()).Elem()
	p.Set(v)
	return p
}

// equality returns the comparison by == of values that are in truth of type t.
func equality(t reflect.Type) func(a, b reflect.Value) bool {
	return func(a, b reflect.Value) bool { return view(a, t).Interface() == view(b, t).Interface() }
}

// call calls f. A nil func fails as in compiled code.
func call(f reflect.Value, args ...reflect.Value) values {
	if f.IsNil() {
		var none func()
		none()
	}
	return f.Call(args)
}

// predicate returns f, a func of one parameter, as a compiled func.
func predicate(f reflect.Value) func(reflect.Value) bool {
	return func(v reflect.Value) bool { return call(f, v)[0].Bool() }
}

// comparator returns f, a func of two parameters, as a compiled func that must not be called by two goroutines at once.
func comparator(f reflect.Value) func(a, b reflect.Value) int {
	args := make(values, 2)
	return func(a, b reflect.Value) int {
		args[0], args[1] = a, b
		return int(call(f, args...)[0].Int())
	}
}

// relation is a predicate on two values.
func relation(f reflect.Value) func(a, b reflect.Value) bool {
	return func(a, b reflect.Value) bool { return call(f, a, b)[0].Bool() }
}

// sequence returns the iterator f, of type iter.Seq[V], as a compiled one.
func sequence(f reflect.Value) iter.Seq[reflect.Value] {
	return func(yield func(reflect.Value) bool) {
		call(f, reflect.MakeFunc(f.Type().In(0), func(args values) values { return of(yield(args[0])) }))
	}
}

// sequence2 returns the iterator f, of type iter.Seq2[K, V], as a compiled one.
func sequence2(f reflect.Value) iter.Seq2[reflect.Value, reflect.Value] {
	return func(yield func(k, v reflect.Value) bool) {
		call(f, reflect.MakeFunc(f.Type().In(0), func(args values) values { return of(yield(args[0], args[1])) }))
	}
}

// iterator returns seq as a value of t, an iterator type.
func iterator(t reflect.Type, seq iter.Seq[reflect.Value]) reflect.Value {
	return reflect.MakeFunc(t, func(args values) values {
		seq(predicate(args[0]))
		return nil
	})
}

// iterator2 is iterator for pairs.
func iterator2(t reflect.Type, seq iter.Seq2[reflect.Value, reflect.Value]) reflect.Value {
	return reflect.MakeFunc(t, func(args values) values {
		seq(relation(args[0]))
		return nil
	})
}
