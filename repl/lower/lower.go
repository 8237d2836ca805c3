// Package lower translates a checked program into core, the small part of Go that yaegi executes as compiled Go would.
//
// Nothing of the source reaches yaegi as it was written. Every construct is translated into core by the function here
// that knows it; what none knows is refused, at its position, with what to write instead. So core is a whitelist, and
// verify.go says it once more: it looks at every file made here before the interpreter does.
//
// # Core
//
// A core file imports one package, the pool, whose entries are values of this process: types, typed constants, compiled
// functions, and pointers to variables. It declares functions with unique names, and an init that hands some of them
// out. In function bodies it has
//
//   - variables declared at the top, assignments to them, to *p, p.f, x[i] and m[k], alone, with an operator, or in
//     parallel from a call
//   - if, for with a condition, range over slices, arrays and maps into variables of its own, break and continue with
//     labels, goto, return
//   - calls, conversions, operators on basic types, composite literals, indexing, slicing, selectors without promotion
//   - names that begin with a dot are not known outside of their file
//   - function literals only as the result of a function that does nothing else, its maker
//
// # From Go to core
//
//	program.go       programs as a whole, and what is the same for cells; cells.go, redefinition.go
//	function.go      functions, with their parameters and results
//	register.go      the methods that types have at run time; provided.go those of generic types of the library
//	generic.go       instances of generic functions and types, by substitution
//	scan.go          which variables are shared, and so need a box
//	names.go         where a variable lives: in a core variable, in a box, in the pool
//	stmt.go          statements
//	assign.go        assignments and declarations; place.go what is assigned to
//	branch.go        labels, and jumps to them; loop.go, range.go, rangefunc.go, switch.go, select.go
//	expr.go          expressions; operator.go, address.go, literal.go
//	order.go         the order of evaluation
//	convert.go       conversions, and the gates between types and interfaces
//	call.go          calls; builtin.go those of builtin functions, method.go of methods, which can be values, too
//	closure.go       function literals and go statements; defer.go functions that defer
//	pool.go          types, constants and compiled symbols as entries of the pool; helpers.go functions made for types
//	core.go          the vocabulary of core
//	verify.go        the whitelist
package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"sync/atomic"

	"kairos/repl/check"
	"kairos/repl/forge"
)

// Config is what lowering needs from outside.
type Config struct {
	Fset *token.FileSet
	// Lookup finds an exported name of a compiled package: a function's value, a variable as an addressable value, or a
	// type as a nil pointer to it.
	Lookup func(path, name string) (reflect.Value, bool)
	// Method, if not nil, finds what is called in place of a method of a compiled type, by types.Func.FullName: a function
	// with the receiver first.
	Method func(fullName string) (reflect.Value, bool)
	// Use adds an entry to the pool.
	Use func(name string, v reflect.Value)
	// Replace gives a function the code of another, both given as values. Only sessions need it.
	Replace func(old, with reflect.Value)
	// Runtime are the functions of package rt, by name.
	Runtime map[string]reflect.Value
}

// Lowering translates the files of one program, or the cells of one session, one after the other.
type Lowering struct {
	Config
	world *forge.World
	pool  pool

	info        *types.Info // of what is being translated
	decls       []ast.Decl  // core made so far
	init        []ast.Stmt  // of its init function
	queue       []func()    // functions still to be translated
	functions   map[*types.Func][]*function
	sources     map[*types.Func]source
	globals     map[*types.Var]reflect.Value // pointers to package-level variables
	locals      []localType                  // types declared in generic functions, by instance
	hidden      map[string]reflect.Type      // types that compiled packages do not export, by path and name
	own         map[*types.Package]bool      // packages of the program
	names       int                          // made so far
	undone      []func()                     // take back what the current unit entered above
	outgrown    []*types.Named               // have methods of units discarded
	refused     []check.Error
	context     *types.Context
	conversions map[*ast.CallExpr]bool
	registered  map[*types.Named][]*types.Named // instances, by their generic type
}

// source is where a function was declared.
type source struct {
	decl *ast.FuncDecl
	info *types.Info
}

// New returns a Lowering that has translated nothing yet.
func New(cfg Config) *Lowering {
	l := &Lowering{
		Config:      cfg,
		sources:     map[*types.Func]source{},
		globals:     map[*types.Var]reflect.Value{},
		hidden:      map[string]reflect.Type{"sync/atomic.noCopy": reflect.TypeFor[atomic.Int32]().Field(0).Type},
		own:         map[*types.Package]bool{},
		context:     types.NewContext(),
		functions:   map[*types.Func][]*function{},
		conversions: map[*ast.CallExpr]bool{},
		registered:  map[*types.Named][]*types.Named{},
	}
	l.world = forge.New(l.compiledType)
	l.world.Bound = isProvided
	l.pool = newPool(cfg.Use)
	return l
}

// Own tells which package's types are those of the program.
func (l *Lowering) Own(pkg *types.Package) {
	if !l.own[pkg] {
		l.own[pkg] = true
		l.world.Own(pkg)
	}
}

func (l *Lowering) owns(pkg *types.Package) bool { return l.own[pkg] }

// refusal is the panic by which a construct without a translation ends the translation of a function.
type refusal struct {
	pos token.Pos
	msg string
}

// no refuses what stands at a position. The format says what cannot be interpreted and what to write instead.
func no(at ast.Node, format string, args ...any) {
	panic(refusal{at.Pos(), fmt.Sprintf(format, args...)})
}

// fault refuses what no program that was checked has, or what lowering has a translation for: lowering itself is wrong.
func fault(at ast.Node, format string, args ...any) {
	no(at, "a fault of kairos itself made it refuse %s; please report it with the program", fmt.Sprintf(format, args...))
}

// guard runs f, and notes what it refuses.
func (l *Lowering) guard(f func()) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case refusal:
			e := check.Error{Pos: l.Fset.Position(r.pos), Msg: "kairos cannot interpret this yet: " + r.msg}
			if !slices.Contains(l.refused, e) {
				l.refused = append(l.refused, e)
			}
		default:
			panic(r)
		}
	}()
	f()
}

// drain translates what was asked for meanwhile, until nothing is.
func (l *Lowering) drain() {
	for len(l.queue) > 0 {
		next := l.queue[0]
		l.queue = l.queue[1:]
		l.guard(next)
	}
}

// newName makes a name that nothing else has, with a hint for those who read core.
func (l *Lowering) newName(hint string) string {
	l.names++
	return fmt.Sprintf("%s·%d", hint, l.names)
}
