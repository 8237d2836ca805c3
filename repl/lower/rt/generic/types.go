package generic

import (
	"database/sql"
	"reflect"
	"sync/atomic"
	"unique"
	"weak"
)

// genericType is a type of the standard library.
type genericType struct {
	layout  reflect.Type // the instance for argument, or for what stands for all arguments
	methods table        // method expressions of one instance that hold for all
	dynamic dynamics
}

// argument is a type argument that stands for any.
type argument byte

var genericTypes = map[string]genericType{
	"database/sql.Null": {
		layout:  reflect.TypeFor[sql.Null[argument]](),
		dynamic: dynamics{"Scan": nullScan, "Value": nullValue},
	},
	"sync/atomic.Pointer": {
		layout: reflect.TypeFor[atomic.Pointer[argument]](),
		methods: table{
			"CompareAndSwap": (*atomic.Pointer[argument]).CompareAndSwap,
			"Load":           (*atomic.Pointer[argument]).Load,
			"Store":          (*atomic.Pointer[argument]).Store,
			"Swap":           (*atomic.Pointer[argument]).Swap,
		},
	},
	"unique.Handle": {
		layout:  reflect.TypeFor[unique.Handle[any]](),
		dynamic: dynamics{"Value": handleValue},
	},
	"weak.Pointer": {
		layout:  reflect.TypeFor[weak.Pointer[argument]](),
		methods: table{"Value": weak.Pointer[argument].Value},
	},
}

// Instance is a type of the standard library instantiated.
type Instance struct {
	// Layout is a struct type with the fields of the instance. Any type laid out so will do for the methods; its zero
	// value is ready for use.
	Layout  reflect.Type
	generic genericType
	trues   []reflect.Type
}

// Type returns the type pkg.name, pkg being an import path, instantiated with type arguments as interfaces hold them. It
// reports false if there is no such type here. For atomic.Pointer and weak.Pointer, which only point to their argument, it
// may be nil: a type that is still being made because it contains the instance.
func Type(pkg, name string, trueTargs []reflect.Type) (Instance, bool) {
	g, ok := genericTypes[pkg+"."+name]
	if !ok {
		return Instance{}, false
	}
	t := trueTargs[0]
	if t == nil {
		t = reflect.TypeFor[argument]()
	}
	return Instance{layoutFor(g.layout, t), g, trueTargs}, true
}

// layoutFor returns the fields of a type that is instantiated for argument as a struct type for t.
func layoutFor(generic, t reflect.Type) reflect.Type {
	fields := make([]reflect.StructField, generic.NumField())
	for i := range fields {
		fields[i] = generic.Field(i)
		switch fields[i].Type {
		case reflect.TypeFor[argument]():
			fields[i].Type = t
		case reflect.TypeFor[[0]*argument]():
			fields[i].Type = reflect.ArrayOf(0, reflect.PointerTo(t))
		}
	}
	return reflect.StructOf(fields)
}

// Method returns a method as a func whose first parameter is the receiver, of type recv, and whose others and results are
// those of the func type typ. recv is as the method declares it: a pointer for those of atomic.Pointer, else the type.
func (i Instance) Method(recv reflect.Type, name string, typ reflect.Type) (reflect.Value, bool) {
	t := expression(recv, typ)
	if f, ok := i.generic.methods[name]; ok {
		return seenAs(f, t), true
	}
	if code, ok := i.generic.dynamic[name]; ok {
		return reflect.MakeFunc(t, code(instance{t, nil, i.trues})), true
	}
	return reflect.Value{}, false
}

// expression returns the type of the method expression for a method of type t.
func expression(recv, t reflect.Type) reflect.Type {
	in := []reflect.Type{recv}
	for p := range t.Ins() {
		in = append(in, p)
	}
	var out []reflect.Type
	for r := range t.Outs() {
		out = append(out, r)
	}
	return reflect.FuncOf(in, out, t.IsVariadic())
}
