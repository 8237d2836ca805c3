package engine

import (
	"fmt"
	"reflect"
	"slices"

	"kairos/repl/stop"
)

// prepare generates the execs of the functions in a file.
func (e *Engine) prepare(root *node) (err error) {
	g := &generator{engine: e}
	defer func() {
		if r := recover(); r != nil {
			err = cannot(r)
			if pos := positionOf(g.at); pos.IsValid() {
				err = cannot(fmt.Sprintf("%s: %v", e.FileSet().Position(pos), r))
			}
			for _, def := range g.defs {
				delete(e.codes, def)
			}
		}
	}()
	g.functions(root)
	for _, def := range g.defs {
		g.code = e.codeOf(def)
		start := def.child[3].start
		g.set(start)
		g.code.start = start.exec
		g.code.sites, g.code.details = slices.Clone(g.code.sites), slices.Clone(g.code.details)
	}
	for _, def := range g.defs {
		e.finish(def)
	}
	return nil
}

// finish lets go of what a function was generated from, since closures may hold on to some of its nodes, and these to all
// others. Of a declared function the type is still needed, to compile calls.
func (e *Engine) finish(def *node) {
	if def.kind == funcLit {
		delete(e.codes, def) // the rest is done with the function that it stands in
		return
	}
	typ := def.child[2]
	cut(def)
	typ.anc, def.types = def, nil
}

// cut takes the nodes in n apart.
func cut(n *node) {
	for _, child := range n.child {
		if child != nil {
			cut(child)
		}
	}
	n.child, n.anc, n.start, n.tnext, n.fnext, n.scope, n.sym, n.meta = nil, nil, nil, nil, nil, nil, nil, nil
}

// generator generates the execs of the nodes of a file.
type generator struct {
	engine *Engine
	defs   []*node // the functions in the file
	code   *code   // that is being generated
	at     *node
}

// functions finds the functions in n, and prepares the nodes.
func (g *generator) functions(n *node) {
	g.at = n
	switch n.kind {
	case funcDecl:
		g.function(n)
	case funcLit:
		g.function(n)
		n.val = nil // yaegi would wrap the node once more
	case identExpr:
		g.functionName(n)
	case deferStmt:
		panic("core has no deferred calls")
	case goStmt:
		panic("core has no go statements")
	}
	n.exec, n.meta = nil, nil // function literals were generated when compiled
	for _, child := range n.child {
		g.functions(child)
	}
}

func (g *generator) function(def *node) {
	const typ, parameters, results = 2, 1, 2
	parts := def.child[typ].child
	for _, list := range parts[min(results, len(parts)):] {
		for _, field := range list.child {
			if len(field.child) > 1 {
				panic("core does not name results") // what they were in an earlier call would be left in them
			}
		}
	}
	for _, field := range parts[parameters].child {
		if len(field.child) < 2 {
			panic("core names all parameters") // yaegi makes no place in the frame for others
		}
	}
	g.defs = append(g.defs, def)
}

// functionName makes a value of a function's name, unless it is called.
func (g *generator) functionName(n *node) {
	def, ok := isNode(n.val)
	if !ok || def.kind != funcDecl || n.anc.kind == funcDecl || n.anc.kind == callExpr && n.anc.child[0] == n {
		return
	}
	n.rval = g.engine.codeOf(def).funcValue()
	n.val = n.rval
}

// inProgress marks a node whose successors are being generated.
type inProgress struct {
	exec bltn // in the end
}

// set generates a node and all that follow it. Where the graph closes a loop it inserts a jump.
func (g *generator) set(n *node) {
	if n.exec != nil {
		return
	}
	progress := &inProgress{}
	n.meta = progress
	for _, next := range [...]*node{n.tnext, n.fnext} {
		if next == nil || next.exec != nil {
			continue
		}
		if to, ok := next.meta.(*inProgress); ok {
			next.exec = jump(to)
		} else {
			g.set(next)
		}
	}
	g.at = n
	if replace := replacements[entry(n.gen)]; replace != nil {
		replace(g, n)
	} else {
		n.gen(n)
	}
	progress.exec = n.exec
	g.note(n)
}

