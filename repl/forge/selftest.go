package forge

import (
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"sync"
	"unsafe"
)

// SelfTest checks what the package takes for granted about the descriptors and
// the calling convention of the Go version that compiled it. Its answer is
// kept: only the first call costs (less than a millisecond).
func SelfTest() error { return selfTest() }

var selfTest = sync.OnceValue(func() error {
	for _, check := range []func() error{checkHeads, checkTails, checkMethods, checkValues, checkSlots, checkItabs, checkCall} {
		if err := check(); err != nil {
			return fmt.Errorf("forge: this version of Go is not supported: %w", err)
		}
	}
	return nil
})

// sample is a type with all that descriptors tell.
type sample struct {
	A int8
	b string `key:"value"` //lint:ignore U1000 for its descriptor
	*sync.Mutex
}

type sampleInterface interface {
	Error() string
	hidden(int)
}

func (sample) Error() string { return "" }
func (*sample) hidden(int)   {}

func checkHeads() error {
	for _, t := range []reflect.Type{
		reflect.TypeFor[sample](), reflect.TypeFor[*sample](), reflect.TypeFor[sampleInterface](), reflect.TypeFor[[]int](),
		reflect.TypeFor[map[string]sample](), reflect.TypeFor[float32](), reflect.TypeFor[[3]byte](), reflect.TypeFor[func()](),
	} {
		r := raw(t)
		text, _ := decodeName((*byte)(resolveNameOff(unsafe.Pointer(r), r.str)))
		if r.tflag&flagExtraStar != 0 {
			text = text[1:]
		}
		if r.size != t.Size() || int(r.align) != t.Align() || int(r.fieldAlign) != t.FieldAlign() || reflect.Kind(r.kind) != t.Kind() ||
			(r.equal != nil) != t.Comparable() || text != t.String() || (r.tflag&flagNamed != 0) != (t.Name() != "") || r.typ() != t {
			return fmt.Errorf("the descriptor of %v has another layout", t)
		}
	}
	pointers := raw(reflect.TypeFor[sample]())
	if pointers.ptrBytes != 4*wordSize || *pointers.gcData&0xF != 0b1010 && wordSize == 8 {
		return errors.New("pointer masks have another layout")
	}
	if raw(reflect.TypeFor[*int]()).tflag&flagDirect == 0 || raw(reflect.TypeFor[int]()).tflag&(flagDirect|flagRegular) != flagRegular {
		return errors.New("the flags of descriptors are others")
	}
	return nil
}

func checkTails() error {
	s := (*structType)(unsafe.Pointer(raw(reflect.TypeFor[sample]())))
	m := (*mapType)(unsafe.Pointer(raw(reflect.TypeFor[map[string]sample]())))
	f := (*funcType)(unsafe.Pointer(raw(reflect.TypeFor[func(int, ...string) error]())))
	i := (*interfaceType)(unsafe.Pointer(raw(reflect.TypeFor[sampleInterface]())))
	a := (*arrayType)(unsafe.Pointer(raw(reflect.TypeFor[[3]byte]())))
	c := (*chanType)(unsafe.Pointer(raw(reflect.TypeFor[<-chan int]())))
	p := (*ptrType)(unsafe.Pointer(raw(reflect.TypeFor[*sample]())))
	name, _ := decodeName(s.fields[1].name)
	if len(s.fields) != 3 || name != "b" || s.fields[1].typ != raw(basics[types.String]) || s.fields[1].offset != wordSize ||
		*s.fields[1].name != 1<<1 || *s.fields[2].name != 1|1<<3 {
		return errors.New("struct fields have another layout")
	}
	if m.key != raw(basics[types.String]) || m.elem != &s.rtype || m.groupSize != m.group.size || m.hasher == nil {
		return errors.New("map types have another layout")
	}
	if f.in != 2 || f.out != 1|1<<15 || len(f.params()) != 3 || f.params()[2] != raw(errorType) {
		return errors.New("func types have another layout")
	}
	if len(i.methods) != 2 || (*rtype)(resolveTypeOff(unsafe.Pointer(i), i.methods[1].typ)) != raw(reflect.TypeFor[func(int)]()) {
		return errors.New("interface types have another layout")
	}
	if a.len != 3 || a.elem != raw(basics[types.Uint8]) || a.slice != raw(reflect.TypeFor[[]byte]()) || c.dir != int(reflect.RecvDir) || p.elem != &s.rtype {
		return errors.New("composite types have another layout")
	}
	return nil
}

