package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// The rules in this file are about the identity of types. A value of a type that the program declares is, at run time,
// a value of that type's underlying type: in an interface nothing tells it from other types with the same one, and its
// methods are known only where the interface has them.

// mentionsDeclared reports whether t is made of a type that the program declares.
func mentionsDeclared(t types.Type) bool {
	return mentions(t, func(t types.Type) bool { return isDeclared(t) })
}

func isDeclared(t types.Type) bool {
	named, ok := t.(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "main"
}

// mentions reports whether found holds for t or a type that t is made of.
func mentions(t types.Type, found func(types.Type) bool) bool {
	seen := map[types.Type]bool{}
	var look func(types.Type) bool
	look = func(t types.Type) bool {
		t = types.Unalias(t)
		if seen[t] {
			return false
		}
		seen[t] = true
		if found(t) {
			return true
		}
		switch t := t.(type) {
		case *types.Named:
			return isDeclared(t) && look(t.Underlying())
		case *types.Map:
			return look(t.Key()) || look(t.Elem())
		case *types.Struct:
			for f := range t.Fields() {
				if look(f.Type()) {
					return true
				}
			}
		case interface{ Elem() types.Type }:
			return look(t.Elem())
		}
		return false
	}
	return look(t)
}

// refuseAssertion judges the assertion that a value of type from has the type that e denotes.
func (l *lowering) refuseAssertion(e ast.Expr, from types.Type, inSwitch bool) {
	t := types.Unalias(l.Info.TypeOf(e))
	switch {
	case l.Info.Types[e].IsNil():
	case mentions(t, isFunction):
		l.no(e, "whether a value is a function of type %s; wrap it in a struct", l.typeName(t))
	case types.IsInterface(t):
		l.no(e, "whether a value has the methods of %s; name concrete types", l.typeName(t))
	case mentionsDeclared(t):
		l.refuseDeclaredAssertion(e, t, from, inSwitch)
	default:
		l.refuseConfusion(e, t)
	}
}

// refuseDeclaredAssertion is refuseAssertion for a type of the program. A struct, or a pointer to one, can be recognised
// by its fields.
func (l *lowering) refuseDeclaredAssertion(e ast.Expr, t, from types.Type, inSwitch bool) {
	pointer, isPointer := t.(*types.Pointer)
	base := t
	if isPointer {
		base = types.Unalias(pointer.Elem())
	}
	if _, isStruct := base.Underlying().(*types.Struct); !isStruct || !isDeclared(base) {
		l.no(e, "whether a value is a %s; make it a struct", l.typeName(t))
		return
	}
	compiled := from.Underlying().(*types.Interface).NumMethods() > 0 && !isDeclared(from)
	if compiled && (inSwitch || !isPointer) {
		l.no(e, "whether a value of type %s is a %s; use if v, ok := x.(*T) with a pointer type", l.typeName(from), l.typeName(t))
		return
	}
	l.refuseConfusion(e, t)
}

// refuseConfusion finds a type whose values may be in interfaces and would be taken for values of type t.
func (l *lowering) refuseConfusion(e ast.Expr, t types.Type) {
	for _, b := range l.about.boxed {
		if !types.Identical(b, t) && types.IdenticalIgnoreTags(erase(b), erase(t)) {
			l.no(e, "%s could not be told from %s here; make the declared one a struct with fields of its own", l.typeName(t), l.typeName(b))
			return
		}
	}
}

// erase returns what is left of a type at run time: declared types are replaced by what they are declared as. It does
// not look into structs.
func erase(t types.Type) types.Type {
	t = types.Unalias(t)
	if isDeclared(t) {
		return erase(t.Underlying())
	}
	switch t := t.(type) {
	case *types.Pointer:
		return types.NewPointer(erase(t.Elem()))
	case *types.Slice:
		return types.NewSlice(erase(t.Elem()))
	case *types.Array:
		return types.NewArray(erase(t.Elem()), t.Len())
	case *types.Map:
		return types.NewMap(erase(t.Key()), erase(t.Elem()))
	case *types.Chan:
		return types.NewChan(t.Dir(), erase(t.Elem()))
	}
	return t
}

func (l *lowering) refuseTypeSwitch(stmt *ast.TypeSwitchStmt) {
	var x ast.Expr
	switch a := stmt.Assign.(type) {
	case *ast.ExprStmt:
		x = a.X
	case *ast.AssignStmt:
		x = a.Rhs[0]
	}
	from := l.Info.TypeOf(ast.Unparen(x).(*ast.TypeAssertExpr).X)
	for _, clause := range stmt.Body.List {
		for _, e := range clause.(*ast.CaseClause).List {
			l.refuseAssertion(e, from, true)
		}
	}
}

// refuseComparison finds comparisons of an interface with a value of a type of the program.
func (l *lowering) refuseComparison(e *ast.BinaryExpr) {
	if e.Op != token.EQL && e.Op != token.NEQ {
		return
	}
	x, y := l.Info.TypeOf(e.X), l.Info.TypeOf(e.Y)
	if l.Info.Types[e.X].IsNil() || l.Info.Types[e.Y].IsNil() || types.IsInterface(x) == types.IsInterface(y) && !isDeclared(x) {
		return
	}
	if types.IsInterface(x) && mentionsDeclared(y) || types.IsInterface(y) && mentionsDeclared(x) {
		l.no(e, "a comparison of an interface with a value of a declared type; compare a field or a text of both")
	}
}

// Methods that compiled code looks for in a value it gets as any.
var (
	printing = []string{"Error", "Format", "GoString", "String"}
	encoding = []string{"GobDecode", "GobEncode", "MarshalBinary", "MarshalJSON", "MarshalText", "MarshalXML",
		"UnmarshalBinary", "UnmarshalJSON", "UnmarshalText", "UnmarshalXML"}
)

// refuseConversions finds values of declared types that become an empty interface, and with that lose methods that
// someone may look for.
func (l *lowering) refuseConversions() {
	l.eachConversion(func(e ast.Expr, to types.Type, call *ast.CallExpr) {
		from := l.Info.TypeOf(e)
		iface, ok := to.Underlying().(*types.Interface)
		if !ok || from == nil || !mentionsDeclared(from) {
			return
		}
		switch pkg, fn := l.compiledCallee(call); {
		case pkg == "errors":
			l.no(e, "%s with a type declared here; compare the error's text, or use a variable made by errors.New", fn)
		case iface.NumMethods() > 0:
		case pkg == "reflect":
			l.no(e, "reflection on a type declared here")
		case pkg == "fmt" || pkg == "log":
			l.refuseNested(e, from, printing)
			l.refuseVerb(e, from, call)
		case pkg == "encoding/json" || pkg == "encoding/xml":
			l.refuseNested(e, from, encoding)
		case hasMethod(from, printing) || hasMethod(from, encoding):
			l.no(e, "a value of type %s as a value of type any: its methods would be lost; call them here", l.typeName(from))
		default:
			l.refuseNested(e, from, append(printing, encoding...))
		}
	})
}

// refuseNested finds methods of the given names below the surface of a type, and declared interfaces there, which yaegi
// stores in a form of its own.
func (l *lowering) refuseNested(e ast.Expr, t types.Type, names []string) {
	surface := t
	if p, ok := t.(*types.Pointer); ok {
		surface = p.Elem()
	}
	var inner types.Type
	mentions(t, func(u types.Type) bool {
		if u == t || u == surface || !isDeclared(u) {
			return false
		}
		iface, isInterface := u.Underlying().(*types.Interface)
		if isInterface && iface.NumMethods() > 0 || !isInterface && hasMethod(u, names) {
			inner = u
		}
		return inner != nil
	})
	if inner != nil {
		l.no(e, "a value of type %s here: the methods of %s in it would not be seen; pass what they return", l.typeName(t), l.typeName(inner))
	}
}

func hasMethod(t types.Type, names []string) bool {
	set := types.NewMethodSet(t)
	if _, isPointer := t.(*types.Pointer); !isPointer && !types.IsInterface(t) {
		set = types.NewMethodSet(types.NewPointer(t))
	}
	return slices.ContainsFunc(names, func(name string) bool { return set.Lookup(nil, name) != nil })
}

// refuseVerb finds verbs of a format that would show more of a declared type than is left of it.
func (l *lowering) refuseVerb(e ast.Expr, t types.Type, call *ast.CallExpr) {
	format, args, ok := l.format(call)
	if !ok {
		return
	}
	i := slices.Index(args, e)
	verbs, known := parseVerbs(format)
	switch {
	case i < 0:
	case !known || i >= len(verbs):
		l.no(e, "a value of a declared type with a format that is not simple and constant")
	case strings.HasSuffix(verbs[i], "T"), strings.HasSuffix(verbs[i], "v") && strings.Contains(verbs[i], "#"):
		l.no(e, "%%%s of a type declared here: its name is not known at run time", verbs[i])
	case strings.HasSuffix(verbs[i], "v") && strings.Contains(verbs[i], "+") && mentions(t, hasUnexported):
		l.no(e, "%%%s of a struct with unexported fields; use %%v", verbs[i])
	case !strings.ContainsAny(verbs[i], "vsqpw") && hasMethod(t, printing):
		l.no(e, "%%%s of a type with a method String or Error; convert it to its basic type", verbs[i])
	}
}

func isFunction(t types.Type) bool {
	_, ok := t.(*types.Signature)
	return ok
}

func hasUnexported(t types.Type) bool {
	s, ok := t.(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if !f.Exported() && !f.Embedded() {
			return true
		}
	}
	return false
}

// format returns the format of a call of a function like fmt.Printf, if it is constant, and the values it formats. The
// format is "" if it is not constant; ok tells whether the function takes one.
func (l *lowering) format(call *ast.CallExpr) (format string, args []ast.Expr, ok bool) {
	_, fn := l.compiledCallee(call)
	if !strings.HasSuffix(fn, "f") {
		return "", nil, false
	}
	params := l.Info.TypeOf(call.Fun).(*types.Signature).Params()
	at := params.Len() - 2 // the format is the last parameter but one
	if at < 0 || at >= len(call.Args) {
		return "", nil, false
	}
	if v := l.Info.Types[call.Args[at]].Value; v != nil && v.Kind() == constant.String {
		format = constant.StringVal(v)
	}
	return format, call.Args[at+1:], true
}

// parseVerbs returns the flags and verb of each directive of a format, in the order of the arguments. It does not know
// formats that take widths or indexes from arguments.
func parseVerbs(format string) (verbs []string, ok bool) {
	for {
		_, after, found := strings.Cut(format, "%")
		if !found {
			return verbs, true
		}
		i := strings.IndexFunc(after, func(r rune) bool { return !strings.ContainsRune("+-# 0123456789.", r) })
		if i < 0 || after[i] == '*' || after[i] == '[' {
			return nil, false
		}
		if after[i] != '%' {
			verbs = append(verbs, after[:i+1])
		}
		format = after[i+1:]
	}
}

// compiledCallee returns the package and name of the function that call calls, "" if it is not a compiled function
// called by its name.
func (l *lowering) compiledCallee(call *ast.CallExpr) (pkg, name string) {
	if call == nil {
		return "", ""
	}
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	fn, ok := l.Info.Uses[fun.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Signature().Recv() != nil {
		return "", ""
	}
	return fn.Pkg().Path(), fn.Name()
}

func (l *lowering) typeName(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		return p.Name()
	})
}
