package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// Named is a float32 tensor to be written.
type Named struct {
	Name   string
	Shape  []int64
	Values []float32 // row-major
}

// Write writes a file of the tensors, in the order given, with metadata that may be nil. Files for
// transformers need {"format": "pt"}. Nothing is copied; w gets large pieces and needs no buffer.
func Write(w io.Writer, metadata map[string]string, tensors []Named) error {
	places := make([]Tensor, len(tensors))
	for i, t := range tensors {
		places[i] = Tensor{Name: t.Name, Shape: t.Shape}
		if n := places[i].Len(); n != len(t.Values) {
			return fmt.Errorf("write tensor %s of shape %v: it has %d values, want %d", t.Name, t.Shape, len(t.Values), n)
		}
	}
	if _, err := w.Write(Begin(metadata, places, 0)); err != nil {
		return err
	}
	for _, t := range tensors {
		if err := writeFloats(w, t.Values); err != nil {
			return fmt.Errorf("write tensor %s: %w", t.Name, err)
		}
	}
	return nil
}

// writeFloats writes values from where they lie, or by way of a buffer where a file has them otherwise.
func writeFloats(w io.Writer, values []float32) error {
	if LittleEndian {
		_, err := w.Write(BytesOf(values))
		return err
	}
	var raw []byte
	for len(values) > 0 {
		part := values[:min(chunk, len(values))]
		raw = AppendFloats(raw[:0], part)
		if _, err := w.Write(raw); err != nil {
			return err
		}
		values = values[len(part):]
	}
	return nil
}

// align is the multiple of bytes at which values begin: a cache line, and as wide as a register gets.
const align = 64

// Begin is how a file begins that has F32 tensors of these names and shapes, one after the other: its
// header, filled up with spaces to at least the given length and so that the values begin at a
// multiple of 64 bytes. So it can be written again in the same place when a shape has changed.
func Begin(metadata map[string]string, tensors []Tensor, length int) []byte {
	type place struct {
		Type    string  `json:"dtype"`
		Shape   []int64 `json:"shape"`
		Offsets [2]int  `json:"data_offsets"`
	}
	header, at := map[string]any{}, 0
	if len(metadata) > 0 {
		header["__metadata__"] = metadata
	}
	for _, t := range tensors {
		end := at + 4*t.Len()
		header[t.Name] = place{"F32", append([]int64{}, t.Shape...), [2]int{at, end}} // a scalar's shape is [], not null
		at = end
	}
	text, err := json.Marshal(header)
	if err != nil {
		panic(err) // strings and numbers
	}
	return frame(text, length)
}

// frame puts the length of a header before it, and spaces behind it.
func frame(text []byte, length int) []byte {
	length = (max(8+len(text), length) + align - 1) / align * align
	frame := binary.LittleEndian.AppendUint64(make([]byte, 0, length), uint64(length-8))
	frame = append(frame, text...)
	return append(frame, bytes.Repeat([]byte(" "), length-len(frame))...)
}