// jump goes back to a node that has yet to be generated. Every loop passes through one, so that here is the place to
// look whether to stop.
func jump(to *inProgress) bltn {
	return func(f *frame) bltn {
		if stop.Stopped() {
			f.recovered = stop.Interrupted{}
			return nil
		}
		return to.exec
	}
}

// note remembers what the exec of a node is for.
func (g *generator) note(n *node) {
	if n.exec == nil || n.tnext != nil && pointer(n.exec) == pointer(n.tnext.exec) {
		return // there is none of its own
	}
	c := g.code
	s := site{exec: pointer(n.exec), pos: int32(positionOf(n))}
	if d := (detail{repeat(n), entry(n.gen) == entry(yaegiCallBin)}); d.repeat != nil || d.calls {
		s.more = int32(len(c.details))
		c.details = append(c.details, d)
	}
	c.sites = append(c.sites, s)
}

// replacements are the generators used here in place of yaegi's, by the entries of these. The others are yaegi's own.
var replacements map[uintptr]func(*generator, *node)

func init() { // it refers to functions that refer to it
	replacements = map[uintptr]func(*generator, *node){
		entry(yaegiAppend):         (*generator).appends,
		entry(yaegiAssign):         (*generator).assign,
		entry(yaegiAssignFromCall): (*generator).nothing, // the call did it
		entry(yaegiBranch):         (*generator).branch,
		entry(yaegiCall):           (*generator).call,
		entry(yaegiCallBin):        (*generator).callValue,
		entry(yaegiDeref):          (*generator).deref,
		entry(yaegiGetFunc):        (*generator).literal,
		entry(yaegiGetIndexArray):  (*generator).index,
		entry(yaegiGetIndexMap):    (*generator).lookUp,
		entry(yaegiGetIndexMap2):   (*generator).lookUpOk,
		entry(yaegiGetIndexSeq):    (*generator).field,
		entry(yaegiGetFieldSeq):    (*generator).field,
		entry(yaegiGetPtrIndexSeq): (*generator).field,
		entry(yaegiNop):            (*generator).nothing,
		entry(yaegiRange):          (*generator).ranges,
		entry(yaegiReset):          (*generator).reset,
		entry(yaegiShl):            (*generator).shift,
		entry(yaegiShlAssign):      (*generator).shift,
		entry(yaegiShr):            (*generator).shift,
		entry(yaegiShrAssign):      (*generator).shift,

		entry(yaegiRangeChan): refuse("core has no channel operations"),
		entry(yaegiRecv):      refuse("core has no channel operations"),
		entry(yaegiRecv2):     refuse("core has no channel operations"),
		entry(yaegiSelect):    refuse("core has no channel operations"),
		entry(yaegiSend):      refuse("core has no channel operations"),
	}
}

func refuse(why string) func(*generator, *node) { return func(*generator, *node) { panic(why) } }

// nothing leaves out a node that has nothing to do, such as a constant. One that decides a branch has been decided.
func (g *generator) nothing(n *node) {
	next := execOf(n.tnext) // of an empty loop, its own
	if n.fnext != nil && n.rval.IsValid() && !genValue(n)(nil).Bool() {
		next = execOf(n.fnext)
	}
	if next == nil {
		next = end
	}
	n.exec = next
}

// branch decides where to go. Yaegi also makes it of the first node of a condition if that does nothing, whatever it is.
func (g *generator) branch(n *node) {
	if n.fnext == nil {
		g.nothing(n)
		return
	}
	n.gen(n)
}

// end is the exec of a node that does nothing and that nothing follows.
var end bltn = func(*frame) bltn { return nil }

// shift is yaegi's, and checks the count.
func (g *generator) shift(n *node) {
	n.gen(n)
	if n.child[1].rval.IsValid() || !isSigned(typeOf(n.child[1].typ)) {
		return
	}
	count, shift := genValue(n.child[1]), n.exec
	n.exec = func(f *frame) bltn {
		if n := count(f).Int(); n < 0 {
			_ = 1 << n
		}
		return shift(f)
	}
}

func isSigned(t reflect.Type) bool { return t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64 }

// literal makes a function value in a frame.
func (g *generator) literal(n *node) {
	c := g.engine.codeOf(n)
	i, next := n.findex, execOf(n.tnext)
	g.code.idle = nil
	n.exec = func(f *frame) bltn {
		f.data[i] = c.closure(f)
		return next
	}
}
