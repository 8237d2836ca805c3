package forge

import (
	"fmt"
	"go/types"
	"reflect"
	"runtime"
	"sync"

	"golang.org/x/tools/go/types/typeutil"
)

// World holds the runtime types of a set of packages that are not compiled.
// Its methods may be called by several goroutines at once.
type World struct {
	// Bound tells of an instance of a generic struct of a compiled package that
	// its methods will be given to Bind, so that it can be forged; without it
	// only those are known that the binary has. It is called with w locked, as
	// compiled is: it must not call methods of w.
	Bound func(t *types.Named) bool

	compiled func(path, name string) (reflect.Type, bool)

	mu     sync.RWMutex
	own    map[*types.Package]bool
	views  [2]cache
	closed map[types.Type]bool // whether open and true types are one
	tables map[reflect.Type]*methodTable
	locals map[*types.Package]map[*types.TypeName]int

	sound   func() error    // tells why types cannot be forged at all
	changed map[*rtype]bool // have other methods than the runtime knows

	// The state of one call of True or Open.
	pending []func()  // what is left to do to types already declared
	fresh   []forged  // types not yet complete
	claimed []*method // methods that have new slots
}

// view is one of the two descriptors of a type.
type view int

const (
	trueView view = iota
	openView
)

// cache finds types by identity and, failing that, by structure.
type cache struct {
	fast map[types.Type]reflect.Type
	same *typeutil.Map
}

type forged struct {
	t types.Type
	v view
}

// New makes a World whose types may refer to compiled ones, which compiled
// looks up by the path of their package and their (exported) name: the ones
// they are declared by, whatever aliases the source uses.
func New(compiled func(path, name string) (reflect.Type, bool)) *World {
	w := newWorld(compiled)
	w.sound = SelfTest
	return w
}

// newWorld makes a World that asks for no test.
func newWorld(compiled func(path, name string) (reflect.Type, bool)) *World {
	w := &World{
		sound:    func() error { return nil },
		compiled: compiled,
		own:      map[*types.Package]bool{},
		closed:   map[types.Type]bool{},
		locals:   map[*types.Package]map[*types.TypeName]int{},
	}
	w.reset()
	return w
}

// Own tells that the types of pkg are to be forged. It must be called before
// the first of them is asked for.
func (w *World) Own(pkg *types.Package) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.own[pkg] = true
}

// Close gives back what the methods of w's types occupy of a table of limited
// size. The caller must be sure that none of them is called any more.
func (w *World) Close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, table := range w.tables {
		table.release()
	}
	w.reset()
}

// reset forgets all types.
func (w *World) reset() {
	w.tables = map[reflect.Type]*methodTable{}
	w.changed = map[*rtype]bool{}
	for v := range w.views {
		w.views[v] = cache{map[types.Type]reflect.Type{}, new(typeutil.Map)}
	}
}

// True returns the runtime type that the compiler would give t: the type that
// interfaces hold.
func (w *World) True(t types.Type) (reflect.Type, error) { return w.lookup(t, trueView) }

// Open returns the twin of True(t) whose fields, and methods if t is an
// interface, are all flagged exported. It is True(t) itself if no unexported
// field or interface method of w's packages is within t.
func (w *World) Open(t types.Type) (reflect.Type, error) { return w.lookup(t, openView) }

