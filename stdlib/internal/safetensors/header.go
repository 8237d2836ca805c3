package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	st "github.com/nlpodyssey/safetensors"
)

// Header says where the tensors of a file lie, for whoever reads them a part at a time.
type Header struct {
	Tensors  []Tensor          // as they follow each other
	Metadata map[string]string // the file's own, "__metadata__"
}

// Tensor is where one tensor lies.
type Tensor struct {
	Name  string
	Type  string // F32, BF16, …
	Shape []int64
	At    int64 // its first byte, counted from the start of the file
}

const maxHeader = 100_000_000 // as everyone has it who reads the format

// ReadHeader reads the header of a file of the given size. A tensor whose place does not fit its
// shape or the file is an error, and so is a file that goes on after the last.
func ReadHeader(r io.ReaderAt, size int64) (*Header, error) {
	var length [8]byte
	if size < int64(len(length)) {
		return nil, fmt.Errorf("no safetensors file: it has %d bytes", size)
	}
	if _, err := r.ReadAt(length[:], 0); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > maxHeader || int64(n) > size-8 {
		return nil, fmt.Errorf("no safetensors file, or cut short: its first 8 bytes announce a header of %d bytes", n)
	}
	text := make([]byte, n)
	if _, err := r.ReadAt(text, 8); err != nil {
		return nil, err
	}
	var parsed st.Metadata
	if err := json.Unmarshal(text, &parsed); err != nil {
		return nil, fmt.Errorf("the header is not that of a safetensors file: %w", err)
	}
	return newHeader(parsed, 8+int64(n), size)
}

// newHeader checks that the tensors fill the file from the byte at start on.
func newHeader(parsed st.Metadata, start, size int64) (*Header, error) {
	h := &Header{Metadata: parsed.Metadata()}
	end := start
	for name, info := range parsed.Tensors() {
		t := Tensor{Name: name, Type: info.DType.String(), At: start + int64(info.DataOffsets[0])}
		need := info.DType.Size()
		for _, side := range info.Shape {
			t.Shape = append(t.Shape, int64(side))
			if side > 0 && need > uint64(size)/side {
				return nil, fmt.Errorf("tensor %s has shape %v, which the file's %d bytes cannot hold: is it cut short?", name, info.Shape, size)
			}
			need *= side
		}
		if info.DataOffsets[1]-info.DataOffsets[0] != need || info.DataOffsets[0] > uint64(size) {
			return nil, fmt.Errorf("tensor %s of shape %v lies in bytes %d to %d: want %d bytes", name, info.Shape, info.DataOffsets[0], info.DataOffsets[1], need)
		}
		end = max(end, start+int64(info.DataOffsets[1]))
		h.Tensors = append(h.Tensors, t)
	}
	if end != size {
		return nil, fmt.Errorf("the file has %d bytes, its header announces %d: is it cut short?", size, end)
	}
	slices.SortFunc(h.Tensors, func(a, b Tensor) int { return int(a.At - b.At) })
	return h, nil
}

// Frame is how a file begins whose header is the given JSON: its length, and the JSON, filled up
// with spaces to at least the given length and so that the tensors begin at a multiple of align.
func Frame(text []byte, length, align int) []byte {
	length = (max(8+len(text), length) + align - 1) / align * align
	frame := binary.LittleEndian.AppendUint64(make([]byte, 0, length), uint64(length-8))
	frame = append(frame, text...)
	return append(frame, bytes.Repeat([]byte(" "), length-len(frame))...)
}
