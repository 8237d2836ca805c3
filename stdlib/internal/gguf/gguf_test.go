package gguf

import (
	"bytes"
	"encoding/binary"
	"math"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// builder writes a GGUF file by hand, right or wrong.
type builder struct{ bytes.Buffer }

func (b *builder) put(values ...any) *builder {
	for _, v := range values {
		if s, ok := v.(string); ok {
			b.put(uint64(len(s)))
			b.WriteString(s)
			continue
		}
		if err := binary.Write(b, binary.LittleEndian, v); err != nil {
			panic(err)
		}
	}
	return b
}

func header(version uint32, tensors, pairs uint64) *builder {
	return new(builder).put([]byte("GGUF"), version, tensors, pairs)
}

func (b *builder) pad(n int) *builder {
	for b.Len()%n != 0 {
		b.WriteByte(0)
	}
	return b
}

func (b *builder) parse() (*File, error) {
	return Parse(bytes.NewReader(b.Bytes()), int64(b.Len()), "hand.gguf")
}

// A file small enough to work out: Q4_1 with scale 2 and minimum -1 maps the
// nibbles 0…15 to -1, 1, … 29; its low nibbles come first.
func TestByHand(t *testing.T) {
	for _, version := range []uint32{2, 3} {
		b := header(version, 2, 1).put("a.b", uint32(kindUint32), uint32(7))
		b.put("w", uint32(2), uint64(32), uint64(2), uint32(Q4_1), uint64(0))
		b.put("n", uint32(1), uint64(2), uint32(F32), uint64(64)).pad(32)
		b.put(uint16(0x4000), uint16(0xbc00)) // 2 and -1
		for i := range 16 {
			b.put(uint8(i | (15-i)<<4))
		}
		b.put(uint16(0), uint16(0x3c00), make([]byte, 16)).pad(32) // 0 and 1
		b.put(float32(1.5), float32(-0.25))

		f, err := b.parse()
		if err != nil {
			t.Fatal(err)
		}
		if n, err := f.Int("a.b"); n != 7 || err != nil || f.Version() != int(version) {
			t.Errorf("version %d: a.b = %d, %v", f.Version(), n, err)
		}
		w, err := f.Tensor("w")
		if err != nil || w.Type != Q4_1 || w.Len() != 64 || !cmp.Equal(w.Shape, []int{2, 32}) {
			t.Errorf("w: %+v, %v", w, err)
		}
		want := make([]float32, 64)
		for i := range 16 {
			want[i], want[16+i] = float32(2*i-1), float32(2*(15-i)-1)
			want[32+i], want[48+i] = 1, 1
		}
		if got, err := f.Dequantise("w"); err != nil || !cmp.Equal(got, want) {
			t.Errorf("w = %v, %v", got, err)
		}
		n := make([]float32, 2)
		if err := f.DequantiseInto(n, "n"); err != nil || !cmp.Equal(n, []float32{1.5, -0.25}) {
			t.Errorf("n = %v, %v", n, err)
		}
	}
}

// A block of Q4_K: part j of 32 weights has the scale 16+j and the minimum j, which
// 2 and 1 multiply; its nibbles are all 1 where j is even and all 3 where it is odd.
func TestKQuantByHand(t *testing.T) {
	b := header(3, 1, 0).put("w", uint32(1), uint64(256), uint32(Q4_K), uint64(0)).pad(32)
	b.put(uint16(0x4000), uint16(0x3c00))
	for _, packed := range [][4]uint8{
		{16 | 1<<6, 17 | 1<<6, 18 | 1<<6, 19 | 1<<6}, // scales 0 to 3, and the high bits of 20 to 23
		{0, 1, 2, 3},                             // minima 0 to 3, and the high bits of 4 to 7
		{4 | 4<<4, 5 | 5<<4, 6 | 6<<4, 7 | 7<<4}, // the low bits of 20 to 23, and 4 to 7
	} {
		b.put(packed)
	}
	b.put(bytes.Repeat([]byte{0x31}, 128))
	f, err := b.parse()
	if err != nil {
		t.Fatal(err)
	}
	var want []float32
	for j := range 8 {
		for range 32 {
			want = append(want, float32(2*(16+j)*(1+j%2*2)-j))
		}
	}
	if got, err := f.Dequantise("w"); err != nil || !cmp.Equal(got, want) {
		t.Errorf("w = %v, %v", got, err)
	}
}

func TestHalf(t *testing.T) {
	for bits, want := range map[uint16]float32{
		0x0000: 0, 0x3c00: 1, 0xc000: -2, 0x3555: 0.333251953125, 0x7bff: 65504,
		0x0001: 0x1p-24, 0x83ff: -0x1.ff8p-15, 0x0400: 0x1p-14, 0x7c00: float32(math.Inf(1)), 0xfc00: float32(math.Inf(-1)),
	} {
		if got := half(binary.LittleEndian.AppendUint16(nil, bits)); got != want {
			t.Errorf("half(%#04x) = %v, want %v", bits, got, want)
		}
	}
	if got := half([]byte{0x01, 0x7e}); got == got {
		t.Errorf("half of a NaN = %v", got)
	}
	if got := half([]byte{0x00, 0x80}); !math.Signbit(float64(got)) {
		t.Error("half of -0 lost its sign")
	}
}

// types.gguf was written by gguf's own writer.
func TestMetadata(t *testing.T) {
	f := open(t, filepath.Join("testdata", "types.gguf"))
	want := map[string]any{
		"number.uint8":        255,
		"number.int8":         -128,
		"number.uint16":       65535,
		"number.int16":        -32768,
		"number.uint32":       4294967295,
		"number.int32":        -2147483648,
		"number.uint64":       math.MaxInt64,
		"number.uint64.large": uint64(math.MaxUint64),
		"number.int64":        math.MinInt64,
		"number.float32":      float64(float32(0.1)),
		"number.float64":      0.1,
		"bool.yes":            true,
		"bool.no":             false,
		"text":                "Grüße, 世界",
		"list.strings":        []any{"a", "", "ß"},
		"list.int32":          []any{1, -2, 3},
		"list.float32":        []any{0.5, -0.25},
		"list.bool":           []any{true, false},
		"list.uint8":          []any{1, 2, 255},
		"list.lists":          []any{[]any{1, 2}, []any{3}},
	}
	for key, value := range want {
		if diff := cmp.Diff(value, f.metadata[key]); diff != "" {
			t.Errorf("%s: -want +got\n%s", key, diff)
		}
	}
	if got := f.Keys(); len(got) != len(want)+2 || !strings.HasPrefix(got[0], "bool.no") {
		t.Errorf("keys: %v", got)
	}
}

func TestAccessors(t *testing.T) {
	f := open(t, filepath.Join("testdata", "types.gguf"))
	check := func(got, want any, err error) {
		t.Helper()
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("got %v, %v; want %v", got, err, want)
		}
	}
	text, err := f.Text("text")
	check(text, "Grüße, 世界", err)
	yes, err := f.Bool("bool.yes")
	check(yes, true, err)
	n, err := f.Int("number.int16")
	check(n, -32768, err)
	x, err := f.Float("number.float64")
	check(x, 0.1, err)
	texts, err := f.Strings("list.strings")
	check(texts, []string{"a", "", "ß"}, err)
	ints, err := f.Ints("list.int32")
	check(ints, []int{1, -2, 3}, err)
	floats, err := f.Floats("list.float32")
	check(floats, []float64{0.5, -0.25}, err)
	if !f.Has("text") || f.Has("nothing") {
		t.Error("Has")
	}
}

