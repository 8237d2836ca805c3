package gguf

import (
	"fmt"
	"math/bits"
	"strconv"
)

// Tensor is an entry of the tensor directory.
type Tensor struct {
	Name  string
	Shape []int // row-major, slowest dimension first
	Type  Type

	weights int   // product of Shape
	bytes   int64 // size in the file; 0 for types that are not read
	offset  int64 // of the first byte, from the start of the file
}

// Len returns the number of weights.
func (t Tensor) Len() int { return t.weights }

// Type is the storage type of a tensor, numbered as in the file.
type Type uint32

// The types that Dequantise reads: the plain ones; those of blocks of 32 weights,
// with a scale (and a minimum in the _1); and the k-quants, with blocks of 256.
const (
	F32  Type = 0
	F16  Type = 1
	Q4_0 Type = 2
	Q4_1 Type = 3
	Q5_0 Type = 6
	Q5_1 Type = 7
	Q8_0 Type = 8
	Q2_K Type = 10
	Q3_K Type = 11
	Q4_K Type = 12
	Q5_K Type = 13
	Q6_K Type = 14
	BF16 Type = 30
)

// typeNames are ggml's names, so that a refusal can name what the file holds.
var typeNames = map[Type]string{
	F32: "F32", F16: "F16", Q4_0: "Q4_0", Q4_1: "Q4_1", Q5_0: "Q5_0", Q5_1: "Q5_1", Q8_0: "Q8_0", 9: "Q8_1",
	Q2_K: "Q2_K", Q3_K: "Q3_K", Q4_K: "Q4_K", Q5_K: "Q5_K", Q6_K: "Q6_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS",
	18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16",
	26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M", BF16: "BF16", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
}

// String returns ggml's name of the type.
func (t Type) String() string {
	if name, ok := typeNames[t]; ok {
		return name
	}
	return "type " + strconv.Itoa(int(t))
}

// measure computes the number of weights and, for the types that are read, of
// bytes. Types that are not read are left unmeasured: their block sizes are not
// known here.
func (t *Tensor) measure() error {
	n := uint64(1)
	for _, d := range t.Shape {
		hi, lo := bits.Mul64(n, uint64(d))
		if hi != 0 || lo >= 1<<62 {
			return fmt.Errorf("shape %v is out of range", t.Shape)
		}
		n = lo
	}
	t.weights = int(n)
	format, ok := formats[t.Type]
	if !ok {
		return nil
	}
	row := 1
	if len(t.Shape) > 0 {
		row = t.Shape[len(t.Shape)-1]
	}
	if row%format.weights != 0 {
		return fmt.Errorf("rows of %d are not made of whole %s blocks of %d", row, t.Type, format.weights)
	}
	hi, size := bits.Mul64(n/uint64(format.weights), uint64(format.bytes))
	if hi != 0 || size >= 1<<62 {
		return fmt.Errorf("shape %v is out of range", t.Shape)
	}
	t.bytes = int64(size)
	return nil
}
