package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"kairos/repl/check"
)

// place says where a variable of the source lives.
type place int

const (
	inCore place = iota // in a core variable
	boxed               // in memory of its own, to which a core variable points
	pooled              // in memory of its own, to which an entry of the pool points
)

// storage is what became of a variable of the source.
type storage struct {
	place place
	name  string // of the core variable or the entry
	typ   types.Type
}

// ref is the core expression for the variable, which can be assigned to.
func (v *storage) ref(at token.Pos) ast.Expr {
	switch v.place {
	case boxed:
		return star(at, ident(at, v.name))
	case pooled:
		return star(at, poolRef(at, v.name))
	}
	return ident(at, v.name)
}

// pointer is the core expression for the address of the variable.
func (v *storage) pointer(at token.Pos) ast.Expr {
	switch v.place {
	case boxed:
		return ident(at, v.name)
	case pooled:
		return poolRef(at, v.name)
	}
	fault(posNode(at), "the address of %s, which has none", v.name)
	return nil
}

// declare makes a core variable for a variable of the source. What lives in a box gets it by renew.
func (f *function) declare(at ast.Node, obj types.Object) *storage {
	v := &storage{name: f.l.newName(obj.Name()), typ: f.subst(obj.Type())}
	if f.scan.shared[obj] {
		v.place = boxed
		f.core(v.name, f.pointerExpr(at, v.typ))
	} else {
		f.core(v.name, f.typeExpr(at, v.typ))
	}
	f.vars[obj] = v
	return v
}

// renew makes the variable a new one, as each execution of its declaration does.
func (f *function) renew(at ast.Node, v *storage) {
	if v.place == boxed {
		f.emit(assign(at.Pos(), ident(at.Pos(), v.name), call(at.Pos(), ident(at.Pos(), "new"), f.typeExpr(at, v.typ))))
	}
}

// lookup finds the variable for obj, here, around, or at package level. One of a function around is captured: a box is
// shared, and a variable that is never assigned again is copied.
func (f *function) lookup(at ast.Node, obj types.Object) *storage {
	if v, ok := f.vars[obj]; ok {
		return v
	}
	if f.outer == nil {
		return f.l.global(at, obj)
	}
	outer := f.outer.lookup(at, obj)
	if outer.place == pooled {
		return outer
	}
	v := &storage{place: outer.place, name: f.l.newName(obj.Name()), typ: outer.typ}
	typ := f.typeExpr(at, v.typ)
	if v.place == boxed {
		typ = f.pointerExpr(at, v.typ)
	}
	f.capture(v.name, typ, ident(token.NoPos, outer.name))
	f.vars[obj] = v
	return v
}

// capture has the maker of this function literal take one more argument.
func (f *function) capture(name string, typ, arg ast.Expr) {
	f.captures.params = append(f.captures.params, param(name, typ))
	f.captures.args = append(f.captures.args, arg)
}

// global returns the variable at package level that obj is.
func (l *Lowering) global(at ast.Node, obj types.Object) *storage {
	v, ok := obj.(*types.Var)
	if !ok || !check.TopLevel(v) {
		fault(at, "%s, which is not known here", obj)
	}
	p, ok := l.globals[v]
	if !ok {
		p = reflect.New(l.openType(at, v.Type()))
		l.globals[v] = p
	}
	name := l.pool.entry("P", fmt.Sprintf("%p", v), func() reflect.Value { return p })
	return &storage{place: pooled, name: name, typ: v.Type()}
}

// core declares a variable of the core function.
func (f *function) core(name string, typ ast.Expr) {
	f.decls = append(f.decls, variable(name, typ))
}

// newVar declares a core variable that stands for none of the source.
func (f *function) newVar(at token.Pos, hint string, typ ast.Expr) *ast.Ident {
	name := f.l.newName(hint)
	f.core(name, typ)
	return ident(at, name)
}

// temp keeps the value of a core expression of type t in a new core variable.
func (f *function) temp(at ast.Node, x ast.Expr, t types.Type) ast.Expr {
	v := f.newVar(x.Pos(), "", f.typeExpr(at, t))
	f.emit(assign(x.Pos(), v, x))
	return v
}

// zero is a core expression for the zero value of t.
func (f *function) zero(at ast.Node, t types.Type) ast.Expr {
	t = f.subst(t)
	if b, ok := types.Unalias(t).(*types.Basic); ok {
		switch {
		case b.Kind() == types.UntypedNil:
			return ident(at.Pos(), "nil")
		case b.Kind() == types.Bool:
			return ident(at.Pos(), "false")
		case b.Kind() == types.Int:
			return intLit(at.Pos(), 0)
		}
	}
	r := f.l.openType(at, t)
	name, ok := f.zeros[r]
	if !ok {
		name = f.newVar(at.Pos(), "·zero", f.typeExpr(at, t)).Name
		f.zeros[r] = name
	}
	return ident(at.Pos(), name)
}

func (f *function) pointerExpr(at ast.Node, t types.Type) ast.Expr {
	return f.typeExpr(at, types.NewPointer(t))
}