func TestAccessorErrors(t *testing.T) {
	f := open(t, filepath.Join("testdata", "types.gguf"))
	_, missing := f.Int("llama.block_count")
	_, wrong := f.Text("number.int8")
	_, large := f.Int("number.uint64.large")
	_, notList := f.Strings("text")
	_, item := f.Ints("list.lists")
	_, tensor := f.Dequantise("nothing")
	_, kind := f.Dequantise("iq4_nl")
	size := f.DequantiseInto(make([]float32, 3), "q4_0")
	for want, err := range map[string]error{
		`key "llama.block_count": missing (want a value of type int)`:         missing,
		`key "number.int8": want a value of type string, got the int -128`:    wrong,
		`want a value of type int, got the uint64 18446744073709551615`:       large,
		`key "text": want a list of string, got the string "Grüße, 世界"`:       notList,
		`key "list.lists": item 0: want a value of type int, got a list of 2`: item,
		`tensor "nothing": not in the file`:                                   tensor,
		`tensor "iq4_nl": IQ4_NL is not supported`:                            kind,
		`tensor "q4_0": has 192 weights, the destination 3`:                   size,
	} {
		if err == nil || !strings.HasPrefix(err.Error(), "gguf: read testdata") || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want …%s", err, want)
		}
	}
}

