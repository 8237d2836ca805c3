package main

import (
	"fmt"
	"math/rand/v2"
)

// generator makes one program.
type generator struct {
	*rand.Rand
	program *program
	types   map[string]*typ
	named   []*typ      // declared types
	ifaces  []*typ      // declared interfaces
	funcs   []*function // declared functions that only print and return
	scopes  [][]*variable
	names   int
	mode    mode
	depth   int // of nested statements
	loops   int // around the statement
	left    int // statements that may still be made
}

// mode says what an expression may do besides read variables. Go leaves open when variables are read and when indexing
// panics, relative to calls: so an expression prints, or panics once, or neither, unless the program is loose.
type mode int

const (
	plain mode = iota
	calling
	panicking
	open
)

// variable is a variable in scope.
type variable struct {
	name  string
	typ   *typ
	fixed bool // not to be assigned, as the variable of a loop
}

type function struct {
	name   string
	params []*typ
	result *typ
}

// generate makes the program of a seed.
func generate(seed uint64, suffix string) *program {
	g := newGenerator(seed, suffix)
	g.program.loose = g.chance(10)
	g.declarations()
	g.push()
	g.left = 12 + g.IntN(30)
	for range 4 + g.IntN(8) {
		g.program.body = append(g.program.body, g.stmt())
	}
	for _, v := range g.scopes[0] {
		g.program.body = append(g.program.body, g.showVar(v))
	}
	return g.program
}

func newGenerator(seed uint64, suffix string) *generator {
	return &generator{
		Rand:    rand.New(rand.NewPCG(seed, 9)),
		program: &program{suffix: suffix},
		types:   map[string]*typ{},
	}
}

// chance is true n times in a hundred.
func (g *generator) chance(n int) bool { return g.IntN(100) < n }

func choose[T any](g *generator, list ...T) T { return list[g.IntN(len(list))] }

// local makes a name for a local variable, top one for a declaration.
func (g *generator) local(hint string) string {
	g.names++
	return fmt.Sprintf("%s%d", hint, g.names)
}

func (g *generator) top(hint string) string { return g.local(hint) + g.program.suffix }

func (g *generator) push() { g.scopes = append(g.scopes, nil) }
func (g *generator) pop()  { g.scopes = g.scopes[:len(g.scopes)-1] }

func (g *generator) define(name string, t *typ) *variable {
	v := &variable{name: name, typ: t}
	g.scopes[len(g.scopes)-1] = append(g.scopes[len(g.scopes)-1], v)
	return v
}

// hidden runs f as if nothing were in scope: for code at the top level.
func (g *generator) hidden(f func()) {
	scopes, loops := g.scopes, g.loops
	g.scopes, g.loops = [][]*variable{nil}, 0
	f()
	g.scopes, g.loops = scopes, loops
}

// variables lists what is in scope, and of types that ok accepts.
func (g *generator) variables(ok func(v *variable) bool) (list []*variable) {
	for _, scope := range g.scopes {
		for _, v := range scope {
			if ok(v) {
				list = append(list, v)
			}
		}
	}
	return list
}
