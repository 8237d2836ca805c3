package vectors

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// littleEndian tells whether values lie in memory as they do in the file.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// bytesOf is the memory of values.
func bytesOf(values []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), 4*len(values))
}

// toHost turns values that were read as bytes of a file into those of this machine.
func toHost(values []float32) {
	if littleEndian {
		return
	}
	raw := bytesOf(values)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
}

// appendValues appends values as a file has them.
func appendValues(b []byte, values []float32) []byte {
	if littleEndian {
		return append(b, bytesOf(values)...)
	}
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}
