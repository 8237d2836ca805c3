package main

import (
	"fmt"
	"strings"
)

// kind says which operations a type has.
type kind int

const (
	kBool kind = iota
	kInt
	kUint
	kFloat
	kComplex
	kString
	kStruct
	kArray
	kSlice
	kMap
	kPtr
	kFunc
	kIface
)

// typ is a type of a generated program. There is one typ for a type.
type typ struct {
	text    string // as Go writes it
	kind    kind
	bits    int // of numbers
	elem    *typ
	key     *typ
	n       int // length of an array
	fields  []field
	params  []*typ
	results []*typ
	named   bool
	special bool // fmt calls a method of it
	methods []*method
	impls   []*typ // what implements an interface
}

type field struct {
	name     string
	typ      *typ
	embedded bool
}

// method is a method of a type: its parameter, if any, and its result have no pointers in them.
type method struct {
	name   string
	param  *typ
	result *typ
	ptr    bool // has a pointer receiver
}

func (t *typ) numeric() bool { return t.kind >= kInt && t.kind <= kComplex }
func (t *typ) integer() bool { return t.kind == kInt || t.kind == kUint }
func (t *typ) ordered() bool { return t.kind >= kInt && t.kind <= kString && t.kind != kComplex }

// flat reports whether values of the type share no memory with others.
func (t *typ) flat() bool {
	switch t.kind {
	case kStruct:
		for _, f := range t.fields {
			if !f.typ.flat() {
				return false
			}
		}
		return true
	case kArray:
		return t.elem.flat()
	}
	return t.kind <= kString
}

// comparable reports whether == compiles and cannot panic.
func (t *typ) comparable() bool {
	switch t.kind {
	case kStruct:
		for _, f := range t.fields {
			if !f.typ.comparable() {
				return false
			}
		}
		return true
	case kArray:
		return t.elem.comparable()
	}
	return t.kind <= kString || t.kind == kPtr
}

// pointers reports whether there is an address in a printed value of the type.
func (t *typ) pointers() bool {
	switch t.kind {
	case kStruct:
		for _, f := range t.fields {
			if f.typ.pointers() {
				return true
			}
		}
		return false
	case kArray, kSlice:
		return t.elem.pointers()
	case kMap:
		return t.elem.pointers() || t.key.pointers()
	}
	return t.kind > kMap
}

var basics = []*typ{
	{text: "bool", kind: kBool},
	{text: "int", kind: kInt, bits: 64},
	{text: "int8", kind: kInt, bits: 8},
	{text: "int16", kind: kInt, bits: 16},
	{text: "int32", kind: kInt, bits: 32},
	{text: "int64", kind: kInt, bits: 64},
	{text: "uint", kind: kUint, bits: 64},
	{text: "uint8", kind: kUint, bits: 8},
	{text: "uint16", kind: kUint, bits: 16},
	{text: "uint32", kind: kUint, bits: 32},
	{text: "uint64", kind: kUint, bits: 64},
	{text: "uintptr", kind: kUint, bits: 64},
	{text: "float32", kind: kFloat, bits: 32},
	{text: "float64", kind: kFloat, bits: 64},
	{text: "complex64", kind: kComplex, bits: 64},
	{text: "complex128", kind: kComplex, bits: 128},
	{text: "string", kind: kString},
}

// basic finds a predeclared type.
func basic(name string) *typ {
	for _, t := range basics {
		if t.text == name {
			return t
		}
	}
	panic("differential: no basic type " + name)
}

var (
	tBool   = basic("bool")
	tInt    = basic("int")
	tString = basic("string")
)

// intern returns the type of that text, made by build the first time.
func (g *generator) intern(t typ) *typ {
	if known := g.types[t.text]; known != nil {
		return known
	}
	g.types[t.text] = &t
	return &t
}

