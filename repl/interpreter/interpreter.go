// Package interpreter evaluates the cells of a session: it checks a cell (package check), translates it (lower) and
// executes it (engine).
//
//	Open   a session of Go cells in this process
package interpreter

import (
	"errors"
	"fmt"
	"go/types"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kairos/repl"
	"kairos/repl/assist"
	"kairos/repl/check"
	"kairos/repl/engine"
	"kairos/repl/lower"
	"kairos/repl/lower/rt"
	"kairos/repl/stop"
	"kairos/repl/trace"
	"kairos/stdlib/symbols/typedata"
)

// Config is what cells can use.
type Config struct {
	// Lookup finds an exported name of a package that can be imported.
	Lookup func(path, name string) (reflect.Value, bool)
	// NoTorch, if not empty, says why packages that need libtorch cannot be imported, and what to do.
	NoTorch string
	// Width is how many columns the text of a value may have, if it can be helped. 0 is 100.
	Width int
}

// prelude is what a session declares before its first cell: the values of cells, by number.
const prelude = "var Out = map[int]any{}\n&Out"

// interpreter is a repl.Evaluator.
type interpreter struct {
	Config
	mu        sync.Mutex // held while cells is used
	cells     *check.Cells
	low       *lower.Lowering
	engine    *engine.Engine
	functions *trace.Functions
	out       map[int]any
	kept      []keptValue // the last ones
	running   atomic.Bool // a cell
	session   *repl.Local
	helper    helper
}

// Open returns a session in this process, whose collector it relaxes.
func Open(cfg Config) (*repl.Local, error) {
	engine.RelaxGC()
	i := &interpreter{Config: cfg}
	if err := i.Reset(); err != nil {
		return nil, err
	}
	i.session = repl.New(i, assistant{i})
	i.session.Style.Width = cfg.Width
	return i.session, nil
}

// Reset implements repl.Evaluator.
func (i *interpreter) Reset() error {
	e, err := engine.New(engine.Config{Uncaught: i.uncaught})
	if err != nil {
		return fmt.Errorf("interpreter: %w", err)
	}
	i.mu.Lock()
	i.engine = e
	importer := typedata.NewImporter()
	i.cells = check.NewCells(e.FileSet(), check.CellsConfig{Packages: i.packages(), Importer: importer})
	i.low = lower.New(lower.Config{Fset: e.FileSet(), Lookup: i.lookup, Method: i.method, Use: e.Use, Replace: e.Replace, Runtime: rt.Symbols(i.uncaught)})
	i.helper.begin(assist.Config{
		Session: i.cells, Fset: e.FileSet(), Importer: importer, Lock: &i.mu, Packages: i.packages(),
	})
	i.functions = &trace.Functions{}
	i.kept = nil
	i.mu.Unlock()
	return i.begin()
}

// begin declares what every session has.
func (i *interpreter) begin() error {
	unit, err := i.Load(0, prelude)
	if err != nil {
		return fmt.Errorf("interpreter: begin: %w", err)
	}
	values, err := unit.Run()
	if err != nil {
		return fmt.Errorf("interpreter: begin: %w", err)
	}
	i.out = *values[0].Value.Interface().(*map[int]any)
	return nil
}

// packages are those whose import cells may leave out.
func (i *interpreter) packages() []string {
	if i.NoTorch == "" {
		return typedata.Paths()
	}
	return slices.DeleteFunc(typedata.Paths(), typedata.NeedsTorch)
}

// lookup finds compiled names, and the session's own forms of some.
func (i *interpreter) lookup(path, name string) (reflect.Value, bool) {
	if v, ok := overrides[path+"."+name]; ok {
		return v, true
	}
	return i.Lookup(path, name)
}

// method finds the session's own forms of methods.
func (*interpreter) method(fullName string) (reflect.Value, bool) {
	v, ok := overrides[fullName]
	return v, ok
}

// overrides are the session's own forms of compiled functions and methods.
var overrides = repl.Overrides()

// keep makes the value of a cell Out[number] and a variable of its own type.
func (i *interpreter) keep(number int, cell *check.Cell, unit *lower.Unit, values []repl.Typed) {
	if len(values) != 1 || !values[0].Value.IsValid() {
		return
	}
	i.out[number] = values[0].Value.Interface()
	i.mu.Lock()
	defer i.mu.Unlock()
	v := i.cells.Keep(number, cell.Info.TypeOf(cell.Value))
	if v != nil {
		i.low.Keep(v, unit)
	}
	i.kept = append(i.kept, keptValue{number, v})
	if len(i.kept) > keptValues {
		i.forget(i.kept[0])
		i.kept = i.kept[1:]
	}
}

