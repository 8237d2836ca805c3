package script

import (
	"fmt"
	"go/token"
	"reflect"
	"unsafe"

	"github.com/traefik/yaegi/interp"

	"kairos/repl/lower/rt"
)

// Yaegi loses where a panic happened: it knows the function, not the statement. But it runs a program as a graph of
// nodes, each a closure made by the node's generator just before the program starts, and each node knows its position.
// instrument wraps the generators, so that a panic which passes through a node becomes an rt.Thrown that names it. The
// fields needed are unexported; they are reached by the layout that reflection reports for this version of yaegi, and
// instrument fails when they are not as expected.

// unprepared is the panic of a generator: yaegi compiled a node and then cannot prepare it.
type unprepared struct {
	pos   token.Pos
	cause any
}

// exec has the calling convention of yaegi's bltn: it executes a node in a frame and returns the next node's exec.
type exec func(frame unsafe.Pointer) exec

// generator has that of yaegi's bltnGenerator: it sets a node's exec.
type generator func(node unsafe.Pointer)

// layout is where the fields lie that instrument needs.
type layout struct {
	root                          uintptr // in interp.Program
	child, pos, action, gen, exec uintptr // in interp.node
	actionName                    func(node unsafe.Pointer) string
}

// instrument makes every node of prog report where it panics. It must be called between CompileAST and Execute.
func instrument(prog *interp.Program, uncaught func(*rt.Thrown)) error {
	l, err := findLayout()
	if err != nil {
		return err
	}
	seen := map[unsafe.Pointer]bool{}
	var visit func(node unsafe.Pointer)
	visit = func(node unsafe.Pointer) {
		if node == nil || seen[node] {
			return
		}
		seen[node] = true
		l.wrap(node, uncaught)
		for _, child := range *field[[]unsafe.Pointer](node, l.child) {
			visit(child)
		}
	}
	visit(*field[unsafe.Pointer](unsafe.Pointer(prog), l.root))
	return nil
}

// wrap replaces a node's generator. Function literals were generated when compiled; forgetting what was made has yaegi
// make it again.
func (l layout) wrap(node unsafe.Pointer, uncaught func(*rt.Thrown)) {
	gen := field[generator](node, l.gen)
	*field[exec](node, l.exec) = nil
	if *gen == nil {
		return
	}
	original := *gen
	*gen = func(node unsafe.Pointer) {
		pos := *field[token.Pos](node, l.pos)
		defer func() {
			if r := recover(); r != nil {
				panic(unprepared{pos, r})
			}
		}()
		original(node)
		if run := field[exec](node, l.exec); *run != nil && l.mayPanic(node) {
			*run = traced(*run, pos, uncaught)
		}
	}
}

// traced adds pos to the trace of a panic that passes through run.
func traced(run exec, pos token.Pos, uncaught func(*rt.Thrown)) exec {
	return func(frame unsafe.Pointer) exec {
		defer func() {
			if r := recover(); r != nil {
				panic(rt.Through(r, pos, uncaught))
			}
		}()
		return run(frame)
	}
}

// mayPanic tells nodes that can panic from those, frequent in loops, that cannot: their operands are nodes of their own,
// so that these can at most overflow. An operation that also assigns may do so to an entry of a nil map.
func (l layout) mayPanic(node unsafe.Pointer) bool {
	switch l.actionName(node) {
	case "nop", "branch", "&&", "||", "!", "+", "-", "&", "|", "^", "&^", "<", "<=", ">", ">=":
		return false
	case "++", "--", "+=", "-=", "*=", "&=", "|=", "^=", "&^=":
		target := (*field[[]unsafe.Pointer](node, l.child))[0]
		return len(*field[[]unsafe.Pointer](target, l.child)) > 0
	}
	return true
}

// findLayout looks the fields up by name and checks their types.
func findLayout() (layout, error) {
	var l layout
	var node, action reflect.Type
	program := reflect.TypeFor[interp.Program]()
	root, ok := program.FieldByName("root")
	if !ok || root.Type.Kind() != reflect.Pointer {
		return l, fmt.Errorf("script: this version of yaegi has no Program.root")
	}
	l.root, node = root.Offset, root.Type.Elem()
	for _, want := range []struct {
		name   string
		kind   reflect.Kind
		offset *uintptr
	}{
		{"child", reflect.Slice, &l.child},
		{"pos", reflect.Int, &l.pos},
		{"action", reflect.Uint, &l.action},
		{"gen", reflect.Func, &l.gen},
		{"exec", reflect.Func, &l.exec},
	} {
		f, ok := node.FieldByName(want.name)
		if !ok || f.Type.Kind() != want.kind {
			return l, fmt.Errorf("script: this version of yaegi has no node.%s of kind %v", want.name, want.kind)
		}
		*want.offset = f.Offset
		if want.name == "action" {
			action = f.Type
		}
	}
	if !action.Implements(reflect.TypeFor[fmt.Stringer]()) {
		return l, fmt.Errorf("script: this version of yaegi does not name its actions")
	}
	l.actionName = func(node unsafe.Pointer) string {
		return reflect.NewAt(action, unsafe.Add(node, l.action)).Interface().(fmt.Stringer).String()
	}
	return l, nil
}

// field returns a pointer to the field of type T at offset in the struct at p.
func field[T any](p unsafe.Pointer, offset uintptr) *T { return (*T)(unsafe.Add(p, offset)) }
