// Package gguf reads GGUF files, versions 2 and 3, little endian: the format
// in which llama.cpp ships a model's configuration, tokenizer and weights as
// one file (ggml's docs/gguf.md).
//
//   - File is an open file: its metadata, and the directory of its tensors.
//   - Text, Int, Float, Bool, Strings, Ints and Floats read metadata by key.
//   - Tensor describes one tensor; its shape is row-major, slowest dimension
//     first, as PyTorch writes it (the file stores the reverse).
//   - Dequantise and DequantiseInto turn a tensor into float32. F32, F16, BF16,
//     Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 and the k-quants Q2_K to Q6_K are known; other
//     types are listed but not read.
//
// Weights are streamed from the file when they are asked for. Every count and
// length in a header is checked against the size of the file before anything
// is allocated for it, so a damaged or hostile file costs an error, not memory.
//
// Writing, big-endian files, version 1, split files and the i-quants are left
// out.
package gguf

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

// File is a GGUF file opened for reading. It is safe for concurrent use.
type File struct {
	name     string
	version  int
	metadata map[string]any
	tensors  []Tensor
	index    map[string]int // tensor name to its place in tensors
	data     io.ReaderAt
	closer   io.Closer
}

// Open reads the header of the file at path. Close it when its tensors are no
// longer needed; metadata stays readable.
func Open(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("gguf: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("gguf: %w", err)
	}
	f, err := Parse(file, info.Size(), path)
	if err != nil {
		file.Close()
		return nil, err
	}
	f.closer = file
	return f, nil
}

// Parse reads the header of a GGUF file of size bytes out of data. The name is
// used in errors only. Tensors are read from data when they are asked for.
func Parse(data io.ReaderAt, size int64, name string) (*File, error) {
	f := &File{name: name, data: data}
	if err := f.parse(size); err != nil {
		return nil, fmt.Errorf("gguf: read %s: %w", name, err)
	}
	return f, nil
}

// Close closes the file if Open opened it.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// Version returns the version of the format: 2 or 3.
func (f *File) Version() int { return f.version }

// Keys returns the metadata keys, sorted.
func (f *File) Keys() []string { return slices.Sorted(maps.Keys(f.metadata)) }

// Has reports whether the metadata has the key.
func (f *File) Has(key string) bool {
	_, ok := f.metadata[key]
	return ok
}

// Tensors returns the tensor directory in file order.
func (f *File) Tensors() []Tensor { return slices.Clone(f.tensors) }

// Tensor returns the directory entry of the tensor called name.
func (f *File) Tensor(name string) (Tensor, error) {
	i, ok := f.index[name]
	if !ok {
		return Tensor{}, fmt.Errorf("gguf: read %s: tensor %q: not in the file", f.name, name)
	}
	return f.tensors[i], nil
}
