package lower

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"strconv"
)

// pool remembers what was entered in the interpreter's pool, so that nothing is entered twice.
type pool struct {
	use     func(string, reflect.Value)
	types   map[reflect.Type]string
	entries map[string]string // what an entry is -> its name
	passing int               // entries of the current unit that later ones do not need
}

func newPool(use func(string, reflect.Value)) pool {
	return pool{use: use, types: map[reflect.Type]string{}, entries: map[string]string{}}
}

// entry returns the name of the entry that key describes, making it if it is new.
func (p *pool) entry(prefix, key string, value func() reflect.Value) string {
	key = prefix + key
	name, ok := p.entries[key]
	if !ok {
		name = p.add(prefix, value())
		p.entries[key] = name
	}
	return name
}

// add enters a value that is like no other.
func (p *pool) add(prefix string, v reflect.Value) string {
	name := fmt.Sprintf("%s%d", prefix, len(p.entries)+len(p.types))
	p.entries["·"+name] = name
	p.use(name, v)
	return name
}

// unitEntry enters a value that only the current unit needs. Its name is used again by the next.
func (p *pool) unitEntry(prefix string, v reflect.Value) string {
	p.passing++
	name := fmt.Sprintf("%s·%d", prefix, p.passing)
	p.use(name, v)
	return name
}

func (p *pool) typeName(t reflect.Type) string {
	name, ok := p.types[t]
	if !ok {
		name = p.add("T", reflect.Zero(reflect.PointerTo(t)))
		p.types[t] = name
	}
	return name
}

// compiledType finds a type of a compiled package.
func (l *Lowering) compiledType(path, name string) (reflect.Type, bool) {
	if t, ok := l.hidden[path+"."+name]; ok {
		return t, true
	}
	v, ok := l.Lookup(path, name)
	if !ok || v.Kind() != reflect.Pointer || !v.IsNil() {
		return nil, false
	}
	return v.Type().Elem(), true
}

// open returns the type that core uses for t, and true the type that interfaces hold.
func (f *function) open(at ast.Node, t types.Type) reflect.Type { return f.l.openType(at, f.subst(t)) }

func (l *Lowering) openType(at ast.Node, t types.Type) reflect.Type {
	return l.forged(at, t, l.world.Open)
}

func (l *Lowering) trueType(at ast.Node, t types.Type) reflect.Type {
	return l.forged(at, t, l.world.True)
}

// forged is a type that forge makes of t. If it cannot, the refusal says which, and then why.
func (l *Lowering) forged(at ast.Node, t types.Type, form func(types.Type) (reflect.Type, error)) reflect.Type {
	l.register(t)
	r, err := form(t)
	if err != nil {
		why := cmp.Or(errors.Unwrap(err), err)
		no(at, "the type %s: %v", typeName(t), why)
	}
	return r
}

// isOpen reports whether t has a twin, so that its values cannot become interfaces without a gate.
func (l *Lowering) isOpen(at ast.Node, t types.Type) bool {
	return l.openType(at, t) != l.trueType(at, t)
}

// typeExpr is the core name of a type: that of a basic type, or an entry of the pool.
func (f *function) typeExpr(at ast.Node, t types.Type) ast.Expr { return f.l.typeExpr(at, f.subst(t)) }

func (l *Lowering) typeExpr(at ast.Node, t types.Type) ast.Expr {
	t = types.Default(t)
	if b, ok := types.Unalias(t).(*types.Basic); ok && b.Kind() != types.UnsafePointer && b.Info()&types.IsUntyped == 0 {
		return ident(token.NoPos, types.Typ[b.Kind()].Name())
	}
	return l.reflectTypeExpr(l.openType(at, t))
}

func (l *Lowering) reflectTypeExpr(t reflect.Type) ast.Expr {
	return poolRef(token.NoPos, l.pool.typeName(t))
}

