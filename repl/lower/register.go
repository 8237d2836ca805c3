package lower

import (
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"kairos/repl/forge"
)

// register sees to it that the methods of the program's types in t can be called through interfaces.
func (l *Lowering) register(t types.Type) {
	switch t := t.(type) {
	case *types.Named:
		l.registerNamed(t)
	case *types.Alias:
		l.register(types.Unalias(t))
	case *types.Map:
		l.register(t.Key())
		l.register(t.Elem())
	case interface{ Elem() types.Type }:
		l.register(t.Elem())
	case *types.Struct:
		for v := range t.Fields() {
			l.register(v.Type())
		}
	case *types.Signature:
		l.register(t.Params())
		l.register(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			l.register(v.Type())
		}
	case *types.Interface:
		for m := range t.Methods() {
			l.register(m.Type())
		}
	}
}

func (l *Lowering) registerNamed(t *types.Named) {
	if l.isRegistered(t) {
		return
	}
	origin := t.Origin()
	before := l.registered[origin]
	l.undone = append(l.undone, func() { l.registered[origin] = before })
	l.registered[origin] = append(before[:len(before):len(before)], t)
	for a := range t.TypeArgs().Types() {
		l.register(a)
	}
	if isProvided(t) {
		l.queue = append(l.queue, func() { l.bindProvided(t) })
	}
	if t.Obj().Pkg() == nil || !l.owns(t.Obj().Pkg()) {
		return
	}
	l.register(t.Underlying())
	if types.IsInterface(t) {
		return
	}
	for m := range t.Methods() {
		l.queue = append(l.queue, func() { l.bind(t, m) })
	}
}

func (l *Lowering) isRegistered(t *types.Named) bool {
	return slices.ContainsFunc(l.registered[t.Origin()], func(other *types.Named) bool {
		return other == t || types.Identical(other, t)
	})
}

// bind has the init function give a method's code to its type.
func (l *Lowering) bind(t *types.Named, m *types.Func) {
	if m.Name() == "_" {
		return
	}
	src := l.sources[m.Origin()]
	f := l.methodInstance(src.decl, t, m)
	sig := f.subst(m.Origin().Signature()).(*types.Signature)
	recv := types.Type(t)
	if isPointer(m.Signature().Recv().Type()) {
		recv = types.NewPointer(t)
	}
	full := withReceiver(recv, sig)
	variadic, typ := l.openType(src.decl, full), l.openType(src.decl, sliceSignature(full))
	bind := funcOf0(func(args []reflect.Value) {
		if err := l.world.Bind(t, m.Name(), forge.As(args[0], variadic)); err != nil {
			panic(err)
		}
	}, typ)
	l.init = append(l.init, exprStmt(call(token.NoPos, poolRef(token.NoPos, l.pool.unitEntry("B", bind)), ident(token.NoPos, f.name))))
}

// withReceiver is the signature of a method as a function.
func withReceiver(recv types.Type, sig *types.Signature) *types.Signature {
	params := []*types.Var{types.NewParam(token.NoPos, nil, "", recv)}
	for v := range sig.Params().Variables() {
		params = append(params, v)
	}
	return types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic())
}

// receiverOf is the type that a method is declared for.
func receiverOf(m *types.Func) *types.Named {
	t := m.Signature().Recv().Type()
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	return types.Unalias(t).(*types.Named)
}
