package safetensors

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

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
	end   int64 // the byte behind its last
}

const maxHeader = 100_000_000 // as everyone has it who reads the format

// ReadHeader reads the header of a file of the given size. A tensor whose place does not fit its
// shape or the file is an error, and so are gaps between tensors and behind the last.
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

// newHeader checks that the tensors fill the file from the byte at start on, one behind the other.
func newHeader(parsed st.Metadata, start, size int64) (*Header, error) {
	h := &Header{Metadata: parsed.Metadata()}
	for name, info := range parsed.Tensors() {
		t := Tensor{Name: name, Type: info.DType.String(), At: start + int64(info.DataOffsets[0])}
		need := info.DType.Size()
		for _, side := range info.Shape {
			t.Shape = append(t.Shape, int64(side))
			if side > math.MaxInt64 || side > 0 && need > uint64(size)/side {
				return nil, fmt.Errorf("tensor %s has shape %v, which the file's %d bytes cannot hold: is it cut short?", name, info.Shape, size)
			}
			need *= side
		}
		if info.DataOffsets[1]-info.DataOffsets[0] != need || info.DataOffsets[0] > uint64(size) {
			return nil, fmt.Errorf("tensor %s of shape %v lies in bytes %d to %d: want %d bytes", name, info.Shape, info.DataOffsets[0], info.DataOffsets[1], need)
		}
		t.end = t.At + int64(need)
		h.Tensors = append(h.Tensors, t)
	}
	slices.SortFunc(h.Tensors, func(a, b Tensor) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.end, b.end), strings.Compare(a.Name, b.Name))
	})
	end := start
	for _, t := range h.Tensors {
		if t.At != end {
			return nil, fmt.Errorf("tensor %s begins at byte %d of the file, the one before it ends at %d", t.Name, t.At, end)
		}
		end = t.end
	}
	if end != size {
		return nil, fmt.Errorf("the file has %d bytes, its header announces %d: is it cut short?", size, end)
	}
	return h, nil
}

// Tensor returns where the tensor called name lies.
func (h *Header) Tensor(name string) (Tensor, bool) {
	i := slices.IndexFunc(h.Tensors, func(t Tensor) bool { return t.Name == name })
	if i < 0 {
		return Tensor{}, false
	}
	return h.Tensors[i], true
}

// Len returns the number of values.
func (t Tensor) Len() int {
	n := 1
	for _, side := range t.Shape {
		n *= int(side)
	}
	return n
}
