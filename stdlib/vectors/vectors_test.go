package vectors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"kairos/stdlib/matrix"
)

// reference is the matrix of testdata/make_reference.py.
func reference() *matrix.Dense {
	m := matrix.New(5, 3)
	for i := range m.Rows {
		for j := range m.Cols {
			m.Row(i)[j] = float32(i) + float32(j)/8 - 1
		}
	}
	return m
}

func open(t *testing.T, path string) *File {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// TestFilesOfOthers reads what numpy and Hugging Face's safetensors wrote.
func TestFilesOfOthers(t *testing.T) {
	want := reference()
	for _, name := range []string{"vectors.npy", "version2.npy", "vectors.safetensors", "several.safetensors"} {
		f := open(t, filepath.Join("testdata", name))
		if rows, cols := f.Dims(); rows != 5 || cols != 3 || f.Info() != (Info{}) {
			t.Errorf("%s: %d×%d, %+v", name, rows, cols, f.Info())
			continue
		}
		block, err := f.Block(t.Context(), 1, 4, nil)
		if err != nil || !slices.Equal(block.Data, want.Data[3:12]) {
			t.Errorf("%s: rows 1 to 4: %v, %v", name, block, err)
		}
		mapped, err := f.Map()
		if err != nil || !slices.Equal(mapped.Data, want.Data) {
			t.Errorf("%s: mapped: %v, %v", name, mapped, err)
		}
	}
}

func TestNotVectors(t *testing.T) {
	dir := t.TempDir()
	cut := func(name string, n int) string {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if n < 0 {
			n += len(text)
		}
		path := filepath.Join(dir, fmt.Sprint(n)+name)
		if err := os.WriteFile(path, text[:n], 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	newer := filepath.Join(dir, "newer")
	if err := Write(t.Context(), newer, reference(), Info{}); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(newer)
	if err := os.WriteFile(newer, bytes.Replace(text, []byte(`"kairos":"1"`), []byte(`"kairos":"2"`), 1), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, want string }{
		{"testdata/float64.npy", "type <f8: want <f4, float32"},
		{"testdata/fortran.npy", "Fortran's order"},
		{"testdata/flat.npy", "shape (3,): want two dimensions"},
		{"testdata/ambiguous.safetensors", "want one F32 tensor of two dimensions"},
		{"testdata/half.safetensors", "vectors F16 [5 3]"},
		{"testdata/make_reference.py", "no safetensors file"},
		{"testdata", "it is a directory"},
		{"testdata/missing.npy", "no such file"},
		{cut("vectors.npy", -1), "is it cut short?"},
		{cut("vectors.npy", 40), "cut short within its header"},
		{cut("vectors.npy", 9), "cut short within its header"},
		{cut("vectors.safetensors", -1), "is it cut short?"},
		{cut("vectors.safetensors", 40), "cut short"},
		{cut("vectors.safetensors", 3), "no safetensors file"},
		{newer, `version "2"`},
	} {
		_, err := Open(c.path)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), filepath.Base(c.path)) {
			t.Errorf("%s: error %v, want one that says %q", c.path, err, c.want)
		}
	}
}

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "v.safetensors")
	info := Info{Encoder: "all-MiniLM-L6-v2", MaxTokens: 256}
	want := reference()
	if err := Write(t.Context(), path, want, info); err != nil {
		t.Fatal(err)
	}
	f := open(t, path)
	if f.Info() != info || f.at%64 != 0 {
		t.Errorf("%+v, values at %d", f.Info(), f.at)
	}
	again := filepath.Join(t.TempDir(), "again.safetensors")
	if err := Write(t.Context(), again, f, info); err != nil { // from a file to a file
		t.Fatal(err)
	}
	one, _ := os.ReadFile(path)
	two, _ := os.ReadFile(again)
	if !bytes.Equal(one, two) {
		t.Error("a copy differs from the file it was made of")
	}
}

// TestRowsAsTheyCome: however the rows are cut, the file is the same; before it is closed there is none.
func TestRowsAsTheyCome(t *testing.T) {
	dir := t.TempDir()
	want := reference()
	var files [][]byte
	for step := 1; step <= want.Rows; step++ {
		path := filepath.Join(dir, "v")
		w, err := Create(path, want.Cols, Info{})
		if err != nil {
			t.Fatal(err)
		}
		for from := 0; from < want.Rows; from += step {
			block, _ := want.Block(t.Context(), from, min(from+step, want.Rows), nil)
			if err := w.Append(block); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("before it was closed: %v", err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		w.Abort()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, text)
		os.Remove(path)
	}
	for i, text := range files {
		if !bytes.Equal(text, files[0]) {
			t.Errorf("%d rows at once make another file", i+1)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	dir := t.TempDir()
	bad := reference()
	bad.Row(4)[1] = float32(math.NaN())
	path := filepath.Join(dir, "v")
	if err := Write(t.Context(), path, bad, Info{}); err == nil || !strings.Contains(err.Error(), "row 4, column 1 is NaN") {
		t.Errorf("NaN: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Write(ctx, path, reference(), Info{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := Write(t.Context(), path, matrix.New(3, 0), Info{}); err == nil || !strings.Contains(err.Error(), "at least one") {
		t.Errorf("no columns: %v", err)
	}
	if err := Write(t.Context(), filepath.Join(dir, "no", "v"), reference(), Info{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
	w, err := Create(path, 2, Info{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Append(reference()); err == nil || !strings.Contains(err.Error(), "3 values, want 2") {
		t.Errorf("another width: %v", err)
	}
	w.Abort()
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestBlocksAtOnce(t *testing.T) {
	want := matrix.New(1000, 7)
	for i := range want.Data {
		want.Data[i] = float32(i)
	}
	path := filepath.Join(t.TempDir(), "v")
	if err := Write(t.Context(), path, want, Info{}); err != nil {
		t.Fatal(err)
	}
	f := open(t, path)
	var readers sync.WaitGroup
	for range 4 * runtime.GOMAXPROCS(0) {
		readers.Go(func() {
			var buf matrix.Dense
			for from := 0; from < 1000; from += 130 {
				block, err := f.Block(t.Context(), from, min(from+130, 1000), &buf)
				if err != nil || !slices.Equal(block.Data, want.Data[7*from:7*min(from+130, 1000)]) {
					t.Errorf("rows from %d: %v", from, err)
				}
			}
		})
	}
	readers.Wait()
	for _, r := range [][2]int{{-1, 3}, {0, 1001}, {5, 4}} {
		if _, err := f.Block(t.Context(), r[0], r[1], nil); err == nil || !strings.Contains(err.Error(), "there are 1000") {
			t.Errorf("rows %v: %v", r, err)
		}
	}
}
