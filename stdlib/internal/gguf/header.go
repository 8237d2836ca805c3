package gguf

import (
	"errors"
	"fmt"
)

const (
	magic          = 'G' | 'G'<<8 | 'U'<<16 | 'F'<<24
	smallestPair   = 8 + 4 + 1     // key length, kind, value
	smallestTensor = 8 + 4 + 4 + 8 // name length, dimensions, type, offset
)

// parse fills f from the header: magic, version, counts, metadata, directory.
func (f *File) parse(size int64) error {
	r := newReader(f.data, size)
	if r.bits(4) != magic {
		return errors.New("not a GGUF file")
	}
	version := r.bits(4)
	switch {
	case r.err != nil:
		return r.err
	case version&0xffff == 0:
		return errors.New("big-endian GGUF is not supported")
	case version != 2 && version != 3:
		return fmt.Errorf("GGUF version %d is not supported (want 2 or 3)", version)
	}
	f.version = int(version)
	tensors := r.count(smallestTensor)
	pairs := r.count(smallestPair)
	if err := f.parseMetadata(r, pairs); err != nil {
		return err
	}
	if err := f.parseTensors(r, tensors); err != nil {
		return err
	}
	return f.place(size-r.left, size)
}

func (f *File) parseMetadata(r *reader, pairs int) error {
	f.metadata = make(map[string]any, pairs)
	for i := range pairs {
		key := r.text()
		value := r.value(r.kind(), 0)
		if f.Has(key) {
			r.fail("defined twice")
		}
		if r.err != nil {
			return fmt.Errorf("metadata %d, key %q: %w", i, clip(key), r.err)
		}
		f.metadata[key] = value
	}
	return r.err
}

func (f *File) parseTensors(r *reader, tensors int) error {
	f.tensors = make([]Tensor, tensors)
	f.index = make(map[string]int, tensors)
	for i := range f.tensors {
		t := r.tensor()
		if _, ok := f.index[t.Name]; ok {
			r.fail("defined twice")
		}
		if err := errors.Join(r.err, t.measure()); err != nil {
			return fmt.Errorf("tensor %d, %q: %w", i, clip(t.Name), err)
		}
		f.tensors[i], f.index[t.Name] = t, i
	}
	return r.err
}

// place turns the tensors' offsets, which count from the aligned end of the
// header, into offsets in the file, and checks that every tensor lies in it.
func (f *File) place(header, size int64) error {
	alignment := int64(32)
	if value, ok := f.metadata["general.alignment"]; ok {
		n, _ := value.(int)
		if n <= 0 || n > 1<<30 || n&(n-1) != 0 {
			return fmt.Errorf("key %q: want a power of two, got %s", "general.alignment", describe(value))
		}
		alignment = int64(n)
	}
	start := (header + alignment - 1) / alignment * alignment
	for i := range f.tensors {
		t := &f.tensors[i]
		if t.offset%alignment != 0 {
			return fmt.Errorf("tensor %q: offset %d is not a multiple of %d", clip(t.Name), t.offset, alignment)
		}
		if room := max(size-start, 0) - t.offset; room < 0 || t.bytes > room {
			return fmt.Errorf("tensor %q: its data ends past the end of the file (a truncated copy?)", clip(t.Name))
		}
		t.offset += start
	}
	return nil
}
