// Package engine executes core, the small part of Go that package lower writes, on yaegi.
//
//	Engine   a pool of compiled values and the core that was loaded
//	Use      adds an entry to the pool
//	Load     compiles a core file and runs its init functions, by which core hands out its entry points
//
// Yaegi reads a file: it makes a tree of nodes of it, each of which has a place for its value in the frame of its
// function, and links them in the order of execution. Executing a node is calling its exec, a closure made from the node,
// with a frame; the exec returns that of the next node. The engine walks this graph itself and makes the execs, many with
// generators of its own, because it knows more than yaegi: core is a few constructs, checked beforehand, on compiled types.
//
//	generate.go  walks the graph and makes the execs
//	call.go      execs of calls, direct.go those that need no package reflect; assign.go, access.go, maps.go, range.go those of
//	             other constructs
//	code.go      runs functions; frame.go makes their frames, closure.go function values
//	faults.go    makes the runtime errors of compiled code
//	mirror.go    yaegi's types, yaegi.go its functions, closed to others; selftest.go checks what is assumed of Go
//
// Panics come out as *rt.Thrown, with where each function of core stood. That costs nothing until there is one: a function
// knows the exec that was running, and from that the node. From one function of core to the next they are passed as
// results, and are panics again where compiled code is in between.
//
// Core stops, if its cell was stopped (see package stop), when it enters a function and when it goes back in a loop. When
// the stack gets too deep it panics with stop.Overflow.
//
// What the engine relies on, beyond what Load refuses: a variable that is captured or whose address is taken lies in memory
// of its own that core has a pointer to, so that frames belong to their functions; and constant expressions are literals
// or entries of the pool, for yaegi's arithmetic of constants is not Go's.
package engine

import (
	"fmt"
	"go/ast"
	"go/token"
	"io"
	"reflect"
	"regexp"
	"strings"
	"sync/atomic"
	"unsafe"

	"github.com/traefik/yaegi/interp"

	"kairos/repl/lower/rt"
)

// Config is how an Engine differs from the usual.
type Config struct {
	// Uncaught, if not nil, is called with a panic that nobody recovered, on the goroutine that panicked, just before the
	// runtime ends the process.
	Uncaught func(*rt.Thrown)
}

// pool is the name of the only package that core imports.
const pool = "k·"

// Engine executes core files, one after the other.
type Engine struct {
	Config
	in      *interp.Interpreter
	entries map[string]reflect.Value // of the pool; yaegi's own map
	codes   map[*node]*code
	roots   *[]*node // of the syntax trees that yaegi has seen; yaegi's own
	globals *frame

	overflowed atomic.Bool // a goroutine called too deeply, since the last file was loaded
}

// New returns an Engine with an empty pool.
func New(cfg Config) (*Engine, error) {
	if err := checkLayout(); err != nil {
		return nil, err
	}
	if err := selfTest(); err != nil {
		return nil, err
	}
	in := interp.New(interp.Options{Unrestricted: true, Stderr: io.Discard})
	if err := in.Use(interp.Exports{pool + "/" + pool: {}}); err != nil {
		return nil, fmt.Errorf("engine: make pool: %w", err)
	}
	in.ImportUsed()
	e := &Engine{Config: cfg, in: in, codes: map[*node]*code{}, globals: &frame{}}
	e.globals.root = e.globals
	e.entries = in.Symbols(pool)[pool]
	e.roots = (*[]*node)(unsafe.Add(unsafe.Pointer(in), rootsField.Offset))
	return e, nil
}

// FileSet returns the file set that files have their positions in.
func (e *Engine) FileSet() *token.FileSet { return e.in.FileSet() }

// Use adds an entry to the pool: a type T as a nil pointer of type *T, a typed constant as a value that cannot be
// addressed, a function, or a pointer to a variable, which must not be nil.
func (e *Engine) Use(name string, v reflect.Value) { e.entries[name] = v }

// Load compiles a core file and runs its init functions. What it declares can be used by files that are loaded later. The
// names it declares must be new, and none may be main; those that begin with a dot (·) are not known to later files. If Load
// fails, nothing of the file was run; a panic of an init function passes.
func (e *Engine) Load(file *ast.File) error {
	e.overflowed.Store(false)
	prog, err := e.compile(file)
	defer e.forget(file)
	if err != nil {
		return err
	}
	if err := e.prepare(prog.root); err != nil {
		return err
	}
	for _, n := range prog.init {
		c := e.codeOf(n)
		delete(e.codes, n)
		unwind(c.run(c.layout.frame(e.globals)))
	}
	return nil
}

// compile has yaegi build its graph of nodes.
func (e *Engine) compile(file *ast.File) (prog *program, err error) {
	defer func() {
		if r := recover(); r != nil {
			prog, err = nil, cannot(r)
		}
	}()
	p, err := e.in.CompileAST(withoutImports(file))
	if err != nil {
		return nil, cannot(err)
	}
	return (*program)(unsafe.Pointer(p)), nil
}

// forget lets go of what yaegi remembers of a file: its tree, the scopes in it, and the functions that only it calls.
func (e *Engine) forget(file *ast.File) {
	for _, root := range *e.roots {
		if root.scope != nil {
			root.scope.child = nil
			e.forgetFunctions(root.scope, file)
		}
		root.child = nil
	}
	*e.roots = nil
}

func (e *Engine) forgetFunctions(s *scope, file *ast.File) {
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(fn.Name.Name, "·") {
			continue
		}
		if sym := s.sym[fn.Name.Name]; sym != nil {
			delete(e.codes, sym.node)
			delete(s.sym, fn.Name.Name)
		}
	}
}

// withoutImports leaves out the import of the pool: yaegi would enter it anew for each file, while the pool has been
// made known to all of them.
func withoutImports(file *ast.File) *ast.File {
	f := *file
	f.Imports, f.Decls = nil, nil
	for _, d := range file.Decls {
		if g, ok := d.(*ast.GenDecl); !ok || g.Tok != token.IMPORT {
			f.Decls = append(f.Decls, d)
		}
	}
	return &f
}

// positioned takes yaegi's messages apart.
var positioned = regexp.MustCompile(`(?s)^(\S*:\d+:\d+): (?:CFG post-order panic: )?(.*)$`)

// cannot makes a sentence with a position of what yaegi complains about.
func cannot(cause any) error {
	text := fmt.Sprint(cause)
	if m := positioned.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("%s: kairos cannot interpret this yet: %s", m[1], m[2])
	}
	return fmt.Errorf("kairos cannot interpret this yet: %s", text)
}