func (g *generator) sliceOf(e *typ) *typ {
	return g.intern(typ{text: "[]" + e.text, kind: kSlice, elem: e})
}
func (g *generator) ptrTo(e *typ) *typ { return g.intern(typ{text: "*" + e.text, kind: kPtr, elem: e}) }
func (g *generator) arrayOf(n int, e *typ) *typ {
	return g.intern(typ{text: fmt.Sprintf("[%d]%s", n, e.text), kind: kArray, elem: e, n: n})
}
func (g *generator) mapOf(k, e *typ) *typ {
	return g.intern(typ{text: fmt.Sprintf("map[%s]%s", k.text, e.text), kind: kMap, key: k, elem: e})
}
func (g *generator) funcOf(results *typ, params ...*typ) *typ {
	var list []string
	for _, p := range params {
		list = append(list, p.text)
	}
	text := fmt.Sprintf("func(%s) %s", strings.Join(list, ", "), results.text)
	return g.intern(typ{text: text, kind: kFunc, params: params, results: []*typ{results}})
}

// class tells whether a type belongs to a class that a template names.
var classes = map[string]func(*typ) bool{
	"any":        func(t *typ) bool { return t.kind != kIface },
	"print":      func(t *typ) bool { return !t.pointers() },
	"int":        func(t *typ) bool { return t.integer() },
	"signed":     func(t *typ) bool { return t.kind == kInt },
	"num":        func(t *typ) bool { return t.numeric() },
	"real":       func(t *typ) bool { return t.numeric() && t.kind != kComplex },
	"float":      func(t *typ) bool { return t.kind == kFloat },
	"complex":    func(t *typ) bool { return t.kind == kComplex },
	"ordered":    func(t *typ) bool { return t.ordered() },
	"string":     func(t *typ) bool { return t.kind == kString },
	"comparable": func(t *typ) bool { return t.comparable() && !t.pointers() },
	"flat":       func(t *typ) bool { return t.flat() },
	"struct":     func(t *typ) bool { return t.kind == kStruct && t.named && t.flat() },
	"json":       func(t *typ) bool { return t.json() },
}

// json reports whether encoding/json can write the type.
func (t *typ) json() bool {
	switch t.kind {
	case kStruct:
		for _, f := range t.fields {
			if !f.typ.json() {
				return false
			}
		}
		return true
	case kArray, kSlice:
		return t.elem.json()
	case kMap:
		return t.key.kind == kString && t.elem.json()
	}
	return t.kind <= kString && t.kind != kComplex && t.kind != kFloat
}

// pick chooses a type of a class, known or new.
func (g *generator) pick(class string) *typ {
	in := classes[class]
	for range 100 {
		if t := g.anyType(2); in(t) {
			return t
		}
	}
	for _, t := range basics {
		if in(t) {
			return t
		}
	}
	if class == "struct" {
		return g.pick("json")
	}
	panic("differential: no type of class " + class)
}

// anyType chooses a type: basic, declared, or composed.
func (g *generator) anyType(depth int) *typ {
	switch n := g.IntN(20); {
	case n < 7 || depth == 0:
		return basics[g.IntN(len(basics))]
	case n < 12 && len(g.named) > 0:
		return g.named[g.IntN(len(g.named))]
	case n < 14:
		return g.sliceOf(g.anyType(depth - 1))
	case n < 16:
		return g.arrayOf(1+g.IntN(3), g.anyType(depth-1))
	case n < 17:
		return g.mapOf(g.keyType(), g.anyType(depth-1))
	case n < 18:
		return g.ptrTo(g.anyType(depth - 1))
	case n < 19:
		return g.funcOf(g.anyType(depth-1), g.anyType(depth-1))
	}
	return tInt
}

// keyType chooses a type for the keys of maps. Floats are left out, as NaN never finds itself, and types that print in a
// way of their own, as they are sorted by how they print.
func (g *generator) keyType() *typ {
	for range 20 {
		if t := g.anyType(1); t.flat() && t.comparable() && !g.oddKey(t) {
			return t
		}
	}
	return tString
}

func (g *generator) oddKey(t *typ) bool {
	if t.special {
		return true
	}
	switch t.kind {
	case kFloat, kComplex:
		return true
	case kArray:
		return g.oddKey(t.elem)
	case kStruct:
		for _, f := range t.fields {
			if g.oddKey(f.typ) {
				return true
			}
		}
	}
	return false
}
