package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// write makes a safetensors file by hand: the header's length, the header, the data.
func write(t *testing.T, header string, data []byte) string {
	t.Helper()
	raw := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	raw = append(append(raw, header...), data...)
	path := filepath.Join(t.TempDir(), "x.safetensors")
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEveryFloatType(t *testing.T) {
	want := []float32{1, -2, 0.5, 0, float32(math.Inf(1)), 1.0 / (1 << 24), 65504}
	half := []uint16{0x3c00, 0xc000, 0x3800, 0, 0x7c00, 0x0001, 0x7bff} // IEEE 754 binary16, its smallest and largest value last
	encode := map[string]func(i int) []byte{
		"F32": func(i int) []byte { return binary.LittleEndian.AppendUint32(nil, math.Float32bits(want[i])) },
		"F16": func(i int) []byte { return binary.LittleEndian.AppendUint16(nil, half[i]) },
		"BF16": func(i int) []byte {
			return binary.LittleEndian.AppendUint16(nil, uint16(math.Float32bits(want[i])>>16))
		},
	}
	for name, f := range encode {
		count := len(want)
		if name == "BF16" {
			count-- // 65504 needs more than its 8 bits
		}
		var data []byte
		for i := range count {
			data = append(data, f(i)...)
		}
		file := open(t, write(t, fmt.Sprintf(`{"w":{"dtype":%q,"shape":[%d],"data_offsets":[0,%d]}}`, name, count, len(data)), data))
		if got, err := file.Floats("w", []int64{int64(count)}); err != nil || !slices.Equal(got, want[:count]) {
			t.Errorf("%s: %v, error %v", name, got, err)
		}
	}
}

func TestErrorsNameTheTensor(t *testing.T) {
	file := open(t, write(t, `{"n":{"dtype":"I32","shape":[1],"data_offsets":[0,4]},"f":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, make([]byte, 8)))
	for _, c := range []struct {
		name  string
		shape []int64
		want  string
	}{{"w", nil, "no tensor w"}, {"n", []int64{2}, "shape [1], want [2]"}, {"n", []int64{1}, "type I32"}} {
		if _, err := file.Floats(c.name, c.shape); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one that says %q", err, c.want)
		}
	}
	if err := file.FloatsInto(make([]float32, 2), "f", []int64{1}); err == nil || !strings.Contains(err.Error(), "f has 1 values, the destination room for 2") {
		t.Errorf("a destination of another length: %v", err)
	}
	if _, err := Open(write(t, `{"w":{"dtype":"F32","shape":[9],"data_offsets":[0,36]}}`, make([]byte, 4))); err == nil {
		t.Error("a file cut short was opened")
	}
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "it is a directory") {
		t.Errorf("a directory: %v", err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// Tensors of several chunks, and of the sizes around one, come back as they were written.
func TestWrittenIsRead(t *testing.T) {
	var want []Named
	for i, shape := range [][]int64{{}, {0, 3}, {chunk - 1}, {chunk}, {chunk + 1}, {3, chunk/2 + 5, 2}} {
		values := make([]float32, Tensor{Shape: shape}.Len())
		for j := range values {
			values[j] = float32(j%1000) - float32(i)
		}
		want = append(want, Named{fmt.Sprintf("t%d", i), shape, values})
	}
	path := filepath.Join(t.TempDir(), "x.safetensors")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(Write(file, map[string]string{"format": "pt"}, want), file.Close()); err != nil {
		t.Fatal(err)
	}
	got := open(t, path)
	if got.Metadata["format"] != "pt" || len(got.Tensors) != len(want) || got.Tensors[0].At%align != 0 {
		t.Errorf("metadata %v, tensors %v", got.Metadata, got.Tensors)
	}
	for _, w := range want {
		dst := make([]float32, len(w.Values))
		if err := got.FloatsInto(dst, w.Name, w.Shape); err != nil || !slices.Equal(dst, w.Values) {
			t.Errorf("%s: it was read otherwise, or not: %v", w.Name, err)
		}
	}
}

func TestWriteSaysWhatFails(t *testing.T) {
	one := []Named{{"w", []int64{2, 2}, make([]float32, 4)}}
	if err := Write(&full{room: 130}, nil, one); err == nil || err.Error() != "write tensor w: disk full" {
		t.Errorf("a full disk: %v", err)
	}
	if err := Write(&full{room: 64}, nil, one); err == nil {
		t.Error("a disk full at the header went unnoticed")
	}
	one[0].Values = one[0].Values[:3]
	if err := Write(io.Discard, nil, one); err == nil || !strings.Contains(err.Error(), "tensor w of shape [2 2]: it has 3 values, want 4") {
		t.Errorf("values that do not fill the shape: %v", err)
	}
}

// full is a disk with room for so many bytes.
type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

func open(t *testing.T, path string) *File {
	t.Helper()
	file, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

func TestReadHeader(t *testing.T) {
	read := func(header string, data int) (*Header, error) {
		f, err := os.Open(write(t, header, make([]byte, data)))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		return ReadHeader(f, 8+int64(len(header))+int64(data))
	}
	const two = `{"__metadata__":{"of":"two"},"b":{"dtype":"F32","shape":[2,3],"data_offsets":[4,28]},"a":{"dtype":"I32","shape":[],"data_offsets":[0,4]}}`
	h, err := read(two, 28)
	if err != nil {
		t.Fatal(err)
	}
	start := int64(8 + len(two))
	if a, b := h.Tensors[0], h.Tensors[1]; h.Metadata["of"] != "two" || a.Name != "a" || a.At != start || b.Type != "F32" || b.At != start+4 || !slices.Equal(b.Shape, []int64{2, 3}) {
		t.Errorf("got %+v", h)
	}
	for _, c := range []struct {
		header string
		data   int
		want   string
	}{
		{two, 27, "is it cut short?"},
		{two, 29, "is it cut short?"},
		{`{"b":{"dtype":"F32","shape":[2,3],"data_offsets":[0,20]}}`, 20, "want 24 bytes"},
		{`{"b":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,20]}}`, 20, "cannot hold"},
		{`{"b":{"dtype":"F32","shape":[2,3],"data_offsets":[18446744073709551600,8]}}`, 8, "want 24 bytes"},
		{`{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8, "tensor b begins at byte"},
		{`{"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"c":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}`, 12, "tensor c begins at byte"},
		{`{"b":{"dtype":"F32","shape":[0,9223372036854775808],"data_offsets":[0,0]}}`, 0, "cannot hold"},
		{`{"b":`, 0, "not that of a safetensors file"},
	} {
		if _, err := read(c.header, c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one that says %q", c.header, err, c.want)
		}
	}
	for _, text := range []string{"", "short", "\xff\xff\xff\xff\xff\xff\xff\xff{}"} {
		if _, err := ReadHeader(strings.NewReader(text), int64(len(text))); err == nil || !strings.Contains(err.Error(), "no safetensors file") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

// A header must never make the reader allocate much more than the file holds, nor read beside it.
func FuzzReadHeader(f *testing.F) {
	add := func(header string, data int) {
		raw := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
		f.Add(append(append(raw, header...), make([]byte, data)...))
	}
	add(`{"__metadata__":{"of":"two"},"b":{"dtype":"F32","shape":[2,3],"data_offsets":[4,28]},"a":{"dtype":"I32","shape":[],"data_offsets":[0,4]}}`, 28)
	add(`{"w":{"dtype":"BF16","shape":[3],"data_offsets":[0,6]}}`, 6)
	add(`{"w":{"dtype":"F16","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}`, 0)
	add(`{"w":{"dtype":"F32","shape":[2],"data_offsets":[18446744073709551608,0]}}`, 8)
	add(`{"w":`+strings.Repeat(`{"w":`, 50), 0)
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		h, err := ReadHeader(bytes.NewReader(data), int64(len(data)))
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<18+256*uint64(len(data)) {
			t.Fatalf("%d bytes of input took %d bytes of memory", len(data), grown)
		}
		if err != nil {
			return
		}
		file := &File{*h, "fuzz", memory{bytes.NewReader(data)}}
		for _, tensor := range h.Tensors {
			values, err := file.Floats(tensor.Name, tensor.Shape)
			if err == nil && (len(values) != tensor.Len() || len(values) > len(data)) {
				t.Fatalf("tensor %q: %d values out of %d bytes", tensor.Name, len(values), len(data))
			}
		}
	})
}
