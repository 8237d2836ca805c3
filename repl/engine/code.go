package engine

import (
	"go/token"
	"reflect"
	"sync"
	"unsafe"

	"kairos/repl/lower/rt"
	"kairos/repl/stop"
)

// code is a function of core: a declared one, or the body of a function literal.
type code struct {
	engine  *Engine
	typ     reflect.Type
	shape   shape
	layout  layout // of its frames: results, parameters, the rest
	nret    int
	start   bltn
	sites   []site
	details []detail      // the first of which is that of most sites
	value   reflect.Value // the function as a value, if anyone asked for it
	idle    *sync.Pool    // frames to be used again; nil for makers, whose frames belong to the literals they make
}

// site says what an exec is for.
type site struct {
	exec unsafe.Pointer
	pos  int32
	more int32 // index in code.details
}

// detail is what is to be known of sites where panics may not be what they would be in compiled code.
type detail struct {
	repeat func(*frame) // does in compiled code what the exec does
	calls  bool         // calls compiled code, with panics of its own
}

func (e *Engine) codeOf(def *node) *code {
	c := e.codes[def]
	if c == nil {
		typ := typeOf(def.typ)
		c = &code{engine: e, typ: typ, shape: shapeOf(typ), layout: newLayout(def.types), nret: len(def.typ.ret), details: make([]detail, 1), idle: new(sync.Pool)}
		e.codes[def] = c
	}
	return c
}

// run executes the function in a frame. It returns nil, or what unwinds the caller. Package rt looks for it on the stack,
// where there is one for each function of core.
func (c *code) run(f *frame) (unwinding any) {
	if stop.Stopped() {
		return stop.Interrupted{}
	}
	if stackUsed() > maxStack {
		c.engine.overflowed.Store(true)
		return c.engine.through(stop.Overflow{}, token.NoPos)
	}
	exec := c.start
	defer func() {
		if exec == nil {
			return
		}
		if r := recover(); r != nil {
			unwinding = c.panicked(r, exec, f)
		}
	}()
	for exec != nil {
		exec = exec(f)
	}
	return f.recovered
}

// maxStack is how many bytes of stack core may use, which is about a million calls. The runtime ends the process when a
// stack would have to become a gigabyte, and each time it grows it doubles.
const maxStack = 256<<20 - 64<<10

// panicked makes of a panic of the node at exec what unwinds the callers.
func (c *code) panicked(r any, exec bltn, f *frame) any {
	pos, more := c.siteOf(exec)
	if !more.calls {
		r = genuine(r, more.repeat, f)
	}
	return c.engine.through(r, pos)
}

// through adds the position of a frame to what passes through it.
func (e *Engine) through(r any, pos token.Pos) any {
	if r == any(stop.Interrupted{}) {
		return r
	}
	return rt.Through(r, pos, e.Uncaught)
}

func (c *code) siteOf(exec bltn) (token.Pos, detail) {
	p := pointer(exec)
	for _, s := range c.sites {
		if s.exec == p {
			return token.Pos(s.pos), c.details[s.more]
		}
	}
	return token.NoPos, detail{}
}

// pointer identifies a closure.
func pointer(exec bltn) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&exec)) }

// positionOf is where a stack trace sees a node: its own position, or if lowering added it, that of its statement.
func positionOf(n *node) token.Pos {
	for ; n != nil && n.kind != blockStmt; n = n.anc {
		if n.pos.IsValid() {
			return n.pos
		}
	}
	return token.NoPos
}
