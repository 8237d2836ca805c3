package lower

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"kairos/repl/check"
)

// env says which types the type parameters of an instance stand for.
type env map[*types.TypeParam]types.Type

// localType is a type declared in a generic function, in one instance of it.
type localType struct {
	origin *types.Named
	args   []types.Type
	named  *types.Named
}

func newEnv(params *types.TypeParamList, args []types.Type) env {
	if params.Len() == 0 {
		return nil
	}
	e := env{}
	for i := range params.Len() {
		e[params.At(i)] = args[i]
	}
	return e
}

// subst replaces the type parameters in t by what they stand for in this instance.
func (f *function) subst(t types.Type) types.Type {
	if len(f.env) == 0 || t == nil {
		return t
	}
	return (&substitution{f.l, f.env, f.targs}).typ(t)
}

// substitution replaces type parameters, as subst does.
type substitution struct {
	l     *Lowering
	env   env
	targs []types.Type
}

func (s *substitution) typ(t types.Type) types.Type {
	switch t := t.(type) {
	case *types.TypeParam:
		if arg, ok := s.env[t]; ok {
			return arg
		}
	case *types.Alias:
		return s.typ(types.Unalias(t))
	case *types.Pointer:
		return types.NewPointer(s.typ(t.Elem()))
	case *types.Slice:
		return types.NewSlice(s.typ(t.Elem()))
	case *types.Array:
		return types.NewArray(s.typ(t.Elem()), t.Len())
	case *types.Chan:
		return types.NewChan(t.Dir(), s.typ(t.Elem()))
	case *types.Map:
		return types.NewMap(s.typ(t.Key()), s.typ(t.Elem()))
	case *types.Signature:
		return types.NewSignatureType(nil, nil, nil, s.tuple(t.Params()), s.tuple(t.Results()), t.Variadic())
	case *types.Tuple:
		return s.tuple(t)
	case *types.Struct:
		return s.structure(t)
	case *types.Interface:
		return s.iface(t)
	case *types.Named:
		return s.named(t)
	}
	return t
}

func (s *substitution) tuple(t *types.Tuple) *types.Tuple {
	var vars []*types.Var
	for v := range t.Variables() {
		vars = append(vars, types.NewVar(v.Pos(), v.Pkg(), v.Name(), s.typ(v.Type())))
	}
	return types.NewTuple(vars...)
}

func (s *substitution) structure(t *types.Struct) types.Type {
	var fields []*types.Var
	var tags []string
	for i := range t.NumFields() {
		v := t.Field(i)
		fields = append(fields, types.NewField(v.Pos(), v.Pkg(), v.Name(), s.typ(v.Type()), v.Embedded()))
		tags = append(tags, t.Tag(i))
	}
	return types.NewStruct(fields, tags)
}

func (s *substitution) iface(t *types.Interface) types.Type {
	if t.NumMethods() == 0 && t.IsMethodSet() {
		return t
	}
	var methods []*types.Func
	for m := range t.Methods() {
		sig := s.typ(m.Type()).(*types.Signature)
		methods = append(methods, types.NewFunc(m.Pos(), m.Pkg(), m.Name(), sig))
	}
	return types.NewInterfaceType(methods, nil).Complete()
}

func (s *substitution) named(t *types.Named) types.Type {
	if args := t.TypeArgs(); args.Len() > 0 {
		var list []types.Type
		for a := range args.Types() {
			list = append(list, s.typ(a))
		}
		inst, err := types.Instantiate(s.l.context, t.Origin(), list, false)
		if err != nil {
			panic(err)
		}
		return inst
	}
	if !isLocal(t) || !mentionsParam(t.Underlying(), s.env, nil) {
		return t
	}
	for _, known := range s.l.locals {
		if known.origin == t && identical(known.args, s.targs) {
			return known.named
		}
	}
	name := types.NewTypeName(t.Obj().Pos(), t.Obj().Pkg(), t.Obj().Name()+argumentNames(s.targs), nil)
	made := types.NewNamed(name, nil, nil)
	s.l.locals = append(s.l.locals, localType{t, s.targs, made})
	made.SetUnderlying(s.typ(t.Underlying()))
	return made
}

// argumentNames is what the compiler adds to the name of a type that is declared in an instance of a generic function.
func argumentNames(args []types.Type) string {
	var names []string
	for _, t := range args {
		names = append(names, types.TypeString(t, (*types.Package).Path))
	}
	return "[" + strings.Join(names, ",") + "]"
}

// isLocal reports whether a type is declared in a function.
func isLocal(t *types.Named) bool {
	obj := t.Obj()
	return obj.Pkg() != nil && !check.TopLevel(obj)
}

// mentionsParam reports whether one of the type parameters of e occurs in t.
func mentionsParam(t types.Type, e env, seen []types.Type) bool {
	if slices.Contains(seen, t) {
		return false
	}
	seen = append(seen, t)
	in := func(t types.Type) bool { return mentionsParam(t, e, seen) }
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		_, ok := e[t]
		return ok
	case interface{ Elem() types.Type }:
		if m, ok := t.(*types.Map); ok && in(m.Key()) {
			return true
		}
		return in(t.Elem())
	case *types.Signature:
		return in(t.Params()) || in(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			if in(v.Type()) {
				return true
			}
		}
	case *types.Struct:
		for v := range t.Fields() {
			if in(v.Type()) {
				return true
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if in(m.Type()) {
				return true
			}
		}
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if in(a) {
				return true
			}
		}
		return isLocal(t) && in(t.Underlying())
	}
	return false
}

func identical(a, b []types.Type) bool {
	return slices.EqualFunc(a, b, types.Identical)
}

// coreType is the underlying type of t; of a type parameter, that of its type set, if there is one.
func coreType(t types.Type) types.Type {
	p, ok := types.Unalias(t).(*types.TypeParam)
	if !ok {
		return t.Underlying()
	}
	iface := p.Underlying().(*types.Interface)
	for i := range iface.NumEmbeddeds() {
		switch e := iface.EmbeddedType(i).(type) {
		case *types.Union:
			return e.Term(0).Type().Underlying()
		default:
			if !types.IsInterface(e) {
				return e.Underlying()
			}
		}
	}
	return iface
}

// isGenericFunc reports whether e names a generic function.
func (f *function) isGenericFunc(e ast.Expr) bool {
	id := nameOf(e)
	if id == nil {
		return false
	}
	_, ok := f.info.Instances[id]
	_, isFunc := f.info.Uses[id].(*types.Func)
	return ok && isFunc
}

// nameOf returns the identifier by which e names something.
func nameOf(e ast.Expr) *ast.Ident {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	case *ast.IndexExpr:
		return nameOf(e.X)
	case *ast.IndexListExpr:
		return nameOf(e.X)
	}
	return nil
}

// typeArgs returns the type arguments with which id is instantiated.
func (f *function) typeArgs(id *ast.Ident) []types.Type {
	var list []types.Type
	for a := range f.info.Instances[id].TypeArgs.Types() {
		list = append(list, f.subst(a))
	}
	return list
}