// constant is the core form of a constant of type t.
func (l *Lowering) constant(at ast.Node, v constant.Value, t types.Type) ast.Expr {
	if b, ok := types.Unalias(types.Default(t)).(*types.Basic); ok {
		switch b.Kind() {
		case types.Bool:
			return ident(at.Pos(), strconv.FormatBool(constant.BoolVal(v)))
		case types.Int:
			if n, exact := constant.Int64Val(constant.ToInt(v)); exact && n >= 0 {
				return &ast.BasicLit{ValuePos: at.Pos(), Kind: token.INT, Value: strconv.FormatInt(n, 10)}
			}
		case types.String:
			return &ast.BasicLit{ValuePos: at.Pos(), Kind: token.STRING, Value: strconv.Quote(constant.StringVal(v))}
		}
		t = b
	}
	r := l.openType(at, t)
	name := l.pool.entry("C", fmt.Sprintf("%d %s", l.typeID(r), v.ExactString()), func() reflect.Value { return constantValue(at, v, r) })
	return poolRef(at.Pos(), name)
}

// typeID tells types apart that print alike.
func (l *Lowering) typeID(t reflect.Type) uintptr { return reflect.ValueOf(t).Pointer() }

// constantValue converts a constant to a value of type t. The value cannot be addressed: to yaegi it is a constant.
func constantValue(at ast.Node, v constant.Value, t reflect.Type) reflect.Value {
	r := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.Bool:
		r.SetBool(constant.BoolVal(v))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, _ := constant.Int64Val(constant.ToInt(v))
		r.SetInt(n)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		n, _ := constant.Uint64Val(constant.ToInt(v))
		r.SetUint(n)
	case reflect.Float32:
		x, _ := constant.Float32Val(constant.ToFloat(v))
		r.SetFloat(float64(x))
	case reflect.Float64:
		x, _ := constant.Float64Val(constant.ToFloat(v))
		r.SetFloat(x)
	case reflect.Complex64:
		re, _ := constant.Float32Val(constant.Real(constant.ToComplex(v)))
		im, _ := constant.Float32Val(constant.Imag(constant.ToComplex(v)))
		r.SetComplex(complex(float64(re), float64(im)))
	case reflect.Complex128:
		re, _ := constant.Float64Val(constant.Real(constant.ToComplex(v)))
		im, _ := constant.Float64Val(constant.Imag(constant.ToComplex(v)))
		r.SetComplex(complex(re, im))
	case reflect.String:
		r.SetString(constant.StringVal(v))
	default:
		fault(at, "a constant of type %s", t)
	}
	return reflect.ValueOf(r.Interface())
}

// symbol refers to a function or variable of a compiled package.
func (l *Lowering) symbol(at ast.Node, obj types.Object) ast.Expr {
	path, name := obj.Pkg().Path(), obj.Name()
	v, ok := l.Lookup(path, name)
	if !ok {
		no(at, "%s.%s is not among what the interpreter can see", obj.Pkg().Name(), name)
	}
	l.learn(obj.Type(), v.Type())
	if _, isVar := obj.(*types.Var); isVar {
		return star(at.Pos(), poolRef(at.Pos(), l.pool.entry("P", path+"."+name, func() reflect.Value { return v.Addr() })))
	}
	return poolRef(at.Pos(), l.pool.entry("S", path+"."+name, func() reflect.Value { return v }))
}

// helper refers to a compiled function made for certain types. The key says which.
func (l *Lowering) helper(at token.Pos, kind string, of []reflect.Type, value func() reflect.Value) ast.Expr {
	key := kind
	for _, t := range of {
		key += fmt.Sprintf(" %d", l.typeID(t))
	}
	return poolRef(at, l.pool.entry("H", key, value))
}

// typeName is how messages name a type.
func typeName(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		return p.Name()
	})
}

// learn notes the types that a compiled package does not export, where one of its exported names has them.
func (l *Lowering) learn(t types.Type, r reflect.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if obj := t.Obj(); obj.Pkg() != nil && !obj.Exported() {
			l.hidden[obj.Pkg().Path()+"."+obj.Name()] = r
		}
	case *types.Pointer:
		l.learn(t.Elem(), r.Elem())
	case *types.Slice:
		l.learn(t.Elem(), r.Elem())
	case *types.Signature:
		if t.TypeParams().Len() > 0 {
			return
		}
		for i := range t.Params().Len() {
			l.learn(t.Params().At(i).Type(), r.In(i))
		}
		for i := range t.Results().Len() {
			l.learn(t.Results().At(i).Type(), r.Out(i))
		}
	}
}
