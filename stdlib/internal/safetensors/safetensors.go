// Package safetensors reads float tensors out of safetensors files, which
// nlpodyssey/safetensors parses, as float32 values.
package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	st "github.com/nlpodyssey/safetensors"
)

// File is a safetensors file in memory.
type File struct {
	name    string
	tensors st.SafeTensors
}

// Open reads the file at path.
func Open(path string) (*File, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	tensors, err := st.Deserialize(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &File{filepath.Base(path), tensors}, nil
}

// Floats returns the tensor called name, row-major, which must have the given shape.
func (f *File) Floats(name string, shape []int64) ([]float32, error) {
	view, ok := f.tensors.Tensor(name)
	if !ok {
		return nil, fmt.Errorf("%s has no tensor %s", f.name, name)
	}
	if !slices.EqualFunc(view.Shape(), shape, func(a uint64, b int64) bool { return a == uint64(b) }) {
		return nil, fmt.Errorf("%s: tensor %s has shape %v, want %v", f.name, name, view.Shape(), shape)
	}
	widen, size := decoder(view.DType())
	if widen == nil {
		return nil, fmt.Errorf("%s: tensor %s has type %s: want F32, F16 or BF16", f.name, name, view.DType())
	}
	raw := view.Data()
	values := make([]float32, len(raw)/size)
	for i := range values {
		values[i] = widen(raw[i*size:])
	}
	return values, nil
}

// decoder returns how to widen one value of a type, and its size in bytes.
func decoder(t st.DType) (func([]byte) float32, int) {
	switch t {
	case st.F32:
		return func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }, 4
	case st.BF16:
		return func(b []byte) float32 { return math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16) }, 2
	case st.F16:
		return func(b []byte) float32 { return half(binary.LittleEndian.Uint16(b)) }, 2
	}
	return nil, 0
}

// half widens an IEEE 754 binary16.
func half(h uint16) float32 {
	sign, exp, frac := uint32(h>>15)<<31, uint32(h>>10)&31, uint32(h)&1023
	switch exp {
	case 0: // zero and subnormals: frac · 2^−24
		return math.Float32frombits(math.Float32bits(float32(frac)/(1<<24)) | sign)
	case 31: // infinity and NaN
		return math.Float32frombits(sign | 255<<23 | frac<<13)
	}
	return math.Float32frombits(sign | (exp+112)<<23 | frac<<13)
}
