package forge

import (
	"reflect"
	"unsafe"
)

const wordSize = unsafe.Sizeof(uintptr(0))

// maxMask is the most pointer bytes a type may have for its bit mask to be
// made in advance (abi.MaxPtrmaskBytes bytes of mask).
const maxMask = 2048 * 8 * wordSize

// layout places the fields of s as the compiler does and fills in all that
// follows from their types. The types may be stand-ins of equal layout.
func (s *structType) layout(comparable bool) {
	size, lastZero := uintptr(0), uintptr(0)
	s.align = 1
	for i := range s.fields {
		f := &s.fields[i]
		s.align = max(s.align, f.typ.align)
		f.offset = roundUp(size, uintptr(f.typ.align))
		size = f.offset + f.typ.size
		if size < f.offset || size > 1<<47 {
			fail("type is too large")
		}
		if f.typ.size == 0 {
			lastZero = size
		}
		if f.typ.ptrBytes > 0 {
			s.ptrBytes = f.offset + f.typ.ptrBytes
		}
	}
	if size > 0 && lastZero == size {
		size++ // the address of the last field must not be that of another object
	}
	s.fieldAlign = s.align
	s.size = roundUp(size, uintptr(s.align))
	s.kind = uint8(reflect.Struct)
	if s.regular() {
		s.tflag |= flagRegular
	}
	if s.size == wordSize && s.ptrBytes == wordSize {
		s.tflag |= flagDirect
	}
	if comparable {
		s.equal = s.equality()
		keep(s.equal)
	}
	s.mask()
}

func roundUp(n, to uintptr) uintptr { return (n + to - 1) &^ (to - 1) }

// mask makes the bit mask of pointers, or leaves it to the runtime.
func (s *structType) mask() {
	switch {
	case s.ptrBytes == 0:
	case s.ptrBytes <= maxMask:
		s.gcData = (*byte)(memory(roundUp(s.ptrBytes/wordSize, 8) / 8))
		markPointers(unsafe.Slice(s.gcData, roundUp(s.ptrBytes/wordSize, 8)/8), 0, &s.rtype)
	default:
		s.tflag |= flagMaskOnDemand
		s.gcData = (*byte)(memory(wordSize))
	}
}

// markPointers sets the bits of the pointer words of a t that lies at word.
func markPointers(bits []byte, word uintptr, t *rtype) {
	if t.ptrBytes == 0 {
		return
	}
	switch reflect.Kind(t.kind) {
	case reflect.Array:
		a := (*arrayType)(unsafe.Pointer(t))
		for i := range a.len {
			markPointers(bits, word+i*a.elem.size/wordSize, a.elem)
		}
	case reflect.Struct:
		for _, f := range (*structType)(unsafe.Pointer(t)).fields {
			markPointers(bits, word+f.offset/wordSize, f.typ)
		}
	case reflect.Interface:
		bits[word/8] |= 1 << (word % 8)
		word++
		fallthrough
	default:
		bits[word/8] |= 1 << (word % 8)
	}
}

// regular tells whether equality and hash may treat the struct as one piece
// of memory (cmd/compile/internal/compare.IsRegularMemory).
func (s *structType) regular() bool {
	for i, f := range s.fields {
		end := s.size
		if i+1 < len(s.fields) {
			end = s.fields[i+1].offset
		}
		if isBlank(f.name) || f.typ.tflag&flagRegular == 0 || f.offset+f.typ.size != end {
			return false
		}
	}
	return true
}

func isBlank(name *byte) bool {
	b := unsafe.Slice(name, 3)
	return b[1] == 1 && b[2] == '_'
}

// equality is ==: blank fields do not count. What stands in for a field's
// type compares as the type does.
func (s *structType) equality() func(p, q unsafe.Pointer) bool {
	size := s.size
	if s.tflag&flagRegular != 0 {
		return func(p, q unsafe.Pointer) bool {
			return unsafe.String((*byte)(p), size) == unsafe.String((*byte)(q), size)
		}
	}
	type part struct {
		offset uintptr
		equal  func(p, q unsafe.Pointer) bool
	}
	var parts []part
	for _, f := range s.fields {
		if !isBlank(f.name) {
			parts = append(parts, part{f.offset, f.typ.equal})
		}
	}
	return func(p, q unsafe.Pointer) bool {
		for _, f := range parts {
			if !f.equal(unsafe.Add(p, f.offset), unsafe.Add(q, f.offset)) {
				return false
			}
		}
		return true
	}
}
