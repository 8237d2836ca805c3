package forge

import (
	"encoding/binary"
	"reflect"
	"sync"
	"unsafe"
)

// The types of this file mirror internal/abi of Go 1.26; SelfTest compares
// them with what the running binary holds.

// rtype is the head of every type descriptor (abi.Type).
type rtype struct {
	size       uintptr
	ptrBytes   uintptr
	hash       uint32
	tflag      uint8
	align      uint8
	fieldAlign uint8
	kind       uint8
	equal      func(unsafe.Pointer, unsafe.Pointer) bool
	gcData     *byte
	str        int32
	ptrToThis  int32
}

// Flags of rtype.tflag.
const (
	flagUncommon = 1 << iota
	flagExtraStar
	flagNamed
	flagRegular
	flagMaskOnDemand
	flagDirect
)

type (
	arrayType struct {
		rtype
		elem, slice *rtype
		len         uintptr
	}
	chanType struct {
		rtype
		elem *rtype
		dir  int
	}
	funcType struct {
		rtype
		in, out uint16
	}
	interfaceType struct {
		rtype
		pkgPath *byte
		methods []imethod
	}
	mapType struct {
		rtype
		key, elem, group             *rtype
		hasher                       func(unsafe.Pointer, uintptr) uintptr
		groupSize, slotSize, elemOff uintptr
		flags                        uint32
	}
	// ptrType is the descriptor of a pointer or a slice.
	ptrType struct {
		rtype
		elem *rtype
	}
	structType struct {
		rtype
		pkgPath *byte
		fields  []structField
	}
)

type structField struct {
	name   *byte
	typ    *rtype
	offset uintptr
}

type imethod struct{ name, typ int32 }

// uncommon follows the descriptor of types with a name or methods.
type uncommon struct {
	pkgPath        int32
	mcount, xcount uint16
	moff, _        uint32
}

type cmethod struct{ name, mtyp, ifn, tfn int32 }

// kindSize is the size of a descriptor without what follows it.
func kindSize(k reflect.Kind) uintptr {
	switch k {
	case reflect.Array:
		return unsafe.Sizeof(arrayType{})
	case reflect.Chan:
		return unsafe.Sizeof(chanType{})
	case reflect.Func:
		return unsafe.Sizeof(funcType{})
	case reflect.Interface:
		return unsafe.Sizeof(interfaceType{})
	case reflect.Map:
		return unsafe.Sizeof(mapType{})
	case reflect.Pointer, reflect.Slice:
		return unsafe.Sizeof(ptrType{})
	case reflect.Struct:
		return unsafe.Sizeof(structType{})
	}
	return unsafe.Sizeof(rtype{})
}

func (t *rtype) uncommon() *uncommon {
	if t.tflag&flagUncommon == 0 {
		return nil
	}
	return (*uncommon)(unsafe.Add(unsafe.Pointer(t), kindSize(reflect.Kind(t.kind))))
}

func (u *uncommon) methods() []cmethod {
	return unsafe.Slice((*cmethod)(unsafe.Add(unsafe.Pointer(u), u.moff)), u.mcount)
}

// params are the parameter and result types of a func descriptor.
func (f *funcType) params() []*rtype {
	at := unsafe.Sizeof(*f)
	if f.tflag&flagUncommon != 0 {
		at += unsafe.Sizeof(uncommon{})
	}
	return unsafe.Slice((**rtype)(unsafe.Add(unsafe.Pointer(f), at)), int(f.in)+int(f.out&(1<<15-1)))
}

type eface struct{ typ, data unsafe.Pointer }

// raw is the descriptor behind t.
func raw(t reflect.Type) *rtype { return (*rtype)((*eface)(unsafe.Pointer(&t)).data) }

// typ is the reflect.Type of a descriptor.
func (t *rtype) typ() reflect.Type {
	r := reflect.TypeFor[int]()
	(*eface)(unsafe.Pointer(&r)).data = unsafe.Pointer(t)
	return r
}

// store holds what forged descriptors refer to. Descriptors live for ever, as
// those of package reflect do: the runtime's tables of interface methods point
// to them without telling the collector. So the store is one for the process.
var store struct {
	sync.Mutex
	chunk []uint64       // pointer-free memory not yet handed out
	kept  []any          // the memory handed out, and what it points to
	names map[name]int32 // offsets of names already stored
}

const chunkWords = 4096

// memory returns n zero bytes that are never freed. The collector does not
// look into them: what they point to has to be kept.
func memory(n uintptr) unsafe.Pointer {
	words := int(n+7) / 8
	store.Lock()
	defer store.Unlock()
	if words > len(store.chunk) {
		store.chunk = make([]uint64, max(words, chunkWords))
		store.kept = append(store.kept, store.chunk)
	}
	p := unsafe.Pointer(unsafe.SliceData(store.chunk))
	store.chunk = store.chunk[words:]
	return p
}

func keep(x any) {
	store.Lock()
	store.kept = append(store.kept, x)
	store.Unlock()
}

// addReflectOff gives ptr a number that the runtime resolves wherever a
// descriptor outside the binary's own holds an offset.
//
//go:linkname addReflectOff reflect.addReflectOff
func addReflectOff(ptr unsafe.Pointer) int32

// The runtime takes the number -1 for code that the linker has removed, and
// would give it to the first to ask.
var _ = addReflectOff(unsafe.Pointer(new(uint64)))

func (t *rtype) off() int32 { return addReflectOff(unsafe.Pointer(t)) }

// name is a name as descriptors hold it.
type name struct {
	text, tag          string
	pkg                string // the package of an unexported method
	exported, embedded bool
}

// bytes encodes n as abi.Name documents.
func (n name) bytes() *byte {
	b := []byte{0}
	if n.exported {
		b[0] |= 1
	}
	if n.embedded {
		b[0] |= 1 << 3
	}
	b = append(binary.AppendUvarint(b, uint64(len(n.text))), n.text...)
	if n.tag != "" {
		b[0] |= 1 << 1
		b = append(binary.AppendUvarint(b, uint64(len(n.tag))), n.tag...)
	}
	if n.pkg != "" {
		b[0] |= 1 << 2
		b = binary.NativeEndian.AppendUint32(b, uint32(name{text: n.pkg}.off()))
	}
	p := (*byte)(memory(uintptr(len(b))))
	copy(unsafe.Slice(p, len(b)), b)
	return p
}

func (n name) off() int32 {
	store.Lock()
	off, ok := store.names[n]
	store.Unlock()
	if ok {
		return off
	}
	off = addReflectOff(unsafe.Pointer(n.bytes()))
	store.Lock()
	defer store.Unlock()
	if store.names == nil {
		store.names = map[name]int32{}
	}
	store.names[n] = off
	return off
}
