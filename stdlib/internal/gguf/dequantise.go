package gguf

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// format is how a type stores its weights: in blocks of so many weights and
// bytes. decode reads len(dst)/weights blocks. The products are rounded to
// float32 before the sum (the conversions forbid a fused multiply-add), so the
// numbers are those of ggml's reference on every machine.
type format struct {
	weights, bytes int
	decode         func(dst []float32, src []byte)
}

var formats = map[Type]format{
	F32:  {1, 4, decodeF32},
	F16:  {1, 2, decodeF16},
	BF16: {1, 2, decodeBF16},
	Q4_0: {32, 18, decodeQ40},
	Q4_1: {32, 20, decodeQ41},
	Q5_0: {32, 22, decodeQ50},
	Q5_1: {32, 24, decodeQ51},
	Q8_0: {32, 34, decodeQ80},
	Q2_K: {256, 84, decodeQ2K},
	Q3_K: {256, 110, decodeQ3K},
	Q4_K: {256, 144, decodeQ4K},
	Q5_K: {256, 176, decodeQ5K},
	Q6_K: {256, 210, decodeQ6K},
}

// chunk is the number of weights a goroutine reads and decodes at a time: a
// whole number of blocks of every type, and a piece that stays in the cache.
const chunk = 1 << 16

// Dequantise returns the weights of the tensor called name, row-major.
func (f *File) Dequantise(name string) ([]float32, error) {
	t, err := f.readable(name)
	if err != nil {
		return nil, err
	}
	dst := make([]float32, t.weights)
	return dst, f.decode(dst, t)
}

// DequantiseInto fills dst, which must have the tensor's length, with the
// weights of the tensor called name, row-major.
func (f *File) DequantiseInto(dst []float32, name string) error {
	t, err := f.readable(name)
	if err != nil {
		return err
	}
	if len(dst) != t.weights {
		return fmt.Errorf("gguf: read %s: tensor %q: has %d weights, the destination %d", f.name, name, t.weights, len(dst))
	}
	return f.decode(dst, t)
}

// readable finds a tensor and checks that its type is one that is read.
func (f *File) readable(name string) (Tensor, error) {
	t, err := f.Tensor(name)
	if err != nil {
		return t, err
	}
	if _, ok := formats[t.Type]; !ok {
		return t, fmt.Errorf("gguf: read %s: tensor %q: %s is not supported (want %v)", f.name, name, t.Type, slices.Sorted(maps.Keys(formats)))
	}
	return t, nil
}

// decode reads t into dst in chunks, on as many goroutines as there are
// processors and chunks for them.
func (f *File) decode(dst []float32, t Tensor) error {
	chunks := (len(dst) + chunk - 1) / chunk
	workers := min(chunks, runtime.GOMAXPROCS(0))
	errs := make([]error, workers)
	var next atomic.Int64
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() { errs[w] = f.decodeChunks(dst, t, &next) })
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("gguf: read %s: tensor %q: %w", f.name, t.Name, err)
		}
	}
	return nil
}

// decodeChunks takes chunks off the counter next until none are left.
func (f *File) decodeChunks(dst []float32, t Tensor, next *atomic.Int64) error {
	format := formats[t.Type]
	src := make([]byte, min(chunk, len(dst))/format.weights*format.bytes)
	for {
		start := int(next.Add(1)-1) * chunk
		if start >= len(dst) {
			return nil
		}
		part := dst[start:min(start+chunk, len(dst))]
		raw := src[:len(part)/format.weights*format.bytes]
		n, err := f.data.ReadAt(raw, t.offset+int64(start/format.weights*format.bytes))
		if n < len(raw) { // a reader may report io.EOF with the last byte
			return err
		}
		format.decode(part, raw)
	}
}

func decodeF32(dst []float32, src []byte) {
	for i := range dst {
		dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(src[4*i:]))
	}
}

func decodeF16(dst []float32, src []byte) {
	for i := range dst {
		dst[i] = half(src[2*i:])
	}
}

func decodeBF16(dst []float32, src []byte) {
	for i := range dst {
		dst[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(src[2*i:])) << 16)
	}
}

// decodeQ40: weight = scale × (nibble − 8). Low nibbles are the first 16
// weights of a block, high nibbles the last 16, here and in Q4_1.
func decodeQ40(dst []float32, src []byte) {
	for ; len(dst) >= 32; dst, src = dst[32:], src[18:] {
		scale := half(src)
		low, high := dst[:16], dst[16:32]
		for i, q := range src[2:18] {
			low[i] = scale * float32(int32(q&15)-8)
			high[i] = scale * float32(int32(q>>4)-8)
		}
	}
}

// decodeQ41: weight = scale × nibble + minimum.
func decodeQ41(dst []float32, src []byte) {
	for ; len(dst) >= 32; dst, src = dst[32:], src[20:] {
		scale, least := half(src), half(src[2:])
		low, high := dst[:16], dst[16:32]
		for i, q := range src[4:20] {
			low[i] = float32(scale*float32(int32(q&15))) + least
			high[i] = float32(scale*float32(int32(q>>4))) + least
		}
	}
}

// decodeQ50: weight = scale × (number − 16), of 5 bits. The fifth of all weights
// lie in the 4 bytes behind the scale, here and in Q5_1.
func decodeQ50(dst []float32, src []byte) {
	for ; len(dst) >= 32; dst, src = dst[32:], src[22:] {
		scale, fifth := half(src), binary.LittleEndian.Uint32(src[2:])
		low, high := dst[:16], dst[16:32]
		for i, q := range src[6:22] {
			low[i] = scale * float32(int32(uint32(q&15)|fifth>>i&1<<4)-16)
			high[i] = scale * float32(int32(uint32(q>>4)|fifth>>(16+i)&1<<4)-16)
		}
	}
}

// decodeQ51: weight = scale × number + minimum.
func decodeQ51(dst []float32, src []byte) {
	for ; len(dst) >= 32; dst, src = dst[32:], src[24:] {
		scale, least, fifth := half(src), half(src[2:]), binary.LittleEndian.Uint32(src[4:])
		low, high := dst[:16], dst[16:32]
		for i, q := range src[8:24] {
			low[i] = float32(scale*float32(uint32(q&15)|fifth>>i&1<<4)) + least
			high[i] = float32(scale*float32(uint32(q>>4)|fifth>>(16+i)&1<<4)) + least
		}
	}
}

// decodeQ80: weight = scale × signed byte.
func decodeQ80(dst []float32, src []byte) {
	for ; len(dst) >= 32; dst, src = dst[32:], src[34:] {
		scale := half(src)
		block := dst[:32]
		for i, q := range src[2:34] {
			block[i] = scale * float32(int8(q))
		}
	}
}

// half widens a float16. Its exponent and mantissa, moved into a float32's
// place, are the number divided by 2^112; the multiplication is exact, for
// subnormal numbers too. Infinities and NaNs keep their own exponent.
func half(src []byte) float32 {
	h := uint32(binary.LittleEndian.Uint16(src))
	sign, magnitude := h>>15<<31, h&0x7fff
	if magnitude >= 0x7c00 {
		return math.Float32frombits(sign | 0x7f800000 | magnitude<<13)
	}
	return math.Float32frombits(sign | math.Float32bits(math.Float32frombits(magnitude<<13)*0x1p112))
}
