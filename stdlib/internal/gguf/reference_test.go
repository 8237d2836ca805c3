package gguf

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kairos/stdlib/assets"
)

type referenceTensor struct {
	Shape []int             `json:"shape"`
	Type  string            `json:"type"`
	Bits  string            `json:"bits"`
	Rows  map[string]string `json:"rows"`
}

// reference is testdata/reference.json, written by testdata/make_reference.py.
type reference struct {
	Types map[string]referenceTensor `json:"types"`
	Model struct {
		CRC  map[string]uint32          `json:"crc"`
		Rows map[string]referenceTensor `json:"rows"`
	} `json:"model"`
}

func readReference(t *testing.T) (r reference) {
	t.Helper()
	if err := json.Unmarshal(readFile(t, filepath.Join("testdata", "reference.json")), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func open(t testing.TB, path string) *File {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// encode writes weights as the reference does, so that NaNs and signed zeros
// compare too.
func encode(weights []float32) []byte {
	b := make([]byte, 4*len(weights))
	for i, w := range weights {
		binary.LittleEndian.PutUint32(b[4*i:], math.Float32bits(w))
	}
	return b
}

func base64Of(weights []float32) string { return base64.StdEncoding.EncodeToString(encode(weights)) }

func dequantise(t testing.TB, f *File, name string) []float32 {
	t.Helper()
	weights, err := f.Dequantise(name)
	if err != nil {
		t.Fatal(err)
	}
	return weights
}

func checkEntry(t *testing.T, f *File, name string, want referenceTensor) {
	t.Helper()
	got, err := f.Tensor(name)
	if err != nil || got.Type.String() != want.Type || !cmp.Equal(got.Shape, want.Shape) {
		t.Errorf("%s: %v %v %v; want %s %v", name, got.Type, got.Shape, err, want.Type, want.Shape)
	}
}

func TestTypesMatchReference(t *testing.T) {
	f := open(t, filepath.Join("testdata", "types.gguf"))
	want := readReference(t).Types
	if len(want) != len(formats) {
		t.Fatalf("the reference has %d types, the reader %d", len(want), len(formats))
	}
	for name, tensor := range want {
		checkEntry(t, f, name, tensor)
		if base64Of(dequantise(t, f, name)) != tensor.Bits {
			t.Errorf("%s: weights differ from the reference", name)
		}
	}
}

func TestModelMatchesReference(t *testing.T) {
	f := open(t, modelFile(t))
	want := readReference(t).Model
	if len(f.Tensors()) != len(want.CRC) {
		t.Fatalf("%d tensors, want %d", len(f.Tensors()), len(want.CRC))
	}
	same, total := 0, 0
	for _, tensor := range f.Tensors() {
		weights := dequantise(t, f, tensor.Name)
		total += len(weights)
		if crc32.ChecksumIEEE(encode(weights)) == want.CRC[tensor.Name] {
			same += len(weights)
		} else {
			t.Errorf("%s: weights differ from the reference", tensor.Name)
		}
	}
	t.Logf("gguf: SmolLM2-135M: %d of %d weights bit-identical to gguf's dequantiser", same, total)
	for name, tensor := range want.Rows {
		checkEntry(t, f, name, tensor)
		columns := tensor.Shape[len(tensor.Shape)-1]
		rows := slices.Collect(slices.Chunk(dequantise(t, f, name), columns))
		for row, bits := range tensor.Rows {
			if i, err := strconv.Atoi(row); err != nil || base64Of(rows[i]) != bits {
				t.Errorf("%s, row %s differs from the reference (%v)", name, row, err)
			}
		}
	}
}

func BenchmarkOpenModel(b *testing.B) {
	path := modelFile(b)
	for b.Loop() {
		open(b, path)
	}
}

func BenchmarkDequantiseModel(b *testing.B) {
	f := open(b, modelFile(b))
	largest := 0
	for _, tensor := range f.Tensors() {
		largest = max(largest, tensor.Len())
	}
	dst := make([]float32, largest)
	for b.Loop() {
		for _, tensor := range f.Tensors() {
			if err := f.DequantiseInto(dst[:tensor.Len()], tensor.Name); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// modelFile is the SmolLM2 GGUF in kairos' cache.
func modelFile(t testing.TB) string {
	t.Helper()
	dir, err := assets.Path("SmolLM2-135M-Instruct")
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "SmolLM2-135M-Instruct.Q4_1.gguf")
}
