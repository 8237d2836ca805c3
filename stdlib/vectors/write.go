package vectors

import (
	"bufio"
	"context"
	"fmt"

	"kairos/internal/atomicfile"
	"kairos/stdlib/internal/safetensors"
	"kairos/stdlib/matrix"
)

// Writer writes a file of vectors as they come. The file appears when it is closed.
type Writer struct {
	path string
	file *atomicfile.File
	out  *bufio.Writer
	info Info
	room int // bytes of the header
	rows int
	cols int
	raw  []byte
}

// Create begins a file of vectors of cols values each. The writer must be closed or aborted.
func Create(path string, cols int, info Info) (*Writer, error) {
	if cols < 1 {
		return nil, fmt.Errorf("vectors: write %s: vectors of %d values: want at least one", path, cols)
	}
	file, err := atomicfile.Create(path)
	if err != nil {
		return nil, fmt.Errorf("vectors: write: %w", err)
	}
	w := &Writer{path: path, file: file, out: bufio.NewWriterSize(file, 1<<18), info: info, cols: cols}
	const most = 1 << 40 // rows: the header has room for their number, whatever it will be
	head := header(most, cols, info, 0)
	w.room = len(head)
	if _, err := w.out.Write(head); err != nil {
		file.Abort()
		return nil, fmt.Errorf("vectors: write: %w", err)
	}
	return w, nil
}

// Append adds rows to the file. Rows of another width, and values that are NaN or infinite, are
// errors: the file is then without them, and can be closed or aborted.
func (w *Writer) Append(rows *matrix.Dense) error {
	if err := rows.Check(); err != nil {
		return fmt.Errorf("vectors: write %s: behind row %d: %w", w.path, w.rows, err)
	}
	if rows.Cols != w.cols {
		return fmt.Errorf("vectors: write %s: behind row %d: vectors of %d values, want %d", w.path, w.rows, rows.Cols, w.cols)
	}
	w.raw = safetensors.AppendFloats(w.raw[:0], rows.Data)
	if _, err := w.out.Write(w.raw); err != nil {
		return fmt.Errorf("vectors: write: %w", err)
	}
	w.rows += rows.Rows
	return nil
}

// Close finishes the file and gives it its name. What was there before is replaced.
func (w *Writer) Close() error {
	defer w.file.Abort()
	err := w.out.Flush()
	if err == nil {
		_, err = w.file.WriteAt(header(w.rows, w.cols, w.info, w.room), 0)
	}
	if err == nil {
		err = w.file.Commit()
	}
	if err != nil {
		return fmt.Errorf("vectors: write: %w", err)
	}
	return nil
}

// Abort gives the file up, unless it was closed.
func (w *Writer) Abort() { w.file.Abort() }

// blockRows is how many rows Write takes at once.
const blockRows = 4096

// Write writes all rows of m to a file, which appears whole or not at all. Values that are NaN or
// infinite are errors that name the row. It looks at ctx every 4,096 rows.
func Write(ctx context.Context, path string, m matrix.Blocks, info Info) error {
	rows, cols := m.Dims()
	w, err := Create(path, cols, info)
	if err != nil {
		return err
	}
	defer w.Abort()
	var buf matrix.Dense
	for from := 0; from < rows; from += blockRows {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("vectors: write %s: after %d of %d rows: %w", path, from, rows, err)
		}
		block, err := m.Block(ctx, from, min(from+blockRows, rows), &buf)
		if err != nil {
			return fmt.Errorf("vectors: write %s: %w", path, err)
		}
		if err := w.Append(block); err != nil {
			return err
		}
	}
	return w.Close()
}