func (w *World) lookup(t types.Type, v view) (reflect.Type, error) {
	w.mu.RLock()
	r, ok := w.views[v].fast[t]
	w.mu.RUnlock()
	if ok {
		return r, nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.build(t, v)
}

// build makes t and completes all that it declared on the way; if that fails
// nothing of it remains.
func (w *World) build(t types.Type, v view) (r reflect.Type, err error) {
	if err := w.attempt(func() { r = w.get(t, v) }); err != nil {
		return nil, fmt.Errorf("forge: make type %v: %w", t, err)
	}
	return r, nil
}

// attempt runs f and what that leaves to do.
func (w *World) attempt(f func()) (err error) {
	defer func() {
		if err = failure(recover()); err != nil {
			w.discard()
		}
		w.pending, w.fresh, w.claimed = nil, nil, nil
	}()
	f()
	for len(w.pending) > 0 {
		next := w.pending[0]
		w.pending = w.pending[1:]
		next()
	}
	return nil
}

// discard forgets the types of a call that failed. They were not handed out.
func (w *World) discard() {
	for _, f := range w.fresh {
		if r, ok := w.views[f.v].same.At(f.t).(reflect.Type); ok && f.v == trueView {
			delete(w.tables, r)
		}
		clear(w.views[f.v].fast) // of types identical to f.t as well
		w.views[f.v].same.Delete(f.t)
	}
	for _, m := range w.claimed {
		m.release()
	}
}

// unforgeable is what fail panics with; build makes it an error.
type unforgeable struct{ error }

func fail(format string, args ...any) { panic(unforgeable{fmt.Errorf(format, args...)}) }

// failure tells the cause of a panic: one of fail, or of package reflect
// about a type that it cannot make.
func failure(p any) error {
	switch p := p.(type) {
	case nil:
		return nil
	case unforgeable:
		return p.error
	case string:
		return fmt.Errorf("%s", p)
	case runtime.Error:
		panic(p)
	case error:
		return p
	}
	panic(p)
}

// get returns the type of t, which may be declared only: of the right kind
// and size, but with stand-ins for what it refers to.
func (w *World) get(t types.Type, v view) reflect.Type {
	if t == nil {
		fail("no type")
	}
	t = types.Unalias(t)
	if v == openView && w.isClosed(t) {
		r := w.get(t, trueView)
		w.remember(t, v, r)
		return r
	}
	c := w.views[v]
	if r, ok := c.fast[t]; ok {
		return r
	}
	if r, ok := c.same.At(t).(reflect.Type); ok {
		c.fast[t] = r
		return r
	}
	r := w.make(t, v)
	w.remember(t, v, r)
	return r
}

func (w *World) remember(t types.Type, v view, r reflect.Type) {
	w.views[v].fast[t] = r
	if w.views[v].same.Set(t, r) == nil {
		w.fresh = append(w.fresh, forged{t, v})
	}
}

// isClosed tells whether no unexported field or interface method of w's
// packages is within t.
func (w *World) isClosed(t types.Type) bool {
	if closed, ok := w.closed[t]; ok {
		return closed
	}
	s := search{w: w, seen: map[types.Type]bool{}}
	closed := !s.finds(t)
	w.closed[t] = closed
	if closed {
		for t := range s.seen {
			w.closed[t] = true
		}
	}
	return closed
}

// search looks into a type for an unexported field or interface method of a
// package of w or, if named is set, for a named type of one.
type search struct {
	w     *World
	seen  map[types.Type]bool
	named bool
}

func (s *search) finds(t types.Type) bool {
	t = types.Unalias(t)
	if closed, ok := s.w.closed[t]; ok && !s.named {
		return !closed
	}
	if s.seen[t] {
		return false
	}
	s.seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		return s.inNamed(t)
	case *types.Struct:
		for f := range t.Fields() {
			if !f.Exported() && s.w.own[f.Pkg()] || s.finds(f.Type()) {
				return true
			}
		}
	case *types.Map:
		return s.finds(t.Key()) || s.finds(t.Elem())
	case interface{ Elem() types.Type }: // pointer, slice, array, channel
		return s.finds(t.Elem())
	case *types.Signature:
		return s.inTuple(t.Params()) || s.inTuple(t.Results())
	case *types.Interface:
		for m := range t.Methods() {
			if !m.Exported() && s.w.own[m.Pkg()] || s.finds(m.Type()) {
				return true
			}
		}
	}
	return false
}

func (s *search) inNamed(t *types.Named) bool {
	for arg := range t.TypeArgs().Types() {
		if s.finds(arg) {
			return true
		}
	}
	return s.w.own[t.Obj().Pkg()] && (s.named || s.finds(t.Underlying()))
}

func (s *search) inTuple(vars *types.Tuple) bool {
	for v := range vars.Variables() {
		if s.finds(v.Type()) {
			return true
		}
	}
	return false
}
