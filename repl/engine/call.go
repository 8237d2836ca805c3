package engine

import (
	"go/token"
	"reflect"

	"kairos/repl/lower/rt"
	"kairos/repl/stop"
)

// getter gets a value from a frame.
type getter func(*frame) reflect.Value

// call calls a function of core by its name.
func (g *generator) call(n *node) {
	def, ok := isNode(n.child[0].val)
	if !ok || def.kind != funcDecl {
		panic("core calls functions by their names, and function values of compiled types")
	}
	c := g.engine.codeOf(def)
	if c.typ.IsVariadic() {
		panic("core has no variadic functions")
	}
	args := g.arguments(n, func(i int) reflect.Type { return c.typ.In(i) })
	then := g.leave(n, c.nret)
	e, pos := g.engine, positionOf(n)
	n.exec = func(f *frame) bltn {
		callee, unwinding := c.apply(f.root, f, args)
		if unwinding != nil {
			f.recovered = e.through(unwinding, pos)
			return nil
		}
		next := then(f, callee.data[:c.nret])
		c.release(callee)
		return next
	}
}

// callValue calls a function value: a compiled function, a method of a compiled type, or a closure of core.
func (g *generator) callValue(n *node) {
	fun := n.child[0]
	typ, skip := fun.typ.rtype, 0
	if fun.action == aGetMethod && typeOf(fun.child[0].typ).Kind() != reflect.Interface {
		skip = 1 // the type of a method begins with the receiver
	}
	value, receiver := genValue(fun), nilable(fun)
	args := g.arguments(n, func(i int) reflect.Type { return parameter(typ, skip+i, n.action == aCallSlice) })
	then := g.leave(n, typ.NumOut())
	apply := reflect.Value.Call
	if n.action == aCallSlice {
		apply = reflect.Value.CallSlice
	}
	plain := unnamed(typ)
	e, pos := g.engine, positionOf(n)
	n.exec = func(f *frame) bltn {
		fn := value(f)
		if c := closureOf(fn); c != nil && c.code.typ == plain {
			callee, unwinding := c.code.apply(c.captured, f, args)
			if unwinding != nil {
				f.recovered = e.through(unwinding, pos)
				return nil
			}
			next := then(f, callee.data[:c.code.nret])
			c.code.release(callee)
			return next
		}
		if fn.IsNil() || receiver != nil && receiver(f).IsNil() {
			panic(nilDereference())
		}
		in := make([]reflect.Value, len(args))
		for i, arg := range args {
			in[i] = arg(f)
		}
		out := apply(fn, in)
		if e.overflowed.Load() {
			e.overflow(f, pos)
			return nil
		}
		return then(f, out)
	}
	if fun.action != aGetMethod {
		g.direct(n, typ, value, args)
	}
}

// overflow unwinds the caller of a compiled function that recovered from too deep a stack, which the runtime would not
// have it do.
func (e *Engine) overflow(f *frame, pos token.Pos) {
	f.recovered = e.through(stop.Overflow{}, pos)
	if e.Uncaught != nil {
		e.Uncaught(rt.Caught(f.recovered))
	}
}

// apply calls the function with arguments from the caller's frame. It returns the function's frame, for the caller to
// take the results from and then release.
func (c *code) apply(captured, caller *frame, args []getter) (f *frame, unwinding any) {
	f = c.frame(captured)
	for i, arg := range args {
		f.data[c.nret+i].Set(arg(caller))
	}
	return f, c.run(f)
}

// frame makes a frame for a call, or takes one of a call that ended.
func (c *code) frame(captured *frame) *frame {
	if c.idle != nil {
		if f, ok := c.idle.Get().(*frame); ok {
			f.root, f.anc = captured.root, captured
			return f
		}
	}
	return c.layout.frame(captured)
}

// release gives back the frame of a call that returned.
func (c *code) release(f *frame) {
	if c.idle != nil {
		f.root, f.anc = nil, nil
		c.idle.Put(f)
	}
}

// unnamed is t without its name: the type of functions of core that a variable of type t holds. A function of another type
// may be there too, for lowering takes some types for others with the same layout. It is nil if t is variadic.
func unnamed(t reflect.Type) reflect.Type {
	if t.IsVariadic() {
		return nil
	}
	if t.Name() == "" {
		return t
	}
	in, out := make([]reflect.Type, t.NumIn()), make([]reflect.Type, t.NumOut())
	for i := range in {
		in[i] = t.In(i)
	}
	for i := range out {
		out[i] = t.Out(i)
	}
	return reflect.FuncOf(in, out, false)
}

