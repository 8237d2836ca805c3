package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"kairos/repl/lower/rt/generic"
)

// isProvided reports whether t is an instance of a generic type whose methods package generic has.
func isProvided(t *types.Named) bool {
	if t.TypeArgs().Len() == 0 || t.Obj().Pkg() == nil {
		return false
	}
	_, ok := generic.Type(t.Obj().Pkg().Path(), t.Obj().Name(), make([]reflect.Type, t.TypeArgs().Len()))
	return ok
}

// bindProvided gives such an instance its methods.
func (l *Lowering) bindProvided(t *types.Named) {
	at := nowhere
	for m := range t.Methods() {
		code, ok := l.provided(at, t, m)
		if !ok {
			continue
		}
		if err := l.world.Bind(t, m.Name(), code); err != nil {
			no(at, "the method %s of %s: %v", m.Name(), typeName(t), err)
		}
	}
}

// provided is the code of a method of such an instance: a function of open types with the receiver first.
func (l *Lowering) provided(at ast.Node, t *types.Named, m *types.Func) (reflect.Value, bool) {
	var args []reflect.Type
	for a := range t.TypeArgs().Types() {
		args = append(args, l.trueType(at, a))
	}
	inst, _ := generic.Type(t.Obj().Pkg().Path(), t.Obj().Name(), args)
	recv := types.Type(t)
	if isPointer(m.Signature().Recv().Type()) {
		recv = types.NewPointer(t)
	}
	return inst.Method(l.openType(at, recv), m.Name(), l.openType(at, withoutRecv(m.Signature())))
}

// providedMethod refers to the code of a method of such an instance.
func (f *function) providedMethod(at ast.Node, pos token.Pos, m method, t *types.Named) ast.Expr {
	obj, _, _ := types.LookupFieldOrMethod(t, true, t.Obj().Pkg(), m.name)
	code, ok := f.l.provided(at, t, obj.(*types.Func))
	if !ok {
		no(at, "the method %s of %s", m.name, typeName(t))
	}
	return f.l.helper(pos, "method "+m.name, []reflect.Type{f.open(at, t)}, func() reflect.Value { return code })
}
