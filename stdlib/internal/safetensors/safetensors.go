// Package safetensors reads float tensors out of safetensors files as float32 values, and writes
// such files.
//
//   - [Open] opens a file, [File.Floats] and [File.FloatsInto] read one tensor of it.
//   - [Write] writes named float32 tensors in one pass; [Begin] is how such a file begins.
//   - [ReadHeader] says where tensors lie, for whoever reads them a part at a time.
//   - [BytesOf], [ToHost] and [AppendFloats] are values as a file has them.
//
// Nothing but the header is held in memory, and every count in it is checked against the size of the
// file before anything is allocated for it. nlpodyssey/safetensors parses the header.
//
// What this package leaves out: tensors of integers, and writing other types than F32.
package safetensors

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// File is an open safetensors file. Several goroutines may read it at once.
type File struct {
	Header
	name string
	data interface {
		io.ReaderAt
		io.Closer
	}
}

// Open opens the file at path and reads its header. The file must be closed.
func Open(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	h, err := headerOf(file)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &File{*h, path, file}, nil
}

func headerOf(file *os.File) (*Header, error) {
	stat, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if stat.IsDir() {
		return nil, errors.New("it is a directory: want a safetensors file")
	}
	return ReadHeader(file, stat.Size())
}

// Close closes the file. Its header stays readable.
func (f *File) Close() error { return f.data.Close() }

// Floats returns the tensor called name, row-major, which must have the given shape.
func (f *File) Floats(name string, shape []int64) ([]float32, error) {
	t, err := f.find(name, shape)
	if err != nil {
		return nil, err
	}
	dst := make([]float32, t.Len())
	return dst, f.read(dst, t)
}

// FloatsInto fills dst with the tensor called name, row-major, which must have the given shape and
// as many values as dst has room for.
func (f *File) FloatsInto(dst []float32, name string, shape []int64) error {
	t, err := f.find(name, shape)
	if err != nil {
		return err
	}
	if len(dst) != t.Len() {
		return fmt.Errorf("%s: tensor %s has %d values, the destination room for %d", f.name, name, t.Len(), len(dst))
	}
	return f.read(dst, t)
}

// find returns a tensor that can be read, of the given shape.
func (f *File) find(name string, shape []int64) (Tensor, error) {
	t, ok := f.Tensor(name)
	if !ok {
		return t, fmt.Errorf("%s has no tensor %s", f.name, name)
	}
	if !slices.Equal(t.Shape, shape) {
		return t, fmt.Errorf("%s: tensor %s has shape %v, want %v", f.name, name, t.Shape, shape)
	}
	if _, ok := widths[t.Type]; !ok {
		return t, fmt.Errorf("%s: tensor %s has type %s: want F32, F16 or BF16", f.name, name, t.Type)
	}
	return t, nil
}

// widths are the bytes of a value, by the types that are read.
var widths = map[string]int{"F32": 4, "F16": 2, "BF16": 2}

// chunk is the number of values that a goroutine reads at a time.
const chunk = 1 << 18

// read fills dst in chunks, on as many goroutines as there are processors and chunks for them.
func (f *File) read(dst []float32, t Tensor) error {
	var next atomic.Int64
	var group errgroup.Group
	for range min(runtime.GOMAXPROCS(0), (len(dst)+chunk-1)/chunk) {
		group.Go(func() error { return f.readChunks(dst, t, &next) })
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("%s: tensor %s: %w", f.name, t.Name, err)
	}
	return nil
}

// readChunks takes chunks off the counter next until none are left.
func (f *File) readChunks(dst []float32, t Tensor, next *atomic.Int64) error {
	var raw []byte
	width := widths[t.Type]
	if width < 4 {
		raw = make([]byte, width*min(chunk, len(dst)))
	}
	for {
		from := int(next.Add(1)-1) * chunk
		if from >= len(dst) {
			return nil
		}
		part := dst[from:min(from+chunk, len(dst))]
		if err := readValues(part, f.data, t.At+int64(width*from), t.Type, raw); err != nil {
			return err
		}
	}
}

// readValues fills dst with values of a type that lie in r from the byte at on: those of 4 bytes go
// where they belong at once, those of 2 by way of raw.
func readValues(dst []float32, r io.ReaderAt, at int64, kind string, raw []byte) error {
	if kind == "F32" {
		_, err := r.ReadAt(BytesOf(dst), at)
		ToHost(dst)
		return err
	}
	raw = raw[:2*len(dst)]
	if _, err := r.ReadAt(raw, at); err != nil {
		return err
	}
	if kind == "BF16" {
		for i := range dst {
			dst[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(raw[2*i:])) << 16)
		}
		return nil
	}
	for i := range dst {
		dst[i] = half(binary.LittleEndian.Uint16(raw[2*i:]))
	}
	return nil
}

// half widens an IEEE 754 binary16. Its exponent and mantissa, moved into a float32's place, are the
// number divided by 2^112; the product is exact, for subnormal numbers too. Infinities and NaNs keep
// their own exponent.
func half(h uint16) float32 {
	sign, magnitude := uint32(h>>15)<<31, uint32(h&0x7fff)
	if magnitude >= 0x7c00 {
		return math.Float32frombits(sign | 0x7f800000 | magnitude<<13)
	}
	return math.Float32frombits(sign | math.Float32bits(math.Float32frombits(magnitude<<13)*0x1p112))
}
