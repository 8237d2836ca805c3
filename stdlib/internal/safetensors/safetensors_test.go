package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
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
		file, err := Open(write(t, fmt.Sprintf(`{"w":{"dtype":%q,"shape":[%d],"data_offsets":[0,%d]}}`, name, count, len(data)), data))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := file.Floats("w", []int64{int64(count)}); err != nil || !slices.Equal(got, want[:count]) {
			t.Errorf("%s: %v, error %v", name, got, err)
		}
	}
}

func TestErrorsNameTheTensor(t *testing.T) {
	file, err := Open(write(t, `{"n":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}`, make([]byte, 4)))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		shape []int64
		want  string
	}{{"w", nil, "no tensor w"}, {"n", []int64{2}, "shape [1], want [2]"}, {"n", []int64{1}, "type I32"}} {
		if _, err := file.Floats(c.name, c.shape); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one that says %q", err, c.want)
		}
	}
	if _, err := Open(write(t, `{"w":{"dtype":"F32","shape":[9],"data_offsets":[0,36]}}`, make([]byte, 4))); err == nil {
		t.Error("a file cut short was opened")
	}
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
