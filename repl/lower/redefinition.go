package lower

import (
	"go/token"
	"go/types"
	"reflect"

	"kairos/repl/check"
)

// replace has functions of the same signature take the places of those they replace, so that their callers call them:
// under its new name the new one is only made, and then gives its code to the old one.
func (l *Lowering) replace(list []check.Replacement) {
	for _, r := range list {
		before, wasFunc := r.Old.(*types.Func)
		now, isFunc := r.New.(*types.Func)
		if !wasFunc || !isFunc || !types.Identical(before.Type(), now.Type()) || before.Signature().TypeParams().Len() > 0 {
			continue
		}
		for _, f := range l.functions[before] {
			l.replaceInstance(f, now)
		}
	}
}

func (l *Lowering) replaceInstance(f *function, now *types.Func) {
	again := l.newFunction()
	again.origin, again.recv, again.targs, again.env = now, f.recv, f.targs, f.env
	again.name = f.name
	again.declName = l.newName(now.Name())
	l.undo(now)
	l.functions[now] = []*function{again}
	l.queue = append(l.queue, func() {
		again.translate()
		sig := again.sig
		if f.recv != nil {
			sig = withReceiver(now.Signature().Recv().Type(), sig)
		}
		typ := l.openType(l.sources[now].decl, sliceSignature(sig))
		replace := funcOf0(func(args []reflect.Value) { l.Replace(args[0], args[1]) }, typ, typ)
		l.init = append(l.init, exprStmt(call(token.NoPos, poolRef(token.NoPos, l.pool.unitEntry("R", replace)),
			ident(token.NoPos, again.name), ident(token.NoPos, again.declName))))
	})
}
