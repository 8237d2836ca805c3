package vectors

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"unsafe"

	"kairos/stdlib/internal/safetensors"
	"kairos/stdlib/matrix"
)

// File is an open file of vectors, one row each. It is one of matrix.Blocks: Block reads rows from
// the file, so that no more of it lies in memory than what was asked for. Several goroutines may
// use it at once.
//
// Values are given as they are: whoever computes with them refuses NaN and infinity, as package
// similarity does. Write lets none into a file.
type File struct {
	file       *os.File
	rows, cols int
	at         int64 // where the values begin
	info       Info
	mapped     []byte
}

// Open opens a .safetensors or .npy file, told apart by how it begins. The error of a file that is
// neither, is cut short, or holds something else than a float32 matrix names it and says what it
// holds.
func Open(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("vectors: %w", err)
	}
	f := &File{file: file}
	if err := f.parse(); err != nil {
		file.Close()
		return nil, fmt.Errorf("vectors: open %s: %w", path, err)
	}
	return f, nil
}

// parse reads the file's header.
func (f *File) parse() error {
	stat, err := f.file.Stat()
	if err != nil {
		return err
	}
	if stat.IsDir() {
		return errors.New("it is a directory: want a .safetensors or .npy file")
	}
	var head [len(npyMagic)]byte
	if n, err := f.file.ReadAt(head[:], 0); err != nil && err != io.EOF {
		return err
	} else if string(head[:n]) == npyMagic {
		return f.parseNpy(stat.Size())
	}
	h, err := safetensors.ReadHeader(f.file, stat.Size())
	if err != nil {
		return err
	}
	if f.info, err = infoOf(h.Metadata); err != nil {
		return err
	}
	t, err := choose(h.Tensors)
	if err != nil {
		return err
	}
	f.rows, f.cols, f.at = int(t.Shape[0]), int(t.Shape[1]), t.At
	return nil
}

// choose returns the tensor that holds the vectors.
func choose(tensors []safetensors.Tensor) (safetensors.Tensor, error) {
	var found []safetensors.Tensor
	var seen []string
	for _, t := range tensors {
		seen = append(seen, fmt.Sprintf("%s %s %v", t.Name, t.Type, t.Shape))
		if t.Type != "F32" || len(t.Shape) != 2 {
			continue
		}
		if t.Name == tensor {
			return t, nil
		}
		found = append(found, t)
	}
	if len(found) != 1 {
		return safetensors.Tensor{}, fmt.Errorf("it holds the tensors %v: want one F32 tensor of two dimensions, or one that is called %q", seen, tensor)
	}
	return found[0], nil
}

// Dims returns how many vectors there are, and how many values each has.
func (f *File) Dims() (rows, cols int) { return f.rows, f.cols }

// Info returns what the file says of its vectors: nothing, if it is not one of ours.
func (f *File) Info() Info { return f.info }

// Block reads the rows from to to into buf, or into a new matrix if buf is nil or too small.
func (f *File) Block(ctx context.Context, from, to int, buf *matrix.Dense) (*matrix.Dense, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if from < 0 || to < from || to > f.rows {
		return nil, fmt.Errorf("vectors: read %s: rows %d to %d: there are %d", f.file.Name(), from, to, f.rows)
	}
	m := shaped(buf, to-from, f.cols)
	if _, err := f.file.ReadAt(safetensors.BytesOf(m.Data), f.at+4*int64(from)*int64(f.cols)); err != nil {
		return nil, fmt.Errorf("vectors: read rows %d to %d: %w", from, to, err)
	}
	safetensors.ToHost(m.Data)
	return m, nil
}

// Map returns the whole matrix. Where the system can, it lies in the file's memory map: nothing is
// read before it is used, and what was read can be given back; but it must not be changed, and not
// be used after Close. A file that begins at an odd place is read instead.
func (f *File) Map() (*matrix.Dense, error) {
	if f.mapped == nil && f.rows*f.cols > 0 && f.at%4 == 0 && safetensors.LittleEndian {
		var err error
		if f.mapped, err = mapFile(f.file, f.at+4*int64(f.rows)*int64(f.cols)); err != nil {
			return nil, fmt.Errorf("vectors: map %s: %w", f.file.Name(), err)
		}
	}
	if f.mapped == nil {
		return f.Block(context.Background(), 0, f.rows, nil)
	}
	values := unsafe.Slice((*float32)(unsafe.Pointer(&f.mapped[f.at])), f.rows*f.cols)
	return &matrix.Dense{Rows: f.rows, Cols: f.cols, Data: values}, nil
}

// Close closes the file and ends its map.
func (f *File) Close() error {
	err := unmap(f.mapped)
	f.mapped = nil
	return errors.Join(err, f.file.Close())
}

// shaped returns a rows × cols matrix in the memory of buf, if that suffices.
func shaped(buf *matrix.Dense, rows, cols int) *matrix.Dense {
	if buf == nil || cap(buf.Data) < rows*cols {
		return matrix.New(rows, cols)
	}
	buf.Rows, buf.Cols, buf.Data = rows, cols, buf.Data[:rows*cols]
	return buf
}