func TestDamagedFiles(t *testing.T) {
	tensor := func(name string, dims uint32, rest ...any) *builder {
		return header(3, 1, 0).put(name, dims).put(rest...)
	}
	deep := header(3, 0, 1).put("k", uint32(kindArray))
	for range maxDepth + 1 {
		deep.put(uint32(kindArray), uint64(1))
	}
	whole := header(3, 0, 1).put("k", uint32(kindString), "value")
	short := new(builder)
	short.Write(whole.Bytes()[:whole.Len()-1])
	for want, b := range map[string]*builder{
		"not a GGUF file":                       new(builder).put([]byte("GGML")),
		"hand.gguf: not a GGUF":                 new(builder),
		"GGUF version 1":                        header(1, 0, 0),
		"big-endian":                            new(builder).put([]byte("GGUF"), []byte{0, 0, 0, 3}),
		"a count of 1152921504606846976":        header(3, 0, 1<<60),
		"a count of 9223372036854775808":        header(3, 1<<63, 0),
		`metadata 0, key "k": a count of 5`:     short,
		`key "k": unknown value type 13`:        header(3, 0, 1).put("k", uint32(13), uint64(0)),
		`key "k": arrays nested more than 4`:    deep.pad(256),
		`key "k": a count of 100 with 9 bytes`:  header(3, 0, 1).put("k", uint32(kindArray), uint32(kindUint8), uint64(100), "1"),
		`metadata 1, key "k": defined twice`:    header(3, 0, 2).put("k", uint32(kindBool), true, "k", uint32(kindBool), true),
		"5 dimensions":                          tensor("w", 5).pad(256),
		"dimension 18446744073709551615 is out": tensor("w", 1, uint64(math.MaxUint64)).pad(256),
		"is out of range":                       tensor("w", 2, uint64(1<<40), uint64(1<<40), uint32(F32), uint64(0)),
		"rows of 33 are not made of whole Q4_1": tensor("w", 1, uint64(33), uint32(Q4_1), uint64(0)),
		"offset 8 is not a multiple of 32":      tensor("w", 1, uint64(1), uint32(F32), uint64(8)).pad(64),
		"ends past the end of the file":         tensor("w", 1, uint64(9), uint32(F32), uint64(0)).pad(32).put([8]float32{}),
		`"general.alignment": want a power`:     header(3, 0, 1).put("general.alignment", uint32(kindUint32), uint32(48)),
	} {
		_, err := b.parse()
		if err == nil || !strings.HasPrefix(err.Error(), "gguf: read hand.gguf: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want …%s", err, want)
		}
	}
	if _, err := Open("testdata"); err == nil {
		t.Error("opened a directory")
	}
	if _, err := Open(filepath.Join(t.TempDir(), "missing.gguf")); err == nil {
		t.Error("opened a missing file")
	}
}

// A header must never make the reader allocate much more than the file holds.
func FuzzParse(f *testing.F) {
	f.Add(header(3, 0, 1).put("k", uint32(kindArray), uint32(kindString), uint64(2), "a", "bc").Bytes())
	f.Add(header(2, 1, 0).put("w", uint32(2), uint64(32), uint64(1), uint32(Q4_0), uint64(0)).pad(32).put([18]byte{}).Bytes())
	f.Add(header(3, 1, 0).put("w", uint32(1), uint64(8), uint32(BF16), uint64(0)).pad(32).put([8]uint16{}).Bytes())
	f.Add(header(3, 1<<40, 1<<40).Bytes())
	f.Add(readFile(f, filepath.Join("testdata", "types.gguf")))
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		file, err := Parse(bytes.NewReader(data), int64(len(data)), "fuzz")
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<18+64*uint64(len(data)) {
			t.Fatalf("%d bytes of input took %d bytes of memory", len(data), grown)
		}
		if err != nil {
			return
		}
		for _, tensor := range file.Tensors() {
			weights, err := file.Dequantise(tensor.Name)
			if err == nil && (len(weights) != tensor.Len() || len(weights) > 2*len(data)) {
				t.Fatalf("tensor %q: %d weights out of %d bytes", tensor.Name, len(weights), len(data))
			}
		}
	})
}
