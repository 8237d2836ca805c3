package gguf

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
)

// The value types of metadata, numbered as in the file.
const (
	kindUint8 = iota
	kindInt8
	kindUint16
	kindInt16
	kindUint32
	kindInt32
	kindFloat32
	kindBool
	kindString
	kindArray
	kindUint64
	kindInt64
	kindFloat64
	kinds
)

// smallest is the fewest bytes one value of each kind takes in a file; for
// numbers and booleans it is what they take.
var smallest = [kinds]int64{
	kindUint8: 1, kindInt8: 1, kindUint16: 2, kindInt16: 2, kindUint32: 4, kindInt32: 4, kindFloat32: 4,
	kindBool: 1, kindString: 8, kindArray: 12, kindUint64: 8, kindInt64: 8, kindFloat64: 8,
}

const (
	maxDims  = 4 // of a tensor, as in ggml
	maxDepth = 4 // of arrays in arrays; published files use one
)

// reader decodes little-endian values. The first failure sticks in err and
// every later read gives zero.
type reader struct {
	buf  *bufio.Reader
	left int64 // bytes of the file not yet read
	err  error
	word [8]byte
}

func newReader(data io.ReaderAt, size int64) *reader {
	return &reader{buf: bufio.NewReaderSize(io.NewSectionReader(data, 0, size), 1<<16), left: size}
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// read fills b, or leaves it as it is after a failure.
func (r *reader) read(b []byte) {
	if r.err == nil && int64(len(b)) > r.left {
		r.err = io.ErrUnexpectedEOF
	}
	if r.err == nil {
		r.left -= int64(len(b))
		_, r.err = io.ReadFull(r.buf, b)
	}
}

// bits reads a number of size bytes.
func (r *reader) bits(size int64) uint64 {
	r.word = [8]byte{}
	r.read(r.word[:size])
	if r.err != nil {
		return 0
	}
	return binary.LittleEndian.Uint64(r.word[:])
}

// count reads the number of things that follow, each of at least size bytes,
// and refuses a number that the rest of the file has no room for.
func (r *reader) count(size int64) int {
	n := r.bits(8)
	if n > uint64(r.left/size) {
		r.fail("a count of %d with %d bytes left in the file", n, r.left)
	}
	if r.err != nil {
		return 0
	}
	return int(n)
}

func (r *reader) text() string {
	b := make([]byte, r.count(1))
	r.read(b)
	return string(b)
}

// kind reads the type of a value.
func (r *reader) kind() int {
	kind := r.bits(4)
	if kind >= kinds {
		r.fail("unknown value type %d", kind)
		return kindUint8
	}
	return int(kind)
}

// value reads one metadata value; depth is the number of arrays around it.
func (r *reader) value(kind, depth int) any {
	switch kind {
	case kindString:
		return r.text()
	case kindArray:
		return r.array(depth + 1)
	}
	bits := r.bits(smallest[kind])
	switch kind {
	case kindInt8:
		return int(int8(bits))
	case kindInt16:
		return int(int16(bits))
	case kindInt32:
		return int(int32(bits))
	case kindFloat32:
		return float64(math.Float32frombits(uint32(bits)))
	case kindFloat64:
		return math.Float64frombits(bits)
	case kindBool:
		return bits != 0
	case kindUint64:
		if bits > math.MaxInt {
			return bits
		}
	}
	return int(bits)
}

func (r *reader) array(depth int) []any {
	if depth > maxDepth {
		r.fail("arrays nested more than %d deep", maxDepth)
	}
	kind := r.kind()
	items := make([]any, r.count(smallest[kind]))
	for i := range items {
		if items[i] = r.value(kind, depth); r.err != nil {
			break
		}
	}
	return items
}

// tensor reads one directory entry. Its offset still counts from the end of
// the header.
func (r *reader) tensor() Tensor {
	t := Tensor{Name: r.text()}
	dims := r.bits(4)
	if dims > maxDims {
		r.fail("%d dimensions (want at most %d)", dims, maxDims)
	}
	if r.err != nil {
		return t
	}
	t.Shape = make([]int, dims)
	for i := range t.Shape {
		t.Shape[i] = r.size("dimension")
	}
	slices.Reverse(t.Shape)
	t.Type = Type(r.bits(4))
	t.offset = int64(r.size("offset"))
	return t
}

// size reads a number that has to fit an int.
func (r *reader) size(what string) int {
	n := r.bits(8)
	if n > math.MaxInt {
		r.fail("%s %d is out of range", what, n)
	}
	return int(n)
}