// checkMethods compares methods, and calls one by its code.
func checkMethods() error {
	t := raw(reflect.TypeFor[*sample]())
	u := t.uncommon()
	if u == nil || u.xcount < 1 || u.mcount < u.xcount || int(u.xcount) != reflect.TypeFor[*sample]().NumMethod() {
		return errors.New("methods have another layout")
	}
	m := u.methods()[0]
	name, _ := decodeName((*byte)(resolveNameOff(unsafe.Pointer(t), m.name)))
	if name != "Error" || (*rtype)(resolveTypeOff(unsafe.Pointer(t), m.mtyp)) != raw(reflect.TypeFor[func() string]()) {
		return errors.New("methods have another layout")
	}
	return nil
}

func checkValues() error {
	x := int64(7)
	v := reflect.ValueOf(&x).Elem()
	r := (*value)(unsafe.Pointer(&v))
	if r.typ != raw(v.Type()) || r.ptr != unsafe.Pointer(&x) || r.flag&flagAddressable == 0 || unsafe.Sizeof(*r) != unsafe.Sizeof(v) {
		return errors.New("reflect.Value has another layout")
	}
	if v = reflect.ValueOf(sample{}).Method(0); r.flag&flagMethod == 0 {
		return errors.New("the flags of reflect.Value are others")
	}
	f := reflect.MakeFunc(reflect.TypeFor[func(int) int](), func(args []reflect.Value) []reflect.Value { return args })
	made := (*madeFunc)(closureOfValue(f))
	if made.code != madeCode() || &made.typ.rtype != raw(f.Type()) || made.fn == nil || made.fn([]reflect.Value{reflect.ValueOf(x)})[0].Int() != x {
		return errors.New("reflect.MakeFunc works in another way")
	}
	return nil
}

// checkCall forges types and calls their methods.
func checkCall() error {
	pkg := types.NewPackage("forge/selftest", "selftest")
	w := newWorld(nil)
	w.Own(pkg)
	str := types.NewTuple(types.NewParam(token.NoPos, pkg, "", types.Typ[types.String]))
	method := func(named *types.Named) {
		recv := types.NewParam(token.NoPos, pkg, "", named)
		named.AddMethod(types.NewFunc(token.NoPos, pkg, "String", types.NewSignatureType(recv, nil, nil, nil, str, false)))
	}
	inner := types.NewNamed(types.NewTypeName(token.NoPos, pkg, "T", nil), types.Typ[types.Int], nil)
	method(inner)
	outer := types.NewNamed(types.NewTypeName(token.NoPos, pkg, "U", nil), types.NewStruct([]*types.Var{
		types.NewField(token.NoPos, pkg, "f", types.Typ[types.Float64], false),
		types.NewField(token.NoPos, pkg, "T", inner, true),
	}, nil), nil)
	t, err := w.True(outer)
	if err != nil {
		return err
	}
	open, err := w.Open(inner)
	if err != nil {
		return err
	}
	body := reflect.MakeFunc(reflect.FuncOf([]reflect.Type{open}, []reflect.Type{basics[types.String]}, false), func(args []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(fmt.Sprint("T", args[0].Int()))}
	})
	if err := w.Bind(inner, "String", body); err != nil {
		return err
	}
	p := reflect.New(t)
	*(*int)(unsafe.Add(p.UnsafePointer(), 8)) = 42
	for _, x := range []any{p.Interface(), p.Elem().Interface()} {
		if s, ok := x.(fmt.Stringer); !ok || s.String() != "T42" {
			return errors.New("methods of forged types do not work")
		}
	}
	if s := p.MethodByName("String").Call(nil)[0].String(); s != "T42" || t.String() != "selftest.U" {
		return errors.New("methods of forged types do not work by reflection")
	}
	return nil
}
