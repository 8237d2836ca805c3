package safetensors

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// LittleEndian tells whether values lie in memory as they do in a file.
var LittleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// BytesOf is the memory of values.
func BytesOf(values []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), 4*len(values))
}

// ToHost turns values that were read as bytes of a file into those of this machine.
func ToHost(values []float32) {
	if LittleEndian {
		return
	}
	raw := BytesOf(values)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
}

// AppendFloats appends values as a file has them.
func AppendFloats(b []byte, values []float32) []byte {
	if LittleEndian {
		return append(b, BytesOf(values)...)
	}
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}