// keptValues is how many values of cells are remembered, as many as IPython does.
const keptValues = 1000

// keptValue is the value of a cell; without a variable, if its type has none.
type keptValue struct {
	number   int
	variable *types.Var
}

func (i *interpreter) forget(k keptValue) {
	delete(i.out, k.number)
	if k.variable != nil {
		i.cells.Forget(k.variable)
		i.low.Forget(k.variable)
	}
}

// Load implements repl.Evaluator.
func (i *interpreter) Load(number int, src string) (repl.Unit, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	name := fmt.Sprintf("cell[%d]", number)
	cell, unit, err := i.compile(name, src)
	if err != nil {
		return repl.Unit{}, compileError(name, src, err)
	}
	i.cells.Declare(cell)
	i.helper.keep(name, src)
	i.functions.Add("main", cell.Decls, cell.Stmts)
	valueTypes := valueTypes(cell)
	return repl.Unit{
		Names:  names(cell),
		Prints: check.Prints(cell.Info, cell.Value),
		Quiet:  cell.Suppressed,
		Run:    func() ([]repl.Typed, error) { return i.run(unit, valueTypes) },
		Keep:   func(values []repl.Typed) { i.keep(number, cell, unit, values) },
	}, nil
}

// compile makes a cell ready to start.
func (i *interpreter) compile(name, src string) (*check.Cell, *lower.Unit, error) {
	cell, err := i.cells.Check(name, src)
	if err != nil {
		return nil, nil, err
	}
	if err := i.needsTorch(cell); err != nil {
		return nil, nil, err
	}
	unit, err := i.low.Cell(cell)
	if err != nil {
		return nil, nil, err
	}
	if err := i.engine.Load(unit.File); err != nil {
		unit.Discard()
		return nil, nil, err
	}
	return cell, unit, nil
}

// needsTorch refuses imports of packages that link libtorch.
func (i *interpreter) needsTorch(cell *check.Cell) error {
	for _, p := range cell.Imports {
		if path := p.Imported().Path(); i.NoTorch != "" && typedata.NeedsTorch(path) {
			return check.Errors{List: []check.Error{cell.Error(p.Pos(), "import %q needs libtorch: %s", path, i.NoTorch)}}
		}
	}
	return nil
}

// compileError is err as the session reports it.
func compileError(name, src string, err error) error {
	var errs check.Errors
	if !errors.As(err, &errs) {
		return &repl.CompileError{Problems: []repl.Problem{{File: name, Message: err.Error()}}, Text: err.Error()}
	}
	lines := strings.Split(src, "\n")
	e := &repl.CompileError{}
	for j, found := range errs.List {
		p := found.Pos
		if found.Line == "" && p.Filename == name && p.Line >= 1 && p.Line <= len(lines) {
			errs.List[j].Line = lines[p.Line-1]
		}
		e.Problems = append(e.Problems, repl.Problem{File: p.Filename, Line: p.Line, Column: p.Column, Message: found.Msg})
	}
	e.Text = errs.Pretty()
	return e
}

// run executes a cell.
func (i *interpreter) run(unit *lower.Unit, types []string) (values []repl.Typed, err error) {
	i.running.Store(true)
	defer i.running.Store(false)
	if err := i.call(unit.Start, func() string { return "goroutine 1 [running]:" }); err != nil {
		return nil, err
	}
	for j, v := range unit.Values {
		values = append(values, repl.Typed{Type: types[j], Value: v})
	}
	return values, nil
}

// Call implements repl.Evaluator.
func (i *interpreter) Call(f func()) error { return i.call(f, trace.Header) }

// call calls a function of a cell, and returns its panic.
func (i *interpreter) call(f func(), goroutine func() string) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case stop.Interrupted:
			panic(r)
		default:
			err = i.panicked(rt.Caught(r), goroutine())
		}
	}()
	f()
	return nil
}

// uncaught ends the cell of a goroutine whose panic nobody recovered, and the goroutine.
func (i *interpreter) uncaught(t *rt.Thrown) {
	i.session.End(i.panicked(t, trace.Header()))
	runtime.Goexit()
}

// afterOverflow is when a goroutine whose stack overflowed has surely ended.
const afterOverflow = 100 * time.Millisecond

func (i *interpreter) panicked(t *rt.Thrown, goroutine string) *repl.Panic {
	if t.Value == any(stop.Overflow{}) {
		time.AfterFunc(afterOverflow, debug.FreeOSMemory) // half a gigabyte of stack, which the collector would keep for a while
	}
	return &repl.Panic{
		Value: t.Text(),
		Trace: i.functions.Stack(i.engine.FileSet(), goroutine, t.Trace, "main.main()", nil),
	}
}