// nilable gets the receiver of a method with a value receiver that is called on a pointer; of other functions it is nil.
func nilable(fun *node) getter {
	if fun.action != aGetMethod {
		return nil
	}
	recv := typeOf(fun.child[0].typ)
	if recv.Kind() != reflect.Pointer {
		return nil
	}
	if _, ok := recv.Elem().MethodByName(fun.child[1].ident); !ok {
		return nil
	}
	return genValue(fun.child[0])
}

// parameter is the type of the i-th argument of a call.
func parameter(typ reflect.Type, i int, slice bool) reflect.Type {
	if last := typ.NumIn() - 1; typ.IsVariadic() && i >= last {
		if slice {
			return typ.In(last)
		}
		return typ.In(last).Elem()
	}
	return typ.In(i)
}

// arguments says how to get the arguments of a call.
func (g *generator) arguments(n *node, parameter func(int) reflect.Type) (args []getter) {
	for _, arg := range n.child[1:] {
		if results := resultsOf(arg); results > 1 {
			for j := range results {
				args = append(args, slot(0, arg.findex+j))
			}
			continue
		}
		args = append(args, operand(arg, parameter(len(args))))
	}
	return args
}

// operand says how to get the value of a node that is used as type t.
func operand(n *node, t reflect.Type) getter {
	if n.kind == basicLit || n.rval.IsValid() || n.typ.cat == nilT {
		convertLiteralValue(n, t)
	}
	return genValue(n)
}

// resultsOf is how many results a call has; 0 if n is not a call.
func resultsOf(n *node) int {
	if n.kind != callExpr || n.action != aCall && n.action != aCallSlice {
		return 0
	}
	t := n.child[0].typ
	if t.rtype != nil && t.rtype.Kind() == reflect.Func {
		return t.rtype.NumOut()
	}
	return len(t.ret)
}

// leave says what a call does in the caller's frame when it returns: where the results go, and what comes next.
func (g *generator) leave(n *node, results int) func(f *frame, out []reflect.Value) bltn {
	dests := destinations(n, results)
	next := execOf(n.tnext)
	switch {
	case n.fnext != nil:
		otherwise, dest := execOf(n.fnext), dests[0]
		return func(f *frame, out []reflect.Value) bltn {
			dest(f, out[0])
			if out[0].Bool() {
				return next
			}
			return otherwise
		}
	case results == 1:
		dest := dests[0]
		return func(f *frame, out []reflect.Value) bltn {
			dest(f, out[0])
			return next
		}
	}
	return func(f *frame, out []reflect.Value) bltn {
		for i, dest := range dests {
			dest(f, out[i])
		}
		return next
	}
}

// setter puts a value somewhere.
type setter func(*frame, reflect.Value)

// destinations says where the results of a call go.
func destinations(n *node, results int) []setter {
	dests := make([]setter, results)
	for i := range dests {
		switch n.anc.action {
		case aAssignX:
			dests[i] = destination(n.anc.child[i])
		case aReturn:
			dests[i] = inSlot(0, childPos(n)+i)
		default:
			dests[i] = inSlot(n.level, n.findex+i)
		}
	}
	return dests
}

// destination says how to assign to a node.
func destination(n *node) setter {
	switch {
	case n.ident == "_":
		return func(*frame, reflect.Value) {}
	case isMapEntry(n):
		return mapEntryOf(n).set
	}
	to := genValue(n)
	return func(f *frame, v reflect.Value) { to(f).Set(v) }
}

func inSlot(level, i int) setter {
	get := slot(level, i)
	return func(f *frame, v reflect.Value) { get(f).Set(v) }
}

// slot says how to get a value from a frame.
func slot(level, i int) getter {
	switch level {
	case 0:
		return func(f *frame) reflect.Value { return f.data[i] }
	case 1:
		return func(f *frame) reflect.Value { return f.anc.data[i] }
	}
	panic("core has no nested functions")
}

// execOf is what runs a node that may be missing.
func execOf(n *node) bltn {
	if n == nil {
		return nil
	}
	return n.exec
}
