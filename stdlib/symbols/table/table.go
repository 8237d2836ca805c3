// Package table is the form of the generated symbol tables: data laid out by the compiler, so that a table costs
// nothing until a name is looked up in it.
package table

import (
	"cmp"
	"reflect"
	"slices"
)

// Symbol is an exported name of a compiled package. Value is the function itself, a pointer to the variable, or for a
// type T the nil *T. Constants and generic declarations are left out: they have no reflect.Value of their own.
type Symbol struct {
	Name  string
	Value any
}

// Group returns the symbols of the package at path, sorted by name, or nil if it does not have that package.
type Group func(path string) []Symbol

// Table is the packages of several groups.
type Table []Group

// Lookup finds what name means in the package at path: a function, a variable as a value that can be set, or a type as
// a nil pointer to it.
func (t Table) Lookup(path, name string) (reflect.Value, bool) {
	for _, group := range t {
		symbols := group(path)
		if i, found := slices.BinarySearchFunc(symbols, name, byName); found {
			return symbols[i].value(), true
		}
	}
	return reflect.Value{}, false
}

func byName(s Symbol, name string) int { return cmp.Compare(s.Name, name) }

func (s Symbol) value() reflect.Value {
	v := reflect.ValueOf(s.Value)
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		return v.Elem()
	}
	return v
}

// Type finds a type.
func (t Table) Type(path, name string) (reflect.Type, bool) {
	v, ok := t.Lookup(path, name)
	if !ok || v.Kind() != reflect.Pointer || !v.IsNil() || v.CanSet() {
		return nil, false
	}
	return v.Type().Elem(), true
}
