package check

import (
	"fmt"
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"unsafe"
)

// methodSet is what methods a type had.
type methodSet struct {
	of      *types.Named
	methods []*types.Func
}

// methodsField is the field of types.Named that lists the methods declared. go/types adds to it, but cannot replace a
// method, nor take one back that belongs to a cell that failed.
var methodsField, _ = reflect.TypeFor[types.Named]().FieldByName("methods")

// methodList returns where t lists its methods.
func methodList(t *types.Named) *[]*types.Func {
	if methodsField.Type != reflect.TypeFor[[]*types.Func]() {
		panic("check: types.Named has no list of methods: built with an unknown version of Go")
	}
	return (*[]*types.Func)(unsafe.Add(unsafe.Pointer(t), methodsField.Offset))
}

// undo takes back the methods of a cell that was not declared.
func (c *Cells) undo() {
	for _, s := range slices.Backward(c.pending) {
		*methodList(s.of) = s.methods
	}
	c.pending = nil
}

// addMethods gives types of earlier cells the methods that the cell declares for them.
func (a *attempt) addMethods() {
	for _, decl := range a.decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Recv == nil || f.Name.Name == "_" {
			continue
		}
		m, ok := a.cell.Info.Defs[f.Name].(*types.Func)
		if !ok {
			continue
		}
		if t := receiver(m); t != nil && t.Obj().Pkg() == a.session.pkg && !a.declares(t.Obj()) {
			a.addMethod(t, m, f)
		}
	}
}

// receiver returns the type that m is a method of, if it has one.
func receiver(m *types.Func) *types.Named {
	recv := m.Signature().Recv()
	if recv == nil {
		return nil
	}
	named, _ := types.Unalias(deref(recv.Type())).(*types.Named)
	if named == nil {
		return nil
	}
	return named.Origin()
}

func deref(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

func (a *attempt) addMethod(t *types.Named, m *types.Func, f *ast.FuncDecl) {
	name := t.Obj().Name()
	fail := func(format string, args ...any) {
		a.wrong = append(a.wrong, Error{Pos: a.fset.Position(f.Name.Pos()), Msg: fmt.Sprintf(format, args...)})
	}
	if t.TypeParams().Len() > 0 {
		fail("%s is generic: its methods are declared in the cell that declares the type", name)
		return
	}
	if s, ok := t.Underlying().(*types.Struct); ok && hasField(s, m.Name()) {
		fail("field and method with the same name %s", m.Name())
		return
	}
	list := methodList(t)
	i := slices.IndexFunc(*list, func(old *types.Func) bool { return old.Id() == m.Id() })
	a.session.pending = append(a.session.pending, methodSet{t, *list})
	if i < 0 {
		*list = append(slices.Clip(*list), m)
		return
	}
	old := (*list)[i]
	pos := a.fset.Position(old.Pos())
	switch {
	case pos.Filename == a.name:
		fail("method %s.%s already declared at %s", name, m.Name(), pos)
	case !sameMethod(old, m):
		fail("method %s.%s is %s in %s: to give it another signature, declare type %s again with its methods",
			name, m.Name(), a.signature(old), pos.Filename, name)
	default:
		*list = slices.Clone(*list)
		(*list)[i] = m
		a.cell.Replaced = append(a.cell.Replaced, Replacement{old, m})
	}
}

func hasField(s *types.Struct, name string) bool {
	for f := range s.Fields() {
		if f.Name() == name {
			return true
		}
	}
	return false
}

// sameMethod reports whether two methods can stand for each other.
func sameMethod(a, b *types.Func) bool {
	pointer := func(m *types.Func) bool {
		_, ok := types.Unalias(m.Signature().Recv().Type()).(*types.Pointer)
		return ok
	}
	return types.Identical(a.Signature(), b.Signature()) && pointer(a) == pointer(b)
}

// signature prints a method as in "func (*T) M(int) string".
func (a *attempt) signature(m *types.Func) string {
	qualifier := types.RelativeTo(a.session.pkg)
	recv := types.TypeString(m.Signature().Recv().Type(), qualifier)
	return "func (" + recv + ") " + m.Name() + strings.TrimPrefix(types.TypeString(m.Signature(), qualifier), "func")
}
